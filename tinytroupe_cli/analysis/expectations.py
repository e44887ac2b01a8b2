"""Works `expect` out on what was measured.

share, count, mean, median, sd, min and max are over the answers that were stated; missing
counts all planned answers that are not: "not stated", refused, failed or never asked. Where
there is no answer to work with, the expectation can't be evaluated, which is a failure with
a reason, never a pass.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import JsonValue

from tinytroupe_cli.analysis.answer_points import points_of
from tinytroupe_cli.analysis.distributions import median, mixture, standard_deviation
from tinytroupe_cli.analysis.observations import Observation, answer_number, answer_share
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.language.evaluation import evaluate, is_true
from tinytroupe_cli.language.expressions import Call, Constant, ExpressionError, Name, outer_calls, parse
from tinytroupe_cli.language.said_values import is_same
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.query_fields import main_field
from tinytroupe_cli.plan.types import Plan, PlannedField


class Observed(Frozen):
    """A figure used in an expectation."""

    what: str
    """The figure, such as `choice.ad.at(price=399).share('calm')`."""
    value: float | None
    """Its value; null: there was no answer to compute it from."""


class ExpectationResult(Frozen):
    """The result of one line of `expect`."""

    text: str
    """The expectation as written."""
    outcome: Literal["held", "broken", "not_evaluable"]
    """`not_evaluable`: there was no stated answer to compute it from; it counts as failed."""
    observed: tuple[Observed, ...] = ()
    """Every figure in it, with its value."""
    reason: str = ""
    """Why it could not be evaluated."""


def expectations(plan: Plan, rows: Sequence[Observation]) -> list[ExpectationResult]:
    """Work out every expectation of the plan."""
    fields = {
        (query.name, field.name): field for trial in plan.trials for query in trial.queries for field in query.fields
    }
    return [_Measures(fields, rows).judge(text) for text in plan.expect]


class _Nothing(Exception):
    """There is no answer to work with."""


class _Measures:
    def __init__(self, fields: Mapping[tuple[str, str], PlannedField], rows: Sequence[Observation]) -> None:
        self._fields = fields
        self._rows = rows

    def judge(self, text: str) -> ExpectationResult:
        try:
            tree = parse(text, calls=True)
            observed = tuple(Observed(what=_written(call), value=self._seen(call)) for call in outer_calls(tree))
        except ExpressionError as error:
            return ExpectationResult(text=text, outcome="not_evaluable", reason=error.message)
        try:
            is_held = is_true(evaluate(tree, _no_name, self._value))
        except (_Nothing, ExpressionError) as error:
            return ExpectationResult(text=text, outcome="not_evaluable", observed=observed, reason=str(error))
        return ExpectationResult(text=text, outcome="held" if is_held else "broken", observed=observed)

    def _seen(self, call: Call) -> float | None:
        try:
            return self._value(call)
        except _Nothing:
            return None

    def _value(self, call: Call) -> float:
        name, levels = _chain(call)
        field = self._field(name)
        if field is None:
            raise ExpressionError(f"'{'.'.join(name.path)}' was not measured", column=name.column, length=name.length)
        place = (name.path[0], field.name)
        rows = [row for row in self._rows if (row.query, row.field) == place and _is_at(row, levels)]
        if not rows:
            raise _Nothing(f"{'.'.join(name.path)} was not asked in these conditions")
        option = call.arguments[0].value if call.arguments else None
        return _figure(call, field, rows, option)

    def _field(self, name: Name) -> PlannedField | None:
        query, *rest = name.path
        own = [field for (other, _), field in self._fields.items() if other == query]
        return next((field for field in own if [field.name] == rest), None) if rest else main_field(own)


def _figure(call: Call, field: PlannedField, rows: Sequence[Observation], option: JsonValue) -> float:
    stated = [row for row in rows if row.outcome == "stated"]
    if call.method == "missing":
        return len(rows) - len(stated)
    if not stated and (call.method != "count" or all(row.outcome == "unasked" for row in rows)):
        raise _Nothing(f"{_written(call)}: none of {len(rows)} answers was stated")
    kind = type_of(field)
    if option is not None and kind.shape == "nominal" and field.options:
        _check_option(option, field)
    match call.method:
        case "count":
            return sum(kind.is_answer(field, row.value, option) for row in stated) if call.arguments else len(stated)
        case "share":
            return math.fsum(answer_share(row, field, option) for row in stated) / len(stated)
        case _:
            numbers = [number for row in stated if (number := answer_number(row, field, option)) is not None]
            return _of_mixture(call, field, stated) if _is_of_mixture(call, stated) else _statistic(call, numbers)


def _is_of_mixture(call: Call, stated: Sequence[Observation]) -> bool:
    return call.method in ("sd", "median") and any(row.pmf for row in stated)


def _of_mixture(call: Call, field: PlannedField, stated: Sequence[Observation]) -> float:
    """Return the spread or median of answers that are distributions: of their mean."""
    points, pmf = points_of(field) or [], mixture([row.pmf for row in stated if row.pmf])
    return standard_deviation(points, pmf) if call.method == "sd" else median(points, pmf)


def _check_option(option: JsonValue, field: PlannedField) -> None:
    """Refuse to count what there is none of: categories are known only once they were proposed."""
    if not any(is_same(known, option) for known in field.options):
        known = ", ".join(str(one) for one in field.options)
        raise _Nothing(f"'{field.name}' has no '{option}'; it has {known}")


def _statistic(call: Call, numbers: Sequence[float]) -> float:
    if not numbers:
        raise _Nothing(f"{_written(call)}: no answer is a number")
    match call.method:
        case "mean":
            return statistics.fmean(numbers)
        case "median":
            return statistics.median(numbers)
        case "sd":
            if len(numbers) == 1:
                raise _Nothing(f"{_written(call)}: a single answer has no standard deviation")
            return statistics.stdev(numbers)
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
    arguments = [_literal(argument) for argument in call.arguments]
    arguments += [f"{name}={_literal(value)}" for name, value in call.named]
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
