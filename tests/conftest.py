"""No network but loopback, and no stray settings from the machine the tests run on."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")  # the machines are noisy: a slow moment is no fault

LOOPBACK = ("127.0.0.1", "localhost", "::1")
KEYS = [name for name in os.environ if name.endswith(("_API_KEY", "_API_BASE", "_BASE_URL")) or name.startswith("HF_")]


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """Refuse every connection of this process that would leave the machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            raise ConnectionRefusedError(f"tests stay on this machine; {address[0]} is not on it")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def ctrl_c_reaches_children() -> None:
    """Let the processes that tests start receive SIGINT: a shell's background job hands down that it is ignored."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin every test without providers' keys and addresses."""
    for name in KEYS:
        monkeypatch.delenv(name)
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    monkeypatch.setenv("TROUPE_SERVERS", "")  # what may run on this machine is no part of a test
    monkeypatch.setenv("TROUPE_MACHINE", "cores=2 memory=8")  # nor is how large it is


@pytest.fixture(autouse=True)
def no_memory_of_consent(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Begin every test with nothing allowed and nothing remembered."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
