"""Documents people wrote, with links to their files, and what tools were used for, in tables."""

from __future__ import annotations

from tinytroupe_cli.reports.artifacts import ENDINGS
from tinytroupe_cli.reports.escaping import SafeMarkdown, plain
from tinytroupe_cli.reports.figures import count
from tinytroupe_cli.reports.results import Results


def document_table(results: Results) -> list[list[str]]:
    """Return what was written: title, author, when, length, files."""
    many = len(results.trials) > 1
    rows = [["document", "by", *(["trial"] if many else []), "step", "words", "files"]]
    for one in results.documents:
        title, *others = (SafeMarkdown(f"[{name}]({one.file}.{ending})") for name, ending in _links(one.title))
        trial = [one.trial] if many else []
        rows.append([title, one.author, *trial, str(one.step), f"{one.words:,}", SafeMarkdown(", ".join(others))])
    return rows


def tool_table(results: Results) -> list[list[str]]:
    """Return how often each tool was used."""
    rows = [["tool", "what for", "used", "failed"]]
    for one in results.tools:
        failed = f"{one.failed} of {one.uses} failed" if one.failed else "none"
        rows.append([one.tool, one.act, count(one.uses, "time"), failed])
    return rows


def _links(title: str) -> list[tuple[str, str]]:
    return [(plain(title) if ending == "md" else ending, ending) for ending in ENDINGS]
