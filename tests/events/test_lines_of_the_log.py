"""A line of the log: what an event writes, and what it leaves out."""

from __future__ import annotations

import json

import pytest

from tinytroupe_cli.events.codec import encode
from tinytroupe_cli.events.types import Acted, Event, Measured, TurnScored

WHERE = {"trial": "r1", "step": 1, "person": "lisa"}


def acted(**more: str) -> Event:
    return Acted.model_validate({**WHERE, "action": "TALK", "text": "Tea.", **more})


def checked(**more: str) -> Event:
    return TurnScored.model_validate({**WHERE, "attempt": 1, "scores": {}, "is_good": False, "is_kept": True, **more})


def measured(**more: str) -> Event:
    return Measured.model_validate({**WHERE, "query": "drink", "values": {}, **more})


@pytest.mark.parametrize(
    ("key", "value", "without", "with_it"),
    [
        ("fault", "repeats_self", acted(), acted(fault="repeats_self")),
        ("fault", "refusal", checked(), checked(fault="refusal")),
        ("why", "nobody was left", measured(), measured(why="nobody was left")),
    ],
    ids=["acted", "checked", "measured"],
)
def test_what_is_seldom_there_is_written_only_where_it_is(key: str, value: str, without: Event, with_it: Event) -> None:
    assert key not in json.loads(encode(without))
    assert json.loads(encode(with_it))[key] == value
