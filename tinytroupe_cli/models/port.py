"""The port to language models: requests, completions, and the protocol of everything in between.

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
from tinytroupe_cli.core.secrets import HIDDEN, QUERY_SECRET

SafeText = Annotated[str, BeforeValidator(safe_text)]
"""Text from a server, cleaned on arrival so that it can be stored, hashed, rendered and printed."""

Role = Literal["people", "judge", "author", "embeddings", "vision", "system"]
"""Plays personas, judges, writes personas, makes embeddings, describes images, plays software."""

OutputMode = Literal["text", "native", "json", "prompt", "vector"]
"""How an answer's shape is requested: not at all, by the provider's schema support, by its JSON mode, in words.

`vector` asks an embedding model for the vector of the one message's text; the completion's text is a JSON list.
"""


Again = Literal["bad", "refused"]
"""Why something is asked again: the reply was unusable, or a refusal."""


Turns = Literal["auto", "moment", "script"]
"""How a turn is presented to a model: as a JSON moment, or as the next line of a transcript, for small models."""


NoUse = Callable[[dict[str, JsonValue]], Again | None]
"""Returns why the values of an answer are unusable; None: they are usable."""


class Frozen(BaseModel):
    """An immutable value that rejects unknown keys."""

    # Validators are built when first used: a quick start. Files may name a field otherwise (its alias).
    model_config = ConfigDict(
        frozen=True, extra="forbid", defer_build=True, validate_by_name=True, serialize_by_alias=True
    )


class ModelConfig(Frozen):
    """A model by its LiteLLM name and how to sample from it; None leaves a setting to the provider."""

    name: str = Field(validation_alias="use", serialization_alias="use")
    """`provider/name` as LiteLLM spells it, or `local/name`."""
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    """Maximum tokens of a reply; None: what the request asks for."""
    reasoning_effort: str | None = None
    api_base: str | None = None
    """Address of an OpenAI-compatible server, if it isn't the provider's own; written without its password."""
    server: str = ""
    """The address calls go to in normal form (`servers.py`); empty: the provider's own."""
    base_model: str | None = None
    """The model behind a deployment's own name; its price, context window and abilities apply."""
    structured: Literal["auto", "native", "json", "prompt"] = "auto"
    turns: Turns = "auto"
    """How turns are presented to it; decided when a plan is made (`model_sizes.py`)."""
    accepts_images: bool | None = Field(default=None, validation_alias="sees", serialization_alias="sees")
    """Whether it accepts images; None: as in LiteLLM's table."""
    timeout: float = 120.0
    """Seconds until one attempt is given up."""

    @field_serializer("api_base", "server")
    def _without_password(self, address: str | None) -> str | None:
        if address is None:
            return None
        return QUERY_SECRET.sub(rf"\1{HIDDEN}", re.sub(r"(?<=//)(?![^/@]*\$\{env:)[^/@]*@", "", address))


class Message(Frozen):
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str
    images: tuple[str, ...] = Field(default=(), exclude_if=not_)
    """Images that go with it, by names that contain their hash; the provider adapter has their bytes. Not written where
    there are none: a message without pictures stays the call it always was."""


class AnswerSchema(Frozen):
    """The shape an answer must have: a flat JSON Schema object, all keys required."""

    name: str
    """A slug; some providers show it to the model, so it must give nothing away."""
    body: dict[str, JsonValue]
    open: tuple[str, ...] = ()
    """Properties whose `enum` is a suggestion: another text is accepted."""
    longest: dict[str, int] = Field(default_factory=dict[str, int])
    """Property -> characters after which a local model is stopped; providers don't accept such a bound."""
    optional: tuple[str, ...] = Field(default=(), exclude=True)
    """Properties that may be missing or unfit in a valid answer. Affects parsing only, not identity."""
    as_written: bool = Field(default=False, exclude=True)
    """Whether values are passed on as written, for the caller to read one by one; else all are checked."""
    aliases: dict[str, str] = Field(default_factory=dict[str, str], exclude=True)
    """Other keys a model may write -> the intended key."""
    no_use: NoUse | None = Field(default=None, exclude=True, repr=False)
    """Checks whether values of this shape are unusable nevertheless, so that `--retry` can ask again."""
    bare: str = Field(default="", exclude=True)
    """The key of a bare value; empty: the only property, if there is one."""
    is_sentence: bool = Field(default=False, exclude=True)
    """Whether a local model writes the only property's text without JSON around it."""

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
        """Return the shape with only these properties, answered in this order."""
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
    """Distinguishes equal requests that are meant to be separate samples."""

    seed: int = 0
    """The replicate's seed."""
    sample: int = 0
    again: int = Field(default=0, exclude_if=not_)
    """How often it was asked before with an unusable reply (`--retry`); not written where it is 0, so that a first
    call stays the call it always was."""


