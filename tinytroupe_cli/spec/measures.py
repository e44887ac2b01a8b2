"""What is found out: extraction queries, their fields, propositions."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from tinytroupe_cli.core.ids import MAX_NAME_CHARACTERS
from tinytroupe_cli.spec.orders import OrderRule, Pins
from tinytroupe_cli.spec.rating import AnchorSets, Elicitation, RatedMethods, RatingSettings
from tinytroupe_cli.spec.spec_model import NAME, Number, SpecModel, only_key
from tinytroupe_cli.spec.wordings import WordedText


class Choice(SpecModel):
    """One of several options."""

    choice: list[str | bool | Number] = Field(min_length=2)
    """The options."""
    order: OrderRule | None = None
    """Order of the options; default: as the experiment's `order` says for options."""
    last: Pins | None = None
    """Options that always come last; default: as the experiment's `order` says."""
    elicit: Elicitation = "direct"
    """direct: one answer; verbalized: how likely the person would be to give each answer; logprobs: the same, read
    from the probabilities of the model's first token."""


class Scale(SpecModel):
    """A whole number on a scale."""

    scale: tuple[int, int] = Field(strict=False)
    """Lowest and highest, such as [1, 7]."""
    low: str = ""
    """What the lowest value means."""
    high: str = ""
    """What the highest value means."""
    order: OrderRule | None = None
    """Direction in which it is read; default: as the experiment's `order` says for scales."""
    method: RatedMethods = "direct"
    """direct: asked for directly; ssr: free text, rated by semantic similarity; or both in a list."""
    ssr: RatingSettings | None = None
    """Settings of the rating by semantic similarity."""
    anchors: AnchorSets | None = None
    """Your own sets of statements for `method: ssr`, each with one statement for every point, lowest first."""
    elicit: Elicitation = "direct"
    """direct: one answer; verbalized: how likely the person would be to give each answer; logprobs: the same, read
    from the probabilities of the model's first token."""


class Likert(SpecModel):
    """A labeled scale."""

    likert: str | list[str]
    """A named scale, such as purchase_intent, or the labels from lowest to highest."""
    order: OrderRule | None = None
    """Direction in which it is read; default: as the experiment's `order` says for scales."""
    method: RatedMethods = "direct"
    """direct: asked for directly; ssr: free text, rated by semantic similarity; or both in a list."""
    ssr: RatingSettings | None = None
    """Settings of the rating by semantic similarity."""
    anchors: AnchorSets | None = None
    """Your own sets of statements for `method: ssr`, each with one statement for every point, lowest first."""
    elicit: Elicitation = "direct"
    """direct: one answer; verbalized: how likely the person would be to give each answer; logprobs: the same, read
    from the probabilities of the model's first token."""


class NoSettings(SpecModel):
    """An empty mapping, {}."""


class YesNoField(SpecModel):
    """Yes or no, with settings; without any, write `yes_no`."""

    yes_no: NoSettings
    """Always {}."""
    elicit: Elicitation = "direct"
    """direct: one answer; verbalized: how likely the person would be to give each answer; logprobs: the same, read
    from the probabilities of the model's first token."""


class NumberBounds(SpecModel):
    """Bounds of a number."""

    min: Number | None = None
    """The lowest number."""
    max: Number | None = None
    """The highest number."""


class NumberField(SpecModel):
    """A number."""

    number: NumberBounds
    """Its bounds; {} for no bounds."""
    unit: str = ""
    """Its unit, such as USD."""
    elicit: Elicitation = "direct"
    """direct: one number; verbalized: three numbers that the person's answer would be below with a chance of 10%,
    50% and 90%."""


def _day(value: Any) -> Any:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("expects a date such as 2026-03-01") from None


Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=str)]


class DateBounds(SpecModel):
    """Bounds of a date."""

    min: Day | None = None
    """The earliest, such as 2026-01-01."""
    max: Day | None = None
    """The latest."""


class DateField(SpecModel):
    """A date."""

    date: DateBounds
    """Its bounds; {} for no bounds."""


class ListField(SpecModel):
    """Several texts."""

    list: Literal["text"]
    """Type of the entries."""


class Rank(SpecModel):
    """All options, ordered from most to least."""

    rank: list[str] = Field(min_length=2)
    """The options."""
    order: OrderRule | None = None
    """Order of the options; default: as the experiment's `order` says for options."""
    last: Pins | None = None
    """Options that always come last; default: as the experiment's `order` says."""


