"""What is made of a run once it is played, as planned: pure data, like the plan it is part of."""

from __future__ import annotations

from operator import not_
from typing import Literal

from pydantic import Field

from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.planned_codings import PlannedCoding
from tinytroupe_cli.plan.planned_polls import PlannedPoll
from tinytroupe_cli.plan.planned_scores import PlannedScore


class PlannedTable(Frozen):
    """A table made from events by rules."""

    name: str
    of: tuple[str, ...]
    """Kinds of facts, as `plan/fact_kinds.py` lists them."""
    where: str = ""
    """An expression; empty: all of them."""
    columns: dict[str, str]
    """Column -> expression; empty where rows are counted."""
    once_per: tuple[str, ...] = ()
    count_by: tuple[str, ...] = ()


class PlannedDataset(Frozen):
    """Training data."""

    name: str
    rows: Literal["conversations", "turns"]
    format: Literal["openai-chat", "alpaca"]
    people: tuple[str, ...]
    """Person ids: whose words are to be learnt."""
    systems: dict[str, dict[str, str]] = {}
    """Trial -> person -> the system message; empty: none."""


class PlannedCategories(Frozen):
    """Answers in words that are sorted into categories."""

    query: str
    field: str
    name: str
    """The field the sorted answers make, of the same query."""
    is_list: bool = False
    most: int = 0
    """How many categories the judge may propose; 0: they are given."""
    categories: tuple[str, ...] = ()

    @property
    def measure(self) -> str:
        """Return what the sorted answers are called."""
        return f"{self.query}.{self.name}"


class PlannedStory(Frozen):
    """A narrative of what happened."""

    words: int
    style: str = ""
    trials: tuple[str, ...]
    """Those that are told: the first of each condition."""


NOT_MAPPED = "not mapped"
"""What is said of an answer that fits no category."""


class PlannedOutputs(Frozen):
    """All that is made of a run once its trials are over."""

    tables: tuple[PlannedTable, ...] = ()
    dataset: PlannedDataset | None = None
    categories: tuple[PlannedCategories, ...] = ()
    story: PlannedStory | None = None
    codings: tuple[PlannedCoding, ...] = Field(default=(), exclude_if=not_)
    polls: tuple[PlannedPoll, ...] = Field(default=(), exclude_if=not_)
    scores: tuple[PlannedScore, ...] = Field(default=(), exclude_if=not_)
