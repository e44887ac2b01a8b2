"""CarefulMind: a person whose turns are weighed before they are taken, and thought over where they are not good enough.

Wraps a person's mind and has its signature; the engine knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tinytroupe_cli.events.types import Acted, Checked, Event
from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.attempts import Scores, attempt_text, lived_by, read_scores, scoring_question, scoring_schema
from tinytroupe_cli.minds.changes import persona_by_now
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.minds.person import PersonMind
from tinytroupe_cli.minds.repetition import repeated_in
from tinytroupe_cli.minds.situation import Ability, Situation, Turn
from tinytroupe_cli.minds.upkeep import Upkeep
from tinytroupe_cli.models.port import ModelUse, Purpose, Request, Salt
from tinytroupe_cli.personas.portrait import portrait
from tinytroupe_cli.prompts.catalog import PersonAgain, render

SCORE_TOKENS = 250


@dataclass(frozen=True)
class Standards:
    """What a turn must be like."""

    least: Mapping[str, float]
    """Quality -> least score; empty: the judge is not asked."""
    repetition: float = 0.8
    attempts: int = 2
    on_fail: Literal["keep_best", "fail"] = "keep_best"


@dataclass(frozen=True, slots=True)
class _Try:
    turn: Turn
    text: str
    scores: Scores


@dataclass
class CarefulMind:
    """Tries a turn until it is good enough, so often and no more."""

    mind: PersonMind
    judge: ModelUse
    standards: Standards

    async def act(self, past: Sequence[Event], situation: Situation) -> Turn | NoAnswer:
        """Take a turn; what every attempt was worth is noted with it."""
        tries: list[_Try] = []
        lost: NoAnswer | None = None
        for _ in range(self.standards.attempts):
            outcome = await self._attempt(tries).act(past, situation)
            if isinstance(outcome, NoAnswer):
                lost = outcome
                break
            tries.append(await self._weighed(outcome, past, situation))
            if tries[-1].scores.is_good:
                break
        if not tries:
            return lost or NoAnswer("bad_output", "")
        return self._decided(tries, lost, situation.step)

    async def fill_in(
        self, past: Sequence[Event], situation: Situation, ability: Ability, about: str
    ) -> Answer | NoAnswer:
        """Give an act its arguments; these are not weighed."""
        return await self.mind.fill_in(past, situation, ability, about)

    def rest(self, past: Sequence[Event], step: int) -> Upkeep | None:
        """Do in the background what the person does."""
        return self.mind.rest(past, step)

    def _attempt(self, tries: Sequence[_Try]) -> PersonMind:
        """Return who takes the next attempt: the person, who has thought better of the last."""
        if not tries:
            return self.mind
        last = tries[-1]
        again = PersonAgain(name=self.mind.name, attempt=last.text, reason=last.scores.reason)
        return self.mind.reconsidering(render("quality/again", again).rstrip())

    async def _weighed(self, turn: Turn, past: Sequence[Event], situation: Situation) -> _Try:
        text = attempt_text(turn, situation)
        again = repeated_in(turn.words, _said(past, self.mind.person), most=self.standards.repetition)
        if again is not None:
            return _Try(turn, text, Scores({}, f"They said it before: “{again}”", is_good=False))
        if not self.standards.least:
            return _Try(turn, text, Scores({}, "", is_good=True))
        return _Try(turn, text, await self._scored(text, past, situation.step))

    async def _scored(self, text: str, past: Sequence[Event], step: int) -> Scores:
        mind, qualities = self.mind, tuple(self.standards.least)
        asked = scoring_question(
            name=mind.name,
            portrait=portrait(persona_by_now(mind.persona, mind.person, past)),
            lived=lived_by(mind.person, past),
            attempt=text,
            qualities=qualities,
        )
        request = Request(
            model=self.judge,
            messages=(asked,),
            answer=scoring_schema(qualities),
            max_tokens=SCORE_TOKENS,
            salt=Salt(seed=mind.seed),
            purpose=Purpose(role="judge", what="quality", trial=mind.trial, person=mind.person, step=step),
        )
        outcome = await ask(mind.chat, request)
        if isinstance(outcome, NoAnswer):  # taken as it is: a judge's silence is no fault of the person's
            return Scores({}, f"the judge gave no scores ({outcome.reason}): {outcome.text}", is_good=True)
        return read_scores(outcome.values, self.standards.least)

    def _decided(self, tries: Sequence[_Try], lost: NoAnswer | None, step: int) -> Turn | NoAnswer:
        good = next((one for one in tries if one.scores.is_good), None)
        kept = good or max(tries, key=lambda one: one.scores.mean)  # of equals the first
        if good is None and self.standards.on_fail == "fail":
            kept = None
        noted = [self._note(number, one, step, is_kept=one is kept) for number, one in enumerate(tries, start=1)]
        if lost is not None:
            noted.append(self._note_lost(len(tries) + 1, lost, step))
        if kept is None:
            return NoAnswer("poor_quality", tries[-1].scores.reason, (*tries[-1].turn.noted, *noted))
        return replace(kept.turn, noted=(*kept.turn.noted, *noted))

    def _note(self, number: int, one: _Try, step: int, *, is_kept: bool) -> Checked:
        return Checked(
            trial=self.mind.trial,
            step=step,
            person=self.mind.person,
            attempt=number,
            scores=dict(one.scores.values),
            is_good=one.scores.is_good,
            is_kept=is_kept,
            reason=one.scores.reason,
            text=one.text,
        )

    def _note_lost(self, number: int, lost: NoAnswer, step: int) -> Checked:
        reason = f"the attempt came to nothing ({lost.reason}): {lost.text}"
        return Checked(
            trial=self.mind.trial,
            step=step,
            person=self.mind.person,
            attempt=number,
            scores={},
            is_good=False,
            is_kept=False,
            reason=reason,
        )


def _said(past: Sequence[Event], person: str) -> list[str]:
    return [
        event.text for event in past if isinstance(event, Acted) and event.person == person and event.deed == "TALK"
    ]
