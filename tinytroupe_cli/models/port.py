"""The port to language models: what is asked, what comes back, and who may stand in between.

Everything that takes the model's place (the onion's layers, providers, fakes) has
`complete`'s one signature. Knows nothing of people, experiments or files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from operator import not_
from typing import Annotated, Literal, Protocol

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    field_serializer,
)

from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.core.safe_text import safe_text

SafeText = Annotated[str, BeforeValidator(safe_text)]
"""Whatever a server sends, made fit to be stored, hashed, rendered and printed, where it comes in."""

Role = Literal["people", "judge", "author", "embeddings", "vision", "system"]
"""Who plays the personas, judges, writes personas, makes vectors of texts, says what images show, plays software."""

OutputMode = Literal["text", "native", "json", "prompt", "vector"]
"""How an answer's shape is asked for: not at all, by the provider's schema support, by its JSON mode, in words.

`vector` asks an embedding model for the vector of the one message's text; the completion's text is a JSON list.
"""


Again = Literal["bad", "refused"]
"""Why something is asked again: the reply could not be used, or was a refusal."""


Turns = Literal["auto", "moment", "script"]
"""How a turn is put to a model: as a JSON moment, or as the next line of a transcript, for small models."""


NoUse = Callable[[dict[str, JsonValue]], Again | None]
"""Says of the values of an answer in which way they are no use; None: they are."""


class Frozen(BaseModel):
    """A value that never changes once made and refuses unknown keys."""

    # Validators are built when first used: a quick start.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class ModelConfig(Frozen):
    """A model by its LiteLLM name and how to sample from it; None leaves a setting to the provider."""

    use: str
    """`provider/name` as LiteLLM spells it, or `local/name`."""
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    """Most tokens a reply may have; None: what the request asks for."""
    reasoning_effort: str | None = None
    api_base: str | None = None
    """Address of an OpenAI-compatible server, where it isn't the provider's own; written without its password."""
    server: str = ""
    """The address calls go to in one normal writing (`servers.py`); empty: the provider's own."""
    base_model: str | None = None
    """The model behind a deployment's own name: its price, window and abilities are taken."""
    structured: Literal["auto", "native", "json", "prompt"] = "auto"
    turns: Turns = "auto"
    """How turns are put to it; settled when a plan is made (`model_sizes.py`)."""
    sees: bool | None = None
    """Whether it takes pictures; None: what LiteLLM's table says."""
    timeout: float = 120.0
    """Seconds before one attempt is given up."""

    @field_serializer("api_base")
    def _without_password(self, address: str | None) -> str | None:
        return None if address is None else re.sub(r"(?<=//)[^/@]*@", "", address)


class Message(Frozen):
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str
    images: tuple[str, ...] = Field(default=(), exclude_if=not_)
    """Pictures that go with it, by names that hold their hash; the provider adapter has their bytes.

    Not written where there are none: a message without pictures stays the call it always was."""


class AnswerSchema(Frozen):
    """The shape an answer must have: a flat JSON Schema object, all keys required."""

    name: str
    """A slug; some providers show it to the model, so it must give nothing away."""
    body: dict[str, JsonValue]
    open: tuple[str, ...] = ()
    """Properties whose `enum` guides the model without binding it: another text is accepted."""
    longest: dict[str, int] = Field(default_factory=dict[str, int])
    """Property -> letters at which a local model is made to stop; providers don't take such a bound."""
    optional: tuple[str, ...] = Field(default=(), exclude=True)
    """Properties without which, or with unfit values of which, an answer is one. Says how it is read: no identity."""
    as_written: bool = Field(default=False, exclude=True)
    """Whether values are handed on as they were written, for the asker to read one by one; else all are checked."""
    aliases: dict[str, str] = Field(default_factory=dict[str, str], exclude=True)
    """Other keys a model may write -> the key that is meant."""
    no_use: NoUse | None = Field(default=None, exclude=True, repr=False)
    """Says whether values of this shape are no use nevertheless, so that `--retry` can ask again."""
    bare: str = Field(default="", exclude=True)
    """The key of an answer that comes without any; empty: the only property, if there is one."""
    is_sentence: bool = Field(default=False, exclude=True)
    """Whether a model on this machine writes the only property's text and no JSON around it."""

    @classmethod
    def flat(
        cls,
        name: str,
        properties: Mapping[str, JsonValue],
        *,
        open: tuple[str, ...] = (),  # noqa: A002
        longest: Mapping[str, int] | None = None,
        optional: tuple[str, ...] = (),
        as_written: bool = False,
        aliases: Mapping[str, str] | None = None,
        bare: str = "",
    ) -> AnswerSchema:
        """Return the shape with these properties, answered in their order, and no others."""
        body: dict[str, JsonValue] = {
            "type": "object",
            "properties": dict(properties),
            "required": list(properties),
            "additionalProperties": False,
        }
        return cls(
            name=name,
            body=body,
            open=open,
            longest=dict(longest or {}),
            optional=optional,
            as_written=as_written,
            aliases=dict(aliases or {}),
            bare=bare,
        )


