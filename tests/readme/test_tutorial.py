"""The tutorial's commands run as it says, and print what it shows."""

from __future__ import annotations

import re

import pytest
import readme_run
import tutorial_run


def test_the_tutorial_shows_what_its_commands_print_with_their_recorded_calls() -> None:
    page = tutorial_run.PAGE.read_text(encoding="utf-8")
    assert tutorial_run.replayed(page) == page, "python tests/tutorial_run.py [--record] writes it"


def test_the_tutorial_plays_something_and_shows_it() -> None:
    page = tutorial_run.PAGE.read_text(encoding="utf-8")
    assert page.count("<!-- output") >= 5
    assert page.count("\ntroupe run ") >= 3


def test_a_changed_output_is_noticed() -> None:
    page = "```bash\ntroupe init here\n```\n\n<!-- output -->\n```text\nnothing\n```\n"
    assert "wrote" in tutorial_run.replayed(page)


def test_a_command_that_ends_otherwise_than_the_page_says_is_noticed() -> None:
    with pytest.raises(RuntimeError, match="exit code 6, not 0"):
        tutorial_run.replayed("```bash\ntroupe check nothing.yaml\n```\n")


def test_the_tutorial_installs_as_the_readme_does() -> None:
    [lines] = re.findall(r"<!-- as in README -->\n```bash\n(.*?)```", tutorial_run.PAGE.read_text(), re.DOTALL)
    commands = readme_run.README.read_text().partition("<!-- the quickstart -->")[2].partition("<!--")[0]
    for line in lines.splitlines():
        assert line.startswith("source ") or line in commands
