"""An experiment and its plan -> what `troupe lock` writes down: values where they are short, hashes of the rest.

Each decision is in one section, so that a change is named once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from pydantic import JsonValue

from tinytroupe_cli.plan.planned_comparisons import PlannedComparison, comparison_names
from tinytroupe_cli.plan.preregistration import COMPARISONS, REST, Section, short_hash
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.spec.experiment import Experiment

ELSEWHERE: Final = frozenset(
    {
        *("troupe", "name", "title", "description", "limits", "prices", "report", "methods"),
        *("seed", "replicates", "model", "personas", "fragments"),
        *("compare", "inference", "controls", "weights", "exclude", "multiverse", "expect", "rectify"),
        "until",
    }
)
"""Keys of an experiment that other sections have, or that change neither answers nor conclusions."""
ANALYSIS_OF_PLAN: Final = frozenset(
    {
        *("comparisons", "inference", "controls", "weights", "exclude", "multiverse", "expect"),
        *("fidelity", "rectifications", "title", "description", "methods", "formats", "limits", "prices"),
    }
)
"""What of a plan changes no answer."""


def locked_contents(plan: Plan, experiment: Experiment, versions: Mapping[str, str]) -> dict[str, Section]:
    """Return everything that was decided, by section."""
    return {
        "run": {
            "name": plan.name,
            "seed": plan.seed,
            "replicates": plan.replicates,
            **({"until": plan.stopping.rule} if plan.stopping else {}),
        },
        "experiment": _experiment(experiment),
        "people": {"personas": short_hash(_people(plan))},
        "prompts": {"prompts": plan.prompts},
        "wordings": _hashes({"wordings": plan.wordings and plan.wordings.model_dump(mode="json", exclude={"people"})}),
        "anchors": _hashes({f"{query}.{name}": _anchors(field) for (query, name), field in plan.fields.items()}),
        "files": {
            **{document.name: document.hash for document in plan.library},
            **{image.name: image.sha256[:16] for image in plan.images},
        },
        "human_data": _human_data(plan),
        "models": _models(plan),
        "versions": dict(versions),
        "analysis": _analysis(plan),
        COMPARISONS: spelt_out(plan),
        REST: {"plan": answers_hash(plan)},
    }


def answers_hash(plan: Plan) -> str:
    """Return the hash of everything that answers depend on; two runs that share it have the same answers."""
    return short_hash(plan.model_dump(mode="json", exclude=set(ANALYSIS_OF_PLAN), exclude_defaults=True))


def primary_comparisons(plan: Plan) -> tuple[str, ...]:
    """Return the names of the comparisons in the main family: named in `compare`, not of groups of people.

    Where families are named, these are the comparisons of measures that a family names.
    """
    named = {measure for measures in plan.inference.families.values() for measure in measures}
    planned = plan.comparisons or ()
    return tuple(
        name
        for name, one in zip(comparison_names(planned), planned, strict=True)
        if not one.attribute and (not plan.inference.families or f"{one.query}.{one.field}" in named)
    )


def spelt_out(plan: Plan) -> Section:
    """Return each comparison by its name, with the defaults it has."""
    planned = plan.comparisons or ()
    return {name: _spelt(plan, one) for name, one in zip(comparison_names(planned), planned, strict=True)}


def _spelt(plan: Plan, planned: PlannedComparison) -> JsonValue:
    is_within = bool(planned.factor or planned.options) and not plan.is_between(planned.factor)
    usual = {
        "design": "description" if planned.attribute else "within" if is_within else "between",
        "estimand": "difference of means or shares",
        "test": "sign flips" if is_within else "labels permuted, studentized",
        "levels": "all pairs",
    }
    if plan.stopping is not None and plan.stopping.is_about(planned):
        usual["test"] = "as `until` says"
    written = planned.model_dump(mode="json", exclude_defaults=True)
    shown = {"named_test": written.pop("test")} if "test" in written else {}
    return {**usual, **({"levels": written.pop("pairs")} if "pairs" in written else {}), **written, **shown}


def _experiment(experiment: Experiment) -> Section:
    written = experiment.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    return {key: short_hash(_outlined(value)) for key, value in written.items() if key not in ELSEWHERE}


def _outlined(value: Any) -> Any:
    """Leave out wordings and anchors, which have sections of their own."""
    match value:
        case dict():
            items = cast("dict[str, Any]", value).items()
            return {
                key: len(cast("list[Any]", item)) if key == "wordings" and isinstance(item, list) else _outlined(item)
                for key, item in items
                if key != "anchors"
            }
        case list():
            return [_outlined(item) for item in cast("list[Any]", value)]
        case _:
            return value


def _people(plan: Plan) -> JsonValue:
    cast_ = [member.model_dump(mode="json", include={"id", "name", "persona"}) for member in plan.cast]
    return [*cast_, *(population.model_dump(mode="json") for population in plan.populations)]


def _anchors(field: Any) -> JsonValue:
    return [list(statements) for statements in field.rating.anchors] if field.rating else None


def _human_data(plan: Plan) -> Section:
    sources = [*(planned.humans for planned in plan.fidelity), *(planned.humans for planned in plan.rectifications)]
    return {source.data: source.hash[:16] for source in sources}


def _models(plan: Plan) -> Section:
    models = plan.models
    named = {"people": models.people, "judge": models.judge, "author": models.author}
    named |= {"embeddings": models.embeddings, "ratings": models.ratings}
    return {
        role: " ".join([use.name, *(f"{key}={value}" for key, value in _settings(use).items())])
        for role, use in named.items()
        if use is not None
    }


def _settings(use: Any) -> dict[str, Any]:
    return use.model_dump(mode="json", exclude={"name"}, exclude_none=True, exclude_defaults=True)


def _analysis(plan: Plan) -> Section:
    inference = plan.inference.model_dump(mode="json")
    without_answers = {"answers", "weights", "keys", "retest", "groups", "attributes", "hash"}
    human = {"humans": without_answers}
    found: Section = {
        **inference,
        "intervals": "score for shares, bootstrap-t for means, BCa for the rest, exact where all units agree",
        "compare": "named" if plan.comparisons is not None else "auto",
        "controls": [f"{planned.query}.{planned.field}" for planned in plan.controls],
        "exclude": list(plan.exclude),
        "expect": list(plan.expect),
        "weights": plan.weights.model_dump(mode="json") if plan.weights else None,
        "multiverse": plan.multiverse.model_dump(mode="json") if plan.multiverse else None,
        "with_people": [planned.model_dump(mode="json", exclude=cast("Any", human)) for planned in plan.fidelity],
        "rectify": [planned.model_dump(mode="json", exclude=cast("Any", human)) for planned in plan.rectifications],
    }
    return found


def _hashes(values: Mapping[str, Any]) -> Section:
    return {name: short_hash(value) for name, value in values.items() if value}
