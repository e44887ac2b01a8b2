"""details.md, which has everything in words and tables, and its sections one by one, which other reports take from it.

Knows `Results` alone. The words stand in templates/: details.md.jinja is the page, words.jinja has the sentences that
other formats use too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment
from pydantic import JsonValue

from tinytroupe_cli.analysis.comparison_result import ComparisonResult, difference_of
from tinytroupe_cli.analysis.consensus import Consensus
from tinytroupe_cli.analysis.multiverse_result import Branch, SpecificationCurve
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.tables import Table
from tinytroupe_cli.events.perceptions import PERCEPTIONS
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.outputs import NOT_MAPPED
from tinytroupe_cli.reports.answer_tables import query_sheet
from tinytroupe_cli.reports.answers import findings
from tinytroupe_cli.reports.artifacts import ENDINGS, WrittenDocument
from tinytroupe_cli.reports.balance_figures import balance_figures
from tinytroupe_cli.reports.character_charts import UNICODE, draw
from tinytroupe_cli.reports.escaping import SafeMarkdown, command, escape, fenced, plain, table
from tinytroupe_cli.reports.figures import answer, enumeration, humanized
from tinytroupe_cli.reports.headline import headline
from tinytroupe_cli.reports.participants import StimulusSummary
from tinytroupe_cli.reports.report_figures import report_figures
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.templating import environment

WIDTH = 78
"""Columns of the charts."""
MAX_CELL_CHARACTERS = 200
LIMITS = {
    "MAX_STIMULI": 16,
    "MAX_QUESTIONS": 4,
    "MAX_TEXTS": 20,
    "MAX_ROWS": 8,
    "MAX_NAMED": 8,
    "MAX_PROBLEMS": 30,
    "MAX_SENTENCES": 6,
    "MAX_ALARMS": 3,
    "MAX_COMPARISONS": 40,
    "MAX_BALANCE": 12,
    "MAX_BASELINES": 40,
    "MAX_ORDERS": 12,
    "MAX_MARGINS": 40,
    "MAX_DEVIATIONS": 30,
    "MAX_CURVES": 3,
    "MAX_BRANCHES": 24,
}
"""Entries of a list in the report; results.json has all."""


@cache
def markdown_environment() -> Environment:
    """Return the environment of all Markdown; its templates are read and compiled once."""
    return environment(escape, SafeMarkdown, _FILTERS)


def details(results: Results) -> bytes:
    """Render details.md."""
    page = markdown_environment().get_template("details.md.jinja")
    return page.render({**LIMITS, **_variables(results)}).encode()


class MarkdownSections:
    """The report's sections one by one, for pages that have them in another order."""

    def __init__(self, results: Results) -> None:
        """Prepare the sections of a run's results."""
        made = markdown_environment()
        self._environment = made
        self._templates = [
            made.get_template(name)
            for name in ("details.md.jinja", "details_outcomes.md.jinja", "report_validity.md.jinja")
        ]
        self._variables = {**LIMITS, **_variables(results), "words": made.get_template("words.jinja").module}

    def page(self, name: str, **variables: Any) -> str:
        """Render a page of its own from a template, with the variables of the sections and more."""
        return self._environment.get_template(name).render({**self._variables, "section": self.section, **variables})

    def section(self, name: str) -> str:
        """Return a block of the templates as Markdown; empty where this run has nothing of the kind."""
        page = next(template for template in self._templates if name in template.blocks)
        return "".join(page.blocks[name](page.new_context(self._variables))).strip()


def _variables(results: Results) -> dict[str, Any]:
    top = headline(results)
    return {
        "NOT_MAPPED": NOT_MAPPED,
        "results": results,
        "figures": report_figures(results),
        "title": results.title or humanized(results.name),
        "answer": top,
        "charts": fenced([line for chart in top.charts for line in draw(chart, WIDTH, UNICODE)] if top else []),
        "findings": list(findings(results)),
        "balance": balance_figures(results),
        "queries": [query_sheet(results, asked) for asked in results.queries],
    }


class _ReadOtherwise(Frozen):
    """A measure with answers that were read from another form than the one asked for."""

    measure: str
    read: int
    stated: int
    value: JsonValue
    """An example: what was read,"""
    raw: JsonValue
    """and what it was read from."""


