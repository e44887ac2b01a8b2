"""methods.md: how the numbers were made, for the methods section of a paper and for a reviewer.

Its checklist is GUIDE-LLM's fourteen core items; each is reported, or said to be missing. The words stand in
templates/methods.md.jinja.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, Literal, NamedTuple

from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.reports.codings import code_forms
from tinytroupe_cli.reports.markdown import markdown_environment
from tinytroupe_cli.reports.report_figures import measured_rows, report_figures
from tinytroupe_cli.reports.results import Results

ReportingStatus = Literal["reported", "missing"]


class Item(NamedTuple):
    """An item of the checklist."""

    code: str
    title: str
    key: str = ""
    """The key under `methods:` by which the user states it; empty: the run knows it. E1 is stated, or known from human
    answers or codes in the run."""


ITEMS: Final = (
    Item("A1", "Purpose of the language model"),
    Item("A2", "Automation, or people in the loop"),
    Item("B1", "Model: provider, size, version, date, source"),
    Item("B2", "Access and mode"),
    Item("B3", "Parameters, seeds, runs"),
    Item("B4", "Fine-tuning", "fine_tuning"),
    Item("B5", "State kept between calls"),
    Item("C1", "Prompts"),
    Item("C2", "System instructions"),
    Item("D1", "Personal data", "data_protection"),
    Item("E1", "Validation with people", "human_validation"),
    Item("E2", "Post-processing: repairs, coding, exclusions"),
    Item("F1", "Code and scripts"),
    Item("G1", "Funding and interests", "funding"),
)


class AnswerSources(Frozen):
    """How stated answers were obtained."""

    stated: int
    direct: int
    """In the form that was asked for."""
    by_method: dict[str, int]
    """`coded`, `rated`, `verbatim`, … -> answers."""
    repaired: int
    """Answers read from another form, such as a number from a sentence; not counted elsewhere."""


class UnusedAnswers(Frozen):
    """Stated answers that no comparison uses, because the same person has no answer in another period."""

    measure: str
    people: int
    """People with such answers."""
    of: int
    """People who are not excluded."""
    answers: int


LIMITS: Final = {"MAX_STIMULI": 40, "MAX_QUESTIONS": 40}
"""Entries of a list; results.json has all."""


def methods(results: Results) -> bytes:
    """Render methods.md."""
    page = markdown_environment().get_template("methods.md.jinja")
    return page.render(**_variables(results)).encode()


def status(results: Results, item: Item) -> ReportingStatus:
    """Return whether an item of the checklist is reported."""
    if item.code == "A1":
        return "reported" if results.title or results.description else "missing"
    if item.code == "E1" and is_validated(results):
        return "reported"
    return "reported" if not item.key or results.methods.get(item.key) else "missing"


def is_validated(results: Results) -> bool:
    """Return whether the run itself holds answers, or their codes, against those of people."""
    return (
        any(one.figures for one in results.fidelity)
        or any(one.rectified is not None for one in results.rectified)
        or any(two.second == "people" for one in results.codings for two in one.agreements)
    )


def answer_sources(results: Results) -> AnswerSources:
    """Count how answers were obtained."""
    stated = [row for row in measured_rows(results) if row.outcome == "stated"]
    by_method = Counter(row.method for row in stated if row.method)
    return AnswerSources(
        stated=len(stated),
        direct=sum(not row.method and row.raw is None for row in stated),
        by_method=dict(by_method),
        repaired=sum(not row.method and row.raw is not None for row in stated),
    )


def unused_answers(results: Results) -> Iterator[UnusedAnswers]:
    """Yield the measures with stated answers that comparisons leave out, where people met all conditions in turn."""
    people = [person for person in results.participants if person.sequence]
    kept = {row.person for row in results.rows if not row.excluded}
    measures = dict.fromkeys(one.measure for one in results.comparisons if one.first_period is not None)
    for measure in measures:
        stated: dict[str, list[str]] = {}
        for row in results.rows:
            if f"{row.query}.{row.field}" == measure and row.outcome == "stated" and not row.excluded:
                stated.setdefault(row.person, []).append(row.condition)
        partial = {
            person.id: stated[person.id]
            for person in people
            if person.id in stated and set(stated[person.id]) < set(person.sequence)
        }
        if partial:
            yield UnusedAnswers(
                measure=measure,
                people=len(partial),
                of=sum(person.id in kept for person in people),
                answers=sum(len(own) for own in partial.values()),
            )


def _variables(results: Results) -> dict[str, Any]:
    rows = measured_rows(results)
    return {
        **LIMITS,
        "results": results,
        "unused": list(unused_answers(results)),
        "figures": report_figures(results),
        "items": [(item, status(results, item)) for item in ITEMS],
        "missing": [item for item in ITEMS if status(results, item) == "missing"],
        "outcomes": Counter(row.outcome for row in rows),
        "planned": len(rows),
        "made": sum(row.code_of != "" for row in rows),
        "sources": answer_sources(results),
        "used": {model.model: model for model in results.accounts.models},
        "forms": {
            **{one.name: f"{one.measure} sorted into categories by the judge, not asked" for one in results.categories},
            **code_forms(results.codings),
        },
        "tested": [comparison for comparison in results.comparisons if comparison.p is not None],
    }
