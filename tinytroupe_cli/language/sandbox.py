"""The Jinja dialect of users' texts: strict, without Python, bounded in time and size.

Only data can be reached: the keys of mappings, the items of lists. No methods, no macros,
no assignments; loops nest twice at most.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.filters import do_round
from jinja2.runtime import Context, LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import JsonValue

from tinytroupe_cli.language.template_budget import JOIN, LOOP, SIZE, StepBudget

MAX_CHARACTERS = 200_000
"""Maximum characters of a rendered text, and of anything computed on the way."""
MAX_TURNS = 1_000
MAX_LOOPS = 2
MAX_NUMBER = 10**15
MAX_DIGITS = 15
_NO_NUMBER = "this number is too large, or not a number"
_TOO_LONG = f"a text of more than {MAX_CHARACTERS:,} characters"

FILTERS = (
    "abs",
    "capitalize",
    "count",
    "d",
    "default",
    "first",
    "float",
    "int",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "max",
    "min",
    "reverse",
    "round",
    "sort",
    "string",
    "sum",
    "title",
    "trim",
    "unique",
    "upper",
    "wordcount",
)
NAMED_FILTERS = (*FILTERS, "tojson")
_KNOWN_NODES = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Slice,
    nodes.Const,
    nodes.If,
    nodes.For,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Add,
    nodes.Sub,
    nodes.Mul,
    nodes.Div,
    nodes.FloorDiv,
    nodes.Mod,
    nodes.Neg,
    nodes.Pos,
    nodes.Concat,
    nodes.List,
    nodes.Tuple,
    nodes.Filter,
    nodes.Test,
    nodes.Call,
    nodes.Keyword,
)
_WORDS = {
    "Assign": "set",
    "AssignBlock": "set",
    "CallBlock": "call",
    "FromImport": "from … import",
    "FilterBlock": "filter",
    "Pow": "**",
    "Dict": "a mapping in braces",
}
"""Names of forbidden nodes, if other than Jinja's."""
_NO_VALUES = {
    "range": "write range(3), or condition.range or vars.range for a factor or a variable of that name",
    "loop": "write loop.index, or condition.loop or vars.loop for a factor or a variable of that name",
    "self": "it is part of Jinja, not of the experiment",
}
"""Names of Jinja that stand for no data, and what to write."""


class MissingError(UndefinedError):
    """A template used an unknown name."""

    def __init__(self, name: str, owner: str, candidates: list[str]) -> None:
        super().__init__(name)
        self.name = name
        self.owner = owner
        """The dotted path that has no such name; empty for a name of its own."""
        self.candidates = candidates


class TemplateView(dict[str, JsonValue]):
    """A mapping that knows its dotted path."""

    def __init__(self, values: Mapping[str, JsonValue], path: str) -> None:
        super().__init__(values)
        self.path = path


class Sandbox(ImmutableSandboxedEnvironment):
    """Strict Jinja over plain data."""

    intercepted_binops = frozenset(["*", "%", "+", "//", "/", "-"])

    def __init__(self) -> None:
        super().__init__(
            undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True, finalize=shown, optimized=False
        )
        self.budget = StepBudget()
        whole = {**self.filters, "join": _joined, "round": _rounded, "sum": _added}
        self.filters = {name: self._bounded(cast("Callable[..., Any]", whole[name])) for name in FILTERS}
        self.filters |= {
            LOOP: self.budget.loop,
            SIZE: self.budget.sized,
            JOIN: self._bounded(self.budget.joined),
        }
        self.filters["tojson"] = self._bounded(_as_json)
        self.globals = {"range": _bounded_range}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return the value after a dot: a key of a mapping, or an attribute of the current loop."""
        if isinstance(obj, LoopContext) and not attribute.startswith("_"):
            found = super().getattr(obj, attribute)
            if not callable(found):
                return found
            return self.undefined(obj=obj, name=attribute, exc=_missing(attribute, "loop", []))
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return the value in brackets: a key of a mapping, an item or a slice of a list."""
        if isinstance(obj, Undefined):
            return obj
        if isinstance(obj, dict):
            return self._value(cast("dict[str, JsonValue]", obj), argument)
        if not isinstance(obj, list | str | tuple) or not isinstance(argument, int | slice):
            return self.undefined(obj=obj, name=str(argument), exc=_missing(str(argument), "", []))
        try:
            return cast("list[JsonValue]", obj)[argument]
        except IndexError as error:
            raise SecurityError(f"there is no item {argument}") from error

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Compute with bounded numbers; `+` also joins two texts."""
        texts = operator == "+" and isinstance(left, str) and isinstance(right, str)
        if not texts and not all(isinstance(side, int | float) and abs(side) < MAX_NUMBER for side in (left, right)):
            raise SecurityError(f"'{operator}' works on numbers only")
        if texts and len(left) + len(right) > MAX_CHARACTERS:
            raise SecurityError(_TOO_LONG)
        return super().call_binop(context, operator, left, right)

    def _bounded(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a filter so that its work and its result are bounded; keep its signature for Jinja."""

        @functools.wraps(function)
        def small(*arguments: Any, **named: Any) -> Any:
            for argument in (*arguments, *named.values()):
                self.budget.items(argument)
            made = function(*arguments, **named)
            if isinstance(made, Iterator):
                made = [*cast("Iterator[Any]", made)]
            if isinstance(made, str) and len(made) > MAX_CHARACTERS:
                raise SecurityError(_TOO_LONG)
            if isinstance(made, float) and not math.isfinite(made):  # Jinja would write it as a name into its code
                raise SecurityError(_NO_NUMBER)
            return made

        return small

    def _value(self, mapping: dict[str, JsonValue], key: Any) -> Any:
        path = mapping.path if isinstance(mapping, TemplateView) else ""
        found = mapping.get(key) if isinstance(key, str) else None
        if found is None:
            filled = [name for name, value in mapping.items() if value is not None]
            return self.undefined(obj=mapping, name=str(key), exc=_missing(str(key), path, filled))
        if isinstance(found, dict):
            return TemplateView(found, f"{path}.{key}" if path else str(key))
        return found


