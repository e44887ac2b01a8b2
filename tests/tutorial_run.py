"""Plays docs/tutorial.md: writes the files it shows, runs its commands, and makes its blocks of output.

    python tests/tutorial_run.py            write the outputs from recorded calls; no model is needed
    python tests/tutorial_run.py --record   play it with the model on this machine first, and record its calls

Marks on the page: `<!-- file: NAME -->` before a file that the reader saves, and `<!-- add to: NAME -->` before lines
at its end; `<!-- output -->` before what the commands
above print, or `<!-- output: from "A" to "B" -->` for the part from the line with A to the next line with B;
`<!-- exit code 1 -->` before commands that end with another code than 0. `readme/test_tutorial.py` holds the page
against the recorded calls.
"""

from __future__ import annotations

import json
import re
import shlex
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import readme_run
from page_files import files_shown

from tinytroupe_cli.api.answer_cache import user_cache_path

PAGE = readme_run.ROOT / "docs" / "tutorial.md"
RECORDED = Path(__file__).parent / "readme" / "tutorial_calls.jsonl"
_PART = re.compile(
    r"(?P<mark>(?:^<!-- [^\n]* -->\n)?)^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_OUTPUT = re.compile(r'<!-- output(?:: from "(?P<first>.*)" to "(?P<last>.*)")? -->')
_ADDED = re.compile(r"<!-- add to: (\S+) -->")
_EXIT_CODE = re.compile(r"<!-- exit code (\d) -->")


@dataclass
class Reader:
    """Someone who does what the page says, in a folder of their own."""

    folder: Path
    options: tuple[str, ...]
    """What `troupe run` is given besides what the page says: where answers come from."""
    told: str = ""
    """What the last block of commands printed."""

    def run(self, lines: str, *, code: int) -> None:
        """Run a block of commands; raises `RuntimeError` if one ends otherwise than the page says."""
        self.told = ""
        for command in map(shlex.split, lines.splitlines()):
            match command:
                case ["cd", name]:
                    self.folder /= name
                case ["troupe", *words]:
                    more = {"run": self.options, "plan": ("--offline",)}.get(words[0], ())
                    ended, told = readme_run.troupe(self.folder, *words, *more, is_stdout_kept=True)
                    self.told += told
                    if ended != code:
                        raise RuntimeError(f"{shlex.join(command)}: exit code {ended}, not {code}\n{told}")
                case _:
                    raise RuntimeError(f"not a command of the tutorial: {command}")


def replayed(page: str) -> str:
    """Return the page with the outputs of its commands, for the recorded calls alone."""
    with tempfile.TemporaryDirectory() as name:
        return replayed_in(Path(name), page)


def replayed_in(folder: Path, page: str) -> str:
    """Do the same in a folder, which keeps the project."""
    with _settings(folder) as cache:
        for recorded in (readme_run.RECORDED, RECORDED):
            readme_run.fill(user_cache_path(str(cache)), recorded)
        return _played(page, Reader(folder, ("--offline", "--model", readme_run.MODEL)))


def record(page: str) -> None:
    """Play the page with the model on this machine, and keep those of its calls that the quickstart lacks."""
    with tempfile.TemporaryDirectory() as name, _settings(Path(name)):
        _played(page, Reader(Path(name), ("--yes", "--model", readme_run.MODEL)))
        known = {json.loads(line)["key"] for line in readme_run.RECORDED.read_text(encoding="utf-8").splitlines()}
        calls: dict[str, str] = {}
        for store in sorted(Path(name).glob("*/results/two-prices/*/calls.sqlite")):
            calls |= readme_run.calls_of(store)
    RECORDED.write_text("".join(line for key, line in sorted(calls.items()) if key not in known), encoding="utf-8")


def _played(page: str, reader: Reader) -> str:
    """Do what the page says, from top to bottom; return it with what was printed."""

    def played(part: re.Match[str]) -> str:
        mark, text = part["mark"], part["text"]
        if shown := _OUTPUT.match(mark):
            return f"{mark}```text\n{_excerpt(readme_run.lasting(reader.told), shown.groupdict())}```"
        for file, content in files_shown(part[0]).items():
            (reader.folder / file).write_text(content, encoding="utf-8")
        if added := _ADDED.match(mark):
            with (reader.folder / added[1]).open("a", encoding="utf-8") as file:
                file.write(f"\n{text}")
        if part["language"] == "bash" and "README" not in mark:
            code = _EXIT_CODE.match(mark)
            reader.run(text, code=int(code[1]) if code else 0)
        return part[0]

    return _PART.sub(played, page)


def _excerpt(printed: str, marks: Mapping[str, str | None]) -> str:
    """Return the lines from one to another; raises `RuntimeError` if they are not there."""
    first, last = marks["first"], marks["last"]
    if first is None or last is None:
        return printed
    found = re.search(rf"^[^\n]*{re.escape(first)}.*?{re.escape(last)}[^\n]*\n", printed, re.MULTILINE | re.DOTALL)
    if found is None:
        raise RuntimeError(f"no lines from '{first}' to '{last}' in\n{printed}")
    return found[0]


@contextmanager
def _settings(folder: Path) -> Generator[Path]:
    """Settings of a user with a usual machine and a cache of their own, and nothing else."""
    cache, settings = folder / "cache", folder / "config" / "troupe" / "config.ini"
    settings.parent.mkdir(parents=True)
    settings.write_text(f"[cache]\nfolder = {cache}\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        environment.setenv("XDG_STATE_HOME", str(folder / "state"))
        environment.setenv("TROUPE_MACHINE", "cores=2 memory=8")
        environment.setenv("TROUPE_SERVERS", "")
        yield cache


if __name__ == "__main__":
    shown = PAGE.read_text(encoding="utf-8")
    if "--record" in sys.argv:
        record(shown)
    PAGE.write_text(replayed(shown), encoding="utf-8")