class Ladder(SpecModel):
    """A price ladder: whether the person would buy at each of several prices."""

    ladder: list[Number] = Field(min_length=2, max_length=20)
    """The prices, from lowest to highest."""
    unit: str = ""
    """Their unit, such as USD."""
    order: OrderRule | None = None
    """Direction in which the prices are read; default: as the experiment's `order` says for scales."""


class Budget(SpecModel):
    """An amount that the person divides among several options."""

    budget: list[str] = Field(min_length=2)
    """The options."""
    total: Number = 100
    """The amount."""
    unit: str = "points"
    """Its unit."""
    order: OrderRule | None = None
    """Order of the options; default: as the experiment's `order` says for options."""
    last: Pins | None = None
    """Options that always come last; default: as the experiment's `order` says."""


class MaxDiff(SpecModel):
    """The best and the worst option of several sets (best-worst scaling); only in interviews."""

    maxdiff: list[str] = Field(min_length=4, max_length=30)
    """The options."""
    set_size: int | None = Field(default=None, ge=3, le=7)
    """Options in each set, fewer than there are; default: 3 for up to 6 options, 4 for more."""
    sets: int | None = Field(default=None, ge=1, le=30)
    """Sets that each person is shown; each option is in the same number of sets. Default: the fewest sets with which
    each option is in at least three."""


FIELD_KEYS = (
    "choice",
    "scale",
    "likert",
    "number",
    "date",
    "list",
    "rank",
    "yes_no",
    "ladder",
    "budget",
    "maxdiff",
)
FIELD_WORDS = ("yes_no", "text", "number", "date")
FieldKind = Literal[
    "choice",
    "scale",
    "likert",
    "number",
    "date",
    "yes_no",
    "text",
    "list",
    "rank",
    "ladder",
    "budget",
    "maxdiff",
]


def kind_of_field(value: Any) -> str | None:
    """Return which field it is: a word, or the key only it has."""
    return "<word>" if isinstance(value, str) else only_key(value, FIELD_KEYS)


FieldSpec = Annotated[
    Annotated[Literal["yes_no", "text", "number", "date"], Tag("<word>")]
    | Annotated[Choice, Tag("<choice>")]
    | Annotated[Scale, Tag("<scale>")]
    | Annotated[Likert, Tag("<likert>")]
    | Annotated[NumberField, Tag("<number>")]
    | Annotated[YesNoField, Tag("<yes_no>")]
    | Annotated[DateField, Tag("<date>")]
    | Annotated[ListField, Tag("<list>")]
    | Annotated[Rank, Tag("<rank>")]
    | Annotated[Ladder, Tag("<ladder>")]
    | Annotated[Budget, Tag("<budget>")]
    | Annotated[MaxDiff, Tag("<maxdiff>")],
    Discriminator(kind_of_field),
]


class Query(SpecModel):
    """An extraction query: a question to answer in each trial."""

    name: str = Field(pattern=NAME, max_length=MAX_NAME_CHARACTERS)
    """Its name in results and expectations."""
    of: str | list[str] = "each person"
    """Who it is about: each person, world, a name or a list of names."""
    how: Literal["observe", "interview"] = "observe"
    """observe: the judge reads the transcript; interview: the person is asked, in character."""
    question: WordedText
    """The text of the question (a template), or {wordings: […]}."""
    fields: dict[str, FieldSpec] = Field(min_length=1)
    """The values to find, by name."""
    order: OrderRule | None = None
    """Order of its items if it has several fields; default: as the experiment's `order` says for questions."""
    samples: int = Field(default=1, ge=1, le=1_000)
    """How many times it is asked; all answers are kept."""


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
    """A claim the judge finds true or false, or scores from 0 to 9."""

    name: str | None = Field(default=None, pattern=NAME, max_length=MAX_NAME_CHARACTERS)
    """Its name in results and expectations; default: the name of the built-in claim."""
    claim: str | None = None
    """The claim (a template)."""
    use: BuiltInClaim | None = None
    """A built-in claim, instead of `claim`."""
    task: str | None = None
    """With `use: task_completion`: the task (a template)."""
    of: str | list[str] | None = None
    """Who it is about: each person, world, a name or a list; default: world, or as the built-in claim says."""
    score: bool = False
    """Whether it is scored from 0 to 9; otherwise it is judged true or false."""
    include_personas: bool | None = None
    """Give the personas to the judge as evidence; default: false, or as the built-in claim says."""
    samples: int = Field(default=1, ge=1, le=1_000)
    """How many times it is judged."""
