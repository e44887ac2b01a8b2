"""Detects the cores and memory by which a default model is chosen.

Depends on the system and one variable, not on models.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.models.local_cores import total_memory, usable_cores

VARIABLE: Final = "TROUPE_MACHINE"
_WRITTEN: Final = re.compile(r"cores=(\d{1,4})\s+memory=(\d{1,5})(?:\s*GB)?", re.IGNORECASE)
_GIGABYTE: Final = 1 << 30
_SYSTEM: Final = Path("/")


@dataclass(frozen=True)
class Machine:
    """Cores and memory available to us; None if unknown."""

    cores: int | None
    gigabytes: int | None
    """Rounded: a machine sold with 8 GB reports 7.7."""

    def has(self, cores: int, gigabytes: int) -> bool:
        """Return whether it has at least so much; what isn't known counts as too little."""
        return (self.cores or 0) >= cores and (self.gigabytes or 0) >= gigabytes

    def __str__(self) -> str:
        """Return it in words: `8 cores and 16 GB of memory`."""
        cores = (
            "an unknown number of cores" if self.cores is None else f"{self.cores} core{'s' if self.cores > 1 else ''}"
        )
        memory = "an unknown amount" if self.gigabytes is None else f"{self.gigabytes} GB"
        return f"{cores} and {memory} of memory"


def this_machine(env: Mapping[str, str], root: Path = _SYSTEM) -> Machine:
    """Return the machine's resources, or those `TROUPE_MACHINE` sets; raises `RunError` if that can't be parsed."""
    written = env.get(VARIABLE, "").strip()
    if written:
        return _as_written(written)
    memory = total_memory(root) or _installed_memory()
    return Machine(usable_cores(root) or os.cpu_count(), None if memory is None else round(memory / _GIGABYTE))


def _as_written(written: str) -> Machine:
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise RunError(f"{VARIABLE}='{written}' can't be read", hint=f'write it as {VARIABLE}="cores=8 memory=16"')
    return Machine(int(found[1]), int(found[2]))


def _installed_memory() -> int | None:
    """Return the memory as macOS and other Unixes report it."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None
