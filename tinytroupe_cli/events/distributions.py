"""Answers that are distributions over a field's answers, as they stand in the log."""

from __future__ import annotations

from operator import not_

from pydantic import BaseModel, ConfigDict, Field


class AnswerDistribution(BaseModel):
    """One answer as a distribution over all answers of its field, in their order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pmf: tuple[float, ...]
    """Probability of each answer; the sum is 1."""
    sets: tuple[tuple[float, ...], ...] = Field(default=(), exclude_if=not_)
    """ssr: what each set of statements gives, before the temperature."""
    is_flat: bool = Field(default=False, exclude_if=not_)
    """ssr: all statements were equally similar; `pmf` is uniform."""
