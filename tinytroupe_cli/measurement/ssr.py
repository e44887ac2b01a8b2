"""Takes answers by semantic similarity rating: a person answers in words, which are rated on the field's scale.

The published method (Maier et al. 2025, arXiv 2510.08338), other than `word_rating.py`, which small models' answers
need. What is empty, declined or about something else is missing, never rated.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Protocol

from tinytroupe_cli.events.distributions import AnswerDistribution
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField, PlannedRating
from tinytroupe_cli.fields.reading import NOT_STATED
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.measurement.inquiries import Inquiry
from tinytroupe_cli.measurement.instruments import TEXT, name_of
from tinytroupe_cli.measurement.similarity_rating import Rating, rate
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.minds.topic_check import AnswerToCheck
from tinytroupe_cli.models.declining import is_stock_refusal
from tinytroupe_cli.models.port import AnswerSchema, Embedder

OFF_TOPIC: Final = "the answer is about something else: not rated"
NO_VECTOR: Final = "the embedding model gave no vector for it"

AskInWords = Callable[[str, AnswerSchema], Awaitable[Answer | NoAnswer]]
"""Puts a question to the person, whose answer has one text."""


class TopicCheck(Protocol):
    """Decides whether words answer a question."""

    async def is_answered(self, answer: AnswerToCheck) -> bool | NoAnswer:
        """Return whether the words say anything about what was asked."""
        ...


@dataclass(frozen=True, slots=True)
class Ratings:
    """How words are rated."""

    embedder: Embedder
    topics: TopicCheck


async def answered_by_rating(inquiry: Inquiry, say: AskInWords, how: Ratings, *, is_spoken: bool) -> Answer | NoAnswer:
    """Ask for an answer in words, and rate it on the scale of the inquiry's one field.

    `is_spoken`: the person is asked in a conversation, without instructions.
    """
    (field,), (one,) = inquiry.query.fields, inquiry.instruments
    asked = inquiry.query.questions[inquiry.person].strip()
    schema = AnswerSchema.flat("answer", {one.key: TEXT}, as_written=True, bare=one.key)
    answer = await say(asked if is_spoken else f"{asked}\n\n{request(one.key, field)}", schema)
    if isinstance(answer, NoAnswer):
        return answer
    words = str(answer.values.get(one.key) or "").strip()
    if is_stock_refusal(words):
        return NoAnswer("refused", words)
    return await _rated(one.key, words, field, how)


def request(key: str, field: PlannedField) -> str:
    """Return how to answer: in words, without a number and without the scale's labels."""
    wanted = f"{key} ({name_of(field)}), one to three sentences in your own words, without a number"
    return f"{wanted}\nLeave it empty only if you could not or would not answer."


async def rate_words(words: str, rating: PlannedRating, embedder: Embedder) -> Rating | None:
    """Rate words by a field's statements; None: the embedding model gave no vector for some text."""
    size = len(rating.anchors[0])
    said, *rest = await embedder.embed([words, *(text for statements in rating.anchors for text in statements)])
    if not said or not all(rest):
        return None
    sets = [rest[at : at + size] for at in range(0, len(rest), size)]
    return rate(said, sets, temperature=rating.temperature, epsilon=rating.epsilon)


async def _rated(key: str, words: str, field: PlannedField, how: Ratings) -> Answer | NoAnswer:
    rating = field.rating
    if rating is None or not words or words.casefold() == NOT_STATED:
        return Answer({key: NOT_STATED}, methods={key: "ssr"})
    ends = rating.anchors[0][0], rating.anchors[0][-1]
    is_answered = await how.topics.is_answered(AnswerToCheck(rating.question, words, ends))
    if isinstance(is_answered, NoAnswer):
        return is_answered
    if not is_answered:
        return Answer({key: NOT_STATED}, methods={key: "ssr"}, words={key: words}, why=OFF_TOPIC)
    found = await rate_words(words, rating, how.embedder)
    if found is None:
        return NoAnswer("bad_output", NO_VECTOR)
    likeliest = type_of(field).answers(field)[found.mode - 1]
    return Answer(
        {key: label(likeliest)},
        methods={key: "ssr"},
        words={key: words},
        distributions={key: AnswerDistribution(pmf=found.pmf, sets=found.per_set, is_flat=found.is_flat)},
    )
