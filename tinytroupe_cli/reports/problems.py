"""What went wrong: every refusal, failure and unfinished trial, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import not_
from typing import Literal

from pydantic import Field

from tinytroupe_cli.analysis.contradictions import Contradictions
from tinytroupe_cli.events.types import (
    Acted,
    Crashed,
    Event,
    Failed,
    Fault,
    Measured,
    Misaddressed,
    Refused,
    SystemReplied,
    TrialEnded,
)
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.personas.plausibility import doubts_by_kind
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.reports.provenance import Provenance

ProblemKind = Literal[
    "refused",
    "bad_output",
    "rejected",
    "cut_off",
    "poor_quality",
    "too_long",
    "unreachable",
    "bug",
    "misaddressed",
    "unfinished",
    "not_begun",
    "limit",
    "stopped",
    "doubtful",
    "incomplete",
    "alike",
    "system",
    "contradiction",
    "no_evidence",
    "off_topic",
    Fault,
]


class Problem(Frozen):
    """Something that went wrong."""

    kind: ProblemKind
    """What kind of problem it is; see the list above."""
    trial: str = ""
    """Id of the trial."""
    step: int = 0
    """Number of the step."""
    person: str = ""
    """Id of the person."""
    query: str = ""
    """Name of the query; empty: a turn or, with `act`, something else a person was asked for."""
    act: str = ""
    """What else was asked for, such as `intervene`."""
    intervention: str = ""
    """With the act `intervene`: the intervention whose condition could not be judged."""
    field: str = ""
    """Name of the field."""
    sample: int = 0
    """Number of the sample."""
    moment: str = Field(default="", exclude_if=not_)
    """Of a poll: when it was asked, such as `start` or `alone`; written only then."""
    text: str = ""
    """What the model said instead, what was found, or which limit was reached."""


def problems(plan: Plan, events: Mapping[str, Sequence[Event]], provenance: Provenance) -> list[Problem]:
    """Return everything that went wrong, what stopped the run first, then trial by trial."""
    return [
        *_stops(provenance),
        *_doubts(plan),
        *(problem for trial in plan.trials for problem in _of_trial(trial.id, events.get(trial.id, ()))),
    ]


def contradiction_problems(found: Contradictions) -> Iterator[Problem]:
    """Yield answers that exclude each other."""
    for contradiction in found.found:
        query, _, field = contradiction.answers[0].partition(".")
        yield Problem(
            kind="contradiction",
            trial=contradiction.trial,
            person=contradiction.person,
            query=query,
            field=field,
            sample=contradiction.sample,
            text=contradiction.text,
        )


def _doubts(plan: Plan) -> Iterator[Problem]:
    """Yield what is wrong with the texts about people from populations, one problem for each kind."""
    for population in plan.populations:
        for person, written in population.problems.items():
            for kind, text in doubts_by_kind(written).items():
                yield Problem(kind=kind, person=person, text=text)


def _stops(provenance: Provenance) -> Iterator[Problem]:
    match provenance.status:
        case "finished":
            return
        case "limit":
            yield Problem(kind="limit", text=provenance.reason)
        case "interrupted" | "stopped":
            yield Problem(kind="stopped", text=provenance.reason or "interrupted")


def _of_trial(trial: str, events: Sequence[Event]) -> Iterator[Problem]:
    for event in events:
        match event:
            case Refused():
                yield _of_answer("refused", event)
            case Failed():
                yield _of_answer(event.reason, event)
            case SystemReplied(is_ok=False):
                text = f"{event.system}: {event.text}"
                yield Problem(kind="system", trial=trial, step=event.step, person=event.person, text=text)
            case Acted() if event.fault is not None:
                yield Problem(kind=event.fault, trial=trial, step=event.step, person=event.person, text=event.text)
            case Measured() if event.why:
                yield Problem(
                    kind="off_topic" if "ssr" in event.methods.values() else "no_evidence",
                    trial=trial,
                    step=event.step,
                    person=event.person,
                    query=event.query,
                    sample=event.sample,
                    text=event.why,
                )
            case Crashed():
                text = f"{event.error} (details: {event.file})"
                yield Problem(kind="bug", trial=trial, step=event.step, text=text)
            case Misaddressed():
                text = f"to '{event.name}': {event.text}"
                yield Problem(kind="misaddressed", trial=trial, step=event.step, person=event.person, text=text)
            case _:
                continue
    if not any(isinstance(event, TrialEnded | Crashed) for event in events):
        last = max((event.step for event in events), default=0)
        yield Problem(kind="unfinished" if events else "not_begun", trial=trial, step=last)


def _of_answer(kind: ProblemKind, event: Refused | Failed) -> Problem:
    return Problem(
        kind=kind,
        trial=event.trial,
        step=event.step,
        person=event.person,
        query=event.query,
        act=event.action,
        intervention=event.intervention,
        field=event.field,
        sample=event.sample,
        text=event.text,
    )
