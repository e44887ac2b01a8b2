"""Has claims judged once a trial has been played, each by everything that speaks for or against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from tinytroupe_cli.events.faults import as_evidence, no_evidence
from tinytroupe_cli.events.types import Event, Failed, Measured, Refused
from tinytroupe_cli.minds.current_persona import current_persona
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.verdicts import JudgedClaim, Verdict
from tinytroupe_cli.personas.rendering import render_persona
from tinytroupe_cli.plan.types import PlannedQuery, Trial


class ClaimJudge(Protocol):
    """A mind that judges claims by a transcript."""

    async def verdict(
        self, claim: JudgedClaim, evidence: str, *, sample: int = 0, person: str = "", step: int = 0
    ) -> Verdict | NoAnswer:
        """Judge a claim by all of the evidence."""
        ...


@dataclass(frozen=True, slots=True)
class Judgement:
    """A proposition judged once: of one person or the world, one sample."""

    proposition: PlannedQuery
    person: str
    sample: int

    @property
    def is_scored(self) -> bool:
        """Return whether it is scored from 0 to 9."""
        return self.proposition.fields[0].name == "score"


def judgements(trial: Trial) -> Iterator[Judgement]:
    """Yield every judgement of a trial, in the order of propositions, cast and samples."""
    for query in trial.queries:
        if query.procedure == "judge":
            for person in query.people or ("",):
                yield from (Judgement(query, person, sample) for sample in range(query.samples))


async def judge(
    judgement: Judgement, trial: Trial, events: Sequence[Event], weigher: ClaimJudge
) -> Measured | Failed | Refused:
    """Judge once, and report the result; missing evidence is the value "not stated"."""
    place = {"trial": trial.id, "step": events[-1].step, "time": events[-1].time, "person": judgement.person}
    place |= {"query": judgement.proposition.name, "sample": judgement.sample}
    if why := no_evidence(events, judgement.person):
        values = dict.fromkeys(("score" if judgement.is_scored else "holds", "justification", "confidence"))
        return Measured.model_validate({**place, "values": values, "why": why})
    found = await weigher.verdict(
        _claim(judgement, trial, events),
        as_evidence(events, person=judgement.person),
        sample=judgement.sample,
        person=judgement.person,
        step=events[-1].step,
    )
    if isinstance(found, Verdict):
        verdict = found.score if judgement.is_scored else found.holds
        values = {"score" if judgement.is_scored else "holds": verdict, "justification": found.justification or None}
        values = {**values, "confidence": found.confidence}
        return Measured.model_validate({**place, "values": values, "raw": dict(found.raw)})
    if found.reason == "refused":
        return Refused.model_validate({**place, "text": found.text})
    return Failed.model_validate({**place, "reason": found.reason, "text": found.text})


def _claim(judgement: Judgement, trial: Trial, events: Sequence[Event]) -> JudgedClaim:
    names = {member.id: member.name for member in trial.people}
    about = [member for member in trial.people if judgement.person in {"", member.id}]
    return JudgedClaim(
        text=judgement.proposition.questions[judgement.person],
        about=names.get(judgement.person, ""),
        is_scored=judgement.is_scored,
        personas=tuple(
            (member.name, render_persona(current_persona(member.persona, member.id, events))) for member in about
        )
        if judgement.proposition.include_personas
        else (),
    )
