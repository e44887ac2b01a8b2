"""What is found out: extraction queries, their fields, propositions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from tinytroupe_cli.spec.spec_model import Number, SpecModel, only_key


class Choice(SpecModel):
    """One of several options."""

    choice: list[str | bool | Number] = Field(min_length=2)
    """The options; shown in a seeded random order."""


class Scale(SpecModel):
    """A whole number on a scale."""

    scale: tuple[int, int] = Field(strict=False)
    """Least and greatest, such as [1, 7]."""
    low: str = ""
    """What the least stands for."""
    high: str = ""
    """What the greatest stands for."""


class Likert(SpecModel):
    """A labelled scale."""

    likert: str | list[str]
    """A named scale, such as purchase_intent, or the labels from lowest to highest."""
    method: Literal["direct", "ssr"] = "direct"
    """direct: asked outright; ssr: free text, rated by semantic similarity."""


class NumberBounds(SpecModel):
    """What a number may be."""

    min: Number | None = None
    """The least."""
    max: Number | None = None
    """The greatest."""


class NumberField(SpecModel):
    """A number."""

    number: NumberBounds
    """Its bounds; {} for none."""
    unit: str = ""
    """What it counts, such as USD."""


class ListField(SpecModel):
    """Several texts."""

    list: Literal["text"]
    """What it lists."""


class Rank(SpecModel):
    """All options, from most to least."""

    rank: list[str] = Field(min_length=2)
    """The options; shown in a seeded random order."""


FIELD_KINDS = ("choice", "scale", "likert", "number", "list", "rank")
FIELD_WORDS = ("yes_no", "text", "number")


def kind_of_field(value: Any) -> str | None:
    """Tell fields apart: a word, or the key only they have."""
    return "<word>" if isinstance(value, str) else only_key(value, FIELD_KINDS)


FieldType = Annotated[
    Annotated[Literal["yes_no", "text", "number"], Tag("<word>")]
    | Annotated[Choice, Tag("<choice>")]
    | Annotated[Scale, Tag("<scale>")]
    | Annotated[Likert, Tag("<likert>")]
    | Annotated[NumberField, Tag("<number>")]
    | Annotated[ListField, Tag("<list>")]
    | Annotated[Rank, Tag("<rank>")],
    Discriminator(kind_of_field),
]


class Query(SpecModel):
    """An extraction query: what comes out of each trial."""

    name: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    """What it is called in results and expectations."""
    of: str | list[str] = "each person"
    """Whom it is about: each person, world, a name or a list of names."""
    how: Literal["observe", "interview"] = "observe"
    """observe: the judge reads the transcript; interview: the person is asked, in character."""
    question: str
    """What is to be found out; a template."""
    fields: dict[str, FieldType] = Field(min_length=1)
    """The values to find out, by name."""
    samples: int = Field(default=1, ge=1, le=1_000)
    """How often it is asked anew; more than one keeps the distribution."""


BuiltInClaim = Literal[
    "persona_adherence",
    "hard_persona_adherence",
    "self_consistency",
    "fluency",
    "suitability",
    "task_completion",
    "divergence",
    "convergence",
    "quiet_recently",
]
"""The claims that come with the package."""


class Proposition(SpecModel):
    """A claim judged true or false, or scored from 0 to 9."""

    name: str | None = Field(default=None, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    """What it is called in results and expectations; a ready claim's own name where it is left out."""
    claim: str | None = None
    """What is claimed; a template."""
    use: BuiltInClaim | None = None
    """A ready claim, in place of `claim`."""
    task: str | None = None
    """With `use: task_completion`: what was to be done; a template."""
    of: str | list[str] | None = None
    """Whom it is about: each person, world, a name or a list; world, or the ready claim's own, where it is left out."""
    score: bool = False
    """True: scored from 0 to 9; else true or false."""
    include_personas: bool | None = None
    """True: who the people are is part of the evidence; false, or the ready claim's own, where it is left out."""
    samples: int = Field(default=1, ge=1, le=1_000)
    """How often it is judged anew."""
