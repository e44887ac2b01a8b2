"""Reads the codes that people gave to texts: a row per text, with its codes or none."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.core.errors import TroupeError
from tinytroupe_cli.fields.reading import NOT_STATED
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.personas.people_tables import PeopleTable, read_table
from tinytroupe_cli.plan.planned_codings import HumanCodedTexts
from tinytroupe_cli.spec.codebook import Coding, HumanCodes

CODE: Final = "E514"
SEPARATOR: Final = ";"
NO_CODE: Final = frozenset({NOT_STATED, "none"})
"""What a cell says where no code applies."""


def read_human_codes(
    written: Coding, humans: HumanCodes, read: Callable[[str], str], path: Path, findings: Findings
) -> HumanCodedTexts | None:
    """Return the codes of each row that has some; None where there is an error."""
    before = findings.errors
    table, text = _table(humans, read, path, findings)
    if table is None:
        return None
    column = humans.column or written.as_
    for name, key in ((humans.key, "key"), (column, "column")):
        if name not in table.header:
            at = (*path, key) if key in humans.model_fields_set else path
            hint = NearNames(name, table.header, label="columns")
            findings.add(CODE, f"{humans.with_} has no column '{name}'", at, hint=hint)
    if findings.errors > before:
        return None
    codes: dict[str, tuple[str, ...]] = {}
    for line, row in table.records:
        identifier = " ".join(label(row.get(humans.key, "")).split())
        if column not in row or not identifier:
            continue
        place = f"{humans.with_}:{line}"
        if identifier in codes:
            findings.add(CODE, f"{place}: '{_short(identifier)}' has a second row", (*path, "key"))
            return None
        found = _codes(row[column], written, f"{place}: ", (*path, "with"), findings)
        if found is None:
            return None
        codes[identifier] = found
    if not codes:
        findings.add(CODE, f"{humans.with_}: the column '{column}' is empty", (*path, "with"))
        return None
    return HumanCodedTexts(data=humans.with_, hash=hashlib.sha256(text.encode()).hexdigest(), codes=codes)


def _table(
    humans: HumanCodes, read: Callable[[str], str], path: Path, findings: Findings
) -> tuple[PeopleTable | None, str]:
    try:
        text = read(humans.with_)
    except TroupeError as error:
        findings.add(CODE, error.message, (*path, "with"), hint=error.hint)
        return None, ""
    ending = PurePath(humans.with_).suffix
    table = read_table(text, ".csv" if ending.lower() == ".xlsx" else ending)
    for problem in table.trouble:
        findings.add(CODE, f"{humans.with_}{problem.place}: {problem.message}", (*path, "with"), hint=problem.hint)
    return (None if table.trouble else table), text


def _codes(cell: JsonValue, written: Coding, place: str, path: Path, findings: Findings) -> tuple[str, ...] | None:
    """Return the codes in a cell, in the codebook's order."""
    known: Mapping[str, str] = {code.casefold(): code for code in written.categories}
    parts: Sequence[str] = [part.strip() for part in label(cell).split(SEPARATOR) if part.strip()]
    said = [part for part in parts if part.casefold() not in NO_CODE]
    unknown = next((part for part in said if part.casefold() not in known), None)
    if unknown is not None:
        hint = NearNames(
            unknown, written.categories, label="codes", then=f"; 'none' for no code, '{SEPARATOR}' between two"
        )
        findings.add(CODE, f"{place}'{_short(unknown)}' is not a code", path, hint=hint)
        return None
    if len(said) > 1 and not written.several:
        findings.add(CODE, f"{place}a text can have only one code unless `several: true` is set", path)
        return None
    return tuple(code for code in written.categories if code.casefold() in {part.casefold() for part in said})


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"  # noqa: PLR2004 - enough to recognise it
