"""Distinguishes a provider that is down from one that fails for one person only."""

from __future__ import annotations

from dataclasses import dataclass, field

from tinytroupe_cli.core.errors import ProviderDown
from tinytroupe_cli.models.port import Request

MAX_FAILED = 3
"""Calls that may fail at every attempt while no other call succeeds."""
FEW_ATTEMPTS = 2
"""Attempts for a person whose last call failed at every attempt."""


@dataclass
class Outage:
    """The recent outcomes of calls, over all people. A failure proves nothing if another call succeeded meanwhile."""

    worked: int = 0
    """Calls that succeeded so far."""
    _failed: int = 0
    """Calls that failed since the last success."""
    _troubled: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """People whose calls fail while others' succeed."""
    _failing: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """People whose last call failed."""

    def attempts(self, request: Request, most: int) -> int:
        """Return how often a call is tried."""
        return min(most, FEW_ATTEMPTS) if _who(request) in self._failing else most

    def call_worked(self, request: Request) -> None:
        """Count a successful call."""
        self.worked += 1
        self._failed = 0
        self._failing.discard(_who(request))
        self._troubled.discard(_who(request))

    def call_failed(self, request: Request, *, worked_before: int, message: str) -> None:
        """Count a call that failed at every attempt; raises `ProviderDown` if calls fail for everyone."""
        who = _who(request)
        self._failing.add(who)
        if self.worked != worked_before:
            self._troubled.add(who)
        elif who not in self._troubled:
            self._failed += 1
        if self._failed >= MAX_FAILED:
            calls = f"the last {self._failed} calls failed at every attempt, and none succeeded in the meantime"
            raise ProviderDown(f"{message} ({calls})", hint="check the provider's status page, then resume")


def _who(request: Request) -> tuple[str, str]:
    return request.purpose.trial, request.purpose.person
