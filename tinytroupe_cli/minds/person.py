"""PersonMind: acts in its turn, and answers questions that it then knows nothing of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TypeVar

from pydantic import JsonValue

from tinytroupe_cli.core.tokens import estimate_tokens
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.minds.asking import ask, ask_first_token
from tinytroupe_cli.minds.background_task import BackgroundTask
from tinytroupe_cli.minds.current_persona import current_persona
from tinytroupe_cli.minds.earlier_words import EarlierWords
from tinytroupe_cli.minds.guarding import Guarding, Whose, guarded
from tinytroupe_cli.minds.memory.consolidation import MAX_FACTS, Consolidation, consolidated, facts_request
from tinytroupe_cli.minds.memory.episodic import DialogueStyle
from tinytroupe_cli.minds.memory.person_memory import MemorySettings, PersonMemory
from tinytroupe_cli.minds.memory.token_budget import TokenBudget, shares_of
from tinytroupe_cli.minds.memory.window import LEAD, Block
from tinytroupe_cli.minds.notices import BlindingNotice, blinding_notice, safety_notices
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.minds.portraits import portrait
from tinytroupe_cli.minds.prompt_suffix import WithPromptSuffix
from tinytroupe_cli.minds.recent_images import with_recent_images
from tinytroupe_cli.minds.replies import no_use, read_reply, reply_schema, reply_tokens
from tinytroupe_cli.minds.situation import AvailableAction, Situation, Turn
from tinytroupe_cli.minds.text_index import TextIndex
from tinytroupe_cli.minds.turn_prompt import situation_prompt, turn_prompt
from tinytroupe_cli.models.port import (
    AnswerSchema,
    ChatModel,
    Embedder,
    Message,
    ModelConfig,
    Purpose,
    Request,
    SampleKey,
)
from tinytroupe_cli.models.token_chances import MAX_ALTERNATIVES
from tinytroupe_cli.prompts.catalog import (
    MemoryConsolidate,
    PersonAnswer,
    PersonForm,
    PersonLetter,
    PersonSystem,
    render,
)

_Reply = TypeVar("_Reply")
ANSWER_TOKENS = 500
FORM_TOKENS = 1_500
"""A document's worth."""
MIN_NEWS = 100
"""Tokens of what has just reached somebody that aren't worth shortening."""
TOO_LONG_HINT = "use fewer steps, shorter texts and personas, or a model with a longer window"


