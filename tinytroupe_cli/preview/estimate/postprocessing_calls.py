"""Estimates the calls after the trials: sorting answers, writing stories."""

from __future__ import annotations

import math
from collections.abc import Iterator

from tinytroupe_cli.measurement.text_coding import MIN_DOUBLE
from tinytroupe_cli.models.windows import max_evidence_bytes
from tinytroupe_cli.plan.outputs import PlannedCategories
from tinytroupe_cli.plan.planned_codings import PlannedCoding
from tinytroupe_cli.plan.types import Plan, Trial
from tinytroupe_cli.preview.estimate.lengths import CharRange, PlannedCall

TEXTS_PER_CALL = 8
TEXT = CharRange(30, 300)
"""Characters of an open answer, or of an entry of a list."""
ENTRIES = 4
"""Entries of a list."""
PROMPT = 900
"""Approximate characters of these prompts."""
CHARACTERS_PER_WORD = 6


def after_calls(plan: Plan) -> Iterator[PlannedCall]:
    """Yield the calls; their number depends on how much is said."""
    for planned in plan.outputs.categories:
        yield from _sorting(plan, planned)
    for coding in plan.outputs.codings:
        yield from _coding(plan, coding)
    yield from _telling(plan)


def _coding(plan: Plan, coding: PlannedCoding) -> Iterator[PlannedCall]:
    """Yield a call for each text, and for those coded twice; equal texts are coded once."""
    texts = sum(
        max(len(query.people), 1) * query.samples
        for trial in plan.trials
        for query in trial.queries
        if query.name == coding.query
    )
    codebook = sum(len(category.name) + len(category.meaning) + 4 for category in coding.categories)
    twice = min(texts, max(MIN_DOUBLE, math.ceil(coding.double * texts))) if coding.double else 0
    for number in range(texts + twice):
        yield PlannedCall(
            role="judge",
            key=f"code {coding.measure} {number}".encode(),
            model=coding.second.name if coding.second is not None and number >= texts else "",
            prompt=CharRange(PROMPT + codebook + TEXT.low, PROMPT + codebook + TEXT.high),
            reply=CharRange(20, 200),
            is_certain=number == 0,
        )


def _sorting(plan: Plan, planned: PlannedCategories) -> Iterator[PlannedCall]:
    answers = sum(
        max(len(query.people), 1) * query.samples
        for trial in plan.trials
        for query in trial.queries
        if query.name == planned.query
    )
    texts = answers * (ENTRIES if planned.is_list else 1)
    if planned.most:
        yield PlannedCall(
            role="judge",
            key=f"categories {planned.measure}".encode(),
            prompt=CharRange(PROMPT + TEXT.low, PROMPT + TEXT.high * texts),
            reply=CharRange(30, 30 * planned.most),
        )
    for group in range(-(-texts // TEXTS_PER_CALL)):
        count = min(TEXTS_PER_CALL, texts - group * TEXTS_PER_CALL)
        yield PlannedCall(
            role="judge",
            key=f"sort {planned.measure} {group}".encode(),
            prompt=CharRange(PROMPT + TEXT.low, PROMPT + TEXT.high * count),
            reply=CharRange(20, 40 * count),
            is_certain=group == 0,
        )


def _telling(plan: Plan) -> Iterator[PlannedCall]:
    story = plan.outputs.story
    if story is None:
        return
    most = max_evidence_bytes(plan.models.author)
    for trial in plan.trials:
        if trial.id not in story.trials:
            continue
        happened = _happened(trial)
        pieces = -(-happened.high // most)
        for piece in range(pieces):
            yield PlannedCall(
                role="author",
                key=f"story {trial.id} {piece}".encode(),
                prompt=CharRange(PROMPT + min(happened.low, most), PROMPT + min(happened.high, most)),
                reply=CharRange(0, story.words * CHARACTERS_PER_WORD // pieces + 200),
                is_certain=piece == 0,
            )


def _happened(trial: Trial) -> CharRange:
    turns = len(trial.people) * trial.world.steps
    characters = sum(len(stimulus.text) for stimulus in trial.stimuli)
    return CharRange(characters, characters) + CharRange(200, 2 * trial.max_words * CHARACTERS_PER_WORD + 300) * turns
