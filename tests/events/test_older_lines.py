"""Logs that earlier versions wrote are read as before."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from tinytroupe_cli.events.codec import decode, encode

WHERE = {"v": 1, "trial": "r1", "seq": 4, "step": 1, "time": "", "person": "lisa"}


@pytest.mark.parametrize(
    ("kind", "old", "new", "rest"),
    [
        ("acted", "deed", "action", {"to": "everyone", "text": 'She wrote "v":1, and more.'}),
        ("used", "act", "action", {"tool": "calendar"}),
        ("refused", "act", "action", {"query": "q"}),
        ("failed", "act", "action", {"reason": "bad_output"}),
    ],
)
def test_a_line_of_version_1_is_read_under_todays_names(kind: str, old: str, new: str, rest: dict[str, str]) -> None:
    found = decode(json.dumps({"kind": kind, **WHERE, old: "TALK", **rest}, separators=(",", ":")))
    assert getattr(found, new) == "TALK"
    written = json.loads(encode(found))
    assert (written["v"], written[new], old in written) == (2, "TALK", False)
    assert decode(encode(found)) == found


def test_an_event_that_is_the_same_in_both_versions_is_read_from_either() -> None:
    line = json.dumps({**WHERE, "kind": "moved", "place": "the yard"}, separators=(",", ":"))
    assert decode(line) == decode(line.replace('"v":1', '"v":2'))


@pytest.mark.parametrize(
    "line", ['{"kind":"acted","v":1,', '[{"v":1}]', '{"kind":"acted","v":1}', '{"kind":"flew","v":1}']
)
def test_a_broken_line_of_version_1_is_refused_as_any_other(line: str) -> None:
    with pytest.raises(ValidationError):
        decode(line)
