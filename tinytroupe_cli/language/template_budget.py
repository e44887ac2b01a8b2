"""Bounds the work of a template: the turns of its loops, and the size of what it compares, cuts, joins and filters.

Only loops can make a short template slow, so what they repeat is counted, not timed: a text is refused on every
machine or on none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sized
from dataclasses import dataclass
from typing import Any, Final, cast

from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.visitor import NodeTransformer

MAX_STEPS: Final = 200_000
"""About a tenth of a second."""
MAX_TAGS: Final = 2_000
MAX_TAG_CHARACTERS: Final = 5_000
LOOP: Final = "turns of a loop"
SIZE: Final = "size of a value"
JOIN: Final = "joined values"
"""Names of the filters that count; no template can contain them, as they have spaces."""


class StepsError(SecurityError):
    """A template needs more steps than it may take."""

    def __init__(self, line: int) -> None:
        super().__init__(f"its loops take more than {MAX_STEPS:,} steps")
        self.line = line
        """In the template, from 1; 0: unknown."""


@dataclass
class StepBudget:
    """Steps of one rendering."""

    left: int = MAX_STEPS

    def spend(self, steps: int, line: int = 0) -> None:
        """Count steps; raises `StepsError` if there are too many."""
        self.left -= steps
        if self.left < 0:
            raise StepsError(line)

    def loop(self, values: Iterable[Any], weight: int, line: int) -> Iterable[Any]:
        """Count the turns of a loop before it begins; `weight`: steps in a turn."""
        turns = values if isinstance(values, Sized) else list(values)
        self.spend(len(turns) * weight, line)
        return turns

    def sized(self, value: Any) -> Any:
        """Count the size of a value that is read as a whole."""
        self.spend(1 + _size(value))
        return value

    def items(self, value: Any) -> None:
        """Count the parts of a value that may be read one by one."""
        self.spend(1 + (len(value) // 20 if isinstance(value, str) else _size(value)))

    def joined(self, values: list[Any]) -> str:
        """Join values as `~` does, and count their size."""
        return "".join(str(self.sized(value)) for value in values)


def _size(value: Any) -> int:
    if isinstance(value, str):
        return len(value) // 100
    return len(cast("list[Any]", value)) // 10 if isinstance(value, list | tuple | dict) else 0


def counted(tree: nodes.Template) -> nodes.Template:
    """Return a template that spends its budget."""
    return cast("nodes.Template", _Counting().visit(tree))


class _Counting(NodeTransformer):
    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - Jinja's name
        weight = 1 + sum(map(_weight, node.body))
        self.generic_visit(node)
        node.iter = _filtered(node.iter, LOOP, nodes.Const(weight), nodes.Const(node.lineno))
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.expr = _filtered(node.expr, SIZE)
        for operand in node.ops:
            operand.expr = _filtered(operand.expr, SIZE)
        return node

    def visit_Test(self, node: nodes.Test) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.args = [_filtered(argument, SIZE) for argument in node.args]
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        if isinstance(node.arg, nodes.Slice):
            node.node = _filtered(node.node, SIZE)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _filtered(nodes.List(list(node.nodes), lineno=node.lineno), JOIN)


def _weight(node: nodes.Node) -> int:
    """Return the parts of a loop's body, without those of a loop in it, which counts its own."""
    inside = () if isinstance(node, nodes.For) else node.iter_child_nodes()
    return 1 + sum(map(_weight, inside))


def _filtered(node: nodes.Node, name: str, *arguments: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(cast("nodes.Expr", node), name, list(arguments), [], None, None, lineno=node.lineno)
