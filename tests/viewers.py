"""A viewer as a browser sees it: requests over real HTTP, and `troupe run --view` as a process."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import subprocess
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

from tinytroupe_cli.core.clock import WallClock

T = TypeVar("T")
PATIENCE = 60.0
"""Seconds; the machines are noisy."""


@dataclass(frozen=True)
class Got:
    """A reply."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def to(self) -> str:
        return self.headers.get("location", "")


def ask(address: str, *, method: str = "GET", host: str | None = "", **headers: str) -> Got:
    """Send one request, without following where it leads; `host` None: without that header."""
    split = urlsplit(address)
    connection = http.client.HTTPConnection("127.0.0.1", split.port, timeout=PATIENCE)
    path = split.path + (f"?{split.query}" if split.query else "")
    connection.putrequest(method, path, skip_host=True)
    if host is not None:
        connection.putheader("Host", host or split.netloc)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    reply = connection.getresponse()
    body = reply.read().decode()
    connection.close()
    return Got(reply.status, {name.lower(): value for name, value in reply.getheaders()}, body)


def wait_for(look: Callable[[], T | None], what: str) -> T:
    """Look until there is something."""
    clock = WallClock()
    until = clock.seconds() + PATIENCE
    while clock.seconds() < until:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"no {what} within {PATIENCE:.0f} s")


@dataclass
class Viewed:
    """`troupe run --view`, and what it has printed so far."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list[str])

    @property
    def address(self) -> str:
        """Return the address that is printed before the run begins."""
        return wait_for(self._printed_address, "address")

    @property
    def home(self) -> str:
        return self.address.rpartition("/")[0] + "/"

    def page(self) -> str:
        """Return the address of the run's page, once the run has begun."""
        return self.home + wait_for(lambda: ask(self.address).to, "run")

    def state(self, since: int = 0) -> dict[str, Any]:
        return json.loads(ask(f"{self.page()}state?since={since}").body)

    def _printed_address(self) -> str | None:
        shown = "".join(self.lines)
        assert self.process.poll() is None or "Follow" in shown, shown
        found = re.search(r"Follow it at (\S+)", shown)
        return found[1] if found else None


@contextlib.contextmanager
def viewed(process: subprocess.Popen[str]) -> Generator[Viewed]:
    """Read what a process prints; it is ended at the end."""
    found = Viewed(process)
    stream = process.stderr
    assert stream is not None
    reading = threading.Thread(target=lambda: found.lines.extend(stream), daemon=True)
    reading.start()
    try:
        yield found
    finally:
        process.kill()
        process.wait()
        reading.join(PATIENCE)
        stream.close()
        if process.stdout is not None:
            process.stdout.close()
