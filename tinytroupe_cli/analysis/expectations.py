"""Works `expect` out on what was measured.

share, count, mean, median, sd, min and max are over the answers that were stated; missing
counts all planned answers that are not: "not stated", refused, failed or never asked. Where
there is no answer to work with, the expectation can't be evaluated, which is a failure with
a reason, never a pass. With weights, shares, means, medians and standard deviations are weighted.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.analysis.answer_points import mixture_figures
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.expected_comparisons import compared_figure
from tinytroupe_cli.analysis.expected_truth import decided
from tinytroupe_cli.analysis.figure_intervals import figure_interval, unit_mean
from tinytroupe_cli.analysis.observations import Observation, answer_number, answer_share, is_none
from tinytroupe_cli.analysis.score_intervals import Interval
from tinytroupe_cli.analysis.units import UnitKind
from tinytroupe_cli.analysis.weighted_summaries import weighted_mean, weighted_median, weighted_sd
from tinytroupe_cli.analysis.weights import weighed_people
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.language.evaluation import evaluate, is_true
from tinytroupe_cli.language.expressions import (
    FUNCTIONS,
    Call,
    Constant,
    ExpressionError,
    Name,
    Node,
    outer_calls,
    parse,
)
from tinytroupe_cli.language.said_values import is_same
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.query_fields import main_field, why_absent
from tinytroupe_cli.plan.types import Plan, PlannedField


class Observed(Frozen):
    """A figure used in an expectation."""

    what: str
    """The figure, such as `choice.ad.at(price=399).share('calm')`."""
    value: float | None
    """Its value; null: there was no answer to compute it from."""
    low: float | None = None
    """Lower end of its interval; null: none was needed, or fewer than six units answered."""
    high: float | None = None
    """Upper end."""
    center: float | None = Field(default=None, exclude_if=is_none)
    """Mean over units, which the interval is about; `value` is that of all answers. Not written without an interval."""
    unit: UnitKind | None = Field(default=None, exclude_if=is_none)
    """What counts once in the interval: person, group or replicate. Not written without one."""


class ExpectationResult(Frozen):
    """The result of one line of `expect`."""

    text: str
    """The expectation as written."""
    outcome: Literal["held", "broken", "inconclusive", "not_evaluable"]
    """`inconclusive`: a threshold is inside the interval of its share or mean. `not_evaluable`: there was no stated
    answer to compute it from."""
    holds: bool = False
    """Whether it holds for the figures as they are, intervals aside; the run exits with 1 if one does not."""
    observed: tuple[Observed, ...] = ()
    """Every figure in it, with its value."""
    reason: str = ""
    """Why it could not be evaluated."""


def expectations(
    plan: Plan, rows: Sequence[Observation], compared: Sequence[ComparisonResult] = ()
) -> list[ExpectationResult]:
    """Work out every expectation of the plan; `compared` are its comparisons."""
    measures = _Measures(plan, rows, compared)
    return [measures.judge(text) for text in plan.expect]


class _Nothing(Exception):
    """There is no answer to work with."""


class _Measures:
    def __init__(self, plan: Plan, rows: Sequence[Observation], compared: Sequence[ComparisonResult]) -> None:
        weighed = weighed_people(plan)
        self._plan, self._rows, self._compared = plan, rows, compared
        self._weights = weighed.for_figures if weighed else None
        self._fields = plan.fields
        self._intervals: dict[Call, Interval | None] = {}
        self._centers: dict[Call, dict[str, Any]] = {}

    def judge(self, text: str) -> ExpectationResult:
        try:
            tree = parse(text, calls=True)
            seen = [(call, self._seen(call)) for call in outer_calls(tree)]
        except ExpressionError as error:
            return ExpectationResult(text=text, outcome="not_evaluable", reason=error.message)
        blank = ExpectationResult(text=text, outcome="not_evaluable", observed=self._observed(seen))
        try:
            is_held = self._holds(tree)
        except (_Nothing, ExpressionError) as error:
            return blank.model_copy(update={"reason": str(error)})
        outcome = "held" if is_held else "broken"
        if self._is_open(tree):
            outcome = "inconclusive"
        observed = self._observed(seen)  # with the intervals that were needed
        return blank.model_copy(update={"outcome": outcome, "holds": is_held, "observed": observed})

    def _holds(self, node: Node) -> bool:
        return is_true(evaluate(node, _no_name, self._value))

    def _is_open(self, tree: Node) -> bool:
        """Return whether a threshold is inside an interval, and what holds depends on it."""
        try:
            return decided(tree, self._holds, self._interval) is None
        except (_Nothing, ExpressionError):
            return True  # only reached as an earlier part is open

    def _observed(self, seen: Sequence[tuple[Call, float | None]]) -> tuple[Observed, ...]:
        return tuple(Observed(what=_written(call), value=value, **self._centers.get(call, {})) for call, value in seen)

    def _seen(self, call: Call) -> float | None:
        try:
            return self._value(call)
        except _Nothing:
            return None

    def _value(self, call: Call) -> float:
        if call.is_property and isinstance(call.target, Call):
            return self._property(call, call.target)
        _, field, rows = self._asked(call)
        option = call.arguments[0].value if call.arguments else None
        return _figure(call, field, rows, option, self._weights)

    def _asked(self, call: Call) -> tuple[str, PlannedField, list[Observation]]:
        """Return the measure that a call begins with, its field, and its rows at the levels that are named."""
        name, levels = _chain(call)
        field = self._field(name)
        if field is None and self._plan.exclude:
            raise _Nothing(f"{'.'.join(name.path)}: {why_absent(self._plan, name.path[0])}")
        if field is None:
            raise ExpressionError(f"'{'.'.join(name.path)}' was not measured", column=name.column, length=name.length)
        place = (name.path[0], field.name)
        rows = [row for row in self._rows if (row.query, row.field) == place and _is_at(row, levels)]
        if not rows:
            raise _Nothing(f"{'.'.join(name.path)} was not asked in these conditions")
        return ".".join(place), field, rows

    def _property(self, call: Call, of: Call) -> float:
        if of.method == "compare":
            measure, _, _ = self._asked(of)
            value, why = compared_figure(self._compared, measure, of, call.method)
            if value is None:
                raise _Nothing(f"{_written(call)}: {why}")
            return value
        interval = self._interval(of)
        if interval is None:
            raise _Nothing(f"{_written(call)}: no interval from so few units")
        return interval.low if call.method == "low" else interval.high

    def _interval(self, call: Call) -> Interval | None:
        """Return the interval of a share or a mean; None for other figures."""
        if call.is_property or call.method not in {"share", "mean"}:
            return None
        if call not in self._intervals:
            _, field, rows = self._asked(call)
            kind, option = type_of(field), call.arguments[0].value if call.arguments else None
            is_share = call.method == "share"

            def number(row: Observation) -> float | None:
                if is_share:
                    return answer_share(row, field, option)
                return answer_number(row, field, option)

            bounds = (0.0, 1.0) if is_share else kind.range(field)
            found = figure_interval(self._plan, rows, number, is_share=is_share, bounds=bounds)
            self._intervals[call] = found
            if found and (mean := unit_mean(self._plan, rows, number)):
                self._centers[call] = {**found._asdict(), "center": mean[0], "unit": mean[1]}
        return self._intervals[call]

    def _field(self, name: Name) -> PlannedField | None:
        query, *rest = name.path
        own = [field for (other, _), field in self._fields.items() if other == query]
        return next((field for field in own if [field.name] == rest), None) if rest else main_field(own)


def _figure(
    call: Call,
    field: PlannedField,
    rows: Sequence[Observation],
    option: JsonValue,
    weights: Mapping[str, float] | None,
) -> float:
    stated = [row for row in rows if row.outcome == "stated"]
    if call.method == "missing":
        return len(rows) - len(stated)
    if not stated and (call.method != "count" or all(row.outcome == "unasked" for row in rows)):
        raise _Nothing(f"{_written(call)}: none of {len(rows)} answers was stated")
    kind = type_of(field)
    if option is not None and kind.shape == "nominal" and field.options:
        _check_option(option, field)
    own = [1.0 if weights is None else weights.get(row.person, 1.0) for row in stated]
    match call.method:
        case "count":
            return sum(kind.is_answer(field, row.value, option) for row in stated) if call.arguments else len(stated)
        case "share":
            return weighted_mean([answer_share(row, field, option) for row in stated], own)
        case _:
            numbers = [
                (number, weight)
                for row, weight in zip(stated, own, strict=True)
                if (number := answer_number(row, field, option)) is not None
            ]
            of_mixture = (
                mixture_figures(field, pmfs, own)
                if (pmfs := [row.distribution for row in stated if row.distribution])
                else None
            )
            if of_mixture is not None and call.method in ("sd", "median"):
                return of_mixture.sd if call.method == "sd" else of_mixture.median
            return _statistic(call, numbers, is_weighted=weights is not None)


def _check_option(option: JsonValue, field: PlannedField) -> None:
    """Refuse to count what there is none of: categories are known only once they were proposed."""
    if not any(is_same(known, option) for known in field.options):
        known = ", ".join(str(known_option) for known_option in field.options)
        raise _Nothing(f"'{field.name}' has no '{option}'; it has {known}")


def _statistic(call: Call, found: Sequence[tuple[float, float]], *, is_weighted: bool) -> float:
    """Return a statistic of numbers with their weights."""
    if not found:
        raise _Nothing(f"{_written(call)}: no answer is a number")
    numbers, weights = zip(*found, strict=True)
    match call.method:
        case "mean":
            return weighted_mean(numbers, weights) if is_weighted else statistics.fmean(numbers)
        case "median":
            return weighted_median(numbers, weights) if is_weighted else statistics.median(numbers)
        case "sd":
            if len(numbers) == 1:
                raise _Nothing(f"{_written(call)}: a single answer has no standard deviation")
            return (weighted_sd(numbers, weights) or 0.0) if is_weighted else statistics.stdev(numbers)
        case "min":
            return min(numbers)
        case "max":
            return max(numbers)
        case _:
            raise ExpressionError(f"unknown method '{call.method}'", column=call.column, length=call.length)


def _chain(call: Call) -> tuple[Name, dict[str, JsonValue]]:
    """Return the name a chain of calls begins with, and the levels its `at`s narrow to."""
    levels: dict[str, JsonValue] = {}
    target = call.target
    while isinstance(target, Call):
        levels.update({factor: level.value for factor, level in target.named})
        target = target.target
    return target, levels


def _is_at(row: Observation, levels: Mapping[str, JsonValue]) -> bool:
    return all(is_same(row.levels.get(factor), level) for factor, level in levels.items())


def _written(call: Call) -> str:
    target = _written(call.target) if isinstance(call.target, Call) else ".".join(call.target.path)
    if call.is_property:
        return f"{target}.{call.method}"
    arguments = [_literal(argument) for argument in call.arguments]
    arguments += [f"{name}={_literal(value)}" for name, value in call.named]
    if call.method in FUNCTIONS:
        return f"{call.method}({', '.join([repr(target), *arguments])})"
    return f"{target}.{call.method}({', '.join(arguments)})"


def _literal(constant: Constant) -> str:
    match constant.value:
        case bool() | None:
            return {True: "true", False: "false", None: "null"}[constant.value]
        case value:
            return repr(value)


def _no_name(name: Name) -> JsonValue:
    dotted = ".".join(name.path)
    raise ExpressionError(f"'{dotted}' refers to many answers", column=name.column, length=name.length)
