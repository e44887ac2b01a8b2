"""Resolves temperatures that are fitted to human answers: which measure, which file, and whether there are enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from tinytroupe_cli.analysis.fitted_temperature import MIN_ANSWERS
from tinytroupe_cli.compiler.measures.human_data import DataColumns, HumanDataKey, human_answers
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.plan.planned_temperature import PlannedTemperatureFit
from tinytroupe_cli.spec.measures import Likert, Query, Scale
from tinytroupe_cli.spec.rating import TemperatureFit

if TYPE_CHECKING:
    from collections.abc import Callable

    from tinytroupe_cli.compiler.findings import Findings


def plan_temperature_fits(
    written: Sequence[Query],
    fields: Mapping[str, Mapping[str, PlannedField]],
    read: Callable[[str], str],
    findings: Findings,
) -> Iterator[PlannedTemperatureFit]:
    """Yield the fits that can be made; `read` reads a table as text."""
    for index, query in enumerate(written):
        for name, field in query.fields.items():
            settings = field.ssr if isinstance(field, Likert | Scale) else None
            if settings is None or not isinstance(settings.temperature, TemperatureFit):
                continue
            own = fields.get(query.name, {})
            rated = next(
                (candidate for candidate in (own.get(name), own.get(f"{name}_ssr")) if candidate and candidate.rating),
                None,
            )
            path: Path = ("extract", index, "fields", name, "ssr", "temperature")
            if rated is None:
                continue
            found = _planned(query.name, rated, settings.temperature, path, read=read, findings=findings)
            if found is not None:
                yield found


def _planned(
    query: str,
    field: PlannedField,
    fit: TemperatureFit,
    path: Path,
    *,
    read: Callable[[str], str],
    findings: Findings,
) -> PlannedTemperatureFit | None:
    def complain(message: str, part: HumanDataKey, *, hint: str = "", code: str = "E560") -> None:
        findings.add(code, message, (*path, "column" if part == "column" else "fit"), hint=hint)

    humans = human_answers(read, DataColumns(data=fit.fit, column=fit.column), field, complain)
    if humans is None:
        return None
    count = sum(answer is not None for answer in humans.answers)
    if count < MIN_ANSWERS:
        hint = "half of the people are used for fitting and half for checking; with fewer, write a number"
        complain(f"{fit.fit} has {count} answers; a temperature needs {MIN_ANSWERS}", "with", hint=hint, code="E562")
        return None
    return PlannedTemperatureFit(query=query, field=field.name, humans=humans)
