"""Templates that ship with troupe are compiled once, and what is kept depends on their text alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from tinytroupe_cli.language.compiled_templates import kept_environment


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def an_environment(folder: Path, loud: str = "!") -> Environment:
    made = kept_environment(FileSystemLoader(folder))
    made.filters["shout"] = lambda text: f"{text}{loud}"
    return made


def files_of(folder: Path) -> list[Path]:
    return sorted((folder / "__pycache__").glob("*.pyc"))


def test_a_template_is_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.jinja").write_text("Hello {{ name }}")
    assert an_environment(tmp_path).get_template("x.jinja").render(name="Lisa") == "Hello Lisa"
    assert len(files_of(tmp_path)) == 1

    monkeypatch.setattr(Environment, "_generate", None)  # compiling would fail now
    assert an_environment(tmp_path).get_template("x.jinja").render(name="Oscar") == "Hello Oscar"


def test_a_changed_template_is_compiled_again(tmp_path: Path) -> None:
    (tmp_path / "x.jinja").write_text("Hello")
    an_environment(tmp_path).get_template("x.jinja")
    (tmp_path / "x.jinja").write_text("Good evening")
    assert an_environment(tmp_path).get_template("x.jinja").render() == "Good evening"


def test_filters_of_constants_are_called_when_it_is_rendered(tmp_path: Path) -> None:
    (tmp_path / "x.jinja").write_text("{{ 'Hello' | shout }}{% set word = 'Bye' | shout %} {{ word }}")
    assert an_environment(tmp_path).get_template("x.jinja").render() == "Hello! Bye!"
    assert an_environment(tmp_path, loud="?").get_template("x.jinja").render() == "Hello? Bye?"


def test_environments_with_other_settings_keep_their_own(tmp_path: Path) -> None:
    (tmp_path / "x.jinja").write_text("{{ '<b>' }}")
    loader = FileSystemLoader(tmp_path)
    assert kept_environment(loader).get_template("x.jinja").render() == "<b>"
    assert kept_environment(loader, is_html=True).get_template("x.jinja").render() == "&lt;b&gt;"
    assert kept_environment(loader, finalize=str.upper).get_template("x.jinja").render() == "<B>"
    assert len(files_of(tmp_path)) == 3


def test_what_can_t_be_kept_or_read_is_compiled_as_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.jinja").write_text("Hello")
    (tmp_path / "__pycache__").write_text("a file in place of the folder")
    assert an_environment(tmp_path).get_template("x.jinja").render() == "Hello"
    (tmp_path / "__pycache__").unlink()
    an_environment(tmp_path).get_template("x.jinja")
    [file] = files_of(tmp_path)
    for damage in (b"", file.read_bytes()[:30], b"\x00" * 500):
        file.write_bytes(damage)
        assert an_environment(tmp_path).get_template("x.jinja").render() == "Hello"
    file.unlink()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    an_environment(tmp_path).get_template("x.jinja")
    assert not files_of(tmp_path)
