"""Which model plays where nobody chose one: by what this machine has and what it reaches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tinytroupe_cli.models.local_catalog import CATALOG, LOCAL_PREFIX
from tinytroupe_cli.models.local_files import LocalFiles

LARGE: Final = "qwen3-4b"
SMALL: Final = "qwen2.5-coder-1.5b"
MIN_CORES: Final = 4
MIN_MEMORY: Final = 8 * 10**9


@dataclass(frozen=True, slots=True)
class Machine:
    """What a machine has; None where the system doesn't tell."""

    cores: int | None
    """Physical, within the quota."""
    memory: int | None
    """Bytes."""

    @property
    def is_large(self) -> bool:
        """Say whether the larger model would be fast enough here, and fit."""
        return (self.cores or 0) >= MIN_CORES and (self.memory or 0) >= MIN_MEMORY


@dataclass(frozen=True, slots=True)
class DefaultModel:
    """A model, and why it is the default here."""

    use: str
    why: str


def default_model(machine: Machine, files: LocalFiles, reaches_hub: Callable[[], bool]) -> DefaultModel:
    """Return the larger model on a machine that can play it and has it or can fetch it, else the small one.

    The hub is asked only where the machine is large and neither model is here yet.
    """
    cores, memory = machine.cores or 0, (machine.memory or 0) / 10**9
    if not machine.is_large:
        return _default(SMALL, "")
    here = f"{cores} cores and {memory:.0f} GB of memory"
    if files.is_present(CATALOG[LARGE]):
        return _default(LARGE, f"fits {here}")
    if files.is_present(CATALOG[SMALL]):
        return _default(SMALL, f"is here already; {here} would do for local/{LARGE}")
    if reaches_hub():
        return _default(LARGE, f"fits {here}")
    return _default(SMALL, f"comes without the model hub, which can't be reached; {here} would do for local/{LARGE}")


def _default(name: str, why: str) -> DefaultModel:
    return DefaultModel(f"{LOCAL_PREFIX}{name}", why)
