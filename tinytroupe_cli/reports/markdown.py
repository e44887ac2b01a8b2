"""The report a manager reads: plain words first, every answer, what went wrong, what it cost.

Knows `Results` alone. The wording stands in templates/report.md.jinja; what is computed for
it is here and in the files named after it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.reports.answers import answer_table, findings, has_table, person_table
from tinytroupe_cli.reports.character_charts import UNICODE, draw
from tinytroupe_cli.reports.design_words import (
    condition_table,
    how_words,
    people_table,
    question_texts,
    setting,
    stimulus_lines,
    summary_sentence,
)
from tinytroupe_cli.reports.escaping import SafeMarkdown, command, escape, fenced, table
from tinytroupe_cli.reports.figures import humanized
from tinytroupe_cli.reports.guard_words import asked_again_words, fault_lines, fault_sentence
from tinytroupe_cli.reports.headline import headline
from tinytroupe_cli.reports.outcome_words import (
    banner,
    branch_of,
    expectation_table,
    intervention_table,
    problem_sentence,
    problem_summary,
    problem_table,
    quote_lines,
    system_table,
    unquoted_people,
    verdict,
)
from tinytroupe_cli.reports.output_words import dataset_words, table_parts
from tinytroupe_cli.reports.participants import QuerySummary
from tinytroupe_cli.reports.postprocessing_words import category_parts, sorted_names, story_parts
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.tool_words import document_table, tool_table
from tinytroupe_cli.reports.turn_quality_words import turn_quality_table, turn_quality_words
from tinytroupe_cli.reports.usage_words import purpose_table, reproduction, spending_table, usage_line

TEMPLATES = Path(__file__).parent / "templates"
WIDTH = 78
"""Columns of what is drawn in characters."""


def markdown(results: Results) -> bytes:
    """Render the report."""
    environment = Environment(  # noqa: S701 - Markdown, made safe by `finalize`
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        undefined=StrictUndefined,
        finalize=escape,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("report.md.jinja").render(_variables(results)).encode()


def _variables(results: Results) -> dict[str, Any]:
    queries = [_query(results, asked) for asked in results.queries]
    top = headline(results)
    return {
        "title": results.title or humanized(results.name),
        "banner": banner(results),
        "branch": branch_of(results),
        "answer": top.sentence if top else "",
        "charts": fenced([line for chart in top.charts for line in draw(chart, WIDTH, UNICODE)] if top else []),
        "caution": top.caution if top else "",
        "gist": summary_sentence(results),
        "findings": list(findings(results)),
        "trouble": problem_sentence(results),
        "trouble_in_short": SafeMarkdown(problem_summary(results)),
        "faults": SafeMarkdown(fault_sentence(results)),
        "fault_lines": fault_lines(results),
        "verdict": verdict(results),
        "setting": setting(results),
        "conditions": _drawn(condition_table(results)),
        "stimuli": list(stimulus_lines(results)),
        "interventions": _drawn(intervention_table(results)),
        "queries": queries,
        "has_tables": any(query["tables"] for query in queries),
        "people": _drawn(people_table(results)),
        "quotes": list(quote_lines(results)),
        "unquoted": unquoted_people(results),
        "categories": list(category_parts(results)),
        "stories": list(story_parts(results)),
        "tables": list(table_parts(results)),
        "dataset": dataset_words(results),
        "documents": _drawn(document_table(results)),
        "tools": _drawn(tool_table(results)),
        "problems": _drawn(problem_table(results)),
        "systems": _drawn(system_table(results)),
        "expectations": _drawn(expectation_table(results)),
        "accounts": usage_line(results),
        "asked_again": SafeMarkdown(asked_again_words(results)),
        "weighed": SafeMarkdown(turn_quality_words(results)),
        "scores": _drawn(turn_quality_table(results)),
        "spending": _drawn(spending_table(results)),
        "purposes": _drawn(purpose_table(results)),
        "command": command(results.provenance.command),
        "reproduction": list(reproduction(results)),
    }


def _query(results: Results, asked: QuerySummary) -> dict[str, Any]:
    counted = [field for field in asked.fields if has_table(results, asked, field)]
    return {
        "name": humanized(asked.query),
        "how": how_words(asked),
        "questions": question_texts(results, asked),
        "fields": [
            (humanized(field.name), type_of(field).phrase(field))
            for field in asked.fields
            if not field.aside and f"{asked.query}.{field.name}" not in sorted_names(results)
        ],
        "tables": [
            {"name": humanized(field.name), "table": table(answer_table(results, asked.query, field))}
            for field in counted
        ],
        "sheet": table(person_table(results, asked)),
    }


def _drawn(rows: list[list[str]]) -> SafeMarkdown:
    return table(rows) if len(rows) > 1 else SafeMarkdown("")
