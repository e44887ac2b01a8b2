"""The branches of a multiverse: every combination of reasonable choices, as planned."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Final

from pydantic import Field, JsonValue

from tinytroupe_cli.models.port import Frozen

ANALYSIS: Final = ("exclude", "weights", "estimand", "adjust", "test", "wordings")
"""Choices of the analysis: their branches are computed from the answers of one run."""
MODELS: Final = "model.people"
"""The path whose runs have different models play the people."""
MAX_BRANCHES: Final = 200
"""Most combinations of all choices."""
MAX_RUNS: Final = 20
"""Most runs of a multiverse."""
Choices = dict[str, JsonValue]
"""What is chosen -> the choice."""


def names_of(choice: JsonValue) -> tuple[str, ...]:
    """Return the rules or covariates of an alternative: none, one, or a list."""
    written = choice if isinstance(choice, list) else [choice]
    return tuple(str(name) for name in written if name != "none")


class PlannedMultiverse(Frozen):
    """All combinations of choices."""

    analysis: dict[str, tuple[JsonValue, ...]] = Field(default_factory=dict)
    """Choice of the analysis -> its alternatives, the first of which is the usual one."""
    runs: dict[str, tuple[JsonValue, ...]] = Field(default_factory=dict)
    """Path in the experiment -> its values; each combination is a run of its own."""
    choices: Choices = Field(default_factory=dict)
    """Path in the experiment -> the value that this run has."""

    @property
    def count(self) -> int:
        """Return the number of combinations of all choices."""
        return prod(len(values) for values in (*self.analysis.values(), *self.runs.values()))

    @property
    def run_count(self) -> int:
        """Return the number of runs."""
        return prod(len(values) for values in self.runs.values())

    def branches(self) -> Iterator[Choices]:
        """Yield every combination of the choices of the analysis."""
        yield from combinations_of(self.analysis)


def combinations_of(choices: dict[str, tuple[JsonValue, ...]]) -> Iterator[Choices]:
    """Yield every combination of choices, the last one varying fastest."""
    for values in product(*choices.values()):
        yield dict(zip(choices, values, strict=True))
