"""What is seen while a population's people are written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tinytroupe_cli.cli.terminal import harmless

if TYPE_CHECKING:
    from tinytroupe_cli.api.running import Progress


def casting_lines(progress: Progress) -> Iterator[str]:
    """Yield a line for whoever is still doubtful, and one when all are there."""
    if progress.doubts:
        yield f"{progress.person}, {harmless(progress.name)}: {harmless('; '.join(progress.doubts))}"
    if progress.done == progress.total:
        yield f"people {progress.total} of a population are written"
