"""Servers that are dead, that are two under one name, that repeat keys, or that can't count."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from projects import MODEL, Project
from provider import FakeProvider, Fault

KEY = "sk-very-secret-0123456789"
RUN = """\
import sys
from tinytroupe_cli.cli.app import main
try:
    main(["run", "x.yaml", "--model", "openai/gpt-4o-mini", "-q"])
except SystemExit as stop:
    assert not stop.code, stop.code
assert "litellm" not in sys.modules
"""


def test_a_dead_address_is_told_in_a_sentence_without_trying_again(tmp_path: Path) -> None:
    ended = Project(tmp_path, "http://127.0.0.1:9/v1").run()
    assert ended.code == 4
    assert f"http://127.0.0.1:9/v1, which {MODEL} uses, can't be reached: nothing is listening there" in ended.err
    assert "litellm" not in ended.err.lower()


def test_two_servers_under_one_name_never_share_answers(tmp_path: Path) -> None:
    with FakeProvider() as first, FakeProvider() as second:
        Project(tmp_path, first.url).run()
        Project(tmp_path, second.url).run()
        Project(tmp_path, first.url + "/").run()
    assert len(first.requests) == len(second.requests) == 8


def test_a_key_that_a_server_repeats_is_neither_printed_nor_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    refusal = Fault(401, {"error": {"message": f"Incorrect API key provided: {KEY}. Look at your account."}})
    with FakeProvider(faults=[refusal] * 20) as fake:
        ended = Project(tmp_path, fake.url).run()
    assert ended.code == 4
    assert KEY not in ended.err + ended.out
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert kept == []


def test_counts_that_can_t_be_are_taken_as_nothing_and_said_once(tmp_path: Path) -> None:
    body = '{"id": "x", "object": "chat.completion", "created": 0, "model": "m", "choices": [{"index": 0, "message": '
    body += '{"role": "assistant", "content": "{}"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": -5000, '
    body += '"completion_tokens": -10, "total_tokens": -5010}}'
    with FakeProvider(faults=[Fault(200, raw=body)] * 3) as fake:
        project = Project(tmp_path, fake.url)
        project.run()
    assert '": -' not in json.dumps(project.results["accounts"])
    assert [note for note in project.results["provenance"]["notes"] if "reports impossible token counts" in note]


def test_a_rerun_from_the_cache_imports_no_litellm(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        assert Project(tmp_path, fake.url).run().code == 0
        asked = len(fake.requests)
        done = subprocess.run(
            [sys.executable, "-c", RUN], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        assert len(fake.requests) == asked
