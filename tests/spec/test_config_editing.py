"""A value is changed in a config.ini, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.spec.config import IniFile, read_settings
from tinytroupe_cli.spec.config_editing import with_values

FILE = """\
# mine
[model]
; who speaks
people = openai/x
judge=openai/y

# how long
[run]
people = not this one
max_cost = 2
"""


def test_a_value_is_changed_in_its_line() -> None:
    changed = with_values(FILE, "model", {"people": "ollama/qwen3:4b"})
    assert changed == FILE.replace("people = openai/x", "people = ollama/qwen3:4b")


def test_a_new_key_comes_after_the_last_of_its_section_and_before_the_comment_of_the_next() -> None:
    changed = with_values(FILE, "model", {"author": "openai/z"})
    assert changed == FILE.replace("judge=openai/y\n", "judge=openai/y\nauthor = openai/z\n")


def test_a_value_is_emptied() -> None:
    assert "\npeople =\njudge" in with_values(FILE, "model", {"people": ""})


def test_a_key_in_a_comment_is_no_key() -> None:
    changed = with_values("[model]\n# people = a\n;people = b\n", "model", {"people": "c"})
    assert changed == "[model]\npeople = c\n# people = a\n;people = b\n"


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("", "[model]\npeople = x\n"),
        ("[run]\nmax_cost = 2\n", "[run]\nmax_cost = 2\n\n[model]\npeople = x\n"),
        ("[Model]\nPeople = y", "[Model]\nPeople = x\n"),
        ("[model]\r\npeople = y\r\n", "[model]\r\npeople = x\r\n"),
    ],
)
def test_a_section_is_made_where_there_is_none_and_line_ends_stay(text: str, changed: str) -> None:
    assert with_values(text, "model", {"people": "x"}) == changed


LINES = st.sampled_from(
    ["", "# a comment", "; people = x", "[model]", "[run]", "max_cost = 2", "people = a", "judge = b", "author="]
)


@given(st.lists(LINES, max_size=12))
def test_what_is_written_is_read_and_every_other_line_stays(lines: list[str]) -> None:
    text = "\n".join(lines)
    changed = with_values(text, "model", {"people": "ollama/new"})
    assert with_values(changed, "model", {"people": "ollama/new"}) == changed
    others = [line for line in lines if not line.startswith("people") and line not in ("", "[model]")]
    assert [line for line in changed.splitlines() if line in others] == others


def test_the_packaged_config_takes_a_model() -> None:
    from pathlib import Path

    text = (Path(__file__).parents[2] / "config.ini").read_text()
    changed = with_values(text, "model", {"people": "ollama/new"})
    assert read_settings([IniFile("./config.ini", changed)]).people == "ollama/new"
    assert len(changed.splitlines()) == len(text.splitlines())
