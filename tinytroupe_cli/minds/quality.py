"""CarefulMind: a person whose turns are weighed before they are taken, and thought over where they are not good enough.

Wraps a person's mind and has its signature; the engine knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tinytroupe_cli.events.types import Event, Fault, TurnScored
from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.attempts import (
    TurnScores,
    attempt_text,
    own_transcript,
    read_scores,
    scoring_question,
    scoring_schema,
)
from tinytroupe_cli.minds.background_task import BackgroundTask
from tinytroupe_cli.minds.current_persona import current_persona
from tinytroupe_cli.minds.guarding import badness, reason_of
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.minds.person import PersonMind
from tinytroupe_cli.minds.situation import AvailableAction, Situation, Turn
from tinytroupe_cli.models.port import ModelConfig, Purpose, Request, SampleKey
from tinytroupe_cli.personas.rendering import render_persona
from tinytroupe_cli.prompts.catalog import QualityRetry, render

SCORE_TOKENS = 250


@dataclass(frozen=True)
class QualityThresholds:
    """What a turn must be like, beside having no fault that can be told without a judge."""

    least: Mapping[str, float]
    """Quality -> least score; empty: the judge is not asked."""
    attempts: int = 2
    on_fail: Literal["keep_best", "fail"] = "keep_best"


@dataclass(frozen=True, slots=True)
class _Try:
    outcome: Turn | NoAnswer
    text: str
    scores: TurnScores

    @property
    def fault(self) -> Fault | None:
        return self.outcome.fault if isinstance(self.outcome, Turn) else None

    @property
    def worth(self) -> tuple[bool, bool, int, float]:
        """Of two tries the better one is larger."""
        is_turn = isinstance(self.outcome, Turn)
        return is_turn, self.scores.is_good, -badness(self.fault), self.scores.mean


@dataclass
class QualityCheckedMind:
    """Tries a turn until it is good enough, so often and no more."""

    mind: PersonMind
    judge: ModelConfig
    standards: QualityThresholds

    async def act(self, past: Sequence[Event], situation: Situation) -> Turn | NoAnswer:
        """Take a turn; what every attempt was worth is noted with it."""
        tries: list[_Try] = []
        for number in range(self.standards.attempts):
            outcome = await self._attempt(tries, number).act(past, situation)
            tries.append(await self._scored_attempt(outcome, past, situation))
            is_over = isinstance(outcome, NoAnswer) and outcome.reason != "refused"
            if is_over or tries[-1].scores.is_good:
                break
        return self._pick(tries, situation.step)

    async def fill_in(
        self, past: Sequence[Event], situation: Situation, ability: AvailableAction, about: str
    ) -> Answer | NoAnswer:
        """Give an act its arguments; these are not weighed."""
        return await self.mind.fill_in(past, situation, ability, about)

    def start_background_work(self, past: Sequence[Event], step: int) -> BackgroundTask | None:
        """Do in the background what the person does."""
        return self.mind.start_background_work(past, step)

    def _attempt(self, tries: Sequence[_Try], number: int) -> PersonMind:
        """Return who takes the next attempt: the person, who has thought better of the last, or is just asked again."""
        once = replace(self.mind, guarding=replace(self.mind.guarding, tries=1))
        if not tries:
            return once
        last = tries[-1]
        if isinstance(last.outcome, NoAnswer):
            return replace(once, guarding=replace(once.guarding, first=number))
        again = QualityRetry(name=self.mind.name, attempt=last.text, reason=last.scores.reason)
        return once.reconsidering(render("quality/again", again).rstrip())

    async def _scored_attempt(self, outcome: Turn | NoAnswer, past: Sequence[Event], situation: Situation) -> _Try:
        if isinstance(outcome, NoAnswer):
            reason = f"the attempt came to nothing ({outcome.reason}): {outcome.text}"
            return _Try(outcome, "", TurnScores({}, reason, is_good=False))
        text = attempt_text(outcome, situation)
        if outcome.fault is not None:
            return _Try(outcome, text, TurnScores({}, reason_of(outcome.fault), is_good=False))
        if not self.standards.least:
            return _Try(outcome, text, TurnScores({}, "", is_good=True))
        return _Try(outcome, text, await self._scored(text, past, situation.step))

    async def _scored(self, text: str, past: Sequence[Event], step: int) -> TurnScores:
        mind, qualities = self.mind, tuple(self.standards.least)
        asked = scoring_question(
            name=mind.name,
            portrait=render_persona(current_persona(mind.persona, mind.person, past)),
            lived=own_transcript(mind.person, past),
            attempt=text,
            qualities=qualities,
        )
        request = Request(
            model=self.judge,
            messages=(asked,),
            answer=scoring_schema(qualities),
            max_tokens=SCORE_TOKENS,
            salt=SampleKey(seed=mind.seed),
            purpose=Purpose(role="judge", kind="quality", trial=mind.trial, person=mind.person, step=step),
        )
        outcome = await ask(mind.chat, request)
        if isinstance(outcome, NoAnswer):  # accepted unscored when the judge fails
            return TurnScores({}, f"the judge gave no scores ({outcome.reason}): {outcome.text}", is_good=True)
        return read_scores(outcome.values, self.standards.least)

    def _pick(self, tries: Sequence[_Try], step: int) -> Turn | NoAnswer:
        best = max(tries, key=lambda attempt: attempt.worth)  # of equals the first
        if isinstance(best.outcome, NoAnswer) and len(tries) == 1:
            return best.outcome
        is_failing = not best.scores.is_good and self.standards.on_fail == "fail"
        is_kept = isinstance(best.outcome, Turn) and not is_failing
        noted = [
            self._note(number, attempt, step, is_kept=is_kept and attempt is best)
            for number, attempt in enumerate(tries, start=1)
        ]
        outcome = best.outcome
        if is_failing and isinstance(outcome, Turn):
            outcome = NoAnswer("poor_quality", tries[-1].scores.reason, outcome.side_events)
        return replace(outcome, side_events=(*outcome.side_events, *noted))

    def _note(self, number: int, attempt: _Try, step: int, *, is_kept: bool) -> TurnScored:
        return TurnScored(
            trial=self.mind.trial,
            step=step,
            person=self.mind.person,
            attempt=number,
            scores=dict(attempt.scores.values),
            is_good=attempt.scores.is_good,
            is_kept=is_kept,
            reason=attempt.scores.reason,
            text=attempt.text,
            fault=attempt.fault,
        )
