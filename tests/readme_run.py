"""Makes README's block of what the quickstart prints, from recorded calls: no model needed.

    python tests/readme_run.py            write the block from the recorded calls
    python tests/readme_run.py --record   play the quickstart with the model on this machine first, and record it
    python tests/readme_run.py --picture  also draw the pictures of reports in docs/pictures/ (needs Chromium)

`readme/test_readme_run.py` holds README against the recorded calls, so a change of a prompt asks for `--record`.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sqlite3
import sys
import tempfile
from pathlib import Path

from tinytroupe_cli.api.answer_cache import user_cache_path
from tinytroupe_cli.cli.app import main
from tinytroupe_cli.models.port import Completion, Message, ModelConfig, Purpose, Request
from tinytroupe_cli.runs.calls import SqliteCallStore

ROOT = Path(__file__).parents[1]
MODEL = "local/qwen2.5-coder-1.5b"
README = ROOT / "README.md"
QUICKSTART = ROOT / "experiments" / "quickstart.yaml"
RECORDED = Path(__file__).parent / "readme" / "quickstart_calls.jsonl"
WIDTH = "100"
_PASSING = re.compile(
    r"\s*(?:folder|Model:|It needs|\[ *\d+ %\]|It took|Who said what|troupe show|As a page|\S+report\.html)"
)
BEGIN, END = "<!-- what the quickstart prints -->\n```text\n", "```\n<!-- made by tests/readme_run.py -->"


def printed() -> str:
    """Return what the quickstart prints when its recorded calls are all it has."""
    with tempfile.TemporaryDirectory() as name:
        return lasting(replayed(Path(name)))


def replayed(folder: Path) -> str:
    """Run the quickstart in a folder from its recorded calls alone; return all that it prints to stderr."""
    fill(user_cache_path(str(folder / "cache")), RECORDED)
    (folder / "config.ini").write_text(f"[cache]\nfolder = {folder / 'cache'}\n", encoding="utf-8")
    code, told = troupe(folder, "run", str(QUICKSTART), "--offline", "--model", MODEL)
    if code:
        raise RuntimeError(f"the recorded calls don't fit (record them anew: --record):\n{told}")
    return told


def in_readme() -> str:
    """Return what README says that it prints."""
    return README.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]


def record() -> None:
    """Play the quickstart with the model on this machine, and keep its answers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        code, told = troupe(folder, "run", str(QUICKSTART), "--yes", "--no-cache", "--model", MODEL)
        if code:
            raise RuntimeError(told)
        (calls,) = {path.resolve() for path in folder.glob("results/quickstart/*/calls.sqlite")}
        RECORDED.write_text("".join(calls_of(calls).values()), encoding="utf-8")


def calls_of(path: Path) -> dict[str, str]:
    """Return key -> line of a file of recorded calls, in the order of the keys."""
    with contextlib.closing(sqlite3.connect(path)) as store:
        rows = store.execute("SELECT key, completion FROM calls ORDER BY key").fetchall()
    return {
        key: json.dumps({"key": key, "completion": json.loads(text)}, ensure_ascii=False) + "\n" for key, text in rows
    }


def fill(path: Path, recorded: Path) -> None:
    """Put recorded calls into a cache of answers."""
    store = SqliteCallStore(path, keep_requests=False)
    purpose = Purpose(role="people")
    asked = Request(model=ModelConfig(name="local/-"), messages=(Message(role="user", content="-"),), purpose=purpose)
    for line in recorded.read_text(encoding="utf-8").splitlines():
        known = json.loads(line)
        completion = Completion.model_validate_json(json.dumps(known["completion"]))
        store.put(known["key"], asked, completion, cost=0.0, seconds=0.0)
    store.close()


def troupe(folder: Path, *words: str, is_stdout_kept: bool = False) -> tuple[int, str]:
    """Run a command in a folder; return its exit code and what it prints to stderr, or to both."""
    before, width, told = Path.cwd(), os.environ.get("COLUMNS"), io.StringIO()
    os.chdir(folder)
    os.environ["COLUMNS"] = WIDTH
    try:
        with contextlib.redirect_stderr(told), contextlib.redirect_stdout(told if is_stdout_kept else io.StringIO()):
            try:
                main(list(words))
            except SystemExit as ended:
                return int(ended.code or 0), told.getvalue()
    finally:
        os.chdir(before)
        if width is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = width
    return 0, told.getvalue()


def lasting(told: str) -> str:
    """Leave out what differs from run to run: the folder, how far it was, how long it took."""
    kept = [line.rstrip() for line in told.splitlines() if not _PASSING.match(line)]
    return "\n".join(_wrapped(line) for line in kept).strip("\n") + "\n"


def _wrapped(line: str) -> str:
    """Wrap what a terminal would wrap, behind the indentation of its line."""
    if len(line) <= int(WIDTH):
        return line
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    rows, row = [], line[: len(line) - len(line.lstrip())]
    for word in line.split():
        if len(row) + len(word) > int(WIDTH):
            rows.append(row.rstrip())
            row = indent
        row += f"{word} "
    return "\n".join([*rows, row.rstrip()])


if __name__ == "__main__":
    if "--record" in sys.argv:
        record()
    text = README.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    README.write_text(f"{head}{BEGIN}{printed()}{END}{rest.partition(END)[2]}", encoding="utf-8")
    if "--picture" in sys.argv:
        from page_pictures import draw_all  # it plays this file's run, and needs a browser

        draw_all()
