"""Settings beneath an experiment: flags, config.ini files, defaults; merged once, each with its origin.

Pure: the caller reads the files. Knows nothing of plans or runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Literal, cast

from tinytroupe_cli.core.diagnostics import Diagnostic, Span, did_you_mean
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.spec.config_values import (
    bounded,
    code_folders,
    concurrency,
    exit_code,
    flagged,
    format_names,
    listed,
    structured,
    turns,
    whole_number,
    yes_or_no,
)
from tinytroupe_cli.spec.error_text import shortened
from tinytroupe_cli.spec.foreign_config import ForeignConfig, read_foreign
from tinytroupe_cli.spec.running import ReportFormat
from tinytroupe_cli.spec.written_secrets import secret_of_setting, without_secrets

OUTCOMES: Mapping[str, int] = {
    "expectation_failed": 1,
    "usage": 2,
    "bug": 3,
    "provider": 4,
    "limit": 5,
    "nothing_to_do": 6,
    "interrupted": 130,
}
"""What can come of a command beside success -> its exit code; `[ci]` in config.ini maps them to others."""
_CI = "ci."
_TRUST = "trust."
_OWN = "move it to your own config.ini (`troupe doctor` shows where), or use the flags --allow-code and --allow-path"

StructuredMode = Literal["auto", "native", "json", "prompt"]
TurnsSetting = Literal["auto", "moment", "script"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting in force."""

    people: str | None
    judge: str | None
    author: str | None
    embeddings: str | None
    temperature: float | None
    max_tokens: int | None
    api_base: str | None
    structured: StructuredMode
    turns: TurnsSetting
    reasoning_effort: str | None
    timeout: float
    """Seconds after which an attempt is abandoned."""
    results: str
    """Folder of runs, as written."""
    concurrency: int | None
    """Calls at a time; None: found out while running."""
    max_cost: float | None
    """USD."""
    ask_above: float
    """USD; a run that could cost more needs confirmation."""
    attempts: int
    drain: float
    """Seconds that answers on their way have after the first Ctrl-C."""
    formats: tuple[ReportFormat, ...]
    """What a run writes, unless its experiment says so itself."""
    max_words: int
    harmful_content: bool
    """Whether people are told to write nothing that could hurt."""
    copyright: bool
    """Whether people are told not to recite texts of others."""
    cache_enabled: bool
    cache_folder: str | None
    allow_code: tuple[str, ...] = ()
    """Folders whose experiments may run code; `*`: all."""
    allow_paths: tuple[str, ...] = ()
    """Folders outside the project whose files experiments may read."""
    allow_addresses: tuple[str, ...] = ()
    """Hosts that experiments may reach beside this machine."""
    exit_codes: Mapping[str, int] = field(default_factory=dict[str, int])
    """Outcome -> the exit code it has here instead of its own (`[ci]`)."""
    warnings: tuple[Diagnostic, ...] = ()
    """What is worth saying of the files: keys of another program's."""
    origins: Mapping[str, str] = field(default_factory=dict[str, str])
    """`model.people` -> where its value comes from: `--model`, `./config.ini:4`, `default`."""


@dataclass(frozen=True, slots=True)
class IniFile:
    """One config.ini: what the user calls it, and its text."""

    source: str
    text: str
    is_users: bool = False
    """Whether it is the user's own, which alone can allow things."""


def defaults() -> IniFile:
    """Return the packaged defaults."""
    text = resources.files("tinytroupe_cli.spec").joinpath("defaults.ini").read_text()
    return IniFile("default", text, is_users=True)


def read_settings(files: Sequence[IniFile], flags: Mapping[str, Any] | None = None) -> Settings:
    """Merge config files, the strongest first, beneath flags (`{"run.max_cost": 2.0}`).

    Raises `SpecError` with every unknown section or key and every bad value.
    """
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    found: list[Diagnostic] = []
    warnings: list[Diagnostic] = []
    for name, value in (flags or {}).items():
        if value is not None:
            values[name], origins[name] = value, _FLAGS.get(name, "flag")
    allowed = {name: flagged(values.pop(name, ())) for name in _KEYS if name.startswith(_TRUST)}
    for file in (*files, defaults()):
        for name, (value, line) in _Reader(file, found, warnings).entries().items():
            if name not in values:
                values[name] = value
                origins[name] = file.source if file.source == "default" else f"{file.source}:{line}"
    if found:
        raise SpecError(sorted(found, key=lambda finding: finding.span))
    for name, added in allowed.items():
        values[name] = (*added, *(values.get(name) or ()))
    own = [name for name in _KEYS if not name.startswith(_CI)]
    complete = {_ATTRIBUTES.get(name, name.split(".")[1]): values.get(name) for name in own}
    codes = {name.removeprefix(_CI): code for name, code in values.items() if name.startswith(_CI)}
    return Settings(
        **cast("dict[str, Any]", complete),
        exit_codes=codes,
        warnings=tuple(warnings),
        origins={name: origins.get(name, "default") for name in own},
    )


