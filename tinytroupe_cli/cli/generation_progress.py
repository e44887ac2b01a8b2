"""Describes progress while a population's people are generated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tinytroupe_cli.cli.terminal import printable

if TYPE_CHECKING:
    from tinytroupe_cli.api.run import GenerationProgress


def generation_lines(progress: GenerationProgress) -> Iterator[str]:
    """Yield a line for each person with problems left, and one when all are there."""
    if progress.problems:
        yield f"{progress.person}, {printable(progress.name)}: {printable('; '.join(progress.problems))}"
    if progress.done == progress.total:
        yield f"people {progress.total} of a population are written"
