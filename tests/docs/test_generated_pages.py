"""docs/reference.md and docs/results.md are generated; `TROUPE_UPDATE_SNAPSHOTS=1` rewrites them."""

from __future__ import annotations

import ast
import inspect
import os
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from key_tables import KeyTables, Schema
from pydantic import BaseModel

from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.spec.json_schema import experiment_schema

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs"


def test_the_reference_lists_every_key_of_the_language() -> None:
    schema = experiment_schema()
    tables = KeyTables(schema, schema["definitions"], "mapping", _with_default)
    _assert_page("reference.md", tables)


def test_the_page_on_results_lists_every_key_of_the_document() -> None:
    schema = Results.model_json_schema()
    models = {model.__name__: model for model in _models(Results)}
    documented = {name: _field_docstrings(model) for name, model in models.items()}

    def meaning(name: str, key: str, _part: Schema) -> str:
        return documented[name or "Results"].get(key, "")

    tables = KeyTables(schema, schema["$defs"], "object", meaning, shows_null=True)
    _assert_page("results.md", tables)


def test_every_key_of_the_generated_pages_has_a_meaning() -> None:
    for page in ("reference.md", "results.md"):
        rows = [line for line in (DOCS / page).read_text().splitlines() if line.startswith("| `")]
        assert not [row for row in rows if row.endswith("|  |")]


def _assert_page(name: str, tables: KeyTables) -> None:
    """Compare a page with its header (beside this file) and its tables."""
    header = (HERE / name.replace(".md", "_header.md")).read_text()
    text = "\n".join([header, tables.root(), *tables.rest()]) + "\n"
    page = DOCS / name
    if os.environ.get("TROUPE_UPDATE_SNAPSHOTS") == "1":
        page.write_text(text)
    assert page.read_text() == text, "TROUPE_UPDATE_SNAPSHOTS=1 .venv/bin/pytest tests/docs rewrites it"


def _with_default(_name: str, _key: str, part: Schema) -> str:
    meaning = str(part.get("description", ""))
    default = part.get("default")
    is_shown = default and not isinstance(default, dict | list) and "default" not in meaning.lower()
    return f"{meaning} Default: `{_as_written(default)}`." if is_shown else meaning


def _as_written(default: Any) -> str:
    return "true" if default is True else str(default)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models an annotation speaks of, and those of their fields."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from _models(field.annotation)
    for part in get_args(annotation):
        yield from _models(part)


def _field_docstrings(model: type[BaseModel]) -> dict[str, str]:
    """Return the text under each field of a model, its bases' included, by the field's name in files."""
    found: dict[str, str] = {}
    for owner in reversed([base for base in model.__mro__ if base.__module__.startswith("tinytroupe_cli")]):
        found |= _own_docstrings(owner, model)
    return found


def _own_docstrings(owner: type, model: type[BaseModel]) -> dict[str, str]:
    body = ast.parse(textwrap.dedent(inspect.getsource(owner))).body[0]
    found: dict[str, str] = {}
    if isinstance(body, ast.ClassDef):
        for field, text in zip(body.body, body.body[1:], strict=False):
            match field, text:
                case ast.AnnAssign(target=ast.Name(name)), ast.Expr(value=ast.Constant(value=str(words))):
                    written = model.model_fields[name].serialization_alias if name in model.model_fields else None
                    found[written or name] = inspect.cleandoc(words)
                case _:
                    pass
    return found
