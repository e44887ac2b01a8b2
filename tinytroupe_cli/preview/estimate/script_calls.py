"""Estimates the additional calls of a person played by a small model: for each line, and for each open answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from tinytroupe_cli.plan.spoken_answers import breaths
from tinytroupe_cli.plan.types import CastMember, PlannedField, Trial
from tinytroupe_cli.preview.estimate.lengths import CharRange, PlannedCall

MOOD_EVERY: Final = 5
"""Steps between two questions about a state of mind."""
CHOICE: Final = CharRange(40, 300)
"""Tokens of an action or a state of mind."""
STATEMENTS: Final = 98
"""Maximum statements for the points of a scale; each is embedded once."""
SENTENCES: Final = 5
CODING: Final = 500
"""Characters of a coder's prompt in addition to question, words and items."""


def beside_a_line(turn: PlannedCall, person: CastMember, trial: Trial, step: int) -> Iterator[PlannedCall]:
    """Yield the calls after a turn's line: an action if there is a choice, a mood."""
    if _may_act(person, trial):
        yield replace(turn, key=_key(turn, "act"), reply=CHOICE, is_certain=False)
    if step % MOOD_EVERY == 0:
        yield replace(turn, key=_key(turn, "mood"), reply=CHOICE)


def _may_act(person: CastMember, trial: Trial) -> bool:
    """Return whether there is anything to do besides speaking; recall comes late and is left out."""
    world = trial.world
    moves = len(world.places) > 1 or world.reach_out != "nobody"
    shows = any(stimulus.images for stimulus in trial.stimuli)
    return bool(person.tools or person.documents or trial.systems) or moves or shows


def words_calls(call: PlannedCall, fields: Sequence[PlannedField], words: CharRange) -> Iterator[PlannedCall]:
    """Yield an interview's calls: for each answer, the words and what extracts values from them."""
    for number, breath in enumerate(breaths(fields)):
        yield replace(call, key=_key(call, f"words {number}"), reply=words)
        for coding in breath.codings:
            asked = CharRange(CODING, CODING) + words
            yield PlannedCall(
                call.role, _key(call, f"code {number} {coding}"), asked, call.reply, is_certain=call.is_certain
            )
        for field in breath.rated:
            yield from rating_calls(call, field, words)


def rating_calls(call: PlannedCall, field: PlannedField, words: CharRange) -> Iterator[PlannedCall]:
    """Yield the calls that rate words on a scale: the end they lean to, in both orders, and embeddings."""
    for order in (1, 2):
        asked = CharRange(CODING, CODING) + words
        yield PlannedCall(call.role, _key(call, f"lean {field.name} {order}"), asked, CharRange(12, 16))
    scale = field.model_dump_json().encode()
    for number in range(STATEMENTS + SENTENCES):
        apart = scale if number < STATEMENTS else _key(call, "said")
        key = hashlib.blake2b(apart + f"vector {number}".encode(), digest_size=16).digest()
        yield PlannedCall("embeddings", key, CharRange(20, 80), CharRange(0, 0), is_certain=False)


def _key(call: PlannedCall, what: str) -> bytes:
    return hashlib.blake2b(call.key + what.encode(), digest_size=16).digest()
