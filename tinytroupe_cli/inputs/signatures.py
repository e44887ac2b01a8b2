"""Turns a Python function's signature into the form people fill in to use it."""

from __future__ import annotations

import ast
import inspect
import re
import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import JsonValue

from tinytroupe_cli.compiler.resources.tools import Signature
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.inputs.annotations import UnknownTypeError, schema_of_annotation
from tinytroupe_cli.inputs.module_source import Definition

_PLAIN: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}
_KINDS = "str, int, float, bool, Literal[…], or one of them or None"


@dataclass(frozen=True, slots=True)
class _Argument:
    """An argument of a function, from its source or from the function itself."""

    name: str
    written: str
    """As it is written in messages: `*rest`."""
    kind: str | None
    """Its annotation; None if it has none."""
    schema: dict[str, JsonValue] | None
    """None: people can't be asked for it."""
    is_optional: bool = False
    is_nameable: bool = True


def signature_of(function: Callable[..., Any], written: str, *, name: str = "") -> Signature:
    """Read a function's description and arguments; raises RunError for unsupported ones.

    People see it under its own name unless another is given.
    """
    try:
        parameters = inspect.signature(function).parameters.values()
        hints = typing.get_type_hints(function)
    except (TypeError, ValueError, NameError) as error:
        raise RunError(f"the signature of '{written}' can't be read: {error}") from error
    arguments = [_of_parameter(parameter, hints) for parameter in parameters]
    return _signature(name or str(getattr(function, "__name__", "")), inspect.getdoc(function), arguments, written)


def signature_in_source(definition: Definition, tree: ast.Module, written: str, *, name: str = "") -> Signature:
    """Read the same from a function's source, without importing it.

    Raises RunError for unsupported arguments, `UnknownTypeError` for a type that can be known only by importing it.
    """
    given = definition.args
    positional = [*given.posonlyargs, *given.args]
    optional = {id(argument) for argument in positional[len(positional) - len(given.defaults) :]}
    optional |= {id(arg) for arg, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default}
    unnamed = {id(argument) for argument in given.posonlyargs}
    arguments = [
        _of_source(argument, tree, is_optional=id(argument) in optional, is_nameable=id(argument) not in unnamed)
        for argument in (*positional, *given.kwonlyargs)
    ]
    arguments += [_of_source(given.vararg, tree, star="*")] if given.vararg else []
    arguments += [_of_source(given.kwarg, tree, star="**")] if given.kwarg else []
    if definition.decorator_list and "classmethod" in map(ast.unparse, definition.decorator_list):
        arguments = arguments[1:]
    return _signature(name or definition.name, ast.get_docstring(definition), arguments, written)


def _signature(name: str, doc: str | None, arguments: Sequence[_Argument], written: str) -> Signature:
    if not re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII):
        raise RunError(f"'{written}' has no name that people could use", hint="write a function with def")
    properties: dict[str, JsonValue] = {argument.name: _property(argument, written) for argument in arguments}
    form: dict[str, JsonValue] = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    first = (doc or "").strip().split("\n")[0].strip().rstrip(".")
    return Signature(name, first or name.replace("_", " "), form if properties else {})


def _property(argument: _Argument, written: str) -> JsonValue:
    if not argument.is_nameable:
        message = f"people can't be asked for the argument '{argument.written}' of '{written}'"
        raise RunError(message, hint="name the arguments")
    if argument.kind is None:
        raise RunError(f"the argument '{argument.name}' of '{written}' has no type", hint=f"give it one: {_KINDS}")
    if argument.schema is None:
        message = f"people can't be asked for the argument '{argument.name}' of '{written}': {argument.kind}"
        raise RunError(message, hint=f"types: {_KINDS}")
    if argument.is_optional:
        kinds = argument.schema["type"]
        both: list[JsonValue] = [*(kinds if isinstance(kinds, list) else [kinds]), "null"]
        return {**argument.schema, "type": list(dict.fromkeys(map(str, both)))}
    return argument.schema


def _of_parameter(parameter: inspect.Parameter, hints: dict[str, Any]) -> _Argument:
    unnamed = (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY)
    hint = hints.get(parameter.name)
    return _Argument(
        parameter.name,
        str(parameter),
        None if parameter.name not in hints else inspect.formatannotation(hint),
        _schema(hint),
        is_optional=parameter.default is not parameter.empty,
        is_nameable=parameter.kind not in unnamed,
    )


def _of_source(
    argument: ast.arg, tree: ast.Module, *, star: str = "", is_optional: bool = False, is_nameable: bool = True
) -> _Argument:
    is_nameable = is_nameable and not star
    kind = None if argument.annotation is None else ast.unparse(argument.annotation)
    schema = schema_of_annotation(argument.annotation, tree) if is_nameable and argument.annotation else None
    written = f"{star}{argument.arg}"
    return _Argument(argument.arg, written, kind, schema, is_optional=is_optional, is_nameable=is_nameable)


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


__all__ = ["UnknownTypeError", "signature_in_source", "signature_of"]
