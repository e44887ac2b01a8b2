"""ScriptedMind: a person played by a small model, which writes their next line in plain words.

The mind is the same: the same past and situation in, the same turns out. What a small model can't do in one breath is
asked apart: an act besides words, where there is one to choose; a state of mind, every few steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.events.types import Event
from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.dates import format_time
from tinytroupe_cli.minds.guarding import guarded
from tinytroupe_cli.minds.memory.episodic import DialogueStyle
from tinytroupe_cli.minds.notices import blinding_notice, safety_notices
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.minds.person import PersonMind
from tinytroupe_cli.minds.portraits import portrait
from tinytroupe_cli.minds.prompt_suffix import WithPromptSuffix
from tinytroupe_cli.minds.recent_images import with_recent_images
from tinytroupe_cli.minds.replies import NO_ACT, TOKENS_PER_WORD, read_reply
from tinytroupe_cli.minds.script.lines import BETWEEN, script_style, stops
from tinytroupe_cli.minds.script.next_line import AVOIDED, Heard, NextLine, next_line
from tinytroupe_cli.minds.situation import EVERYONE, Situation, Turn
from tinytroupe_cli.minds.turn_prompt import action_help
from tinytroupe_cli.models.port import AnswerSchema, Message, Purpose, Request, SampleKey
from tinytroupe_cli.prompts.catalog import (
    ScriptAct,
    ScriptAside,
    ScriptMood,
    ScriptScene,
    ScriptSystem,
    ScriptTranscript,
    render,
)

MOOD_EVERY: Final = 5
"""Steps between two questions about a state of mind."""
SMALL_TALK: Final = 120
"""Tokens of an act or a state of mind."""
A_FRIEND: Final = "A friend"
"""Who asks a person apart from what happens: nobody to be polite to."""


@dataclass(frozen=True, slots=True)
class _Cue:
    """What a line is asked for after."""

    scene: str
    news: tuple[str, ...]
    begins: str
    asked: tuple[str, ...]
    """What was put to the person last, in bare words."""
    purpose: Purpose
    sample: int = 0
    avoid: tuple[str, ...] = ()
    unlike_before: int = 0
    is_aside: bool = False
    """Asked apart from what happens: all that has reached the person is past, and nobody else weighs the answer."""


@dataclass
class ScriptedMind(PersonMind):
    """One person of a trial, in lines of a transcript."""

    async def act(self, past: Sequence[Event], situation: Situation) -> Turn | NoAnswer:
        """Ask for the next line, then for an action if there is one to choose."""
        memory = self._memory(past)
        recalled = await memory.recall_for_turn(news=memory.episodic.news(situation.step), goal=situation.goal)

        async def attempt(sample: int) -> Turn | NoAnswer:
            return await self._spoken(past, situation, recalled, sample)

        turn = await guarded(attempt, past, situation, self._whose)
        if isinstance(turn, Turn):
            turn = await self._with_mood(past, await self._with_act(past, turn, situation), situation)
        noted = memory.recall_events(recalled, trial=self.trial, step=situation.step)
        return replace(turn, side_events=(*noted, *turn.side_events))

    async def _spoken(
        self, past: Sequence[Event], situation: Situation, recalled: Sequence[str], sample: int
    ) -> Turn | NoAnswer:
        """Take a turn as far as it is words."""
        is_heard = bool(situation.listeners)
        is_again = sample > self.guarding.first

        async def line(memories: Sequence[str]) -> NextLine | NoAnswer:
            cue = _Cue(
                scene=self._scene(situation, memories),
                news=self._news(past),
                begins=f"{self.name}:" if is_heard else f"({self.name} thinks:",
                asked=tuple(self._memory(past).episodic.news(situation.step)),
                purpose=self._purpose("guard" if sample else "turn", situation.step),
                sample=sample,
                avoid=AVOIDED if is_again else (),
                unlike_before=sample - self.guarding.first,
            )
            return await self._line(past, cue)

        reply = await self._within_window(past, recalled, line)
        if isinstance(reply, NoAnswer):
            return reply
        return read_reply({"words": reply.text} if is_heard else {"thought": reply.text.strip("() ")}, situation)

    async def say(self, past: Sequence[Event], question: str, *, sample: int, step: int) -> str | NoAnswer:
        """Answer a question in words, after everything that happened; it leaves no trace in the past."""
        recalled = await self._memory(past).recall_for_turn(news=(question,), goal="")
        aside = ScriptAside(name=self.name, memories=())
        outcome = await self._within_window(
            past,
            recalled,
            lambda memories: self._line(
                past,
                _Cue(
                    scene=render("script/aside", aside.model_copy(update={"memories": tuple(memories)})),
                    news=(f"{A_FRIEND}: {question}",),
                    begins=f"{self.name}:",
                    asked=(question,),
                    purpose=self._purpose("interview", step),
                    sample=sample,
                    is_aside=True,
                ),
            ),
        )
        return _answered(outcome)

    async def answer(
        self, past: Sequence[Event], question: str, *, schema: AnswerSchema, sample: int, step: int
    ) -> Answer | NoAnswer:
        """Answer in character; an answer that is one text is said as it is."""
        keys = list(_properties(schema))
        if len(keys) != 1 or _properties(schema)[keys[0]] != {"type": "string"}:
            return await super().answer(past, question, schema=schema, sample=sample, step=step)
        words = await self.say(past, question, sample=sample, step=step)
        return words if isinstance(words, NoAnswer) else Answer({keys[0]: words})

    def reconsidering(self, words: str) -> PersonMind:
        """Return the person with something said to them about their last attempt."""
        return replace(self, chat=WithPromptSuffix(self.chat, f"({words})", before=BETWEEN))

    async def _line(self, past: Sequence[Event], cue: _Cue) -> NextLine | NoAnswer:
        """Ask for the line that follows a cue."""
        episodic = self._memory(past).episodic
        past_lines = self._kept_lines(past)
        if cue.is_aside and episodic.reached:
            past_lines.append(episodic.reached)
        heard = Heard.of(past, self.person, episodic.names, name=self.name, asked=cue.asked)
        variables = ScriptTranscript(name=self.name, past=tuple(past_lines), scene=cue.scene, news=cue.news)
        transcript = Message(role="user", content=render("script/transcript", variables), images=episodic.now.images)
        begun = Message(role="assistant", content=cue.begins)
        request = Request(
            model=self.use,
            messages=with_recent_images((self._system(past), transcript, begun), accepts_images=self.accepts_images),
            stop=stops(self.name, heard.speakers),
            max_tokens=int(self.max_words * TOKENS_PER_WORD) + 40,
            avoid=cue.avoid,
            unlike_before=cue.unlike_before,
            salt=SampleKey(seed=self.seed, sample=cue.sample),
            purpose=cue.purpose,
        )
        return await next_line(self.chat, request, heard, is_guarded=cue.is_aside)

    async def _with_act(self, past: Sequence[Event], turn: Turn, situation: Situation) -> Turn:
        """Let the person choose what to do, and whom the words are for where software may be meant."""
        if not situation.abilities and not situation.systems:
            return turn
        listeners = situation.company if situation.systems else ()
        asked = render(
            "script/act",
            ScriptAct(
                name=self.name,
                line=turn.words,
                abilities=tuple(map(action_help, situation.abilities)),
                listeners=listeners,
            ),
        )
        properties: dict[str, JsonValue] = {}
        if listeners:
            properties["to"] = {"type": "string", "enum": list(situation.listeners)}
        acts = [ability.name for ability in situation.abilities]
        properties |= {"act": {"type": "string", "enum": [NO_ACT, *acts]}, "argument": {"type": "string"}}
        chosen = await self._asked_apart(past, asked, properties, situation, "act")
        if isinstance(chosen, NoAnswer):
            return turn
        meant = read_reply({**chosen.values, "words": turn.words, "thought": turn.thought}, situation)
        if isinstance(meant, NoAnswer):
            return turn
        return replace(
            turn, action=meant.action, argument=meant.argument, to=meant.to, unknown_addressee=meant.unknown_addressee
        )

    async def _with_mood(self, past: Sequence[Event], turn: Turn, situation: Situation) -> Turn:
        if situation.step % MOOD_EVERY:
            return turn
        asked = render("script/mood", ScriptMood(name=self.name, line=turn.words))
        properties: dict[str, JsonValue] = {"feeling": {"type": "string"}, "goal": {"type": "string"}}
        felt = await self._asked_apart(past, asked, properties, situation, "mood")
        if isinstance(felt, NoAnswer):
            return turn
        return replace(turn, **{name: str(felt.values.get(name) or "").strip() for name in properties})

    async def _asked_apart(
        self,
        past: Sequence[Event],
        asked: str,
        properties: dict[str, JsonValue],
        situation: Situation,
        what: str,
    ) -> Answer | NoAnswer:
        longest = {name: 200 for name, part in properties.items() if part == {"type": "string"}}
        request = Request(
            model=self.use,
            messages=self._messages(past, (), asked),
            answer=AnswerSchema.flat(what, properties, longest=longest, optional=("argument",), as_written=True),
            max_tokens=SMALL_TALK,
            salt=SampleKey(seed=self.seed),
            purpose=self._purpose(what, situation.step),
        )
        return await ask(self.chat, request)

    def _scene(self, situation: Situation, memories: Sequence[str]) -> str:
        nearby = [name for name in situation.company if name != EVERYONE and name not in situation.outside_speakers]
        return render(
            "script/scene",
            ScriptScene(
                name=self.name,
                date=format_time(situation.time, situation.unit),
                occasion=situation.occasion,
                place=situation.place,
                listeners=tuple(nearby),
                feeling=situation.feeling,
                goal=situation.goal,
                attention=situation.attention,
                context=situation.context,
                memories=tuple(memories),
                said=situation.own_words,
            ),
        )

    @property
    def _style(self) -> DialogueStyle:
        return script_style(self.name)

    def _kept_lines(self, past: Sequence[Event]) -> list[str]:
        return [message.content for message in self._memory(past).episodic.dialogue() if message.content]

    def _news(self, past: Sequence[Event]) -> tuple[str, ...]:
        reached = self._memory(past).episodic.reached
        return (reached,) if reached else ()

    def _percept(self, past: Sequence[Message], asked: str) -> tuple[Message, ...]:
        lines = [message.content for message in past if message.content]
        return (Message(role="user", content=BETWEEN.join((*lines, asked))),)

    def _messages(self, past: Sequence[Event], recalled: Sequence[str], asked: str) -> tuple[Message, ...]:
        """Return the transcript so far, with something else than a line asked after it."""
        memories = f"({self.name} remembers: {' · '.join(recalled)})" if recalled else ""
        variables = ScriptTranscript(
            name=self.name,
            past=tuple(self._kept_lines(past)),
            scene=memories,
            news=(*self._news(past), asked),
        )
        episodic = self._memory(past).episodic
        last = Message(role="user", content=render("script/transcript", variables), images=episodic.now.images)
        return with_recent_images((self._system(past), last), accepts_images=self.accepts_images)

    def _role_prompt(self, persona: dict[str, JsonValue]) -> Message:  # pyright: ignore[reportIncompatibleMethodOverride]
        written = portrait(persona, is_one_line=self.is_one_line)
        variables = ScriptSystem(name=self.name, portrait=written, has_persona=bool(persona))
        told = blinding_notice(self.unblinded, "script", self.name)
        parts = (render("script/system", variables), *told, *safety_notices(self.safety))
        return Message(role="system", content="\n\n".join(part.rstrip() for part in parts))


def _answered(outcome: NextLine | NoAnswer) -> str | NoAnswer:
    """Return an answer in words; what is no answer of the person's is none, and what they said before may be one."""
    if isinstance(outcome, NoAnswer) or outcome.fault in (None, "repeats_self", "repeats_other"):
        return outcome if isinstance(outcome, NoAnswer) else outcome.text
    return NoAnswer("refused" if outcome.fault == "refusal" else "bad_output", outcome.text)


def _properties(schema: AnswerSchema) -> dict[str, JsonValue]:
    properties = schema.body["properties"]
    return properties if isinstance(properties, dict) else {}
