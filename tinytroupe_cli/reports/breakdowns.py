"""A measure's answers by condition and by group of people: what a chart draws and a table lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final, NamedTuple

from pydantic import JsonValue

from tinytroupe_cli.analysis.analysis_settings import AnalysisSettings, settings_of
from tinytroupe_cli.analysis.descriptive import Summary, summary_of
from tinytroupe_cli.analysis.observations import Observation, answer_number
from tinytroupe_cli.analysis.units import MIN_UNITS, UnitKind, Units, cell_values, pooled
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.reports.answer_tables import field_summaries
from tinytroupe_cli.reports.figures import answer, humanized
from tinytroupe_cli.reports.labels import condition_label, measure_name
from tinytroupe_cli.reports.leading_measure import leading_measure
from tinytroupe_cli.reports.participants import Participant, QuerySummary
from tinytroupe_cli.reports.results import Results, confidence_level

MAX_GROUPS: Final = 6
MIN_PEOPLE: Final = 3
"""People in a group; smaller ones are not shown."""
MAX_ATTRIBUTES: Final = 3
ROUND: Final = 5
"""Bands of numbers end at its multiples."""


@dataclass(frozen=True, slots=True)
class Part:
    """The answers under one condition, or of one group of people."""

    label: str
    summary: Summary
    numbers: tuple[float, ...] = ()
    """The stated answers as numbers, lowest first; empty: they are none."""
    interval: tuple[float, float] | None = None
    """Interval of `center`, as `figure_interval` has it; None: fewer than six units."""
    center: float | None = None
    """Mean of the means of units; None: no interval."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The answers to one field, part by part."""

    query: QuerySummary
    field: PlannedField
    by: str
    """What the parts are: `condition`, or an attribute of people in words."""
    parts: tuple[Part, ...]
    whole: Part
    unit: UnitKind = "person"
    """What counts once in an interval."""
    level: str = "95%"
    """Confidence level of intervals."""

    @property
    def counted_once(self) -> str:
        """Return what counts once in an interval, in brackets; empty where each answer is a person's only one."""
        if self.unit == "replicate":
            return " (each replicate counts once; tables count all answers)"
        if self.unit == "group":
            return " (people who could reach each other count as one group, each group once; tables count all answers)"
        has_several = any(part.summary.stated > part.summary.people > 0 for part in self.parts)
        return " (each person counts once; tables count all answers)" if has_several else ""

    @property
    def is_weighted(self) -> bool:
        """Return whether shares and means are weighted."""
        return any(part.summary.weighted is not None for part in self.parts)

    @property
    def labels(self) -> tuple[str, ...]:
        """Return what the parts are called; a single one needs no name."""
        return tuple(part.label for part in self.parts) if len(self.parts) > 1 else ("",)

    @property
    def name(self) -> str:
        """Return what the measure is called."""
        return measure_name(self.query, self.field)


def by_condition(results: Results, query: QuerySummary, field: PlannedField) -> Breakdown:
    """Return a measure's answers by condition; one part with one condition. Not everybody may be left out."""
    rows, figures = _rows(results, query, field), _figures(results)
    *summaries, whole = field_summaries(results, query.query, field)
    labels = {condition.name: condition_label(condition) for condition in results.conditions}
    own: dict[str, list[Observation]] = {}
    for row in rows:
        own.setdefault(row.condition, []).append(row)
    parts = tuple(
        _part(labels[summary.condition], summary, own.get(summary.condition, []), field, figures)
        for summary in summaries
    )
    everyone = _part("all", whole, rows, field, figures)
    return Breakdown(
        query, field, "condition", parts or (everyone,), everyone, figures.units.kind, confidence_level(results)
    )


def main_breakdown(results: Results) -> Breakdown | None:
    """Return the measure that answers the title, by condition; None: none does, or it has a single answer."""
    measure = leading_measure(results)
    if measure is None or measure.whole.planned == 1:
        return None
    return by_condition(results, measure.asked, measure.field)


def by_groups(results: Results, query: QuerySummary, field: PlannedField) -> Iterator[Breakdown]:
    """Yield a measure's answers by each attribute that divides people into a few groups."""
    if not query.is_of_people or type_of(field).shape in ("words", "entries"):
        return
    rows, figures = _rows(results, query, field), _figures(results)
    whole = _part("all", field_summaries(results, query.query, field)[-1], rows, field, figures)
    weights = _weights(results) if whole.summary.weighted else None
    for attribute, groups in groups_of_people(results).items():
        parts: list[Part] = []
        for label, people in groups.items():
            own = [row for row in rows if row.person in people]
            summary = summary_of(query.query, field, own, figures.units, weights=weights, settings=figures.settings)
            parts.append(_part(label, summary, own, field, figures))
        stated = tuple(part for part in parts if part.summary.stated)
        if len(stated) > 1:
            by = humanized(attribute.replace(".", " "))
            yield Breakdown(query, field, by, stated, whole, figures.units.kind, confidence_level(results))


