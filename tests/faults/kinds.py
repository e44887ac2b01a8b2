"""KINDS: what troupe is attacked with, how often in the long form, and by which function."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from faults.arena import Arena


@dataclass(frozen=True)
class Kind:
    """One kind of attack; its module is imported only when it is used."""

    count: int
    """Attacks in the long form."""
    a_job: int
    """Attacks that one job makes, more or less."""
    function: str
    """module:function; it attacks once or a few times, and notes in the arena what is wrong."""
    counts: bool = False
    """Whether the function counts its attacks, since some come too late; otherwise a job is one attack."""

    def attack(self) -> Callable[[Arena], None]:
        """Return the function."""
        module, _, name = self.function.partition(":")
        return getattr(importlib.import_module(f"faults.{module}"), name)


KINDS: Final[dict[str, Kind]] = {
    "kills": Kind(200, 5, "kills:kill_runs", counts=True),
    "soft stops": Kind(100, 3, "soft_stops:stop_runs", counts=True),
    "provider faults": Kind(109, 1, "provider_faults:meet_fault"),
    "hostile replies": Kind(51, 1, "hostile_replies:meet_reply"),
    "planted secrets": Kind(29, 1, "planted_secrets:plant"),
    "races": Kind(24, 1, "races:race"),
    "power cuts": Kind(24, 1, "power_cuts:cut_power", counts=True),
    "disks": Kind(26, 1, "disks:spoil_disk"),
    "stores": Kind(60, 5, "damaged_stores:damage_stores", counts=True),
    "inputs": Kind(10_000, 250, "long_form:check_inputs", counts=True),
}