@dataclass
class PersonMind:
    """One person of a trial; holds no memory of its own: the past comes with every question."""

    person: str
    """Their id."""
    name: str
    persona: Mapping[str, JsonValue]
    use: ModelConfig
    chat: ChatModel
    seed: int
    trial: str
    max_words: int = 80
    remembers: MemorySettings = field(default_factory=MemorySettings)
    embedder: Embedder | None = None
    """Finds memories by their meaning; without one they are found by their words."""
    _kept: PersonMemory | None = field(default=None, init=False, repr=False)
    _shortened: TokenBudget | None = field(default=None, init=False, repr=False)
    """What of the past still fits, once their model has refused a request as too long."""
    accepts_images: bool = False
    """Whether their model takes pictures."""
    safety: tuple[str, ...] = ()
    """Notices they are given, by their prompts' names."""
    guarding: Guarding = field(default_factory=Guarding)
    unblinded: BlindingNotice = ""
    """What they are told about how their version was picked."""
    texts: TextIndex = field(default_factory=TextIndex)
    """What was said in the trial, shared by its people."""
    is_one_line: bool = False
    """Their prompt has their demographics on one line, and nothing else of their persona."""

    async def act(self, past: Sequence[Event], situation: Situation) -> Turn | NoAnswer:
        """Think, speak and feel, in one model call; in another where the words are none of theirs."""
        memory = self._memory(past)
        recalled = await memory.recall_for_turn(news=memory.episodic.news(situation.step), goal=situation.goal)
        attempt = partial(self._attempt, past, situation, recalled)
        turn = await guarded(attempt, past, situation, self._whose)
        noted = memory.recall_events(recalled, trial=self.trial, step=situation.step)
        return replace(turn, side_events=(*noted, *turn.side_events))

    async def _attempt(
        self, past: Sequence[Event], situation: Situation, recalled: Sequence[str], sample: int
    ) -> Turn | NoAnswer:
        outcome = await self._ask(
            past,
            recalled,
            situation_prompt(self.name, situation),
            answer=reply_schema(situation).model_copy(update={"no_use": partial(no_use, situation)}),
            max_tokens=reply_tokens(self.max_words),
            purpose=self._purpose("guard" if sample else "turn", situation.step),
            sample=sample,
        )
        return read_reply(outcome.values, situation) if isinstance(outcome, Answer) else outcome

    async def answer(
        self, past: Sequence[Event], question: str, *, schema: AnswerSchema, sample: int, step: int
    ) -> Answer | NoAnswer:
        """Answer in character after everything that happened; it leaves no trace in the past."""
        recalled = await self._memory(past).recall_for_turn(news=(question,), goal="")
        asked = render("person/answer", PersonAnswer(name=self.name, question=question))
        return await self._ask(
            past,
            recalled,
            asked,
            answer=schema,
            max_tokens=ANSWER_TOKENS,
            purpose=self._purpose("interview", step),
            sample=sample,
        )

    async def first_token(self, past: Sequence[Event], question: str, *, step: int) -> Mapping[str, float] | NoAnswer:
        """Return the probabilities of the first token of an answer in one letter; it leaves no trace in the past."""
        recalled = await self._memory(past).recall_for_turn(news=(question,), goal="")
        asked = render("person/letter", PersonLetter(name=self.name, question=question))
        salt, purpose = SampleKey(seed=self.seed), self._purpose("interview", step)

        def request(memories: Sequence[str]) -> Request:
            messages, count = self._messages(past, memories, asked), MAX_ALTERNATIVES
            return Request(
                model=self.use, messages=messages, max_tokens=1, alternatives=count, salt=salt, purpose=purpose
            )

        return await self._within_window(past, recalled, lambda memories: ask_first_token(self.chat, request(memories)))

    async def fill_in(
        self, past: Sequence[Event], situation: Situation, ability: AvailableAction, about: str
    ) -> Answer | NoAnswer:
        """Give an act its arguments, in the shape of the ability's form."""
        if ability.form is None:
            raise ValueError(f"{ability.name} has no form")
        memory = self._memory(past)
        recalled = await memory.recall_for_turn(
            news=(*memory.episodic.news(situation.step), about), goal=situation.goal
        )
        asked = render("person/form", PersonForm(name=self.name, act=ability.name, does=ability.does, about=about))
        return await self._ask(
            past,
            recalled,
            asked,
            answer=ability.form,
            max_tokens=FORM_TOKENS,
            purpose=self._purpose("form", situation.step),
        )

    async def _ask(
        self,
        past: Sequence[Event],
        recalled: Sequence[str],
        asked: str,
        *,
        answer: AnswerSchema,
        max_tokens: int,
        purpose: Purpose,
        sample: int = 0,
    ) -> Answer | NoAnswer:
        """Ask for an answer of a shape after a past."""

        def request(memories: Sequence[str]) -> Request:
            return Request(
                model=self.use,
                messages=self._messages(past, memories, asked),
                answer=answer,
                max_tokens=max_tokens,
                salt=SampleKey(seed=self.seed, sample=sample),
                purpose=purpose,
            )

        return await self._within_window(past, recalled, lambda memories: ask(self.chat, request(memories)))

    async def _within_window(
        self,
        past: Sequence[Event],
        recalled: Sequence[str],
        ask_with: Callable[[Sequence[str]], Awaitable[_Reply | NoAnswer]],
    ) -> _Reply | NoAnswer:
        """Ask with memories; where that is longer than the model's window, once more with half of the past."""
        outcome = await ask_with(recalled)
        if not isinstance(outcome, NoAnswer) or outcome.reason != "too_long":
            return outcome
        if self._shorten(past):
            outcome = await ask_with(())
        if isinstance(outcome, NoAnswer) and outcome.reason == "too_long":
            return replace(outcome, text=f"{outcome.text}, with a shortened past too; {TOO_LONG_HINT}")
        return outcome

    def _shorten(self, past: Sequence[Event]) -> bool:
        """Keep half as much of the past from now on; say whether that makes it shorter."""
        memory = self._memory(past)
        kept = sum(estimate_tokens(message.content) for message in memory.episodic.dialogue())
        news = min(self._shares.news, estimate_tokens(memory.episodic.reached))
        if not kept and news < MIN_NEWS:
            return False
        shorter_news = self._shares.news if kept else news // 2
        self._shortened = TokenBudget(past=max(1, kept // 2), news=shorter_news, recalled=self._shares.recalled // 2)
        self._kept = None
        return True

    def reconsidering(self, words: str) -> PersonMind:
        """Return the person with something said to them about their last attempt."""
        return replace(self, chat=WithPromptSuffix(self.chat, words))

    def start_background_work(self, past: Sequence[Event], step: int) -> BackgroundTask | None:
        """Begin to make facts of what will leave the mind before long."""
        memory = self._memory(past)
        blocks = memory.episodic.chosen(step) if self.remembers.makes_facts else []
        if not blocks:
            return None
        asked = render("memory/consolidate", MemoryConsolidate(name=self.name, most=MAX_FACTS))
        purpose = self._purpose("consolidate", step)

        def request(block: Block) -> Request:
            messages = (self._system(past), *self._percept(memory.episodic.dialogue(block), asked))
            seen = with_recent_images(messages, accepts_images=self.accepts_images)
            return facts_request(self.use, seen, self.seed, purpose)

        parts = [Consolidation(request(block), block.through) for block in blocks]
        return BackgroundTask(partial(consolidated, self.chat, parts), due=step + LEAD)

    def has_forgotten(self, past: Sequence[Event]) -> bool:
        """Return whether there is anything that they could think back to."""
        return self._memory(past).has_gaps

    async def search(self, past: Sequence[Event], about: str) -> tuple[str, ...]:
        """Return what they remember of something they ask themselves about."""
        return await self._memory(past).search(about)

    def _memory(self, past: Sequence[Event]) -> PersonMemory:
        """Return their memory after a past; kept only to be taken up faster."""
        kept = self._kept or PersonMemory(self.person, self.remembers, self._shares, self.embedder, self._style)
        self._kept = kept.after(past)
        return self._kept

    @cached_property
    def _whose(self) -> Whose:
        return Whose(self.trial, self.guarding, EarlierWords(self.person, self.texts))

    @property
    def _style(self) -> DialogueStyle:
        return DialogueStyle()

    def _percept(self, past: Sequence[Message], asked: str) -> tuple[Message, ...]:
        """Return a stretch of the past with a question after it."""
        return (*past, Message(role="user", content=asked))

    def _messages(self, past: Sequence[Event], recalled: Sequence[str], asked: str) -> tuple[Message, ...]:
        episodic = self._memory(past).episodic
        now = Message(role="user", content=turn_prompt(episodic.reached, recalled, asked), images=episodic.now.images)
        return with_recent_images((self._system(past), *episodic.dialogue(), now), accepts_images=self.accepts_images)

    @property
    def _shares(self) -> TokenBudget:
        if self._shortened is not None:
            return self._shortened
        reply = self.use.max_tokens or max(reply_tokens(self.max_words), ANSWER_TOKENS)
        fixed = estimate_tokens(self._initial_persona.content)
        return shares_of(self.remembers.tokens, fixed=fixed, reply=reply, is_full=self.remembers.recall == "full")

    def _system(self, past: Sequence[Event]) -> Message:
        persona = current_persona(self.persona, self.person, self._memory(past).changes)
        return self._initial_persona if persona is self.persona else self._role_prompt(persona)

    @cached_property
    def _initial_persona(self) -> Message:
        return self._role_prompt(self.persona)

    def _role_prompt(self, persona: Mapping[str, JsonValue]) -> Message:
        variables = PersonSystem(
            name=self.name,
            portrait=portrait(persona, is_one_line=self.is_one_line),
            max_words=self.max_words,
            has_persona=bool(persona),
        )
        told = blinding_notice(self.unblinded, "moment", self.name)
        parts = (render("person/system", variables), *told, *safety_notices(self.safety))
        return Message(role="system", content="\n\n".join(part.rstrip() for part in parts))

    def _purpose(self, what: str, step: int) -> Purpose:
        return Purpose(role="people", kind=what, trial=self.trial, person=self.person, step=step)
