"""The model hub: where it is, whether it can be reached, what a file there is, and its bytes.

Set up by the variables of `huggingface_hub` (HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE and its timeouts), read again each
time. One attempt each, short waits; every failure is a `SourceFailed` with a few plain words.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urljoin, urlsplit

from tinytroupe_cli.models.local_catalog import HubFile, LocalModelEntry
from tinytroupe_cli.models.local_sources import SourceFailed

if TYPE_CHECKING:
    import httpx

USUAL_ADDRESS: Final = "https://huggingface.co"
REACH_SECONDS: Final = 2.0
"""Total seconds for finding out whether a file is available."""
_CONNECT_SECONDS: Final = 4.0
_LETTERS_OF_SHA256: Final = 64
_MAX_MOVES: Final = 5
"""Redirects within the hub, for renamed repositories."""
_PARTIAL: Final = 206
"""The HTTP status of a range response."""
_ERRNO: Final = re.compile(r"\[Errno -?\d+\] ")
_YES: Final = frozenset({"1", "on", "yes", "true"})


@dataclass(frozen=True)
class FileOnHub:
    """What the hub reports about a file."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Hub:
    """The model hub, as configured."""

    address: str = USUAL_ADDRESS
    lookup_seconds: float = 10.0
    read_seconds: float = 20.0
    is_offline: bool = False
    """The user has disabled it."""

    @property
    def host(self) -> str:
        """Return the name shown to the user: `huggingface.co`."""
        return urlsplit(self.address).netloc.rpartition("@")[2] or self.address

    def page(self, file: HubFile) -> str:
        """Return the address of a file's repository."""
        return f"{self.address}/{file.repository}"

    def url(self, file: HubFile) -> str:
        """Return the address of a file."""
        return f"{self.page(file)}/resolve/{quote(file.revision or 'main', safe='')}/{quote(file.file)}"

    def look_up(self, file: HubFile) -> FileOnHub:
        """Return size and hash of a file; raises SourceFailed."""
        headers = self._head(file, seconds=self.lookup_seconds)
        size = headers.get("X-Linked-Size") or headers.get("Content-Length") or ""
        sha256 = (headers.get("X-Linked-Etag") or headers.get("ETag") or "").removeprefix("W/").strip('"')
        if not size.isdigit() or len(sha256) != _LETTERS_OF_SHA256:
            raise SourceFailed("it gives no SHA-256 for this file, so the download could not be checked")
        return FileOnHub(int(size), sha256)

    def why_not(self, file: HubFile, *, seconds: float = REACH_SECONDS) -> str:
        """Return why a file is unavailable there now; empty if it is available. Takes no longer than `seconds`."""
        found: list[str] = []

        def look() -> None:
            try:
                self._head(file, seconds=seconds)
                found.append("")
            except SourceFailed as failure:
                found.append(str(failure))

        # A thread of its own: looking up a name is bounded by no timeout of httpx.
        thread = threading.Thread(target=look, daemon=True)
        thread.start()
        thread.join(seconds)
        return found[0] if found else f"no answer within {seconds:g} s"

    def stream(self, file: HubFile, *, start: int) -> Iterator[bytes]:
        """Yield a file's bytes from `start` on; raises SourceFailed."""
        import httpx  # noqa: PLC0415 - slow to import, seldom needed

        self._refuse_offline()
        headers = {**self._headers(), "Range": f"bytes={start}-"}
        timeout = httpx.Timeout(self.read_seconds, connect=_CONNECT_SECONDS)
        with (
            self._in_words(self.read_seconds),
            httpx.stream("GET", self.url(file), headers=headers, timeout=timeout, follow_redirects=True) as reply,
        ):
            self._refuse(reply, file)
            if start and reply.status_code != _PARTIAL:
                raise SourceFailed("it can't continue where the last attempt stopped")
            yield from reply.iter_bytes()  # as they come: what was received before a break is kept

    def _head(self, file: HubFile, *, seconds: float) -> httpx.Headers:
        """Request a file's headers; a redirect within the hub is followed, one to the storage of its bytes is not."""
        import httpx  # noqa: PLC0415 - slow to import, seldom needed

        self._refuse_offline()
        url = self.url(file)
        timeout = httpx.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS))
        with self._in_words(seconds), httpx.Client(headers=self._headers(), timeout=timeout) as client:
            reply = client.head(url)
            for _ in range(_MAX_MOVES):
                moved = urljoin(url, reply.headers.get("Location", ""))
                is_within = urlsplit(moved).netloc == urlsplit(url).netloc
                if not reply.is_redirect or "X-Linked-Etag" in reply.headers or not is_within:
                    break
                url, reply = moved, client.head(moved)
            self._refuse(reply, file)
            return reply.headers

    def _headers(self) -> dict[str, str]:
        token = _token()
        known = {"Authorization": f"Bearer {token}"} if token else {}
        return {**known, "User-Agent": "troupe", "Accept-Encoding": "identity"}

    def _refuse_offline(self) -> None:
        if self.is_offline:
            raise SourceFailed("not asked: HF_HUB_OFFLINE is set")

    def _refuse(self, reply: httpx.Response, file: HubFile) -> None:
        """Raise SourceFailed for an error response, with what to do about it."""
        if reply.status_code < 400:  # noqa: PLR2004 - HTTP's
            return
        match reply.status_code, reply.headers.get("X-Error-Code", ""):
            case _, "GatedRepo":
                why = f"{file.repository} is gated: accept its terms at {self.page(file)}, then set HF_TOKEN"
            case _, "RepoNotFound":
                why = f"{file.repository} does not exist or is not public: check the name, or set HF_TOKEN"
            case _, "RevisionNotFound":
                why = f"{file.repository} has no revision {file.revision}"
            case _, "EntryNotFound":
                why = f"{file.repository} has no file {file.file}"
            case 401 | 403, _:
                why = "no access: set HF_TOKEN, or check the proxy"
            case 404, _:
                why = "no such file there"
            case _:
                why = "it is temporarily unavailable"
        raise SourceFailed(f"{why} (it answered {reply.status_code})")

    @contextmanager
    def _in_words(self, seconds: float) -> Generator[None]:
        """Convert httpx's errors into SourceFailed."""
        import httpx  # noqa: PLC0415 - slow to import, seldom needed

        try:
            yield
        except httpx.TimeoutException as problem:
            raise SourceFailed(f"no answer within {seconds:g} s") from problem
        except (httpx.ReadError, httpx.RemoteProtocolError) as problem:
            raise SourceFailed("the connection was lost") from problem
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            reason = _ERRNO.sub("", str(problem)).lower() or type(problem).__name__
            raise SourceFailed(f"can't be reached ({reason})") from problem


