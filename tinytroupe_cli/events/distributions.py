"""Answers that are distributions over a field's answers, as they stand in the log."""

from __future__ import annotations

from operator import not_

from pydantic import BaseModel, ConfigDict, Field


class AnswerDistribution(BaseModel):
    """One answer as a distribution over all answers of its field, in their order, or over numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pmf: tuple[float, ...] = Field(default=(), exclude_if=not_)
    """Probability of each answer; the sum is 1. Empty: a number, with `quantiles`."""
    quantiles: tuple[float, ...] = Field(default=(), exclude_if=not_)
    """number: the lowest possible value, the quantiles at 10, 50 and 90%, and the highest; the cumulative distribution
    is linear in between."""
    sets: tuple[tuple[float, ...], ...] = Field(default=(), exclude_if=not_)
    """ssr: what each set of statements gives, before the temperature."""
    is_flat: bool = Field(default=False, exclude_if=not_)
    """ssr: all statements were equally similar; `pmf` is uniform."""