@dataclass
class _Reader:
    """Reads one file line by line and collects what is wrong."""

    file: IniFile
    found: list[Diagnostic]
    warnings: list[Diagnostic]
    section: str = ""
    lines: dict[str, int] = field(default_factory=dict[str, int])
    """Where each setting was first written."""

    def entries(self) -> dict[str, tuple[Any, int]]:
        """Return the settings that have a value, each with its line."""
        foreign = read_foreign(self.file.text)
        if foreign is not None:
            return self._foreign(foreign)
        entries: dict[str, tuple[Any, int]] = {}
        for number, line in enumerate(self.file.text.splitlines(), start=1):
            text = line.strip()
            if text and text[0] not in "#;":
                entries.update(self._line(number, line, text))
        return entries

    def _foreign(self, foreign: ForeignConfig) -> dict[str, tuple[Any, int]]:
        """Take what a config.ini of TinyTroupe's says in our terms, and name the rest once."""
        lines = self.file.text.splitlines()
        entries: dict[str, tuple[Any, int]] = {}
        for name, (raw, number) in foreign.values.items():
            entries.update(self._value(name, raw, number, lines[number - 1]))
        taken, left = ", ".join(foreign.taken) or "nothing", ", ".join(foreign.unsupported) or "nothing"
        message = f"this is TinyTroupe's config.ini; keys used: {taken}; keys that have no effect here: {left}"
        hint = "`troupe doctor` shows the settings in use; `troupe init` writes a config.ini for troupe"
        self.warnings.append(Diagnostic("E112", message, Span(self.file.source, 1), lines[0], hint, is_error=False))
        return entries

    def _line(self, number: int, line: str, text: str) -> dict[str, tuple[Any, int]]:
        start = line.index(text)
        if text[0] == "[" and text[-1] == "]":
            self.section = text[1:-1].strip().lower()
            if self.section not in _SECTIONS:
                hint = did_you_mean(self.section, _SECTIONS, label="sections")
                self._say("E104", f"unknown section '{self.section}'", (number, start, len(text)), line, hint)
            return {}
        key, equals, raw = (part.strip() for part in text.partition("="))
        if not equals:
            self._say("E101", "a line must be [section], key = value or # a comment", (number, start, len(text)), line)
            return {}
        name = f"{self.section}.{key.lower()}"
        secret = secret_of_setting(key, raw, is_users=self.file.is_users)
        if secret is not None:
            place = number, line.index(raw), len(raw)
            self.found += without_secrets([self._finding("E115", secret.message, place, line, secret.hint)], [secret])
            return {}
        if self.section == "trust" and not self.file.is_users:
            self._say("E113", "an experiment's own folder can't allow anything", (number, start, len(text)), line, _OWN)
            return {}
        if not self._is_known(name, (number, start, len(key)), line) or not raw:
            return {}
        return self._value(name, raw, number, line)

    def _is_known(self, name: str, place: tuple[int, int, int], line: str) -> bool:
        section, _, key = name.partition(".")
        if name in _KEYS:
            earlier = self.lines.setdefault(name, place[0])
            if earlier != place[0]:
                self._say("E102", f"'{key}' is written twice; first on line {earlier}", place, line)
            return earlier == place[0]
        if not section:
            hint = f"begin with a section: {', '.join(f'[{known}]' for known in _SECTIONS)}"
            self._say("E104", f"'{key}' is not in a section", place, line, hint)
        elif section in _SECTIONS:
            siblings = [known.split(".")[1] for known in _KEYS if known.startswith(f"{section}.")]
            self._say("E104", f"unknown key '{key}'", place, line, did_you_mean(key, siblings, label="keys"))
        return False

    def _value(self, name: str, raw: str, number: int, line: str) -> dict[str, tuple[Any, int]]:
        try:
            return {name: (_KEYS[name](raw), number)}
        except ValueError as error:
            place = (number, max(line.rfind(raw), 0), len(raw))
            self._say("E107", f"'{name.split('.')[1]}' expects {error}, got '{shortened(raw)}'", place, line)
            return {}

    def _say(self, code: str, message: str, place: tuple[int, int, int], line: str, hint: str = "") -> None:
        self.found.append(self._finding(code, message, place, line, hint))

    def _finding(self, code: str, message: str, place: tuple[int, int, int], line: str, hint: str) -> Diagnostic:
        number, start, length = place
        return Diagnostic(code, message, Span(self.file.source, number, start + 1, max(length, 1)), line, hint)


_KEYS: dict[str, Callable[[str], Any]] = {
    "model.people": str,
    "model.judge": str,
    "model.author": str,
    "model.embeddings": str,
    "model.temperature": bounded("a number from 0 to 2", least=0, most=2),
    "model.max_tokens": whole_number,
    "model.api_base": str,
    "model.structured": structured,
    "model.turns": turns,
    "model.reasoning_effort": str,
    "model.timeout": bounded("seconds above 0", least=0, is_open=True),
    "run.results": str,
    "run.concurrency": concurrency,
    "run.max_cost": bounded("US dollars, a number such as 2.50", least=0),
    "run.ask_above": bounded("US dollars, a number such as 2.50", least=0),
    "run.attempts": whole_number,
    "run.drain": bounded("seconds, 0 or more", least=0),
    "run.formats": format_names,
    "cognition.max_words": whole_number,
    "safety.harmful_content": yes_or_no,
    "safety.copyright": yes_or_no,
    "cache.enabled": yes_or_no,
    "cache.folder": str,
    "trust.allow_code": code_folders,
    "trust.allow_paths": listed,
    "trust.allow_addresses": listed,
    **{f"ci.{outcome}": exit_code for outcome in OUTCOMES},
}
_SECTIONS = {name.split(".")[0]: None for name in _KEYS}
_ATTRIBUTES = {"cache.enabled": "cache_enabled", "cache.folder": "cache_folder"}
_FLAGS = {
    "model.people": "--model",
    "run.results": "--results",
    "run.max_cost": "--max-cost",
    "run.concurrency": "--concurrency",
    "cache.enabled": "--no-cache",
    "trust.allow_code": "--allow-code",
    "trust.allow_paths": "--allow-path",
    "trust.allow_addresses": "--allow-address",
}
