"""A completion's text -> the value that was asked for, or what is wrong with it."""

from __future__ import annotations

import json
from typing import Any, cast

import json_repair
import jsonschema
from pydantic import JsonValue

from tinytroupe_cli.models.port import AnswerSchema, Completion


def read_answer(completion: Completion, answer: AnswerSchema) -> tuple[dict[str, JsonValue] | None, str]:
    """Return the parsed answer and "", or None and what is wrong with it."""
    value = _parsed(completion.text, is_complete=completion.finish != "length")
    if not isinstance(value, dict):
        return None, "it is not a JSON object"
    fault = _fault(value, answer)
    return (None, fault) if fault else (cast("dict[str, JsonValue]", value), "")


def _parsed(text: str, *, is_complete: bool) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return json_repair.loads(text) if is_complete and "{" in text else None


def _fault(value: Any, answer: AnswerSchema) -> str:
    schema = cast("dict[str, Any]", json.loads(json.dumps(answer.body)))
    for name in answer.open:
        schema["properties"][name].pop("enum", None)
    library = cast("Any", jsonschema)  # its stubs are partial
    error = library.exceptions.best_match(library.Draft202012Validator(schema).iter_errors(value))
    if error is None:
        return ""
    where = ".".join(str(part) for part in error.absolute_path)
    return f"{where}: {error.message}" if where else str(error.message)
