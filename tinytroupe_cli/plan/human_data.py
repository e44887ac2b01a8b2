"""Human answers that a measure is held against, as planned: read, matched with the measure's answers, and kept."""

from __future__ import annotations

from pydantic import Field, JsonValue

from tinytroupe_cli.models.port import Frozen


class HumanAnswers(Frozen):
    """One column of human answers, one entry per row of the file. The file itself isn't needed again."""

    data: str
    """The file, as written."""
    hash: str
    """SHA-256 of its text."""
    column: str
    """The column of answers."""
    answers: tuple[JsonValue, ...]
    """The answers as the measure has them; null: none."""
    weights: tuple[float, ...] = ()
    """Empty: everyone counts the same."""
    keys: tuple[str, ...] = ()
    """What identifies a person; empty: nobody has a twin."""
    key: str = ""
    """The column of keys."""
    retest: tuple[JsonValue, ...] = ()
    """Their second answers to the same question."""
    groups: tuple[str, ...] = ()
    """The level of `by` that a row belongs to; empty text: none."""
    attributes: dict[str, tuple[JsonValue, ...]] = Field(default_factory=dict[str, tuple[JsonValue, ...]])
    """`ceiling: logit`: the other columns."""


class PlannedFidelity(Frozen):
    """A measure held against human answers."""

    query: str
    field: str
    humans: HumanAnswers
    factor: str = ""
    """The factor whose levels are compared on both sides."""
    attribute: str = ""
    """The field of people whose groups are."""
    bands: tuple[float, ...] = ()
    """Boundaries between groups of a numeric attribute."""
    at: dict[str, JsonValue] = Field(default_factory=dict)
    """Levels of factors; a factor that is not named is averaged over."""
