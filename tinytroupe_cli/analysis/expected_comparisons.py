"""The comparison that `compare('choice.ad', 'calm', 'loud').p_corrected` stands for in `expect`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.language.expressions import Call
from tinytroupe_cli.language.said_values import is_same, label

PROPERTIES: Final = ("estimate", "low", "high", "p", "p_corrected", "effect_size")
"""Figures of a comparison."""
ENDS: Final = ("low", "high")
"""Figures of a share or a mean."""


def compared_figure(
    found: Sequence[ComparisonResult], measure: str, call: Call, figure: str
) -> tuple[float | None, str]:
    """Return a figure of the one comparison that is meant, the second level against the first; or why there is none."""
    first, second = (label(argument.value) for argument in call.arguments)
    own = [
        comparison
        for comparison in found
        if comparison.measure == measure and comparison.kind != "missing" and _is_named(comparison, call)
    ]
    straight = [comparison for comparison in own if _levels(comparison) == (first.casefold(), second.casefold())]
    turned = [comparison for comparison in own if _levels(comparison) == (second.casefold(), first.casefold())]
    both = straight or turned
    if not both:
        return None, f"no comparison of {measure} between {first} and {second}: add it to `compare`"
    if len(both) > 1:
        return None, f"{len(both)} comparisons of {measure} between {first} and {second}: add option=… or by=…"
    value = _value(both[0], figure, is_turned=not straight)
    return value, "" if value is not None else both[0].why_not or f"this comparison has no {figure}"


def _levels(comparison: ComparisonResult) -> tuple[str, str]:
    return label(comparison.levels[0]).casefold(), label(comparison.levels[1]).casefold()


def _is_named(comparison: ComparisonResult, call: Call) -> bool:
    """Return whether a comparison has the option, the factor and the levels of others that the call names."""
    for name, constant in call.named:
        match name:
            case "option":
                fits = is_same(label(comparison.option), label(constant.value))
            case "by":
                fits = is_same(comparison.by, constant.value)
            case _:
                fits = is_same(label(comparison.at.get(name)), label(constant.value))
        if not fits:
            return False
    return True


def _value(comparison: ComparisonResult, figure: str, *, is_turned: bool) -> float | None:
    match figure:
        case "p":
            return comparison.p
        case "p_corrected":
            return comparison.p_corrected
        case "low":
            value = comparison.high if is_turned else comparison.low
        case "high":
            value = comparison.low if is_turned else comparison.high
        case "effect_size":
            value = comparison.effect_size
        case _:
            value = comparison.estimate
    return value if value is None or not is_turned else -value
