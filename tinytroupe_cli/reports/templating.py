"""What templates of reports can call: filters that write figures, and how each format escapes what it prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from tinytroupe_cli.analysis.comparison_result import ComparisonResult, difference_of, key_of
from tinytroupe_cli.analysis.fidelity_result import FidelityFigure
from tinytroupe_cli.analysis.negative_controls import has_moved
from tinytroupe_cli.core.number_format import count, dollars, duration, number
from tinytroupe_cli.fields.field_types import FIELD_TYPES
from tinytroupe_cli.language.compiled_templates import kept_environment
from tinytroupe_cli.language.said_values import on_one_line
from tinytroupe_cli.plan.types import PlannedPopulation
from tinytroupe_cli.reports.breakdowns import has_groups
from tinytroupe_cli.reports.figures import answer, enumeration, fine_percent, humanized, percent
from tinytroupe_cli.reports.labels import condition_label, measure_words
from tinytroupe_cli.reports.model_settings import ModelSettings
from tinytroupe_cli.reports.results import Results

MIN_P = 0.001
"""Smaller p-values are written as below it."""
MAX_CHARACTERS = 300
"""Of what a model said instead of an answer."""


def environment(
    escape: Callable[[object], str],
    ready: Callable[[str], str],
    filters: Mapping[str, Callable[..., Any]] | None = None,
) -> Environment:
    """Return the environment of a format: `escape` makes a value safe, `ready` marks a text that is safe.

    The sentences in words.jinja are the same for each.
    """
    # `escape` does what autoescape would, for formats that are not HTML too
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    made = kept_environment(loader, finalize=escape, extensions=("jinja2.ext.do",))

    def line(text: object) -> str:
        return ready(" ".join(str(text).split()))

    def spaced(text: object) -> str:
        return ready(f" {words}" if (words := line(text)) else "")

    def text(value: object) -> str:
        return ready(escape(value))

    own: dict[str, Callable[..., Any]] = {"line": line, "spaced": spaced, "ready": ready, "text": text}
    made.filters.update({**_FILTERS, **own, **(filters or {})})
    return made


def _excerpt(text: str) -> str:
    return text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS]}… (all of it in results.json)"


def _room_sizes(results: Results) -> list[int]:
    """Return how many people each room has; empty: they are all in one room, or in none."""
    rooms = Counter(person.group for person in results.participants if person.group)
    return list(rooms.values()) if results.world.type == "room" else []


def _has_fixed_predecessors(results: Results) -> bool:
    """Return whether each condition follows the same one in all orders, or is first."""
    before: dict[str, set[str]] = {}
    for person in results.participants:
        for one, other in pairwise(person.sequence or ()):
            before.setdefault(other, set()).add(one)
    return bool(before) and all(len(own) == 1 for own in before.values())


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{number(value)} s"


def _settings(model: ModelSettings) -> Sequence[tuple[str, Any]]:
    """Return the settings that were chosen."""
    return list(model.model_dump(exclude={"name"}, exclude_none=True).items())


def _largest_gap(population: PlannedPopulation) -> float:
    """Return the largest difference between a wanted share and the drawn one."""
    return max((abs(margin.wanted - margin.drawn) for margin in population.margins if not margin.is_mean), default=0.0)


def _maybe(value: float | None) -> str:
    """Write a number, or nothing where there is none."""
    return "" if value is None else number(value)


def _by_name(figures: Sequence[FidelityFigure]) -> dict[str, FidelityFigure]:
    return {figure.name: figure for figure in figures if figure.value is not None}


def _thousands(value: float) -> str:
    return f"{value:,}"


def p_value(p: float) -> str:
    """Write a p-value: three decimals, or that it is below the smallest of these."""
    return "< 0.001" if p < MIN_P else f"{p:.3f}"


def _p_is(p: float) -> str:
    value = p_value(p)
    return f"p {value}" if value.startswith("<") else f"p = {value}"


def _as_told(compared: ComparisonResult) -> ComparisonResult:
    """Return a difference as a sentence of "more" tells it: the higher value second, if a difference is shown."""
    return compared.swapped() if compared.is_significant and (compared.estimate or 0.0) < 0 else compared


def _with_and_without(results: Results) -> list[tuple[ComparisonResult, ComparisonResult]]:
    """Return each comparison without the people left out, and the same with everybody."""
    everybody = _numbered(results.exclusions.comparisons) if results.exclusions else {}
    return [(one, everybody[key]) for key, one in _numbered(results.comparisons).items() if key in everybody]


def _numbered(found: Sequence[ComparisonResult]) -> dict[tuple[str, int], ComparisonResult]:
    """Return comparisons by their key, and by how many of the same key come before: several may have the same one."""
    numbered: dict[tuple[str, int], ComparisonResult] = {}
    before = Counter[str]()
    for one in found:
        key = key_of(one)
        numbered[key, before[key]] = one
        before[key] += 1
    return numbered


def _changed_verdicts(
    pairs: Sequence[tuple[ComparisonResult, ComparisonResult]],
) -> list[tuple[ComparisonResult, ComparisonResult]]:
    """Return the pairs of which only one is statistically significant, or only one could be tested."""
    return [(one, other) for one, other in pairs if _verdict(one) != _verdict(other)]


def _verdict(one: ComparisonResult) -> bool | None:
    return None if one.p_corrected is None else one.is_significant


def _missing_and_planned(rows: Sequence[ComparisonResult]) -> tuple[int, int]:
    """Return how many answers to a measure are missing, and were planned: each level of its first comparison's factor.

    Levels of another factor divide the same answers again.
    """
    counts: dict[str, tuple[int, int]] = {}
    for row in rows:
        if row.by == rows[0].by:
            each = zip(row.levels, row.missing, row.planned, strict=False)
            counts.update(
                {repr((level, sorted(row.at.items()))): (missing, planned) for level, missing, planned in each}
            )
    return sum(missing for missing, _ in counts.values()), sum(planned for _, planned in counts.values())


def _moved(controls: Sequence[ComparisonResult]) -> list[ComparisonResult]:
    """Return the controls that differ between conditions."""
    return [control for control in controls if has_moved(control)]


def _telling(found: Sequence[ComparisonResult], most: int) -> list[ComparisonResult]:
    """Return the comparisons worth a sentence: those somebody asked for, then the clearest ones.

    Missing answers of a measure have one sentence for all levels, and figures that another entry has, too, come last.
    """
    order = sorted(
        found,
        key=lambda comparison: (
            comparison.family == "exploratory",
            comparison.p_corrected is None,
            comparison.p_corrected or 1.0,
        ),
    )
    firsts = [one for one in order if one is (_alike(order, one) or [one])[0]]
    figures = [repr((difference_of(one).key, one.estimand, one.contrast, one.also_by, one.estimate)) for one in firsts]
    fresh = [figure not in figures[:place] for place, figure in enumerate(figures)]
    repeats = [one for one, is_fresh in zip(firsts, fresh, strict=True) if not is_fresh]
    return [*(one for one, is_fresh in zip(firsts, fresh, strict=True) if is_fresh), *repeats][:most]


def _told(found: Sequence[ComparisonResult], most: int) -> list[ComparisonResult]:
    """Return the comparisons with a sentence in report.md: the telling ones, and all with a named test or a verdict."""
    order = _telling(found, len(found))
    wanted = (one for one in order[most:] if one.kind != "missing" and (one.named_test or one.verdict))
    return [*order[:most], *wanted]


def _alike(found: Sequence[ComparisonResult], comparison: ComparisonResult) -> list[ComparisonResult]:
    """Return the rows on the same measure's missing answers, which share a sentence; none for other rows."""
    if comparison.kind != "missing":
        return []
    key = (comparison.measure, comparison.by, comparison.at)
    return [other for other in found if other.kind == "missing" and (other.measure, other.by, other.at) == key]


