"""Turns a Python function's signature into the form people fill in to use it."""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Callable
from typing import Any, Literal

from pydantic import JsonValue

from tinytroupe_cli.compiler.resources.tools import Signature
from tinytroupe_cli.core.errors import RunError

_PLAIN: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}
_KINDS = "str, int, float, bool, Literal[…], or one of them or None"


def signature_of(function: Callable[..., Any], written: str, *, name: str = "") -> Signature:
    """Read a function's description and arguments; raises RunError for unsupported ones.

    People see it under its own name unless another is given.
    """
    name = name or str(getattr(function, "__name__", ""))
    if not re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII):
        raise RunError(f"'{written}' has no name that people could use", hint="write a function with def")
    try:
        parameters = inspect.signature(function).parameters.values()
        hints = typing.get_type_hints(function)
    except (TypeError, ValueError, NameError) as error:
        raise RunError(f"the signature of '{written}' can't be read: {error}") from error
    properties: dict[str, JsonValue] = {
        parameter.name: _property(parameter, hints, written) for parameter in parameters
    }
    form: dict[str, JsonValue] = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return Signature(name, _first_line(function) or name.replace("_", " "), form if properties else {})


def _property(parameter: inspect.Parameter, hints: dict[str, Any], written: str) -> JsonValue:
    name = parameter.name
    if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY):
        raise RunError(
            f"people can't be asked for the argument '{parameter}' of '{written}'", hint="name the arguments"
        )
    if name not in hints:
        raise RunError(f"the argument '{name}' of '{written}' has no type", hint=f"give it one: {_KINDS}")
    schema = _schema(hints[name])
    if schema is None:
        kind = inspect.formatannotation(hints[name])
        raise RunError(
            f"people can't be asked for the argument '{name}' of '{written}': {kind}", hint=f"types: {_KINDS}"
        )
    if parameter.default is not parameter.empty:
        kinds = schema["type"]
        return {**schema, "type": [*(kinds if isinstance(kinds, list) else [kinds]), "null"]}
    return schema


def _schema(kind: Any) -> dict[str, JsonValue] | None:
    if kind in _PLAIN:
        return {"type": _PLAIN[kind]}
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is Literal and all(isinstance(part, str) for part in parts):
        return {"type": "string", "enum": list(parts)}
    if origin in (typing.Union, types.UnionType):
        inner = [part for part in parts if part is not type(None)]
        schema = _schema(inner[0]) if len(inner) == 1 else None
        return None if schema is None else {**schema, "type": [typing.cast("str", schema["type"]), "null"]}
    return None


def _first_line(function: Callable[..., Any]) -> str:
    return (inspect.getdoc(function) or "").strip().split("\n")[0].strip().rstrip(".")
