"""The hub over real HTTP on loopback, and pip as it really is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hubs import FakeHub

from tinytroupe_cli.models.local_catalog import HubFile, LocalModelEntry, WheelPart
from tinytroupe_cli.models.local_hub import Hub, HubSource
from tinytroupe_cli.models.local_sources import SourceFailed, pip_download

CONTENT = b"0123456789" * 300


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with FakeHub() as hub:
        hub.give("someone/tiny/tiny.gguf", CONTENT)
        yield hub


def an_entry(file: str = "tiny.gguf") -> LocalModelEntry:
    hub = HubFile(repository="someone/tiny", file=file)
    return LocalModelEntry(name="tiny", title="", bytes=3_000, sha256="0" * 64, licence="MIT", context=64, hub=hub)


def test_the_hub_gives_the_bytes_from_any_position(hub: FakeHub, tmp_path: Path):
    rest = b"".join(HubSource(Hub(hub.address)).read(an_entry(), start=1_234, workplace=tmp_path))

    assert rest == CONTENT[1_234:]
    assert hub.ranges == ["bytes=1234-"]


def test_a_file_the_hub_does_not_have_is_a_failed_source(hub: FakeHub, tmp_path: Path):
    with pytest.raises(SourceFailed, match="it answered 404"):
        list(HubSource(Hub(hub.address)).read(an_entry("gone.gguf"), start=0, workplace=tmp_path))


def test_a_hub_that_cannot_be_reached_is_given_up_at_once(tmp_path: Path):
    source = HubSource(Hub("http://127.0.0.1:9"))
    started = time.perf_counter()

    with pytest.raises(SourceFailed, match="can't be reached"):
        list(source.read(an_entry(), start=0, workplace=tmp_path))

    assert time.perf_counter() - started < 4


def test_a_package_that_does_not_exist_is_told_in_pips_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")  # no network in tests
    part = WheelPart(package="troupe-no-such-package", version="1", member="x", bytes=1)

    with pytest.raises(SourceFailed, match="pip could not download troupe-no-such-package: No matching distribution"):
        pip_download(part, tmp_path)
