"""The parts of an expression, and the error of one that can't be read or evaluated."""

from __future__ import annotations

from typing import NamedTuple

from pydantic import JsonValue

from tinytroupe_cli.core.errors import TroupeError
from tinytroupe_cli.language.problems import NearNames


class ExpressionError(TroupeError):
    """An expression that can't be parsed or evaluated; `column` counts from 1 inside its text."""

    def __init__(self, message: str, *, column: int = 1, length: int = 1, hint: str | NearNames = "") -> None:
        super().__init__(message, hint=hint.hint() if isinstance(hint, NearNames) else hint)
        self.column = column
        self.length = max(length, 1)


class Constant(NamedTuple):
    """A number, a text, true, false, null, or a list of these."""

    value: JsonValue
    column: int
    length: int


class Name(NamedTuple):
    """A dotted name: `occupation.title`."""

    path: tuple[str, ...]
    column: int
    length: int


class Call(NamedTuple):
    """A method of a name, or of another call's result, with literal arguments: `choice.ad.at(price=399)`."""

    target: Name | Call
    method: str
    arguments: tuple[Constant, ...]
    named: tuple[tuple[str, Constant], ...]
    column: int
    """Start of the method's name."""
    length: int
    is_property: bool = False
    """Written without parentheses, after a call: `choice.ad.share('calm').low`."""


class Unary(NamedTuple):
    """`not x` or `-x`."""

    sign: str
    operand: Node
    column: int
    length: int


class Arithmetic(NamedTuple):
    """`left + right`; also - * /."""

    sign: str
    left: Node
    right: Node
    column: int
    length: int


class Logic(NamedTuple):
    """Operands joined by `and`, or by `or`."""

    word: str
    operands: tuple[Node, ...]
    column: int
    length: int


class Comparison(NamedTuple):
    """`first < a <= b`: every neighboring pair must hold."""

    first: Node
    rest: tuple[tuple[str, Node], ...]
    column: int
    length: int


Node = Constant | Name | Call | Unary | Arithmetic | Logic | Comparison
