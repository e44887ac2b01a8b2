"""Who looks at the pages: `troupe run --view` serves until the last tab is closed."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from tinytroupe_cli.core.clock import Clock

BEAT: Final = 90.0
"""Seconds after which a page that says nothing is closed; tabs in the background speak once a minute."""
GRACE: Final = 3.0
"""Seconds between two pages: a tab that goes from one to the next has none."""
MAX_PAGES: Final = 1_000


class Readers:
    """Pages that are open, by the number each gives itself."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: dict[str, float] = {}
        self._requests = 0
        self._last = clock.seconds()
        self.had_any = False
        """Whether a page was ever open."""

    @contextmanager
    def asking(self) -> Generator[None]:
        """Count a request while it is answered: making a report can take a while."""
        with self._lock:
            self._requests += 1
        try:
            yield
        finally:
            with self._lock:
                self._requests -= 1
                self._last = self._clock.seconds()

    def opened(self, page: str) -> None:
        """A page says that it is open."""
        with self._lock:
            self.had_any = True
            if page in self._seen or len(self._seen) < MAX_PAGES:
                self._seen[page] = self._clock.seconds()

    def left(self, page: str) -> None:
        """A page says that it is being closed."""
        with self._lock:
            self._seen.pop(page, None)

    def is_anyone_there(self) -> bool:
        """Return whether a page is open, or was until a moment ago."""
        now = self._clock.seconds()
        with self._lock:
            is_open = any(now - seen < BEAT for seen in self._seen.values())
            return is_open or self._requests > 0 or (self.had_any and now - self._last < GRACE)
