"""One value to find out, as planned."""

from __future__ import annotations

from operator import not_
from typing import Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.spec.measures import FieldKind


def _is_direct(value: object) -> bool:
    return value == "direct"


class PlannedRating(Frozen):
    """How free-text answers are rated on a scale by semantic similarity."""

    about: str = ""
    """What the built-in statements are about; empty: the experiment has its own."""
    anchors: tuple[tuple[str, ...], ...]
    """Sets of statements, each with one for every point, lowest first."""
    beside: str = ""
    """The field for which the same is asked directly; empty: there is none."""
    temperature: float = 1
    """A value below 1 sharpens the distribution, one above 1 flattens it; with 0, only its first maximum remains."""
    epsilon: float = 0
    """Added to the point whose statement is least similar."""
    question: str
    """The question, with anything that depends on the condition left out; the judge sees only this version when it
    decides whether the question was answered."""


class PlannedField(Frozen):
    """One value that is asked for."""

    name: str
    """Name of the field."""
    kind: FieldKind
    """Its type."""
    options: tuple[JsonValue, ...] = ()
    """choice, rank, budget, maxdiff: the options; likert: the labels, ladder: the prices, lowest first."""
    low: float | None = None
    """scale, number: the lowest value; date: the earliest, in days since 1970-01-01."""
    high: float | None = None
    """scale, number: the highest value; date: the latest, in days since 1970-01-01; ladder: the highest price; budget:
    the amount that is divided."""
    low_label: str = ""
    """scale: what the lowest value means."""
    high_label: str = ""
    """scale: what the highest value means."""
    unit: str = ""
    """number, ladder, budget: the unit."""
    set_size: int = Field(default=0, exclude_if=not_)
    """maxdiff: options in each set."""
    sets: int = Field(default=0, exclude_if=not_)
    """maxdiff: sets that each person is shown."""
    rating: PlannedRating | None = Field(default=None, exclude_if=not_)
    """scale, likert: how free-text answers are rated; not written: it is asked for directly."""
    elicit: Literal["direct", "verbalized", "logprobs"] = Field(default="direct", exclude_if=_is_direct)
    """verbalized: the person says how likely they would be to give each answer; logprobs: this is read off the model's
    first token; not written: they give one answer."""
    is_auxiliary: bool = Field(default=False, validation_alias="aside", serialization_alias="aside")
    """Explains the query's own answer (a verdict's `justification`); not summarized."""

    @property
    def is_asked_alone(self) -> bool:
        """Return whether it has an interview of its own: rated from words, or asked for probabilities."""
        return self.rating is not None or self.elicit != "direct"
