"""Text of a population file -> Population, or every diagnostic at once.

Reads no disk: rows of a CSV file are asked of the caller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any, Final, cast

from tinytroupe_cli.core.diagnostics import Diagnostic, did_you_mean, meant_keys, nearest
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.core.ids import MAX_NAME_CHARACTERS
from tinytroupe_cli.language.positions import Document, Path
from tinytroupe_cli.language.problems import LocatedProblem, placed
from tinytroupe_cli.personas.distribution_parser import DistributionReader
from tinytroupe_cli.personas.distributions import Conditional, Distribution
from tinytroupe_cli.personas.population import Population, Rows
from tinytroupe_cli.personas.rows import rows_from

VERSION: Final = "troupe-population"
_KEYS: Final = (VERSION, "name", "context", "attributes", "rows", "also")
_ROW_KEYS: Final = ("file", "weight", "draw", "columns")
_SLUG: Final = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
MAX_FIELDS: Final = 12
"""Maximum fields that a model writes for one person."""

ReadText = Callable[[str], tuple[str, str]]
"""Path as written -> the file's text and display name; raises SpecError."""


def population_from(document: Document, read: ReadText) -> Population:
    """Parse a population; raises SpecError with all errors."""
    return _Reader(document, read).population()


def is_population(value: object) -> bool:
    """Return whether a file holds a population, by its content."""
    return isinstance(value, dict) and VERSION in value