def hub_in_force(env: Mapping[str, str]) -> Hub:
    """Return the hub as configured by the environment."""
    return Hub(
        address=(env.get("HF_ENDPOINT") or USUAL_ADDRESS).rstrip("/"),
        lookup_seconds=_seconds(env, "HF_HUB_ETAG_TIMEOUT", Hub.lookup_seconds),
        read_seconds=_seconds(env, "HF_HUB_DOWNLOAD_TIMEOUT", Hub.read_seconds),
        is_offline=any(env.get(name, "").lower() in _YES for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")),
    )


@dataclass(frozen=True)
class HubSource:
    """Bytes from the hub."""

    hub: Hub

    @property
    def label(self) -> str:
        """Return its host."""
        return self.hub.host

    def place(self, entry: LocalModelEntry) -> str:
        """Return the repository."""
        return f"{self.label} ({entry.hub.repository})" if entry.hub else self.label

    def extra_bytes(self, entry: LocalModelEntry) -> int:  # noqa: ARG002 - the protocol's
        """Return 0: the bytes go straight to the file."""
        return 0

    def read(self, entry: LocalModelEntry, *, start: int, workplace: Path) -> Iterator[bytes]:  # noqa: ARG002
        """Stream the file from `start` on."""
        if entry.hub is None:
            raise SourceFailed(f"{entry.name} is not available there")
        yield from self.hub.stream(entry.hub, start=start)


def _seconds(env: Mapping[str, str], name: str, usual: float) -> float:
    written = env.get(name, "").strip()
    return float(written) if written.isdigit() and int(written) else usual


def _token() -> str | None:
    """Return the user's token, as `huggingface_hub` finds it."""
    from huggingface_hub import get_token  # noqa: PLC0415 - slow to import, seldom needed

    return get_token()
