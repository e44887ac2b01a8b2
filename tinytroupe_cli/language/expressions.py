"""A small safe language for conditions: `age > 40 and 'nurse' in occupation.title`.

Borrows Python's grammar, never its objects: what a name or a method means is decided by
the caller. `language/evaluation.py` works the trees out.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable
from typing import cast

from pydantic import JsonValue

from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.language.expression_nodes import (
    Arithmetic,
    Call,
    Comparison,
    Constant,
    ExpressionError,
    Logic,
    Name,
    Node,
    Unary,
)

__all__ = [
    "FUNCTIONS",
    "MAX_CHARACTERS",
    "Arithmetic",
    "Call",
    "Comparison",
    "Constant",
    "ExpressionError",
    "Logic",
    "Name",
    "Node",
    "Unary",
    "names",
    "outer_calls",
    "parse",
    "unknown",
]

FUNCTIONS = ("compare",)
"""Methods that can be written as functions of a measure's name: `compare('choice.ad', 'calm', 'loud')`."""
MAX_CHARACTERS = 2_000
MAX_DEPTH = 30

_WORDS: dict[str, JsonValue] = {"true": True, "false": False, "null": None}
_ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}


def parse(text: str, *, calls: bool = False) -> Node:
    """Parse an expression; methods only if `calls` is set. Raises `ExpressionError`."""
    if len(text) > MAX_CHARACTERS:
        raise ExpressionError(f"the expression is longer than {MAX_CHARACTERS} characters", length=1)
    if not text.strip():
        raise ExpressionError("the expression is empty")
    indent = len(text) - len(text.lstrip())  # Python's grammar wants none, nor line breaks
    flat = "".join(" " if character.isspace() else character for character in text[indent:].rstrip())
    return _Reader(flat, indent, calls=calls).node(_python_tree(flat, indent), depth=0)


def names(node: Node) -> list[Name]:
    """Return all names, in the order written."""
    if isinstance(node, Name):
        return [node]
    return [name for child in _children(node) for name in names(child)]


def outer_calls(node: Node) -> list[Call]:
    """Return all calls that are not another call's target, in the order written."""
    if isinstance(node, Call):
        return [node]
    return [call for child in _children(node) for call in outer_calls(child)]


def unknown(name: Name | Call, word: str, candidates: Iterable[str], *, what: str) -> ExpressionError:
    """Return the error for an unknown word, with the nearest known one."""
    hint = did_you_mean(word, candidates, label=f"{what}s" if not what.endswith("s") else what)
    column = name.column + (_offset(name, word) if isinstance(name, Name) else 0)
    return ExpressionError(f"unknown {what} '{word}'", column=column, length=len(word), hint=hint)


