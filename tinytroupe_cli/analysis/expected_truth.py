"""Whether an expectation holds, does not hold, or can't be decided: three values instead of two.

A figure compared with a number decides nothing while the number is inside the figure's interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Final

from tinytroupe_cli.analysis.score_intervals import Interval
from tinytroupe_cli.language.expressions import Call, Comparison, Constant, Logic, Node, Unary

IntervalOf = Callable[[Call], Interval | None]
HoldsOf = Callable[[Node], bool]
_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def decided(node: Node, holds: HoldsOf, interval_of: IntervalOf) -> bool | None:
    """Return whether an expression certainly holds; None: a number is inside the interval of its figure.

    `holds` says whether a part holds for the figures as they are. `not`, `and` and `or` follow Kleene's logic (1952).
    """
    match node:
        case Unary(sign="not"):
            inner = decided(node.operand, holds, interval_of)
            return None if inner is None else not inner
        case Logic():
            return _combined(node, holds, interval_of)
        case Comparison():
            parts = [node.first, *(part for _, part in node.rest)]
            pairs = zip(pairwise(parts), (sign for sign, _ in node.rest), strict=True)
            return _all(_pair(pair, sign, other, holds, interval_of) for (pair, other), sign in pairs)
        case _:
            return holds(node)


def _combined(node: Logic, holds: HoldsOf, interval_of: IntervalOf) -> bool | None:
    settling = node.word == "or"
    is_open = False
    for operand in node.operands:  # what is never reached does not matter
        found = decided(operand, holds, interval_of)
        if found is settling:
            return settling
        is_open = is_open or found is None
    return None if is_open else not settling


def _all(found: Iterable[bool | None]) -> bool | None:
    is_open = False
    for figure in found:
        if figure is False:
            return False
        is_open = is_open or figure is None
    return None if is_open else True


def _pair(left: Node, sign: str, right: Node, holds: HoldsOf, interval_of: IntervalOf) -> bool | None:
    match left, right:
        case Call(), Constant(value=int() | float() as number) if sign in _MIRRORED:
            interval = interval_of(left)
        case Constant(value=int() | float() as number), Call() if sign in _MIRRORED:
            interval, sign = interval_of(right), _MIRRORED[sign]
        case _:
            return holds(Comparison(left, ((sign, right),), left.column, left.length))
    if interval is None:
        return holds(Comparison(left, ((sign, right),), left.column, left.length))
    return _against(interval, sign, float(number))


def _against(interval: Interval, sign: str, number: float) -> bool | None:
    """Return whether every value of the interval is on the wanted side of a number; None: some are."""
    low, high = interval
    match sign:
        case "<":
            return True if high < number else False if low >= number else None
        case "<=":
            return True if high <= number else False if low > number else None
        case ">":
            return True if low > number else False if high <= number else None
        case _:
            return True if low >= number else False if high < number else None
