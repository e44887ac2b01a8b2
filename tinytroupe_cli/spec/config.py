"""Settings beneath an experiment: flags, config.ini files, defaults; merged once, each with its origin.

Pure: whoever calls reads the files. Knows nothing of plans or runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Literal, cast

from tinytroupe_cli.core.diagnostics import Diagnostic, Span, did_you_mean
from tinytroupe_cli.core.errors import SpecError

Structured = Literal["auto", "native", "json", "prompt"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting in force."""

    people: str | None
    judge: str | None
    author: str | None
    temperature: float | None
    max_tokens: int | None
    api_base: str | None
    structured: Structured
    reasoning_effort: str | None
    timeout: float
    """Seconds before one attempt is given up."""
    results: str
    """Folder of runs, as written."""
    concurrency: int | None
    """Calls at a time; None: found out while running."""
    max_cost: float | None
    """USD."""
    attempts: int
    max_words: int
    cache_enabled: bool
    cache_folder: str | None
    origins: Mapping[str, str] = field(default_factory=dict[str, str])
    """`model.people` -> where its value comes from: `--model`, `./config.ini:4`, `default`."""


@dataclass(frozen=True, slots=True)
class IniFile:
    """One config.ini: what the user calls it, and its text."""

    source: str
    text: str


def defaults() -> IniFile:
    """Return the packaged defaults."""
    return IniFile("default", resources.files("tinytroupe_cli.spec").joinpath("defaults.ini").read_text())


def read_settings(files: Sequence[IniFile], flags: Mapping[str, Any] | None = None) -> Settings:
    """Merge config files, the strongest first, beneath flags (`{"run.max_cost": 2.0}`).

    Raises `SpecError` with every unknown section or key and every bad value.
    """
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    found: list[Diagnostic] = []
    for name, value in (flags or {}).items():
        if value is not None:
            values[name], origins[name] = value, _FLAGS.get(name, "flag")
    for file in (*files, defaults()):
        for name, value, span in _entries(file, found):
            if name not in values:
                values[name] = value
                origins[name] = file.source if file.source == "default" else f"{file.source}:{span.line}"
    if found:
        raise SpecError(sorted(found, key=lambda finding: finding.span))
    complete = {_ATTRIBUTES.get(name, name.split(".")[1]): values.get(name) for name in _KEYS}
    return Settings(**cast("dict[str, Any]", complete), origins={name: origins.get(name, "default") for name in _KEYS})


def _entries(file: IniFile, found: list[Diagnostic]) -> list[tuple[str, Any, Span]]:
    """Return the file's settings that have a value, and collect what is wrong."""
    section = ""
    entries: list[tuple[str, Any, Span]] = []
    for number, line in enumerate(file.text.splitlines(), start=1):
        text = line.strip()
        span = Span(file.source, number, len(line) - len(line.lstrip()) + 1, max(len(text), 1))
        if not text or text[0] in "#;":
            continue
        if text[0] == "[" and text[-1] == "]":
            section = text[1:-1].strip().lower()
            _check(section, _SECTIONS, "section", span, line, found)
            continue
        key, equals, raw = (part.strip() for part in text.partition("="))
        name = f"{section}.{key.lower()}"
        if not equals:
            found.append(Diagnostic("E101", "a line is [section], key = value or # a comment", span, line))
        elif section in _SECTIONS and _check(name, _KEYS, "key", span, line, found) and raw:
            value = _value(name, raw, span, line, found)
            entries.append((name, value, span))
    return entries


def _check(name: str, known: Mapping[str, Any], what: str, span: Span, line: str, found: list[Diagnostic]) -> bool:
    if name in known:
        return True
    section, _, key = name.rpartition(".")
    siblings = [other.split(".")[-1] for other in known if other.rpartition(".")[0] == section]
    hint = did_you_mean(key, siblings, label=f"{what}s")
    found.append(Diagnostic("E104", f"unknown {what} '{key}'", span, line, hint))
    return False


def _value(name: str, raw: str, span: Span, line: str, found: list[Diagnostic]) -> Any:
    try:
        return _KEYS[name](raw)
    except ValueError as error:
        found.append(Diagnostic("E107", f"'{name.split('.')[1]}' wants {error}; '{raw}' is not", span, line))
        return None


def _number(raw: str) -> float:
    try:
        return float(raw)
    except ValueError:
        raise ValueError("a number") from None


def _whole(raw: str) -> int:
    if not raw.isdigit() or not int(raw):
        raise ValueError("a whole number above 0")
    return int(raw)


def _concurrency(raw: str) -> int | None:
    try:
        return None if raw.lower() == "auto" else _whole(raw)
    except ValueError:
        raise ValueError("auto, or a whole number above 0") from None


def _yes(raw: str) -> bool:
    words = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
    if raw.lower() not in words:
        raise ValueError("yes or no")
    return words[raw.lower()]


def _structured(raw: str) -> str:
    if raw.lower() not in ("auto", "native", "json", "prompt"):
        raise ValueError("auto, native, json or prompt")
    return raw.lower()


_KEYS: dict[str, Callable[[str], Any]] = {
    "model.people": str,
    "model.judge": str,
    "model.author": str,
    "model.temperature": _number,
    "model.max_tokens": _whole,
    "model.api_base": str,
    "model.structured": _structured,
    "model.reasoning_effort": str,
    "model.timeout": _number,
    "run.results": str,
    "run.concurrency": _concurrency,
    "run.max_cost": _number,
    "run.attempts": _whole,
    "cognition.max_words": _whole,
    "cache.enabled": _yes,
    "cache.folder": str,
}
_SECTIONS = {name.split(".")[0]: None for name in _KEYS}
_ATTRIBUTES = {"cache.enabled": "cache_enabled", "cache.folder": "cache_folder"}
_FLAGS = {
    "model.people": "--model",
    "run.results": "--results",
    "run.max_cost": "--max-cost",
    "run.concurrency": "--concurrency",
    "cache.enabled": "--no-cache",
}
