"""SqliteExternalCallStore: stores what systems and tools answered in a run, committed before it is used.

The file is created with the first answer, as most runs have none.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from tinytroupe_cli.core.bounded_files import check_regular
from tinytroupe_cli.core.errors import EnvironmentProblem
from tinytroupe_cli.core.files import make_private
from tinytroupe_cli.simulation.external_calls import ExternalCall, StoredReply

_TABLE = """
CREATE TABLE IF NOT EXISTS outside (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL, seconds REAL NOT NULL,
    kind TEXT NOT NULL, name TEXT NOT NULL, trial TEXT NOT NULL, person TEXT NOT NULL,
    step INTEGER NOT NULL, number INTEGER NOT NULL
)
"""
_PUT = "INSERT OR IGNORE INTO outside VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_READ = "SELECT kind, name, trial, person, step, number, value, seconds FROM outside ORDER BY rowid"


@dataclass(frozen=True, slots=True)
class RecordedExternalCall:
    """One call of a store, without what was asked."""

    kind: str
    name: str
    trial: str
    person: str
    step: int
    number: int
    kept: StoredReply


class SqliteExternalCallStore:
    """Stores calls in one file, and looks up those of the parent run of a branch."""

    def __init__(
        self, path: Path, *, inherited: Path | None = None, hide: Callable[[JsonValue], JsonValue] = lambda value: value
    ) -> None:
        """Set the paths, and what removes secrets; methods raise `EnvironmentProblem` for an unusable file."""
        self._path = path
        self._inherited = inherited
        self._hide = hide
        self._connection: sqlite3.Connection | None = None

    def cleaned(self, value: JsonValue) -> JsonValue:
        """Return an answer without secrets."""
        return self._hide(value)

    def get(self, call: ExternalCall) -> StoredReply | None:
        """Return the result of a call; what the parent run had is taken over into this one."""
        kept = self._find(self._path, call)
        if kept is None and self._inherited is not None and (kept := self._find(self._inherited, call)) is not None:
            self.put(call, kept)
        return kept

    def put(self, call: ExternalCall, kept: StoredReply) -> None:
        """Commit the result of a call."""
        about = (call.kind, call.name, call.trial, call.person, call.step, call.number)
        value = json.dumps(kept.value, ensure_ascii=False)
        with _usable(self._path):
            self._open().execute(_PUT, (call.key, value, kept.seconds, *about))

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _find(self, path: Path, call: ExternalCall) -> StoredReply | None:
        if not path.exists():
            return None
        with _usable(path):
            if path == self._path:
                return _row(self._open(), call)
            with closing(sqlite3.connect(path)) as other:
                return _row(other, call)

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            make_private(self._path)
            self._connection = sqlite3.connect(self._path, isolation_level=None, timeout=30.0)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute(_TABLE)
        return self._connection


def recorded_external_calls(path: Path) -> Iterator[RecordedExternalCall]:
    """Yield the calls of a store in the order they were answered; none if there is no file."""
    if not path.exists():
        return
    with _usable(path), closing(sqlite3.connect(path)) as connection:
        for kind, name, trial, person, step, number, value, seconds in connection.execute(_READ):
            yield RecordedExternalCall(kind, name, trial, person, step, number, StoredReply(json.loads(value), seconds))


def _row(connection: sqlite3.Connection, call: ExternalCall) -> StoredReply | None:
    row = connection.execute("SELECT value, seconds FROM outside WHERE key = ?", (call.key,)).fetchone()
    return None if row is None else StoredReply(json.loads(row[0]), row[1])


@contextmanager
def _usable(path: Path) -> Generator[None, None, None]:
    try:
        check_regular(path)
        yield
    except (sqlite3.Error, OSError, ValueError) as error:
        raise EnvironmentProblem(f"'{path}' can't be used: {error}") from error
