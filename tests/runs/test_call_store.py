from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tinytroupe_cli.core.errors import EnvironmentProblem
from tinytroupe_cli.models.port import Completion, Message, ModelConfig, Purpose, Request, Usage
from tinytroupe_cli.runs.calls import SqliteCallStore, spent_so_far

ANSWER = Completion(text="Olá\u2028“tea”", finish="stop", usage=Usage(prompt=10, completion=4, cached=6), model="m")
PAY_AND_DIE = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_call_store import ANSWER, a_request
from tinytroupe_cli.runs.calls import SqliteCallStore
store = SqliteCallStore(Path({path!r}))
store.put("key", a_request(), ANSWER, cost=0.5, seconds=1.0)
os.kill(os.getpid(), signal.SIGKILL)
"""


def a_request(model: str = "openai/fake", **purpose: str) -> Request:
    return Request(
        model=ModelConfig(name=model),
        messages=(Message(role="user", content="Tea or coffee?"),),
        purpose=Purpose(role="people", **purpose),
    )


def test_an_answer_comes_back_as_it_was(tmp_path: Path) -> None:
    store = SqliteCallStore(tmp_path / "calls.sqlite")
    store.put("key", a_request(), ANSWER, cost=0.5, seconds=1.0)
    assert store.get("key") == ANSWER
    assert store.get("another") is None
    store.close()


def test_the_first_answer_to_a_request_stays(tmp_path: Path) -> None:
    store = SqliteCallStore(tmp_path / "calls.sqlite")
    store.put("key", a_request(), ANSWER, cost=0.5, seconds=1.0)
    store.put("key", a_request(), ANSWER.model_copy(update={"text": "other"}), cost=0.5, seconds=1.0)
    assert store.get("key") == ANSWER
    store.close()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX's")
def test_what_was_put_survives_a_kill_at_once(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite"
    code = PAY_AND_DIE.format(tests=str(Path(__file__).parent), path=str(path))
    done = subprocess.run([sys.executable, "-c", code], timeout=60, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    store = SqliteCallStore(path)
    assert store.get("key") == ANSWER
    store.close()


def test_a_request_is_kept_in_full_and_can_be_read_back(tmp_path: Path) -> None:
    store = SqliteCallStore(tmp_path / "calls.sqlite")
    store.put("key", a_request(person="lisa"), ANSWER, cost=None, seconds=1.0)
    [kept] = store.requests()
    assert kept.messages == a_request().messages
    store.close()


def test_the_users_cache_keeps_no_requests(tmp_path: Path) -> None:
    store = SqliteCallStore(tmp_path / "calls.sqlite", keep_requests=False)
    store.put("key", a_request(), ANSWER, cost=None, seconds=1.0)
    assert not list(store.requests())
    store.close()
    assert b"Tea or coffee?" not in (tmp_path / "calls.sqlite").read_bytes()


def test_accounts_leave_out_what_was_not_paid_and_never_guess_a_price(tmp_path: Path) -> None:
    store = SqliteCallStore(tmp_path / "calls.sqlite")
    store.put("a", a_request("x/priced"), ANSWER, cost=0.5, seconds=1.0)
    store.put("b", a_request("x/priced"), ANSWER.model_copy(update={"origin": "cache"}), cost=0.0, seconds=0.0)
    store.put("c", a_request("x/unpriced"), ANSWER, cost=None, seconds=1.0)
    priced, unpriced = store.spent()
    assert (priced.calls, priced.reused, priced.usd) == (2, 1, 0.5)
    assert priced.usage == ANSWER.usage
    assert unpriced.usd is None
    store.close()


def test_a_file_that_is_no_store_is_a_problem_of_the_machine_with_a_way_out(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite"
    path.write_bytes(b"not a database at all, but long enough to be looked at" * 100)
    with pytest.raises(EnvironmentProblem, match="can't be used") as problem:
        SqliteCallStore(path, hint="try --no-cache")
    assert problem.value.hint == "try --no-cache"


def test_a_store_of_another_version_is_refused_not_misread(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(EnvironmentProblem, match="another version"):
        SqliteCallStore(path)


def test_a_place_that_cannot_be_written_is_a_problem_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentProblem, match="can't be used"):
        SqliteCallStore(tmp_path / "file" / "calls.sqlite")
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_counting_the_calls_of_a_run_that_has_ended_leaves_no_file_beside_its_store(tmp_path):
    path = tmp_path / "calls.sqlite"
    SqliteCallStore(path).close()
    assert spent_so_far(path) == (0, 0.0)
    assert [file.name for file in tmp_path.iterdir()] == ["calls.sqlite"]
