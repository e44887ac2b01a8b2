"""SqliteCallStore: stores every completion by its request's identity, committed before it is used."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tinytroupe_cli.core.bounded_files import check_regular
from tinytroupe_cli.core.errors import EnvironmentProblem
from tinytroupe_cli.core.files import make_private
from tinytroupe_cli.models.port import Completion, Request, Usage

VERSION = 1
"""Version of the table; a file of another version is rejected, not misread."""

_TABLE = """
CREATE TABLE IF NOT EXISTS calls (
    key TEXT PRIMARY KEY,
    completion TEXT NOT NULL,
    request TEXT,
    model TEXT NOT NULL,
    role TEXT NOT NULL, what TEXT NOT NULL, trial TEXT NOT NULL, person TEXT NOT NULL, step INTEGER NOT NULL,
    origin TEXT NOT NULL,
    prompt INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, cached INTEGER NOT NULL, reasoning INTEGER NOT NULL,
    usd REAL, seconds REAL NOT NULL
)
"""
_PUT = "INSERT OR IGNORE INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_SUMS = """
SELECT model, COUNT(*), SUM(origin != 'provider'),
    SUM(CASE WHEN origin = 'provider' THEN prompt ELSE 0 END),
    SUM(CASE WHEN origin = 'provider' THEN completion_tokens ELSE 0 END),
    SUM(CASE WHEN origin = 'provider' THEN cached ELSE 0 END),
    SUM(CASE WHEN origin = 'provider' THEN reasoning ELSE 0 END),
    SUM(usd), SUM(usd IS NULL)
FROM calls GROUP BY model ORDER BY model
"""
_PURPOSES = """
SELECT what, COUNT(*), SUM(origin != 'provider'), SUM(usd), SUM(usd IS NULL) FROM calls GROUP BY what ORDER BY what
"""
_TRIALS = """
SELECT COUNT(*), SUM(origin != 'provider'), SUM(usd), SUM(usd IS NULL) FROM calls WHERE substr(trial, 1, ?) = ?
"""
_ASKED = """
SELECT trial, person, json_extract(request, '$.messages[#-1].content'),
    CASE WHEN origin = 'provider' THEN prompt ELSE 0 END,
    CASE WHEN origin = 'provider' THEN completion_tokens ELSE 0 END, usd
FROM calls WHERE request IS NOT NULL AND what NOT IN ('turn', 'embed') AND trial != '' ORDER BY rowid
"""


@dataclass(frozen=True, slots=True)
class StoredUsage:
    """The usage of one model in a store."""

    model: str
    calls: int
    reused: int
    """Of these, found in the user's cache."""
    usage: Usage
    """Tokens of the calls that were made."""
    usd: float | None
    """None: the price of some is unknown."""


def count_calls(path: Path) -> tuple[int, int]:
    """Return how many answers a finished run's store holds, and how many were reused; the file is only read.

    Raises `EnvironmentProblem` if it can't be read.
    """
    try:
        check_regular(path)
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            calls, reused = connection.execute("SELECT COUNT(*), SUM(origin != 'provider') FROM calls").fetchone()
    except (sqlite3.Error, OSError) as error:
        raise EnvironmentProblem(f"'{path}' can't be read: {error}") from error
    return calls, reused or 0


_SO_FAR = "SELECT COUNT(*), SUM(usd), SUM(usd IS NULL) FROM calls WHERE what != 'embed'"


def spent_so_far(path: Path) -> tuple[int, float | None]:
    """Return the answers and the cost in USD of a run that may be going on; its file is only read.

    None: the price of some calls is unknown. Raises `EnvironmentProblem` if it can't be read.
    """
    if not path.exists():
        return 0, 0.0
    try:
        check_regular(path)
        # SQLite would leave a log and its index beside a file that nobody writes
        still = "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"
        address = f"{path.absolute().as_uri()}?mode=ro{still}"
        with closing(sqlite3.connect(address, uri=True, timeout=2.0)) as connection:
            calls, usd, unpriced = connection.execute(_SO_FAR).fetchone()
    except (sqlite3.Error, OSError) as error:
        raise EnvironmentProblem(f"'{path}' can't be read: {error}") from error
    return calls, None if unpriced else usd or 0.0