def _read_otherwise(results: Results) -> list[_ReadOtherwise]:
    """Return the measures with answers that were read from another form, such as a number from a sentence."""
    own: dict[str, list[Observation]] = {}
    for row in results.rows:
        if row.outcome == "stated" and not row.method:
            own.setdefault(f"{row.query}.{row.field}", []).append(row)
    read = {measure: [row for row in rows if row.raw is not None] for measure, rows in own.items()}
    fields = {f"{query.query}.{field.name}": field for query in results.queries for field in query.fields}
    return [
        _ReadOtherwise(
            measure=measure,
            read=len(rows),
            stated=len(own[measure]),
            value=type_of(fields[measure]).told(fields[measure], rows[0].value) or rows[0].value,
            raw=rows[0].raw,
        )
        for measure, rows in read.items()
        if rows
    ]


def _same_scale(found: Sequence[ComparisonResult], consensus: Consensus) -> ComparisonResult:
    """Return a comparison of the same measure and estimand, whose scale the figures have."""
    same = (other for other in found if (other.measure, other.kind) == (consensus.measure, consensus.kind))
    return next(other for other in same if other.estimand.removesuffix(", unweighted") == consensus.estimand)


def _compared(results: Results, curve: SpecificationCurve) -> ComparisonResult | None:
    """Return the comparison that a curve has the branches of; None: there is none, or several, as of two estimands."""
    found = [one for one in results.comparisons if difference_of(one).key == curve.key]
    return found[0] if len(found) == 1 else None


def _distinct_branches(branches: Sequence[Branch]) -> list[Branch]:
    """Return one branch for each set of figures: choices that change nothing for a difference make the same branch."""
    others: dict[str, object] = {"choices": {}, "run": "", "verdict": "", "adjusted_for": (), "is_weighted": False}
    return list({branch.model_copy(update=others).model_dump_json(): branch for branch in branches}.values())


def _combinations(branches: Sequence[Branch]) -> int:
    """Return how many combinations of choices have a branch."""
    return len({repr((branch.choices, branch.run)) for branch in branches})


def _spread(branches: Sequence[Branch], most: int) -> list[Branch]:
    """Return at most so many branches, evenly spread from the first to the last."""
    if len(branches) <= most:
        return list(branches)
    return [branches[round(place * (len(branches) - 1) / (most - 1))] for place in range(most)]


def _phrase(put: StimulusSummary) -> str:
    to = enumeration(put.to) if put.to else "everyone"
    return PERCEPTIONS[put.verb].design_phrase.format(source=put.source, to=to)


def _form(field: PlannedField) -> str:
    return type_of(field).phrase(field)


def _first_rows(made: Table, most: int) -> list[list[str]]:
    cells = [["" if value is None else answer(value) for value in row] for row in made.rows[:most]]
    return [
        [text if len(text) <= MAX_CELL_CHARACTERS else f"{text[: MAX_CELL_CHARACTERS - 1]}…" for text in row]
        for row in cells
    ]


def _links(document: WrittenDocument) -> list[SafeMarkdown]:
    names = [plain(document.title) if ending == "md" else ending for ending in ENDINGS]
    return [SafeMarkdown(f"[{name}]({document.file}.{ending})") for name, ending in zip(names, ENDINGS, strict=True)]


def _document_link(document: WrittenDocument) -> SafeMarkdown:
    return _links(document)[0]


def _other_links(document: WrittenDocument) -> SafeMarkdown:
    return SafeMarkdown(", ".join(_links(document)[1:]))


def _table(rows: list[list[str]], head: list[str]) -> SafeMarkdown:
    return table([head, *rows])


_FILTERS: dict[str, Callable[..., Any]] = {
    "command": command,
    "phrase": _phrase,
    "form": _form,
    "read_otherwise": _read_otherwise,
    "same_scale": _same_scale,
    "spread": _spread,
    "compared": _compared,
    "combinations": _combinations,
    "distinct_branches": _distinct_branches,
    "table": _table,
    "grid": table,
    "first_rows": _first_rows,
    "document_link": _document_link,
    "other_links": _other_links,
}
