"""The experiment language as JSON Schema, for editors: draft 7, which is what they read."""

from __future__ import annotations

from typing import Any, cast

from tinytroupe_cli.spec.experiment import Experiment

_DRAFT = "http://json-schema.org/draft-07/schema#"


def experiment_schema() -> dict[str, Any]:
    """Return the schema; keys that begin with `x-` are the user's own."""
    schema = Experiment.model_json_schema(by_alias=True, ref_template="#/definitions/{model}")
    definitions = schema.pop("$defs")
    return {
        "$schema": _DRAFT,
        "title": "troupe experiment, version 1",
        **_draft_7({key: value for key, value in schema.items() if key != "title"}),
        "definitions": {name: _draft_7(part) for name, part in definitions.items()},
    }


def _draft_7(part: Any) -> Any:
    """Return a part of a schema in the form of draft 7, as editors show it."""
    match part:
        case dict():
            return _object({key: _draft_7(value) for key, value in cast("dict[str, Any]", part).items()})
        case list():
            return [_draft_7(entry) for entry in cast("list[Any]", part)]
        case _:
            return part


def _object(part: dict[str, Any]) -> dict[str, Any]:
    if "prefixItems" in part:
        part["items"] = part.pop("prefixItems")
    if "$ref" in part and len(part) > 1:  # draft 7 reads nothing beside a reference
        part["allOf"] = [{"$ref": part.pop("$ref")}]
    if part.get("additionalProperties") is False:
        part["patternProperties"] = {"^x-": {}}
    if isinstance(part.get("title"), str):
        del part["title"]  # pydantic's are names of classes
    return part
