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
    """The model's name: `provider/name` as LiteLLM spells it, or `local/name`."""
    temperature: Number | None = Field(default=None, ge=0, le=2)
    """Sampling temperature."""
    top_p: Number | None = Field(default=None, gt=0, le=1)
    """Nucleus sampling: the share of the likeliest tokens to choose from."""
    max_tokens: int | None = Field(default=None, ge=1)
    """Maximum number of tokens in a reply."""
    reasoning_effort: str | None = None
    """For models that reason: minimal, low, medium, high."""
    api_base: str | None = None
    """Address of an OpenAI-compatible server; or add it to the name: `use: openai/x@http://127.0.0.1:5000/v1`."""
    base_model: str | None = Field(default=None, min_length=1)
    """The model behind a deployment, such as gpt-4o-mini; determines price, context window and abilities."""
    structured: STRUCTURED | None = None
    """How structured answers are requested; auto finds out what the model supports."""
    sees: bool | None = None
    """Whether the model takes images, if LiteLLM's table does not say."""
    timeout: Number | None = Field(default=None, gt=0, le=86_400)
    """Seconds after which an attempt is abandoned."""

    @field_validator("api_base")
    @classmethod
    def _one_address(cls, address: str | None, info: ValidationInfo) -> str | None:
        if address and split_name(str(info.data.get("use", "")))[1]:
            raise ValueError("must be empty if 'use' contains an address")
        return address


class ModelSpec(SampledModel):
    """A model that plays people or judges."""

    turns: TURNS | None = None
    """Form of a turn. moment: a JSON object; script: the next line of a transcript, which suits small models;
    auto: script for models on your own machine below about 7 billion parameters, otherwise moment."""


ModelChoice = str | ModelSpec
PlainChoice = str | SampledModel
"""Of a model that plays no turns."""


class Roles(SpecModel):
    """A model for each role."""

    people: ModelChoice | None = None
    """Plays the personas."""
    judge: ModelChoice | None = None
    """Reads transcripts and judges."""
    author: PlainChoice | None = None
    """Writes personas."""
    embeddings: PlainChoice | None = None
    """Compares the meaning of texts: `openai/text-embedding-3-small`, `local/all-minilm-l6-v2`, …"""


class PriceSpec(SpecModel):
    """USD per million tokens."""

    input: Number = Field(ge=0)
    """Price per million tokens read, in USD."""
    output: Number = Field(ge=0)
    """Price per million tokens written, in USD."""
    cached: Number | None = Field(default=None, ge=0)
    """Price per million tokens read from the provider's prompt cache, in USD."""


class LimitsSpec(SpecModel):
    """Limits of the whole run; all are optional."""

    usd: Number | None = Field(default=None, ge=0)
    """Cost in US dollars."""
    tokens: Count | None = None
    """Tokens read and written."""
    calls: Count | None = None
    """Calls to models."""
    minutes: Number | None = Field(default=None, gt=0, le=1_000_000)
    """Wall time in minutes."""


class Memory(SpecModel):
    """How people remember."""

    recall: Literal["semantic", "full", "off"] | None = None
    """Which older memories are recalled: relevant ones, as many as fit, or none."""
    consolidate: bool | None = None
    """Whether memories that leave the window are summarized as facts; default: true."""
    window: int | None = Field(default=None, ge=1)
    """How many of their latest moments people keep word for word; default: 30."""
    tokens: Count | None = None
    """Maximum number of tokens in a prompt and its reply; default: the model's context window, or 32,000 if it is
    unknown."""


SafetyNoticeName = Literal["harmful_content", "copyright"]


class Quality(SpecModel):
    """Checks of each turn before anybody else hears it."""

    adherence: Number | None = Field(default=None, ge=0, le=9)
    """Minimum score, 0 to 9, for staying in character."""
    consistency: Number | None = Field(default=None, ge=0, le=9)
    """Minimum score for not contradicting themselves."""
    fluency: Number | None = Field(default=None, ge=0, le=9)
    """Minimum score for natural words."""
    suitability: Number | None = Field(default=None, ge=0, le=9)
    """Minimum score for fitting the situation."""
    guards: bool = True
    """Whether a turn is tried again when it repeats earlier words, declines, sounds like an AI assistant or
    repeats the question. Needs no model, and applies even without `quality`."""
    repetition: Number = Field(default=0.6, gt=0, le=1)
    """A turn repeats an earlier text if it shares at least this fraction of its four-word sequences with it; repeating
    a whole sentence of eight or more words always counts. A turn of at most 20 words with a number that the earlier
    text does not have is not a repeat."""
    attempts: int = Field(default=2, ge=1, le=5)
    """How many times a turn is tried, including the first."""
    on_fail: Literal["keep_best", "fail"] = "keep_best"
    """What to do if no attempt is good enough: keep the best, or drop the turn."""


class Story(SpecModel):
    """A story of what happened."""

    words: int = Field(default=200, ge=20, le=5_000)
    """Approximate length."""
    style: str = ""
    """Its style; default: plain."""


DataFormatName = Literal["csv", "parquet", "xlsx", "sav", "dta"]
"""Formats of data: `reports/data_formats.py`."""
ReportFormat = Literal[
    "json", "markdown", "details", "methods", "text", "csv", "parquet", "xlsx", "sav", "dta", "html", "junit"
]
"""Every format of the language; `reports/formats.py` has those that are built."""
UNBUILT_FORMATS: tuple[ReportFormat, ...] = ("junit",)


class MethodsSpec(SpecModel):
    """What only you can state in methods.md."""

    funding: str = ""
    """Who paid for it, and interests that could have influenced it."""
    data_protection: str = ""
    """Personal data in personas or documents, and how they are protected."""
    fine_tuning: str = ""
    """Whether a model was fine-tuned, and on what; "none" if not."""
    human_validation: str = ""
    """How results were checked with real people."""


class ReportSpec(SpecModel):
    """What is written at the end."""

    formats: list[ReportFormat] = ["json", "markdown", "methods", "html"]
    """The files to write."""
    story: Story | None = None
    """A story of what happened."""