class SampleKey(Frozen):
    """What sets apart equal requests that are meant to be fresh samples."""

    seed: int = 0
    """The replicate's."""
    sample: int = 0
    again: int = Field(default=0, exclude_if=not_)
    """How often it was asked before with a reply that could not be used (`--retry`).

    Not written where it is 0: a call that is asked for the first time stays the call it always was."""


class Purpose(Frozen):
    """Why a call is made: for progress, errors and accounts. Part of its identity only through `Request.seed`."""

    role: Role
    kind: str = ""
    """`turn`, `interview`, `observe`, `persona`, …"""
    trial: str = ""
    person: str = ""
    step: int = 0


class Request(Frozen):
    """One call to a model. All but `purpose` is its identity, and of that what `seed` is drawn from."""

    model: ModelConfig
    messages: tuple[Message, ...]
    answer: AnswerSchema | None = None
    form: OutputMode = "text"
    """Set by the structured layer; others leave it alone."""
    max_tokens: int = 600
    """Most tokens the asker has use for; `model.max_tokens` wins where it is set."""
    stop: tuple[str, ...] = ()
    """Texts before which the reply ends, four at the most."""
    avoid: tuple[str, ...] = ()
    """Words a model on this machine is kept from; providers take tokens only, so they are not told."""
    unlike_before: Literal[0, 1, 2] = Field(default=0, exclude_if=not_)
    """How strictly a model on this machine is kept from word sequences of the prompt (DRY sampling); 0: not at all.
    Others are not told."""
    is_wider: bool = False
    """Asked again with more room, because the first reply was cut off."""
    room: int = Field(default=0, exclude=True)
    """Tokens a reply may take beside its words, for reasoning: no part of what is asked."""
    adjusted: tuple[str, ...] = Field(default=(), exclude=True)
    """How it is changed for a server that doesn't take it as it is (`adaptations.py`): no part of what is asked."""
    salt: SampleKey = SampleKey()
    purpose: Purpose
    because: Again | None = Field(default=None, exclude=True)
    """Why it is asked again, where `salt.again` says so."""
    is_stored_only: bool = Field(default=False, exclude=True)
    """Answered from what is stored, or not at all."""

    @property
    def seed(self) -> int:
        """Return the random seed a provider is sent, in [0, 2**31).

        Drawn from the replicate's seed, the sample, the person, the step and what the call is for, never from the
        condition: people don't share a model's noise, and one person meets the same noise in every condition
        (common random numbers; Glasserman & Yao 1992).
        """
        why = self.purpose
        parts = (
            self.salt.sample,
            why.role,
            why.kind,
            why.person,
            why.step,
            *([self.salt.again] * bool(self.salt.again)),
        )
        return Stream(self.salt.seed, "sampling", *parts).integer()

    @property
    def reply_limit(self) -> int:
        """Return the most tokens a reply may have, reasoning included; a limit of the user's own holds as it is."""
        return self.model.max_tokens or self.max_tokens + self.room


class Usage(Frozen):
    """Tokens of one call. `prompt` includes `cached`; `completion` includes `reasoning`."""

    prompt: int = 0
    """Tokens read, including `cached` ones."""
    completion: int = 0
    """Tokens written, including `reasoning` ones."""
    cached: int = 0
    """Tokens read from the provider's prompt cache."""
    reasoning: int = 0
    """Tokens spent on reasoning."""

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            prompt=self.prompt + other.prompt,
            completion=self.completion + other.completion,
            cached=self.cached + other.cached,
            reasoning=self.reasoning + other.reasoning,
        )


class Completion(Frozen):
    """What came back. A refusal is an answer too: `finish` says so and `text` says why."""

    text: SafeText
    finish: Literal["stop", "length", "refused", "too_long"] = "stop"
    """`too_long`: the request was longer than the model's window; it is stored like an answer, and not asked again."""
    usage: Usage = Usage()
    model: SafeText = ""
    """What the provider says answered."""
    fingerprint: SafeText = ""
    value: dict[str, JsonValue] | None = Field(default=None, exclude=True)
    """The parsed answer, set by the structured layer when the request had a schema."""
    raw: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue], exclude=True)
    """Key of the parsed answer -> what was written, where its value was read from other words."""
    origin: Literal["provider", "run", "cache"] = Field(default="provider", exclude=True)
    """Asked just now, or found in the run's store or the user's cache."""


class ChatModel(Protocol):
    """The one waist."""

    async def complete(self, request: Request) -> Completion:
        """Answer the request; raises a `ModelError` or `LimitReached`."""
        ...


class Embedder(Protocol):
    """Texts -> vectors. What stands behind it asks the one waist too, so a vector is stored and paid for once."""

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return a vector for each text, in order; an empty one where the provider refused the text."""
        ...


class CallStore(Protocol):
    """Remembers completions by request identity. `put` returns only when they are safe from a kill."""

    def get(self, key: str) -> Completion | None:
        """Return what was answered to the request of that identity, if it is known."""
        ...

    def put(self, key: str, request: Request, completion: Completion, *, cost: float | None, seconds: float) -> None:
        """Keep a completion with what it cost (USD, None if unknown) and how long it took."""
        ...
