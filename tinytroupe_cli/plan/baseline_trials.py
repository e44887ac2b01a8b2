"""The trials of a plan's baselines: the same experiment, played by people of whom less is said.

Derived from a plan's own trials whenever they are needed, so that people who are written during a run are in them,
and a plan without baselines is the plan it always was. Nothing that counts a plan's trials counts these.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.personas.rendering import is_empty, one_line
from tinytroupe_cli.plan.types import CastMember, Plan, QualityPlan, Trial
from tinytroupe_cli.spec.baselines import BaselineKind, ExtraKind

PLAYED: Final[tuple[BaselineKind, ...]] = ("no_persona", "demographics")
"""Baselines that are played like the experiment."""
KEPT: Final = ("age", "gender", "residence", "occupation")
"""What the demographics are, beside the name."""
ADHERENCE: Final = "adherence"
"""The quality of a turn that is a matter of the persona."""
NAMELESS: Final = "Participant"


def baseline_trials(plan: Plan, kind: BaselineKind) -> tuple[Trial, ...]:
    """Return the trials of one baseline, in the order of the plan's; none where it is not played."""
    if kind not in PLAYED or kind not in plan.baselines:
        return ()
    return tuple(_trial(trial, kind) for trial in plan.trials)


def baseline_plan(plan: Plan, kind: BaselineKind) -> Plan:
    """Return the plan with the trials of one baseline in place of its own."""
    return plan.model_copy(update={"trials": baseline_trials(plan, kind)})


def with_extra_trials(plan: Plan) -> Plan:
    """Return the plan with the trials of all its baselines after its own: everything that is played."""
    more = (trial for kind in PLAYED for trial in baseline_trials(plan, kind))
    return plan.model_copy(update={"trials": (*plan.trials, *more, *shuffled_trials(plan))})


def shuffled_trials(plan: Plan) -> tuple[Trial, ...]:
    """Return each condition once more, every person with the persona of another of the same trial.

    They keep their own name, seed, texts and order of options, those of the first replicate. Nobody has their own
    persona: the people, in a seeded order, each get the next one's. Trials of one person are left out.
    """
    if not plan.persona_shuffle:
        return ()
    return tuple(
        trial.model_copy(
            update={
                "id": trial_name("persona_shuffle", trial.id),
                "baseline": "persona_shuffle",
                "people": tuple(_in_place_of(member, trial.people, plan.seed) for member in trial.people),
            }
        )
        for trial in plan.trials
        if trial.replicate == 1 and len(trial.people) > 1
    )


def persona_givers(people: Sequence[str], seed: int) -> dict[str, str]:
    """Return person -> whose persona they have when personas are shuffled; never their own."""
    order = Stream(seed, "persona shuffle").shuffled(people)
    return dict(zip(order, (*order[1:], order[0]), strict=True))


def _in_place_of(member: CastMember, people: Sequence[CastMember], seed: int) -> CastMember:
    giver = persona_givers([person.id for person in people], seed)[member.id]
    persona = next(person.persona for person in people if person.id == giver)
    return member.model_copy(update={"persona": {**persona, "name": member.name}, "drawn": None})


def trial_name(kind: ExtraKind, trial: str) -> str:
    """Return the id of a baseline's trial; the prefix is in no other trial's id."""
    return f"{prefix(kind)}{trial}"


def prefix(kind: ExtraKind) -> str:
    """Return what the ids of a baseline's trials begin with."""
    return f"{kind.replace('_', '-')}--"


def extra_kinds(plan: Plan) -> tuple[ExtraKind, ...]:
    """Return everything that is played or asked beside the experiment, in the order written."""
    return (*plan.baselines, *(("persona_shuffle",) if plan.persona_shuffle else ()))


def demographics(persona: dict[str, JsonValue], name: str) -> dict[str, JsonValue]:
    """Return a persona cut to name, age, gender, residence and occupation, each on one line."""
    known = {key: one_line(persona[key]) for key in KEPT if not is_empty(persona.get(key))}
    return {"name": name, **known}


def _trial(trial: Trial, kind: BaselineKind) -> Trial:
    is_nameless = kind == "no_persona"
    people = _nameless(trial) if is_nameless else [_cut(member) for member in trial.people]
    kept = tuple(query for query in trial.queries if not query.include_personas)
    return trial.model_copy(
        update={
            "id": trial_name(kind, trial.id),
            "baseline": kind,
            "people": tuple(people),
            "queries": kept,
            # Lives without a persona are as alike as their chance: they must not share the simulation's.
            "seed": Stream(trial.seed, "baseline", kind).integer() if is_nameless else trial.seed,
            "quality": _quality(trial.quality),
        }
    )


def _nameless(trial: Trial) -> Sequence[CastMember]:
    """Return people without personas: with the same name where they are alone, so that their prompts are equal."""
    is_alone = trial.world.type == "interviews"
    return [
        member.model_copy(
            update={"name": NAMELESS if is_alone else f"{NAMELESS} {number}", "persona": {}, "drawn": None}
        )
        for number, member in enumerate(trial.people, start=1)
    ]


def _cut(member: CastMember) -> CastMember:
    return member.model_copy(update={"persona": demographics(member.persona, member.name), "drawn": None})


def _quality(quality: QualityPlan | None) -> QualityPlan | None:
    if quality is None or ADHERENCE not in quality.least:
        return quality
    least = {name: score for name, score in quality.least.items() if name != ADHERENCE}
    return quality.model_copy(update={"least": least})
