"""docs/reference.md is made from the language's own models; `TROUPE_UPDATE_SNAPSHOTS=1` writes it anew."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from projects import Project

from tinytroupe_cli.cli.app import COMMANDS
from tinytroupe_cli.spec.json_schema import experiment_schema

CHECKOUT = Path(__file__).parents[2]
REFERENCE = CHECKOUT / "docs" / "reference.md"
OPENING = """\
# Every key of an experiment

Made from the language's own models by `tests/docs/test_reference.py`; don't edit it by hand. What the keys mean
together is told in [language.md](language.md). Keys that begin with `x-` are yours and ignored.
"""


def test_the_reference_says_what_the_language_has() -> None:
    text = "\n".join([OPENING, *_sections(experiment_schema())])
    if os.environ.get("TROUPE_UPDATE_SNAPSHOTS") == "1":
        REFERENCE.write_text(text)
    assert REFERENCE.read_text() == text


def test_every_command_is_in_the_readme() -> None:
    readme = (CHECKOUT / "README.md").read_text()
    assert not [name for name in COMMANDS if f"troupe {name}" not in readme]


def test_the_readmes_experiment_is_right_and_its_mistake_is_answered_as_shown(tmp_path: Path) -> None:
    readme = (CHECKOUT / "README.md").read_text()
    example = readme.split("```yaml\n")[1].split("```")[0]
    project = Project(tmp_path)
    project.write("meal-kit.yaml", example)
    assert project.troupe("check", "meal-kit.yaml").code == 0
    project.write("meal-kit.yaml", example.replace('- say: "Three', '- sya: "Three'))
    told = project.troupe("check", "meal-kit.yaml")
    assert told.code == 2
    assert told.err.strip() in readme


def test_every_link_of_the_pages_leads_somewhere() -> None:
    for page in (CHECKOUT / "README.md", *(CHECKOUT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
            assert target.startswith("http") or (page.parent / target).exists(), f"{page.name}: {target}"


def _sections(schema: Mapping[str, Any]) -> Iterator[str]:
    yield from _section("The experiment", schema)
    for name, part in sorted(schema["definitions"].items()):
        if part.get("properties"):
            yield from _section(name, part)


def _section(title: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {title}\n"
    if title != "The experiment" and schema.get("description"):
        yield f"{schema['description']}\n"
    yield "| key | value | meaning |\n|---|---|---|"
    required = schema.get("required", [])
    for key, part in schema["properties"].items():
        need = " (required)" if key in required else ""
        default = (
            f" Default: `{part['default']}`."
            if part.get("default") and not isinstance(part["default"], Mapping | list)
            else ""
        )
        meaning = str(part.get("description", "")).replace("\n", " ").replace("|", "\\|")
        yield f"| `{key}`{need} | {_kind(part)} | {meaning}{default} |"
    yield ""


def _kind(part: Mapping[str, Any]) -> str:
    if "$ref" in part:
        name = str(part["$ref"]).rsplit("/", 1)[1]
        return "anything" if name == "JsonValue" else f"[{name}](#{name.lower()})"
    if "const" in part:
        return f"`{part['const']}`"
    if "enum" in part:
        return ", ".join(f"`{value}`" for value in part["enum"])
    for union in ("anyOf", "oneOf", "allOf"):
        if union in part:
            parts = [_kind(one) for one in part[union] if one.get("type") != "null"]
            return " or ".join(dict.fromkeys(parts))
    match part.get("type"):
        case "array":
            items = part.get("items", {})
            return f"list of {_kind(items)}" if isinstance(items, Mapping) else f"{len(items)} values"
        case "object":
            inner = part.get("additionalProperties")
            return f"mapping to {_kind(inner)}" if isinstance(inner, Mapping) else "mapping"
        case "string":
            return "text"
        case "integer":
            return "whole number"
        case "number":
            return "number"
        case "boolean":
            return "true or false"
        case _:
            return "anything"
