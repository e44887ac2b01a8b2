"""Ways to take an answer: rated from free text by similarity to statements, or as stated probabilities."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tinytroupe_cli.spec.spec_model import Number, SpecModel

RatingMethod = Literal["direct", "ssr"]
RatedMethods = RatingMethod | Annotated[list[RatingMethod], Field(min_length=2, max_length=2)]
"""One method, or both: each is then asked in an interview of its own."""
AnchorSets = Annotated[list[list[str]], Field(min_length=1)]
"""Sets of statements, each with one for every point of the scale, lowest first."""
Elicitation = Literal["direct", "verbalized", "logprobs"]
"""How an answer is asked for: itself, the probability of each answer, or that read off the model's tokens."""


class TemperatureFit(SpecModel):
    """A temperature fitted to human answers."""

    fit: str = Field(min_length=1)
    """A file of human answers to the same question, with one row per person: CSV, TSV, JSON, JSON Lines or Excel."""
    column: str = Field(min_length=1)
    """The file's column of answers."""


class RatingSettings(SpecModel):
    """Settings of a semantic similarity rating (Maier et al. 2025)."""

    sets: Literal["all"] | Annotated[int, Field(ge=1)] = "all"
    """How many sets of statements are used, counted from the first."""
    temperature: Annotated[Number, Field(ge=0)] | TemperatureFit = 1
    """A value below 1 sharpens the distribution, one above 1 flattens it; with 0, only its first maximum remains."""
    epsilon: Annotated[Number, Field(ge=0)] = 0
    """Added to the point whose statement is least similar, before the similarities are turned into a distribution."""