def _pairs(named: Mapping[str, str]) -> list[str]:
    return [f"{name} {value}" for name, value in named.items() if value]


def _enumerated(words: Sequence[str], most: int = 6) -> str:
    return enumeration(list(words), most)


_FILTERS: dict[str, Callable[..., Any]] = {
    "alike": _alike,
    "answer": answer,
    "by_name": _by_name,
    "count": count,
    "day": FIELD_TYPES["date"].figure,
    "dollars": dollars,
    "duration": duration,
    "enumeration": _enumerated,
    "excerpt": _excerpt,
    "has_fixed_predecessors": _has_fixed_predecessors,
    "has_groups": has_groups,
    "humanized": humanized,
    "label": condition_label,
    "maybe": _maybe,
    "measure_words": measure_words,
    "largest_gap": _largest_gap,
    "missing_and_planned": _missing_and_planned,
    "moved": _moved,
    "with_and_without": _with_and_without,
    "changed_verdicts": _changed_verdicts,
    "number": number,
    "on_one_line": on_one_line,
    "as_told": _as_told,
    "p_is": _p_is,
    "p_value": p_value,
    "pairs": _pairs,
    "percent": percent,
    "room_sizes": _room_sizes,
    "seconds": _seconds,
    "settings": _settings,
    "share": fine_percent,
    "telling": _telling,
    "thousands": _thousands,
    "told": _told,
}