class SqliteCallStore:
    """Stores completions in one file; also used for the user's cache."""

    def __init__(self, path: Path, *, keep_requests: bool = True, hint: str = "") -> None:
        """Open or create the file; with `keep_requests` the full request is stored with its answer.

        Like every other method, raises `EnvironmentProblem` with the hint if the file can't be used.
        """
        self._path, self._hint = path, hint
        self._keep_requests = keep_requests
        with self._usable():
            make_private(path)
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=30.0)
            try:
                self._make_ready()
            except BaseException:
                self._connection.close()
                raise

    def get(self, key: str) -> Completion | None:
        """Return the completion of a request, if it is known."""
        with self._usable():
            row = self._connection.execute("SELECT completion FROM calls WHERE key = ?", (key,)).fetchone()
        try:
            return None if row is None else Completion.model_validate_json(row[0])
        except ValueError:  # a damaged answer is no answer, and must not keep the next one from being stored
            with self._usable():
                self._connection.execute("DELETE FROM calls WHERE key = ?", (key,))
            return None

    def put(self, key: str, request: Request, completion: Completion, *, cost: float | None, seconds: float) -> None:
        """Commit a completion; a second one of the same key changes nothing."""
        kept = request.model_dump_json(exclude={"purpose"}) if self._keep_requests else None
        purpose, usage = request.purpose, completion.usage
        about = (purpose.role, purpose.kind, purpose.trial, purpose.person, purpose.step)
        tokens = (usage.prompt, usage.completion, usage.cached, usage.reasoning)
        row = (key, completion.model_dump_json(), kept, request.model.name, *about, completion.origin)
        with self._usable():
            self._connection.execute(_PUT, (*row, *tokens, cost, seconds))

    def forget_too_long(self) -> None:
        """Forget which requests were longer than the model's window, so that they are sent again."""
        with self._usable():
            self._connection.execute("""DELETE FROM calls WHERE completion LIKE '%"finish":"too_long"%'""")

    def spent(self) -> Iterator[StoredUsage]:
        """Yield the usage of each model."""
        for model, calls, reused, prompt, written, cached, reasoning, usd, unpriced in self._connection.execute(_SUMS):
            usage = Usage(prompt=prompt, completion=written, cached=cached, reasoning=reasoning)
            yield StoredUsage(model, calls, reused, usage, None if unpriced else usd)

    def spent_on(self) -> Iterator[tuple[str, int, int, float | None]]:
        """Yield the purposes of calls, with the number of calls, how many were reused, and their cost."""
        for what, calls, reused, usd, unpriced in self._connection.execute(_PURPOSES):
            yield what, calls, reused, None if unpriced else usd

    def spent_in(self, prefix: str) -> tuple[int, int, float | None]:
        """Return the calls of the trials whose ids begin so: how many, how many were reused, and their cost."""
        row = self._connection.execute(_TRIALS, (len(prefix), prefix)).fetchone()
        calls, reused, usd, unpriced = row
        return calls, reused or 0, None if unpriced else usd or 0.0

    def asked(self) -> Iterator[tuple[str, str, str, int, int, float | None]]:
        """Yield trial, person, last message, tokens read and written, and cost of calls in trials that are no turns.

        Reused answers have no tokens.
        """
        for trial, person, text, prompt, written, usd in self._connection.execute(_ASKED):
            yield trial, person, str(text or ""), prompt, written, usd

    def spent_per(self, column: Literal["person", "trial"]) -> Iterator[tuple[str, int, int, float | None]]:
        """Yield each person or trial, with the number of calls, how many were reused, and their cost."""
        query = (
            f"SELECT {column}, COUNT(*), SUM(origin != 'provider'), SUM(usd), SUM(usd IS NULL) FROM calls GROUP BY 1"  # noqa: S608 - one of two names
        )
        for name, calls, reused, usd, unpriced in self._connection.execute(query):
            yield name, calls, reused, None if unpriced else usd

    def requests(self) -> Iterator[Request]:
        """Yield the stored requests, in the order they were answered."""
        query = "SELECT request, role FROM calls WHERE request IS NOT NULL ORDER BY rowid"
        for text, role in self._connection.execute(query):
            yield Request.model_validate({**json.loads(text), "purpose": {"role": role}}, strict=False)

    def recorded(self) -> Iterator[tuple[str, str, int, str, str, str]]:
        """Yield trial, person, step, purpose, request and completion of each call, in the order they were answered."""
        query = "SELECT trial, person, step, what, COALESCE(request, ''), completion FROM calls ORDER BY rowid"
        yield from self._connection.execute(query)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _make_ready(self) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute(
            f"PRAGMA synchronous = {'FULL' if self._keep_requests else 'NORMAL'}"
        )  # what was used survives a power cut too
        [version] = self._connection.execute("PRAGMA user_version").fetchone()
        if version not in (0, VERSION):
            raise EnvironmentProblem(f"'{self._path}' was written by another version of troupe", hint=self._hint)
        self._connection.execute(_TABLE)
        if version != VERSION:  # reading a report changes no file
            self._connection.execute(f"PRAGMA user_version = {VERSION}")

    @contextmanager
    def _usable(self) -> Generator[None, None, None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise EnvironmentProblem(f"'{self._path}' can't be used: {error}", hint=self._hint) from error
