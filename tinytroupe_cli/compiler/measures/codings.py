"""Resolves the coding of answers in words: which field, which codebook, under which names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.measures.human_codes import read_human_codes
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.reading import NOT_STATED
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.plan.planned_codings import Category, PlannedCoding
from tinytroupe_cli.plan.query_fields import NamedFields
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.spec.codebook import Coding

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def plan_codings(
    written: Sequence[Coding],
    fields: NamedFields,
    findings: Findings,
    *,
    read: Callable[[str], str],
    coders: Mapping[str, ModelConfig],
) -> tuple[PlannedCoding, ...]:
    """Check all codings and return those that can be made.

    `read` reads a table as text; `coders`: name of a second coder, as written -> the model.
    """
    planned: list[PlannedCoding] = []
    for index, one in enumerate(written):
        path: Path = ("code", index)
        found = _planned(one, with_codes(fields, planned), path, findings)
        if found is None:
            continue
        if one.second is not None and not one.double:
            hint = "add `double: 0.2`, the share of the texts that is coded twice"
            findings.add("E514", "`second` has nothing to code", (*path, "second"), key=True, hint=hint)
        humans = read_human_codes(one, one.humans, read, (*path, "humans"), findings) if one.humans else None
        second = coders.get(one.second) if one.second else None
        planned.append(found.model_copy(update={"second": second, "humans": humans}))
    return tuple(planned)


def with_codes(fields: NamedFields, codings: Sequence[PlannedCoding]) -> dict[str, dict[str, PlannedField]]:
    """Return the fields including those that codes make."""
    found = {query: dict(own) for query, own in fields.items()}
    for coding in codings:
        found[coding.query] |= {field.name: field for field in coding.fields}
    return found


def _planned(written: Coding, fields: NamedFields, path: Path, findings: Findings) -> PlannedCoding | None:
    errors = findings.errors
    query, _, name = written.measure.partition(".")
    field = fields.get(query, {}).get(name)
    if field is None or type_of(field).shape != "words":
        wrong = "has no such answers" if field is None else f"is {type_of(field).noun}, not text"
        texts = [f"{query}.{key}" for query, own in fields.items() for key in own if type_of(own[key]).shape == "words"]
        hint = NearNames(written.measure, texts, label="texts")
        findings.add("E514", f"'{written.measure}' {wrong}", (*path, "measure"), hint=hint)
        return None
    _check_codebook(written, path, findings)
    planned = PlannedCoding(
        query=query,
        field=name,
        name=written.as_,
        categories=tuple(Category(name=code, meaning=meaning) for code, meaning in written.categories.items()),
        several=written.several,
        double=written.double,
    )
    for made_field in planned.fields:
        if made_field.name in fields[query]:
            findings.add(
                "E514", f"there is already a '{query}.{made_field.name}'", (*path, "as"), hint="choose another name"
            )
    return planned if findings.errors == errors else None


def _check_codebook(written: Coding, path: Path, findings: Findings) -> None:
    seen: set[str] = set()
    for code, meaning in written.categories.items():
        here: Path = (*path, "categories", code)
        if code.casefold() in seen or code.casefold() == NOT_STATED:
            findings.add("E514", f"'{code}' appears twice, or is a reserved name", here, key=True)
        if written.several and not _NAME.fullmatch(code):
            hint = "use letters, digits and _, because each code becomes a field"
            findings.add("E514", f"with `several`, '{code}' can't be the name of a code", here, key=True, hint=hint)
        if not meaning.strip():
            findings.add("E514", f"'{code}' doesn't say when it applies", here)
        seen.add(code.casefold())
