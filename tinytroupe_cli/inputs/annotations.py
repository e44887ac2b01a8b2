"""Reads the type of an argument from a function's source, without importing anything."""

from __future__ import annotations

import ast
from typing import Final

from pydantic import JsonValue

Schema = dict[str, JsonValue]

_PLAIN: Final = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}
_MAX_DEPTH: Final = 8
_KNOWN: Final = {"list", "dict", "tuple", "set", "bytes", "object", "complex", "Any", "Callable", "Sequence", "Mapping"}


class UnknownTypeError(Exception):
    """What a name in an annotation stands for is known only when the module is imported."""


def schema_of_annotation(node: ast.expr, tree: ast.Module, *, depth: int = 0) -> Schema | None:
    """Return the JSON Schema of a type; None if people can't be asked for one.

    Raises `UnknownTypeError` for a name that the module does not define itself.
    """
    if depth > _MAX_DEPTH:
        raise UnknownTypeError
    match node:
        case ast.Constant(value=str() as text):
            try:
                return schema_of_annotation(ast.parse(text, mode="eval").body, tree, depth=depth + 1)
            except SyntaxError:
                return None
        case ast.Name(id=name) if name in _PLAIN:
            return {"type": _PLAIN[name]}
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _either([left, right], tree, depth)
        case ast.Subscript(value=generic, slice=inside):
            return _generic(_last(generic, tree), inside, tree, depth)
        case ast.Name(id=name):
            return _alias(name, tree, depth)
        case ast.Attribute():
            raise UnknownTypeError
        case _:
            return None


def _generic(name: str, inside: ast.expr, tree: ast.Module, depth: int) -> Schema | None:
    parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
    match name:
        case "Literal":
            values = [part.value for part in parts if isinstance(part, ast.Constant)]
            texts: list[JsonValue] = [value for value in values if isinstance(value, str)]
            return {"type": "string", "enum": texts} if len(texts) == len(parts) else None
        case "Optional":
            return _either([*parts, ast.Constant(None)], tree, depth)
        case "Union":
            return _either(parts, tree, depth)
        case "Annotated":
            return schema_of_annotation(parts[0], tree, depth=depth + 1)
        case _ if name in _KNOWN:
            return None
        case _:
            raise UnknownTypeError


def _either(parts: list[ast.expr], tree: ast.Module, depth: int) -> Schema | None:
    """Return the schema of one type or None; people can't choose between two."""
    flat: list[ast.expr] = []
    waiting = list(parts)
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.BitOr):
            waiting[:0] = [part.left, part.right]
        else:
            flat.append(part)
    inner = [part for part in flat if not (isinstance(part, ast.Constant) and part.value is None)]
    schema = schema_of_annotation(inner[0], tree, depth=depth + 1) if len(inner) == 1 else None
    if schema is None or len(inner) == len(flat):
        return schema
    kinds = schema["type"]
    return schema if isinstance(kinds, list) else {**schema, "type": [kinds, "null"]}


def _alias(name: str, tree: ast.Module, depth: int) -> Schema | None:
    """Return the schema of a type that the module names itself, such as `Size = Literal["s", "l"]`."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and name in [
            target.id for target in node.targets if isinstance(target, ast.Name)
        ]:
            return schema_of_annotation(node.value, tree, depth=depth + 1)
        if isinstance(node, ast.ClassDef) and node.name == name:
            return None
    if name in _KNOWN:
        return None
    raise UnknownTypeError


def _last(node: ast.expr, tree: ast.Module) -> str:
    """Return the name of a generic as `typing` has it: `t.Literal` and an import under another name are Literal."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if not isinstance(node, ast.Name):
        return ""
    for each in ast.walk(tree):
        if isinstance(each, ast.ImportFrom):
            for alias in each.names:
                if alias.asname == node.id:
                    return alias.name
    return node.id
