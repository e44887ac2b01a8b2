"""Resolves the covariates that a comparison is adjusted for (E521, E522, E523)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tinytroupe_cli.analysis.covariates import PERSON, attribute_kind
from tinytroupe_cli.analysis.estimands import SHARES
from tinytroupe_cli.analysis.person_fields import single_values
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.measures.queries import PreparedQuery, fields_by_query
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.personas.edits import single_value
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.spec.design import ComparisonSpec
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.wordings import WordingDesign


@dataclass(frozen=True, slots=True)
class BeforeStimuli:
    """What covariates are checked against."""

    experiment: Experiment
    roster: Roster
    queries: Sequence[PreparedQuery]
    is_eventful: bool
    """Whether people meet or do something before they are asked: queries are asked after the last step."""
    world_names: frozenset[str]
    """Variables in what is told about the world."""
    varied: frozenset[str]
    """Variables that differ between conditions."""

    def names(self, query: str) -> frozenset[str]:
        """Return the variables that an answer depends on. Queries are asked separately: other questions don't count."""
        questions = (candidate.question for candidate in self.queries if candidate.query.name == query)
        return self.world_names.union(*(question.names for question in questions if question is not None))


def adjusted_for(
    written: ComparisonSpec,
    planned: PlannedComparison,
    before: BeforeStimuli,
    path: Path,
    findings: Findings,
    *,
    is_paired: bool,
) -> tuple[str, ...]:
    """Return the covariates of a comparison; report those that can't be used. `is_paired`: units are at all levels."""
    if not written.adjust:
        return ()
    here = (*path, "adjust")
    planned = planned.model_copy(update={"estimand": written.estimand})
    is_simple = not (isinstance(written.contrasts, dict) or written.interaction or written.moderator is not None)
    found = misfits(planned, before.experiment, is_paired=is_paired, is_simple=is_simple)
    if misfit := next(found, None):
        why, hint = misfit
        findings.add("E521", f"`adjust` does not fit: {why}", here, key=True, hint=hint)
        return ()
    for place, name in enumerate(written.adjust):
        at = (*here, place)
        if name in written.adjust[:place]:
            findings.add("E522", f"'{name}' is named twice", at)
        elif name == written.measure:
            findings.add("E522", f"'{name}' is the measure that is compared", at)
        else:
            check_covariate(name, before, at, findings)
    return tuple(written.adjust)


def check_covariate(name: str, before: BeforeStimuli, path: Path, findings: Findings) -> None:
    """Report a covariate that is no number or category, or that a condition can have changed."""
    if name.startswith(PERSON):
        _check_attribute(name.removeprefix(PERSON), before.roster, path, findings)
    else:
        _check_measure(name, before, path, findings)


def misfits(
    planned: PlannedComparison, experiment: Experiment, *, is_paired: bool, is_simple: bool
) -> Iterator[tuple[str, str]]:
    """Yield why a comparison can't be adjusted, and what to do.

    `is_paired`: units are at all levels. `is_simple`: differences of two levels are compared.
    """
    out = "leave `adjust` out"
    if not planned.factor:
        yield "only the effect of a factor is adjusted", out
    if experiment.inference is not None and experiment.inference.about == "cast":
        yield "with `about: cast`, units are replicates of the same people", out
    if is_paired:
        why = f"everyone experiences every level of '{planned.factor}', so covariates are the same at all of them"
        yield why, f"{out}; `moderator` asks whether the effect depends on a field of people"
    if not is_simple:
        yield "only differences of two levels are adjusted", out
    if planned.estimand is not None and planned.estimand not in SHARES:
        yield f"only differences of means and shares are adjusted, not `{planned.estimand}`", out
    if experiment.until is not None:
        yield "intervals of a run to which people are added (`until`) are not adjusted", "leave one of the two out"
    if experiment.weights is not None:
        yield "comparisons with `weights` are not adjusted", "leave one of the two out"
    wordings = experiment.wordings
    if wordings is not None and not (isinstance(wordings, WordingDesign) and wordings.drawn == "fixed"):
        yield "with random wordings, the error is between wordings, not between people", "wordings: {as: fixed}"


def _check_attribute(attribute: str, roster: Roster, path: Path, findings: Findings) -> None:
    if not roster.is_complete:
        return
    kind = attribute_kind(roster.members, attribute)
    values = {repr(single_value(member.persona, attribute)) for member in roster.members} - {"None"}
    if not kind:
        known = sorted({name for member in roster.members for name, _ in single_values(member.persona)})
        hint = NearNames(attribute, known, label="people have")
        findings.add("E523", f"nobody has a single value for '{attribute}'", path, hint=hint)
    elif kind == "text":
        findings.add("E522", f"'{PERSON}{attribute}' is neither a number nor a category", path)
    elif len(values) < 2:  # noqa: PLR2004 - nothing to adjust for
        findings.add("E522", f"everybody has the same '{PERSON}{attribute}'", path, hint="leave it out")


def _check_measure(name: str, before: BeforeStimuli, path: Path, findings: Findings) -> None:
    query, _, field_name = name.partition(".")
    fields = fields_by_query(before.queries)
    field = fields.get(query, {}).get(field_name)
    if field is None:
        known = [f"{query}.{field}" for query, own in fields.items() for field in own]
        hint = NearNames(name, known, label="measures", otherwise="a field of people is written person.FIELD")
        findings.add("E523", f"no measure '{name}'", path, hint=hint)
    elif type_of(field).scale is None:
        findings.add("E522", f"'{name}' is {type_of(field).noun}: neither a number nor a category", path)
    elif before.is_eventful:
        message = f"'{name}' is measured after the first stimulus; adjusting for it would remove part of the effect"
        findings.add("E522", message, path, hint="use fields of people, such as person.age")
    elif before.names(query) & before.varied:
        message = f"the condition is part of what people know or are asked for '{name}'"
        hint = "adjusting for it would remove part of the effect; use a question that is the same in all conditions"
        findings.add("E522", message, path, hint=hint)
