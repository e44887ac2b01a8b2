"""Retries calls; the only place that does."""

from __future__ import annotations

from dataclasses import dataclass, field

from tinytroupe_cli.core.clock import Clock
from tinytroupe_cli.core.errors import RateLimited, Rejected, Transient
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.models.identity import identity
from tinytroupe_cli.models.ledger import Ledger
from tinytroupe_cli.models.outage import Outage
from tinytroupe_cli.models.port import ChatModel, Completion, Request

MAX_WAIT_SECONDS = 60.0
"""Seconds between attempts, unless the provider asks for more."""
MAX_REQUEST_SECONDS = 120.0
"""Maximum seconds a provider can make us wait at once."""
MAX_TRYING_SECONDS = 300.0
"""Seconds after which no new attempt starts."""


@dataclass
class Retry:
    """Retries temporary failures: exponential waits with full jitter, or as long as the provider asks."""

    inner: ChatModel
    clock: Clock
    ledger: Ledger
    attempts: int = 6
    outage: Outage = field(default_factory=Outage)

    async def complete(self, request: Request) -> Completion:
        """Call until it succeeds; raises the last `Transient`, or `ProviderDown` if no call succeeds."""
        worked = self.outage.worked
        try:
            completion = await self._asked(request)
        except Transient as error:
            self.outage.call_failed(request, worked_before=worked, message=error.message)
            raise
        except Rejected:
            self.outage.call_worked(request)  # a provider that rejects a request is up
            raise
        self.outage.call_worked(request)
        return completion

    async def _asked(self, request: Request) -> Completion:
        began = self.clock.seconds()
        most = self.outage.attempts(request, self.attempts)
        for attempt in range(1, most + 1):
            try:
                return await self.inner.complete(request)
            except Transient as error:
                jitter = Stream(0, "retry", identity(request), attempt)
                wait = _wait(error, attempt, jitter.fraction())
                if attempt == most or self.clock.seconds() + wait - began > MAX_TRYING_SECONDS:
                    raise
                self.ledger.retried()
                await self.clock.sleep(wait)
        raise AssertionError("the number of attempts must be at least 1")


def _wait(error: Transient, attempt: int, fraction: float) -> float:
    backoff = min(MAX_WAIT_SECONDS, 2.0 ** (attempt - 1)) * fraction
    if isinstance(error, RateLimited) and error.retry_after is not None:
        return min(error.retry_after, MAX_REQUEST_SECONDS) + backoff * 0.1
    return backoff