def forbidden(tree: nodes.Template) -> str:
    """Return why a template is not allowed; empty if it is."""
    bare = {id(node) for node in tree.find_all(nodes.Name)}
    bare -= {id(node.node) for node in tree.find_all((nodes.Call, nodes.Getattr))}
    for node in tree.find_all(nodes.Node):
        kind = type(node).__name__
        if not isinstance(node, _KNOWN_NODES):
            return f"'{_WORDS.get(kind, kind.lower())}' can't be used in a text"
        if isinstance(node, nodes.Call) and not (isinstance(node.node, nodes.Name) and node.node.name == "range"):
            return "only range(…) can be called in a text"
        if isinstance(node, nodes.Name) and id(node) in bare and (means := _NO_VALUES.get(node.name)):
            return f"'{node.name}' is not a value: {means}"
        if isinstance(node, nodes.Const) and isinstance(node.value, float) and not math.isfinite(node.value):
            return "this number is too large"
    if _loop_depth(tree) > MAX_LOOPS:
        return f"loops can be nested at most {MAX_LOOPS} deep"
    return ""


def shown(value: Any) -> str:
    """Format a value for people: 399, 4.5, true, `a, b`."""
    match value:
        case Undefined():
            return str(value)
        case bool():
            return "true" if value else "false"
        case None:
            raise SecurityError("there is no value here (null)")
        case float() if not math.isfinite(value):
            raise SecurityError(_NO_NUMBER)
        case float():
            short = f"{value:.12g}"
            return repr(value) if float(short) == value else short
        case dict():
            raise SecurityError("this is a mapping: choose one of its fields, or write it with | tojson")
        case list() | tuple() | range():
            return ", ".join(shown(item) for item in cast("Iterable[Any]", value))
        case str() | int():
            return str(value)
        case _:
            raise SecurityError("this is not a value")


def _missing(name: str, owner: str, candidates: list[str]) -> Any:
    """Return a function that raises our error instead of Jinja's."""

    def error(_message: str) -> MissingError:
        return MissingError(name, owner, candidates)

    return error


def _loop_depth(node: nodes.Node) -> int:
    inside = max((_loop_depth(child) for child in node.iter_child_nodes()), default=0)
    return inside + isinstance(node, nodes.For)


def _bounded_range(*bounds: int) -> range:
    turns = range(*bounds)
    if len(turns) > MAX_TURNS:
        raise SecurityError(f"range(…) can have at most {MAX_TURNS} values")
    return turns


def _joined(values: Iterable[Any], separator: str = "") -> str:
    parts = [shown(value) for value in values]
    if sum(map(len, parts)) + len(parts) * len(separator) > MAX_CHARACTERS:
        raise SecurityError(_TOO_LONG)
    return separator.join(parts)


def _rounded(value: float, precision: int = 0, method: str = "common") -> float:
    if not abs(precision) <= MAX_DIGITS:
        raise SecurityError(f"round takes at most {MAX_DIGITS} digits")
    return do_round(value, precision, method)  # pyright: ignore[reportArgumentType] - Jinja checks the method


def _added(values: Iterable[Any], start: float = 0) -> float:
    found = [*values, start]
    if not all(isinstance(value, int | float) for value in found):
        raise SecurityError("sum works on numbers only")
    return sum(found)


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
