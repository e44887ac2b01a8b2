"""Twelve people who are asked alone, and a provider that knows what they drink: every second one tea."""

from __future__ import annotations

import json

from projects import EXPERIMENT
from provider import Body, FakeProvider, answer_for

CROWD = EXPERIMENT.replace("personas: [lisa, oscar]", "personas: [{use: oscar, copies: 12}]").replace(
    "{type: room, place: A kitchen, steps: 3}", "{type: interviews, steps: 1}"
)
CALLS = 24
"""Twelve turns and twelve answers."""


def half_tea() -> FakeProvider:
    """Return a provider under which half of the crowd chooses tea."""
    asked: list[str] = []

    def answer(body: Body) -> str:
        text = answer_for(body)
        if '"item_1"' not in text:
            return text
        asked.append(text)
        return json.dumps({**json.loads(text), "item_1": "tea" if len(asked) % 2 else "coffee"})

    return FakeProvider(answer=answer)
