"""Scores of several items, as they are written."""

from __future__ import annotations

from pydantic import Field

from tinytroupe_cli.core.ids import MAX_NAME_CHARACTERS
from tinytroupe_cli.spec.spec_model import NAME, SpecModel


class ScoreSpec(SpecModel):
    """A scale score: the mean of several items that measure one thing."""

    name: str = Field(pattern=NAME, max_length=MAX_NAME_CHARACTERS)
    """Its name in results and expectations."""
    items: list[str] = Field(min_length=2)
    """Queries and fields, such as q.t1: Likert items or scales of the same length."""
    reverse: list[str] = []
    """Items that are worded in the opposite direction and counted from the other end."""
    min_items: int | None = Field(default=None, ge=1)
    """Smallest number of answered items from which a score is computed; default: all of them."""
