"""What each answer took: the calls that asked its question, from the run's store.

A call that asks several fields at once is divided between them, and one question put several times between its
samples, so that a column adds up to what the questions took. Calls of people's turns belong to no answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tinytroupe_cli.plan.types import Plan, PlannedQuery, Trial


class AskedCall(NamedTuple):
    """A stored call, and the text of its last message."""

    trial: str
    person: str
    text: str
    prompt_tokens: int
    completion_tokens: int
    usd: float | None
    """Null: the price is unknown. An answer from a cache costs 0."""


class AnswerCost(NamedTuple):
    """An answer's share of the calls that asked for it."""

    prompt_tokens: float
    completion_tokens: float
    usd: float | None


AnswerKey = tuple[str, str, str, int]
"""Trial, query, person and period; all samples and fields of these have the same share."""


def answer_costs(plan: Plan, calls: Iterable[AskedCall]) -> dict[AnswerKey, AnswerCost]:
    """Return the share of each answer of a query; one whose calls can't be told has none."""
    asked = {trial.id: _questions(trial) for trial in plan.trials}
    found: dict[AnswerKey, list[AnswerCost]] = defaultdict(list)
    for call in calls:
        queries = _queries_of(call, asked.get(call.trial, {}).get(call.person, ()))
        parts = sum(max(1, query.samples * len(query.fields)) for query in queries)
        for query in queries:
            found[call.trial, query.name, call.person, query.period].append(_share(call, parts))
    return {key: _sum(shares) for key, shares in found.items()}


def _questions(trial: Trial) -> Mapping[str, Sequence[PlannedQuery]]:
    """Return person -> the queries that ask about them."""
    found: dict[str, list[PlannedQuery]] = defaultdict(list)
    for query in trial.queries:
        for person, text in query.questions.items():
            if query.procedure != "score" and text.strip():
                found[person].append(query)
    return found


def _queries_of(call: AskedCall, queries: Sequence[PlannedQuery]) -> Sequence[PlannedQuery]:
    """Return the queries whose question the call asks: the longest, as a shorter one may be a part of it."""
    texts = {(query.name, query.period): query.questions[call.person].strip() for query in queries}
    longest = max((text for text in texts.values() if text in call.text), key=len, default=None)
    return [query for query in queries if texts[query.name, query.period] == longest]


def _share(call: AskedCall, parts: int) -> AnswerCost:
    usd = None if call.usd is None else call.usd / parts
    return AnswerCost(call.prompt_tokens / parts, call.completion_tokens / parts, usd)


def _sum(shares: Sequence[AnswerCost]) -> AnswerCost:
    costs = [share.usd for share in shares if share.usd is not None]
    return AnswerCost(
        sum(share.prompt_tokens for share in shares),
        sum(share.completion_tokens for share in shares),
        sum(costs) if len(costs) == len(shares) else None,
    )