class _Reader:
    """Converts Python's syntax tree into ours, refusing everything not listed."""

    def __init__(self, text: str, indent: int, *, calls: bool) -> None:
        self._text = text
        self._indent = indent
        self._calls = calls

    def node(self, tree: ast.expr, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self._error("the expression is nested too deeply", tree)
        column, length = self._place(tree)
        match tree:
            case ast.Constant() | ast.List() | ast.Tuple():
                return self._constant(tree)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float())):
                return self._constant(tree)
            case ast.Name(id=word) if word in _WORDS:
                return Constant(_WORDS[word], column, length)
            case ast.Attribute(value=ast.Call() as inner, attr=word) if self._calls:
                end = self._column(tree.end_col_offset)
                return Call(self._call(inner, depth + 1), word, (), (), end - len(word), len(word), is_property=True)
            case ast.Name() | ast.Attribute() | ast.Subscript():
                return Name(self._path(tree), column, length)
            case ast.Call():
                return self._call(tree, depth)
            case ast.UnaryOp(op=ast.Not() | ast.USub()):
                sign = "not" if isinstance(tree.op, ast.Not) else "-"
                return Unary(sign, self.node(tree.operand, depth + 1), column, length)
            case ast.BinOp() if type(tree.op) in _ARITHMETIC:
                left, right = self.node(tree.left, depth + 1), self.node(tree.right, depth + 1)
                return Arithmetic(_ARITHMETIC[type(tree.op)], left, right, column, length)
            case ast.BoolOp():
                word = "and" if isinstance(tree.op, ast.And) else "or"
                return Logic(word, tuple(self.node(part, depth + 1) for part in tree.values), column, length)
            case ast.Compare() if all(type(sign) in _COMPARISONS for sign in tree.ops):
                signs = [_COMPARISONS[type(sign)] for sign in tree.ops]
                parts = [self.node(part, depth + 1) for part in tree.comparators]
                rest = tuple(zip(signs, parts, strict=True))
                return Comparison(self.node(tree.left, depth + 1), rest, column, length)
            case _:
                raise self._error(
                    f"'{self._excerpt(tree)}' can't be used in an expression",
                    tree,
                    hint="use names, numbers, 'text', true, false, null, comparisons, in, and, or, not, + - * /",
                )

    def _constant(self, tree: ast.expr, method: str = "") -> Constant:
        column, length = self._place(tree)
        match tree:
            case ast.Constant(value=bool() | int() | float() | str() | None):
                return Constant(cast("JsonValue", tree.value), column, length)
            case ast.Name(id=word) if word in _WORDS:
                return Constant(_WORDS[word], column, length)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=(int() | float()) as number)):
                return Constant(-number, column, length)
            case ast.List() | ast.Tuple():
                return Constant([self._scalar(part) for part in tree.elts], column, length)
            case _:
                said = self._excerpt(tree)
                form = f"{method}('{said}')" if method else f"'{said}'"
                hint = f"put text in quotes: {form}. A number, true, false or null needs none"
                raise self._error(f"a value is expected here, not '{said}'", tree, hint=hint)

    def _scalar(self, tree: ast.expr) -> JsonValue:
        constant = self._constant(tree)
        if isinstance(constant.value, list):
            raise self._error("a list can't contain another list", tree)
        return constant.value

    def _path(self, tree: ast.expr) -> tuple[str, ...]:
        parts: list[str] = []
        current = tree
        while not isinstance(current, ast.Name):
            match current:
                case ast.Attribute(value=inner, attr=word):
                    parts.append(word)
                case ast.Subscript(value=inner, slice=ast.Constant(value=(str()) as word)):
                    parts.append(word)
                case _:
                    raise self._error(f"'{self._excerpt(current)}' is not a name", current)
            current = inner
        return (current.id, *reversed(parts))

    def _call(self, tree: ast.Call, depth: int) -> Call:
        if not self._calls:
            raise self._error("methods can't be used here", tree)
        if isinstance(tree.func, ast.Name) and tree.func.id in FUNCTIONS:
            return self._function(tree, tree.func)
        target = self.node(tree.func.value, depth + 1) if isinstance(tree.func, ast.Attribute) else None
        if not isinstance(tree.func, ast.Attribute) or not isinstance(target, Name | Call):
            raise self._error("only methods of a name can be called, like choice.ad.share('calm')", tree)
        method = tree.func.attr if len(tree.args) == 1 and not tree.keywords else ""
        arguments = tuple(self._constant(part, method) for part in tree.args)
        end = self._column(tree.func.end_col_offset)
        word = tree.func.attr
        return Call(target, word, arguments, self._named(tree), end - len(word), len(word))

    def _function(self, tree: ast.Call, function: ast.Name) -> Call:
        """Read `compare('choice.ad', …)` as `choice.ad.compare(…)`."""
        first, *rest = [self._constant(part) for part in tree.args] or [Constant(None, *self._place(function))]
        if not isinstance(first.value, str) or not first.value:
            raise self._error(f"{function.id}(…) begins with a measure, such as 'choice.ad'", function)
        name = Name(tuple(first.value.split(".")), first.column + 1, max(1, first.length - 2))
        column, length = self._place(function)
        return Call(name, function.id, tuple(rest), self._named(tree), column, length)

    def _named(self, tree: ast.Call) -> tuple[tuple[str, Constant], ...]:
        found: list[tuple[str, Constant]] = []
        for keyword in tree.keywords:
            if keyword.arg is None:
                raise self._error("'**' can't be used in an expression", keyword.value)
            found.append((keyword.arg, self._constant(keyword.value)))
        return tuple(found)

    def _excerpt(self, tree: ast.expr) -> str:
        text = ast.get_source_segment(self._text, tree) or "this"
        return text if len(text) <= 30 else text[:29] + "…"  # noqa: PLR2004 - enough to recognize it

    def _column(self, offset: int | None) -> int:
        # Python counts UTF-8 bytes; people count characters.
        before = self._text.encode()[: offset or 0].decode(errors="ignore")
        return self._indent + len(before) + 1

    def _place(self, tree: ast.expr) -> tuple[int, int]:
        start = self._column(tree.col_offset)
        return start, max(self._column(tree.end_col_offset) - start, 1)

    def _error(self, message: str, tree: ast.expr, *, hint: str = "") -> ExpressionError:
        column, length = self._place(tree)
        return ExpressionError(message, column=column, length=length, hint=hint)


def _python_tree(flat: str, indent: int) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(flat, mode="eval").body
    except SyntaxError as error:
        single = re.search(r"(?<![=!<>])=(?!=)", flat)
        place = single.start() if single and "(" not in flat else min((error.offset or len(flat) + 1) - 1, len(flat))
        hint = "to compare, write ==" if single else ""
        is_short = place >= len(flat.rstrip())
        message = (
            "the expression is incomplete: something is missing at the end"
            if is_short
            else "the expression can't be read from here on"
        )
        raise ExpressionError(message, column=indent + max(place, 0) + 1, hint=hint) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(
            "the expression can't be read: it is nested too deeply or contains forbidden characters"
        ) from error


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case Constant() | Name():
            return ()
        case Call():
            return (node.target, *node.arguments, *(value for _, value in node.named))
        case Unary():
            return (node.operand,)
        case Arithmetic():
            return (node.left, node.right)
        case Logic():
            return node.operands
        case Comparison():
            return (node.first, *(part for _, part in node.rest))


def _offset(name: Name, word: str) -> int:
    before = name.path[: name.path.index(word)] if word in name.path else ()
    return sum(len(part) + 1 for part in before)