def groups_of_people(results: Results) -> dict[str, dict[str, frozenset[str]]]:
    """Return attribute -> group -> ids of its people: attributes that comparisons or weights name, then the first."""
    named = [comparison.by for comparison in results.comparisons]
    weighted = [margin.attribute for margin in results.weights.margins] if results.weights else []
    found = {
        attribute: groups
        for attribute in dict.fromkeys(key for person in results.participants for key in person.attributes)
        if len(groups := _groups(results.participants, attribute)) > 1
    }
    wanted = {name.removeprefix("person.") for name in (*named, *weighted)}
    order = sorted(found, key=lambda attribute: attribute not in wanted)
    return {attribute: found[attribute] for attribute in order[:MAX_ATTRIBUTES]}


def _groups(people: Sequence[Participant], attribute: str) -> dict[str, frozenset[str]]:
    values = {person.id: person.attributes[attribute] for person in people if attribute in person.attributes}
    labels = _bands(values) or {person: answer(value) for person, value in values.items()}
    sizes = Counter(labels.values())
    if not 1 < len(sizes) <= MAX_GROUPS or min(sizes.values()) < MIN_PEOPLE:
        return {}
    order = list(sizes) if _bands(values) == {} else sorted(sizes, key=_first_number)
    return {label: frozenset(person for person, own in labels.items() if own == label) for label in order}


def _bands(values: dict[str, JsonValue]) -> dict[str, str]:
    """Return person -> band of a number, in thirds that end at round numbers; empty: these are no numbers."""
    numbers = {
        person: value for person, value in values.items() if isinstance(value, int | float) and value is not True
    }
    if len(numbers) < len(values) or len(set(numbers.values())) <= MAX_GROUPS:
        return {}
    ordered = sorted(numbers.values())
    cuts = sorted({ROUND * round(ordered[len(ordered) * third // 3] / ROUND) for third in (1, 2)})
    return {person: _band(value, cuts) for person, value in numbers.items()}


def _band(value: float, cuts: Sequence[int]) -> str:
    above = [cut for cut in cuts if value >= cut]
    below = [cut for cut in cuts if value < cut]
    if not above:
        return f"under {below[0]}"
    return f"{above[-1]} to {below[0] - 1}" if below else f"{above[-1]} and over"


def _first_number(label: str) -> tuple[float, bool]:
    words = label.removeprefix("under ").split()
    return float(words[0]), not label.startswith("under ")


def _weights(results: Results) -> dict[str, float]:
    return {person.id: person.weight for person in results.participants if person.weight is not None}


def has_groups(results: Results) -> bool:
    """Return whether people who could reach each other count as one unit."""
    return any(person.unit not in ("", person.id) for person in results.participants)


class _Figures(NamedTuple):
    """What intervals are over, and how they are calculated."""

    units: Units
    settings: AnalysisSettings


def _figures(results: Results) -> _Figures:
    settings = settings_of(results.inference, results.seed)
    if results.inference.about == "cast":
        return _Figures(Units("replicate", {}), settings)
    of = {person.id: person.unit or person.id for person in results.participants}
    return _Figures(Units("group" if has_groups(results) else "person", of), settings)


def _part(label: str, summary: Summary, rows: Sequence[Observation], field: PlannedField, figures: _Figures) -> Part:
    if type_of(field).shape not in ("numeric", "ordinal"):
        return Part(label, summary)
    found = (answer_number(row, field) for row in rows if row.outcome == "stated")
    numbers = tuple(sorted(value for value in found if value is not None))
    means = _unit_means(rows, field, figures.units)
    if len(means) < MIN_UNITS:
        return Part(label, summary, numbers)
    from tinytroupe_cli.analysis.mean_intervals import mean_interval  # noqa: PLC0415 - it needs numpy

    inference, bounds = figures.settings.inference, type_of(field).range(field)
    seed = figures.settings.seed
    interval = mean_interval(means, resamples=inference.resamples, seed=seed, alpha=inference.alpha, bounds=bounds)
    return Part(label, summary, numbers, interval, fmean(means) if interval else None)


def _unit_means(rows: Sequence[Observation], field: PlannedField, units: Units) -> list[float]:
    stated = [row for row in rows if units.kind == "replicate" or row.person or row.trial in units.of_trial]
    return list(pooled(cell_values(stated, units, lambda row: answer_number(row, field))).values())


def _rows(results: Results, query: QuerySummary, field: PlannedField) -> list[Observation]:
    return [row for row in results.rows if (row.query, row.field) == (query.query, field.name) and not row.excluded]
