"""Answers that mean the same -> one category. The judge proposes and sorts; what is where is then looked up in code."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import JsonValue

from tinytroupe_cli.events.postprocessing import AnswersCategorized, PostStepFailed
from tinytroupe_cli.minds.categorizer import Categorizer
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.plan.outputs import PlannedCategories


async def sort_answers(
    planned: PlannedCategories, answers: Iterable[JsonValue], sorter: Categorizer
) -> AnswersCategorized | PostStepFailed:
    """Sort stated answers; each different text is asked about once."""
    texts = distinct_texts(answers)
    asked = {text.casefold(): text for text in reversed(texts)}
    order = list(dict.fromkeys(asked[text.casefold()] for text in texts))
    categories = planned.categories
    if not order:
        return AnswersCategorized(name=planned.measure, categories=categories, texts={})
    if planned.most:
        proposed = await sorter.propose(order, planned.most)
        if isinstance(proposed, NoAnswer):
            return PostStepFailed(what="categories", name=planned.measure, reason=proposed.reason, text=proposed.text)
        categories = proposed
    places = dict(zip(order, await sorter.sort(order, categories), strict=True))
    found = {text: places[asked[text.casefold()]] for text in texts}
    return AnswersCategorized(
        name=planned.measure,
        categories=categories,
        texts={text: place for text, place in found.items() if not isinstance(place, NoAnswer)},
        faults={
            text: place.text or place.reason.replace("_", " ")
            for text, place in found.items()
            if isinstance(place, NoAnswer)
        },
    )


def distinct_texts(answers: Iterable[JsonValue]) -> list[str]:
    """Return the texts of answers, lists taken apart, each once, in order."""
    return list(dict.fromkeys(text for answer in answers for text in texts_of(answer)))


def texts_of(answer: JsonValue) -> list[str]:
    """Return the texts of one answer as they are looked up: spaces and line breaks don't count."""
    entries = answer if isinstance(answer, list) else [answer]
    return [text for entry in entries if (text := " ".join(str(entry).split()))]
