"""PersonMind: acts in its turn, and answers questions that it then knows nothing of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pydantic import JsonValue

from tinytroupe_cli.events.types import Event
from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.changes import persona_by_now
from tinytroupe_cli.minds.context import dialogue, present
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.minds.replies import read_reply, reply_schema, reply_tokens
from tinytroupe_cli.minds.situation import Ability, Situation, Turn
from tinytroupe_cli.minds.upkeep import Upkeep
from tinytroupe_cli.models.port import AnswerSchema, ChatModel, Message, ModelUse, Purpose, Request, Salt
from tinytroupe_cli.personas.portrait import portrait
from tinytroupe_cli.prompts.catalog import PersonAnswer, PersonForm, PersonSystem, render

ANSWER_TOKENS = 500
FORM_TOKENS = 1_500
"""A document's worth."""


@dataclass
class PersonMind:
    """One person of a trial; holds no memory of its own: the past comes with every question."""

    person: str
    """Their id."""
    name: str
    persona: Mapping[str, JsonValue]
    use: ModelUse
    chat: ChatModel
    seed: int
    trial: str
    max_words: int = 80

    async def act(self, past: Sequence[Event], situation: Situation) -> Turn | NoAnswer:
        """Think, speak and feel, in one model call."""
        messages, reached = dialogue(self.person, past)
        now = Message(role="user", content=f"{reached}\n\n{present(self.name, situation)}")
        request = Request(
            model=self.use,
            messages=(self._system(past), *messages, now),
            answer=reply_schema(situation),
            max_tokens=reply_tokens(self.max_words),
            salt=Salt(seed=self.seed),
            purpose=self._purpose("turn", situation.step),
        )
        outcome = await ask(self.chat, request)
        return read_reply(outcome.values, situation) if isinstance(outcome, Answer) else outcome

    async def answer(
        self, past: Sequence[Event], question: str, *, schema: AnswerSchema, sample: int, step: int
    ) -> Answer | NoAnswer:
        """Answer in character after everything that happened; it leaves no trace in the past."""
        messages, reached = dialogue(self.person, past)
        asked = render("person/answer", PersonAnswer(name=self.name, question=question))
        request = Request(
            model=self.use,
            messages=(self._system(past), *messages, Message(role="user", content=f"{reached}\n\n{asked}")),
            answer=schema,
            max_tokens=ANSWER_TOKENS,
            salt=Salt(seed=self.seed, sample=sample),
            purpose=self._purpose("interview", step),
        )
        return await ask(self.chat, request)

    async def fill_in(
        self, past: Sequence[Event], situation: Situation, ability: Ability, about: str
    ) -> Answer | NoAnswer:
        """Give an act its arguments, in the shape of the ability's form."""
        if ability.form is None:
            raise ValueError(f"{ability.name} has no form")
        messages, reached = dialogue(self.person, past)
        variables = PersonForm(name=self.name, act=ability.name, does=ability.does, about=about)
        asked = render("person/form", variables)
        request = Request(
            model=self.use,
            messages=(self._system(past), *messages, Message(role="user", content=f"{reached}\n\n{asked}")),
            answer=ability.form,
            max_tokens=FORM_TOKENS,
            salt=Salt(seed=self.seed),
            purpose=self._purpose("form", situation.step),
        )
        return await ask(self.chat, request)

    def rest(self, past: Sequence[Event], step: int) -> Upkeep | None:
        """Nothing is done between turns."""
        del past, step
        return None

    def _system(self, past: Sequence[Event]) -> Message:
        persona = persona_by_now(self.persona, self.person, past)
        return self._as_born if persona is self.persona else self._playing(persona)

    @cached_property
    def _as_born(self) -> Message:
        return self._playing(self.persona)

    def _playing(self, persona: Mapping[str, JsonValue]) -> Message:
        variables = PersonSystem(name=self.name, portrait=portrait(persona), max_words=self.max_words)
        return Message(role="system", content=render("person/system", variables).rstrip())

    def _purpose(self, what: str, step: int) -> Purpose:
        return Purpose(role="people", what=what, trial=self.trial, person=self.person, step=step)
