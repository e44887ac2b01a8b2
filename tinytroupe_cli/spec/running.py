"""How a run is done: models, prices, limits; and what people's minds are like."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from tinytroupe_cli.models.servers import split_name
from tinytroupe_cli.spec.spec_model import Count, Number, SpecModel

STRUCTURED = Literal["auto", "native", "json", "prompt"]
TURNS = Literal["auto", "moment", "script"]


class SampledModel(SpecModel):
    """A model and how to sample from it."""

    use: str = Field(min_length=1)
    """`provider/name` as LiteLLM spells it, or `local/name`."""
    temperature: Number | None = Field(default=None, ge=0, le=2)
    """How freely it chooses its words."""
    top_p: Number | None = Field(default=None, gt=0, le=1)
    """Share of the likeliest words it chooses from."""
    max_tokens: int | None = Field(default=None, ge=1)
    """Most tokens a reply may have."""
    reasoning_effort: str | None = None
    """For models that reason: minimal, low, medium, high."""
    api_base: str | None = None
    """Address of an OpenAI-compatible server; or behind the name: `use: openai/x@http://127.0.0.1:5000/v1`."""
    base_model: str | None = Field(default=None, min_length=1)
    """The model behind a deployment's own name, whose price, window and abilities hold: gpt-4o-mini."""
    structured: STRUCTURED | None = None
    """How answers are given their shape; auto finds out."""
    sees: bool | None = None
    """Whether it takes pictures, where LiteLLM's table doesn't know."""
    timeout: Number | None = Field(default=None, gt=0)
    """Seconds before one attempt is given up."""

    @field_validator("api_base")
    @classmethod
    def _one_address(cls, address: str | None, info: ValidationInfo) -> str | None:
        if address and split_name(str(info.data.get("use", "")))[1]:
            raise ValueError("wants to be empty where 'use' has an address")
        return address


class ModelSpec(SampledModel):
    """A model that plays people or judges."""

    turns: TURNS | None = None
    """How a turn is put to it: moment, a JSON object; script, the next line of a transcript, which small models do
    better; auto takes script for models on one's own machine under about 7B."""


ModelChoice = str | ModelSpec
PlainChoice = str | SampledModel
"""Of a model that plays no turns."""


class Roles(SpecModel):
    """A model for each part."""

    people: ModelChoice | None = None
    """Plays the personas."""
    judge: ModelChoice | None = None
    """Reads transcripts and judges."""
    author: PlainChoice | None = None
    """Writes personas."""
    embeddings: PlainChoice | None = None
    """Tells how near two texts are: `openai/text-embedding-3-small`, `local/all-minilm-l6-v2`, …"""


class PriceSpec(SpecModel):
    """USD per million tokens."""

    input: Number = Field(ge=0)
    """Tokens read."""
    output: Number = Field(ge=0)
    """Tokens written."""
    cached: Number | None = Field(default=None, ge=0)
    """Tokens read from the provider's prompt cache."""


class LimitsSpec(SpecModel):
    """Bounds of the whole run; any of them."""

    usd: Number | None = Field(default=None, ge=0)
    """Money."""
    tokens: Count | None = None
    """Tokens read and written."""
    calls: Count | None = None
    """Calls to models."""
    minutes: Number | None = Field(default=None, gt=0)
    """Wall time."""


class Memory(SpecModel):
    """How people remember."""

    recall: Literal["semantic", "full", "off"] | None = None
    """What comes back of what they no longer have word for word: what has to do with the moment, all of it, nothing."""
    consolidate: bool | None = None
    """Whether what leaves the window becomes facts they keep; default yes."""
    window: int | None = Field(default=None, ge=1)
    """How many of their latest moments they keep word for word; default 30."""
    tokens: Count | None = None
    """Most tokens of a prompt with its reply; default what the model reads, or 32,000 where nobody knows."""


SafetyNotice = Literal["harmful_content", "copyright"]


class Quality(SpecModel):
    """Checks of what people do before they do it."""

    adherence: Number | None = Field(default=None, ge=0, le=9)
    """Least score, 0 to 9, for staying in character."""
    consistency: Number | None = Field(default=None, ge=0, le=9)
    """Least score for not contradicting themselves."""
    fluency: Number | None = Field(default=None, ge=0, le=9)
    """Least score for natural words."""
    suitability: Number | None = Field(default=None, ge=0, le=9)
    """Least score for fitting the moment."""
    guards: bool = True
    """Whether words that repeat earlier ones, decline, speak as an assistant or give the question back are asked for
    again. Needs no model; on also where there is no `quality`."""
    repetition: Number = Field(default=0.6, gt=0, le=1)
    """From which share of its sequences of four words in one earlier text a turn repeats it; a whole sentence of eight
    words or more said again is always a repeat."""
    attempts: int = Field(default=2, ge=1, le=5)
    """How often a turn is tried at the most, the first time included."""
    on_fail: Literal["keep_best", "fail"] = "keep_best"
    """What to do when no attempt is good enough: take the best, or let the turn come to nothing."""


class Story(SpecModel):
    """A narrative of what happened."""

    words: int = Field(default=200, ge=20, le=5_000)
    """About how long."""
    style: str = ""
    """How it is told; default: plainly."""


class ReportSpec(SpecModel):
    """What is written at the end."""

    formats: list[Literal["json", "markdown", "html", "junit", "csv"]] = ["json", "markdown"]
    """Which files."""
    story: Story | None = None
    """A narrative of what happened."""