class _Reader:
    def __init__(self, document: Document, read: ReadText) -> None:
        self._document = document
        self._read = read
        self._found: list[LocatedProblem] = []
        self._meant: set[str] = set()
        """Keys of the file that are written wrong, which is told at their place."""
        self._distributions = DistributionReader(self.refuse)

    def refuse(
        self, code: str, message: str, path: Path, *, hint: str = "", key: bool = False, warn: bool = False
    ) -> None:
        """Record an error."""
        self._found.append(LocatedProblem(code, message, path, hint, key, is_error=not warn))

    def _refuse_missing(self, key: str, hint: str = "") -> None:
        if key not in self._meant:
            self.refuse("E105", f"'{key}' is missing", (), hint=hint)

    def population(self) -> Population:
        """Parse the whole file."""
        value = self._document.value
        if not isinstance(value, dict):
            hint = f"begin with '{VERSION}: 1'"
            self.refuse("E106", "a population must be a mapping of keys to values", (), hint=hint)
            raise SpecError(self._placed())
        whole = cast("dict[str, Any]", value)
        self._check_keys(whole, _KEYS, ())
        self._meant = meant_keys((key for key in whole if not key.startswith("x-")), _KEYS)
        self._check_version(whole)
        name = self._name(whole)
        context = self._text(whole, "context")
        rows = self._rows(whole)
        columns = () if rows is None else tuple(dict.fromkeys(key for row in rows.people for key in row))
        attributes = self._attributes(whole, rows)
        generated_fields = self._also(whole, {*attributes, *columns})
        if any(finding.is_error for finding in self._found):
            raise SpecError(sorted(self._placed(), key=lambda finding: finding.span))
        return Population(name, context, attributes, self._document, generated_fields, rows, tuple(self._placed()))

    def _placed(self) -> list[Diagnostic]:
        return [placed(self._document, problem) for problem in self._found]

    def _check_keys(self, value: Mapping[str, Any], known: tuple[str, ...], path: Path) -> None:
        for key in value:
            if key not in known and not key.startswith("x-"):
                self.refuse("E104", f"unknown key '{key}'", (*path, key), hint=_hint(key, known), key=True)

    def _check_version(self, value: Mapping[str, Any]) -> None:
        if VERSION not in value:
            self._refuse_missing(VERSION, hint=f"begin the file with '{VERSION}: 1'")
        elif value[VERSION] != 1 or isinstance(value[VERSION], bool):
            self.refuse(
                "E111",
                "this version of troupe reads version 1 of population files",
                (VERSION,),
                hint=f"write '{VERSION}: 1'",
            )

    def _name(self, value: Mapping[str, Any]) -> str:
        name = self._text(value, "name", is_needed=True)
        if name and not _SLUG.fullmatch(name):
            message = "'name' expects lower-case letters, digits and hyphens: it names files and people"
            self.refuse("E107", message, ("name",))
        elif len(name) > MAX_NAME_CHARACTERS:
            self.refuse(
                "E107", f"'name' may have at most {MAX_NAME_CHARACTERS} characters; it has {len(name)}", ("name",)
            )
        return name

    def _text(self, value: Mapping[str, Any], key: str, *, is_needed: bool = False) -> str:
        if value.get(key) is None:
            if is_needed:
                self._refuse_missing(key)
            return ""
        if not isinstance(value[key], str):
            self.refuse("E106", f"'{key}' expects text", (key,))
            return ""
        return " ".join(str(value[key]).split())

    def _attributes(self, value: Mapping[str, Any], rows: Rows | None) -> dict[str, Distribution]:
        written = value.get("attributes")
        if written is None:
            if "rows" not in value and "rows" not in self._meant:
                hint = "add how people are distributed, such as `gender: {female: 0.5, male: 0.5}`"
                self._refuse_missing("attributes", hint=hint)
            return {}
        if not isinstance(written, dict):
            self.refuse("E106", "'attributes' expects a mapping of fields to distributions", ("attributes",))
            return {}
        columns = {key for row in rows.people for key in row} if rows else set[str]()
        found: dict[str, Distribution] = {}
        for name, spread in cast("dict[str, Any]", written).items():
            if name.startswith("x-") or (name == "rows" and _is_rows(spread)):
                continue
            self._check_field(name, ("attributes", name))
            if name in columns:
                self.refuse("E107", f"'{name}' is already a column of the rows", ("attributes", name), key=True)
            read = self._distributions.read(spread, ("attributes", name))
            if read is not None:
                found[name] = read
        return self._in_order(found, rows, set(cast("dict[str, Any]", written)))

    def _check_field(self, name: str, path: Path) -> None:
        if name == "name":
            self.refuse("E107", "names can't be drawn, because they must differ: the model gives them", path, key=True)
        elif not all(name.split(".")):
            self.refuse("E107", f"'{name}' is not a field, such as `age` or `occupation.title`", path, key=True)

    def _in_order(
        self, attributes: Mapping[str, Distribution], rows: Rows | None, written: set[str]
    ) -> dict[str, Distribution]:
        """Sort attributes after those they depend on; reject unknown and circular dependencies."""
        columns = {key for row in rows.people for key in row} if rows else set[str]()
        ordered: dict[str, Distribution] = {}
        left = dict(attributes)
        while name := next((name for name, spread in left.items() if _is_ready(spread, {*ordered, *columns})), None):
            ordered[name] = left.pop(name)
        for name, spread in left.items():
            by = spread.by if isinstance(spread, Conditional) else ""
            path: Path = ("attributes", name, "by")
            if by not in written and by not in columns:
                hint = did_you_mean(by, [*attributes, *columns], label="attributes")
                self.refuse("E107", f"there is no attribute '{by}'", path, hint=hint)
            elif by in left:
                self.refuse("E107", f"'{name}' depends on '{by}', which depends on it in turn", path)
        for name, spread in ordered.items():
            if isinstance(spread, Conditional) and spread.by in ordered:
                self._check_table(name, spread, ordered[spread.by])
            elif isinstance(spread, Conditional) and rows is not None:
                self._check_rows_fit(name, spread, rows)
        return ordered

    def _check_table(self, name: str, given: Conditional, parent: Distribution) -> None:
        found = self._distributions.gaps(given, parent)
        self._tell_gaps(name, given, found)

    def _check_rows_fit(self, name: str, given: Conditional, rows: Rows) -> None:
        values = list(dict.fromkeys(row[given.by] for row in rows.people if given.by in row))
        if len([row for row in rows.people if given.by in row]) < len(rows.people):
            self.refuse("E107", f"some rows have no '{given.by}'", ("attributes", name, "by"))
        self._tell_gaps(name, given, self._distributions.gaps_in(given, values))

    def _tell_gaps(self, name: str, given: Conditional, found: tuple[list[str], list[str]]) -> None:
        missing, unused = found
        path: Path = ("attributes", name, "table")
        if missing and given.default is None:
            message = f"the table has no row for {given.by} {', '.join(missing[:6])}"
            self.refuse("E107", message, path, hint="add the rows, or `default: …` for all others")
        for key in unused:
            hint = did_you_mean(key, missing, label=f"{given.by} without a row") if missing else ""
            self.refuse("E221", f"no person has {given.by} '{key}'", (*path, key), hint=hint, key=True, warn=True)

    def _also(self, value: Mapping[str, Any], drawn: set[str]) -> tuple[str, ...]:
        written = value.get("also")
        if written is None:
            return ()
        items = cast("list[Any]", written) if isinstance(written, list) else []
        if not items or not all(isinstance(item, str) and item.strip() for item in items):
            self.refuse("E106", "'also' expects a list of fields, such as [personality, beliefs]", ("also",))
            return ()
        for index, item in enumerate(items):
            if item == "name":
                self.refuse("E107", "every person gets a name anyway", ("also", index))
            elif item in drawn or item in items[:index]:
                why = "drawn already" if item in drawn else "listed twice"
                self.refuse("E107", f"'{item}' is {why}", ("also", index))
        if len(items) > MAX_FIELDS:
            self.refuse("E107", f"'also' has more than {MAX_FIELDS} fields", ("also",))
        return tuple(str(item) for item in items)

    def _rows(self, value: Mapping[str, Any]) -> Rows | None:
        attributes = value.get("attributes")
        inner = cast("dict[str, Any]", attributes).get("rows") if isinstance(attributes, dict) else None
        if "rows" not in value and not _is_rows(inner):
            return None
        path: Path = ("rows",) if "rows" in value else ("attributes", "rows")
        written = value.get("rows", inner)
        settings = cast("dict[str, Any]", written) if isinstance(written, dict) else {"file": written}
        self._check_keys(settings, _ROW_KEYS, path)
        place = (*path, "file") if isinstance(written, dict) else path
        if not isinstance(settings.get("file"), str):
            self.refuse("E106", "'rows' expects the path of a table: CSV, TSV, JSON, JSON Lines or Excel", place)
            return None
        try:
            text, source = self._read(str(settings["file"]))
        except SpecError as error:
            message = error.diagnostics[0].message.removeprefix("this ")
            self.refuse("E223", f"'{settings['file']}' {message}", place, hint=error.diagnostics[0].hint)
            return None
        return self._rows_of(text, source, settings, path)

    def _rows_of(self, text: str, source: str, settings: Mapping[str, Any], path: Path) -> Rows | None:
        draw: Any = settings.get("draw", "with_replacement")
        if draw not in ("with_replacement", "in_order"):
            hint = did_you_mean(str(draw), ("with_replacement", "in_order"), label="ways")
            self.refuse("E107", f"'draw' has no option '{draw}'", (*path, "draw"), hint=hint)
            return None
        weight: Any = settings.get("weight")
        columns: Any = settings.get("columns")
        if weight is not None and not isinstance(weight, str):
            self.refuse("E106", "'weight' expects the name of a column", (*path, "weight"))
            return None
        if columns is not None and not _is_columns(columns):
            self.refuse(
                "E106", "'columns' expects a list of columns, or a mapping of columns to fields", (*path, "columns")
            )
            return None
        names = _renamed(columns)
        ending = PurePath(str(settings["file"])).suffix
        people, weights, trouble = rows_from(text, weight=weight, columns=names, ending=ending)
        for complaint in trouble:
            self.refuse("E223", f"{source}{complaint.place}: {complaint.message}", path, hint=complaint.hint)
        if trouble:
            return None
        return Rows(people, weights, draw, source)


def _is_ready(spread: Distribution, known: set[str]) -> bool:
    return not isinstance(spread, Conditional) or spread.by in known


def _is_columns(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, str) for item in cast("list[Any]", value))
    return isinstance(value, dict) and all(isinstance(item, str) for item in cast("dict[str, Any]", value).values())


def _renamed(columns: Any) -> dict[str, str] | None:
    if columns is None:
        return None
    if isinstance(columns, list):
        return {name: name for name in cast("list[str]", columns)}
    return cast("dict[str, str]", columns)


def _is_rows(value: object) -> bool:
    endings = (".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".xlsx")
    return (isinstance(value, str) and value.lower().endswith(endings)) or (isinstance(value, dict) and "file" in value)


def _hint(key: str, known: tuple[str, ...]) -> str:
    similar = nearest(key, known)
    return (f"did you mean '{similar[0]}'?  " if similar else "") + f"keys: {', '.join(known)}"