class Purpose(Frozen):
    """Why a call is made: for progress, errors and accounts. Affects its identity only through `Request.seed`."""

    role: Role
    kind: str = ""
    """`turn`, `interview`, `observe`, `persona`, …"""
    trial: str = ""
    person: str = ""
    step: int = 0


class Request(Frozen):
    """One call to a model. Everything but `purpose` is its identity; `seed` is drawn from part of that too."""

    model: ModelConfig
    messages: tuple[Message, ...]
    answer: AnswerSchema | None = None
    form: OutputMode = "text"
    """Set by the structured layer; others leave it alone."""
    max_tokens: int = 600
    """Maximum tokens the caller can use; `model.max_tokens` overrides it."""
    stop: tuple[str, ...] = ()
    """Texts before which the reply ends, at most four."""
    avoid: tuple[str, ...] = ()
    """Words a local model must avoid; providers accept tokens only, so they don't receive them."""
    unlike_before: int = Field(default=0, ge=0, exclude_if=not_)
    """How strictly a model on this machine is kept from word sequences of the prompt (DRY sampling); 0: not at all.
    Others are not told."""
    alternatives: int = Field(default=0, ge=0, exclude_if=not_)
    """How many of the likeliest first tokens are returned with their probabilities."""
    is_wider: bool = False
    """Asked again with more room, because the first reply was cut off."""
    room: int = Field(default=0, exclude=True)
    """Tokens of a reply for reasoning, in addition to its words; not part of the identity."""
    adjusted: tuple[str, ...] = Field(default=(), exclude=True)
    """How it is adapted to its server (`adaptations.py`); not part of the identity."""
    salt: SampleKey = SampleKey()
    purpose: Purpose
    because: Again | None = Field(default=None, exclude=True)
    """Why it is asked again, where `salt.again` says so."""
    is_stored_only: bool = Field(default=False, exclude=True)
    """Answered from storage, or not at all."""

    @property
    def seed(self) -> int:
        """Return the random seed a provider is sent, in [0, 2**31).

        Drawn from the replicate's seed, the sample, the person, the step and what the call is for, never from the
        condition: people don't share a model's noise, and one person meets the same noise in every condition
        (common random numbers; Glasserman & Yao 1992).
        """
        why = self.purpose
        again = [self.salt.again] * bool(self.salt.again)
        parts = (self.salt.sample, why.role, why.kind, why.person, why.step, *again)
        return Stream(self.salt.seed, "sampling", *parts).integer()

    @property
    def reply_limit(self) -> int:
        """Return the maximum tokens of a reply, including reasoning; a user's own limit is used unchanged."""
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
    """A model's response. A refusal is also a response: `finish` says so and `text` says why."""

    text: SafeText
    finish: Literal["stop", "length", "refused", "too_long"] = "stop"
    """`too_long`: longer than the model's window; stored like an answer, and forgotten with `--retry failed`."""
    usage: Usage = Usage()
    model: SafeText = ""
    """The model that answered, according to the provider."""
    fingerprint: SafeText = ""
    alternatives: dict[str, float] = Field(default_factory=dict[str, float], exclude_if=not_)
    """First token -> its probability, of the likeliest, if reported."""
    value: dict[str, JsonValue] | None = Field(default=None, exclude=True)
    """The parsed answer, set by the structured layer when the request had a schema."""
    raw: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue], exclude=True)
    """Key of the parsed answer -> original text, if its value was read from other words."""
    origin: Literal["provider", "run", "cache"] = Field(default="provider", exclude=True)
    """Asked just now, or found in the run's store or the user's cache."""


class ChatModel(Protocol):
    """The one signature of everything that takes a model's place."""

    async def complete(self, request: Request) -> Completion:
        """Answer the request; raises a `ModelError` or `LimitReached`."""
        ...


class Embedder(Protocol):
    """Texts -> vectors. It calls a `ChatModel` too, so a vector is stored and paid for once."""

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return a vector for each text, in order; an empty one if the provider refused the text."""
        ...


class CallStore(Protocol):
    """Stores completions by request identity. `put` returns only when they would survive a kill."""

    def get(self, key: str) -> Completion | None:
        """Return the answer to the request of that identity, if it is known."""
        ...

    def put(self, key: str, request: Request, completion: Completion, *, cost: float | None, seconds: float) -> None:
        """Keep a completion with what it cost (USD, None if unknown) and how long it took."""
        ...
