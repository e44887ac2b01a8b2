"""Categories and stories in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tinytroupe_cli.plan.outputs import NOT_MAPPED
from tinytroupe_cli.reports.answers import condition_label
from tinytroupe_cli.reports.escaping import SafeMarkdown, plain, table
from tinytroupe_cli.reports.figures import count, enumeration, humanized
from tinytroupe_cli.reports.postprocessing_results import Categories, SortedText
from tinytroupe_cli.reports.results import Results

MAX_TEXTS = 20
"""Of the answers that were sorted; results.json has all."""


def sorted_names(results: Results) -> set[str]:
    """Return what was not asked but sorted, as query.field."""
    return {one.name for one in results.categories}


def category_parts(results: Results) -> Iterator[dict[str, Any]]:
    """Yield for every sorting: its name, who made the categories, and which answer is in which."""
    for one in results.categories:
        yield {"name": humanized(one.name.replace(".", ": ")), "words": _words(one), "rows": _rows(one)}


def story_parts(results: Results) -> Iterator[dict[str, Any]]:
    """Yield every story with its condition (where there are several) and its paragraphs."""
    labels = {condition.name: condition_label(condition) for condition in results.conditions}
    for story in results.stories:
        yield {
            "name": labels[story.condition] if len(labels) > 1 else "",
            "paragraphs": [part for part in story.text.split("\n\n") if part.strip()],
        }


def _words(one: Categories) -> SafeMarkdown:
    if not one.categories:
        return SafeMarkdown("The answers could not be sorted.")
    who = "proposed by the judge" if one.is_proposed else "as the experiment gives them"
    fits = sum(text.category is None and not text.why for text in one.texts)
    failed = sum(bool(text.why) for text in one.texts)
    told = (
        f"{count(len(one.texts), 'different text')}, sorted into {count(len(one.categories), 'category', 'categories')}"
    )
    lost = f" {count(failed, 'text')} could not be sorted." if failed else ""
    named = plain(enumeration(list(one.categories), most=30))
    return SafeMarkdown(f"{told}, {who}: {named}. {fits or 'None'} of them fit{'s' * (fits == 1)} no category.{lost}")


def _rows(one: Categories) -> SafeMarkdown:
    if not one.texts:
        return SafeMarkdown("")
    rows = [[_place(text), text.text] for text in one.texts[:MAX_TEXTS]]
    more = len(one.texts) - MAX_TEXTS
    return table(
        [["category", "in their words"], *rows, *([["…", f"{more} more, in results.json"]] if more > 0 else [])]
    )


def _place(text: SortedText) -> str:
    return text.category or (f"(could not be sorted: {text.why})" if text.why else NOT_MAPPED)
