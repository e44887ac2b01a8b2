"""The comparisons of the HTML page as charts: all shares on one axis, every other measure on its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.reports.charts.chart_frame import chart_spec
from tinytroupe_cli.reports.charts.chart_images import NARROW, WIDE, svg
from tinytroupe_cli.reports.charts.difference_intervals import DrawnDifference, difference_intervals
from tinytroupe_cli.reports.charts.poll_lines import poll_lines
from tinytroupe_cli.reports.figures import humanized
from tinytroupe_cli.reports.page_measures import PageChart
from tinytroupe_cli.reports.results import Results, confidence_level
from tinytroupe_cli.reports.sentences import comparison_sentence, counted_once, one_line, poll_moment, words

DRAWN: Final = ("pair", "options", "contrast", "interaction")
MINUS, TIMES = "\u2212", "\u00d7"
MAX_DRAWN: Final = 24
"""Comparisons of a chart; the table has all."""
UNITS: Final = {"points": "points of the scale", "date": "days", "place": "places"}


def comparison_charts(results: Results) -> Iterator[PageChart]:
    """Yield the charts, in the order of the comparisons."""
    groups: dict[str, list[ComparisonResult]] = {}
    for one in results.comparisons:
        if one.kind in DRAWN and one.estimate is not None and one.estimand.startswith(("difference", "contrast")):
            groups.setdefault("" if one.scale == "share" else one.measure, []).append(one)
    units = {f"{query.query}.{field.name}": field.unit for query in results.queries for field in query.fields}
    for measure, found in groups.items():
        first = found[0]
        unit = "percentage points" if not measure else UNITS.get(first.scale, units.get(measure, ""))
        differences = [_drawn(one) for one in found[:MAX_DRAWN]]
        wide, narrow = (
            difference_intervals(differences, unit, level=confidence_level(results), is_narrow=is_narrow)
            for is_narrow in (False, True)
        )
        if wide is None or narrow is None:
            continue
        about = " ".join(comparison_sentence(one) for one in found[:MAX_DRAWN])
        title = "Shares" if not measure else humanized(measure.rpartition(".")[2])
        drawn = svg(chart_spec(wide, WIDE), chart_spec(narrow, NARROW), about)
        yield PageChart(by=title, drawn=drawn, words=about, note=f"{wide.note} {counted_once(first)}")


def poll_charts(results: Results) -> Iterator[PageChart]:
    """Yield how answers to each poll of a discussion change."""
    kinds = {f"{query.query}.{field.name}": field.kind for query in results.queries for field in query.fields}
    for poll in results.polls:
        is_share = kinds.get(poll.measure) == "yes_no"
        wide, narrow = (poll_lines(poll, width, is_share=is_share) for width in (WIDE, NARROW))
        if wide is None or narrow is None:
            continue
        name = humanized(poll.measure.rpartition(".")[2])
        levels = ", ".join(poll_moment(one) for one in poll.rounds if one.stated)
        words_of_it = f"{name} in the discussion: {levels}."
        lines = f"Lines show the means of groups with {confidence_level(results)} intervals."
        note = lines if any(one.mean for one in poll.rounds) else ""
        yield PageChart(by=name, drawn=svg(wide, narrow, words_of_it), words=words_of_it, note=note)


def _drawn(one: ComparisonResult) -> DrawnDifference:
    factor = 100 if one.scale == "share" else 1
    macros = words()
    first, second = (one_line(macros.level(one, at)) for at in (0, 1))
    name = one_line(macros.row_name(one)) + str(macros.estimand_note(one))
    label = f"{name}: {second} {MINUS} {first}" if first and second else f"{name}: {one.contrast or _crossed(one)}"
    low, high = (None if end is None else factor * end for end in (one.low, one.high))
    return DrawnDifference(label=label, estimate=factor * (one.estimate or 0.0), low=low, high=high)


def _crossed(one: ComparisonResult) -> str:
    return f" {TIMES} ".join(humanized(factor) for factor in (one.by, one.also_by) if factor)
