"""One or a few attacks of each kind; `python -m tests.faults --all` makes all of them and prints a table."""

from __future__ import annotations

import shutil

import pytest
from faults.driver import attack, printed
from faults.kinds import KINDS

SHORT = [
    ("kills", 0),
    ("soft stops", 3),
    ("provider faults", 1),
    ("provider faults", 66),
    ("hostile replies", 3),
    ("hostile replies", 22),
    ("planted secrets", 0),
    ("races", 0),
    ("races", 3),
    ("power cuts", 0),
    ("disks", 1),
    ("disks", 16),
]


@pytest.mark.parametrize(("kind", "number"), SHORT, ids=[f"{kind} {number}" for kind, number in SHORT])
def test_troupe_survives(kind: str, number: int) -> None:
    if kind == "power cuts" and shutil.which("cc") is None:
        pytest.skip("needs a C compiler")

    row = attack(kind, number, 1)

    assert row.faults == []
    assert row.count == row.survived > 0
    assert kind in printed({kind: row})


def test_the_long_form_makes_as_many_attacks_as_are_promised() -> None:
    promised = {"kills": 200, "soft stops": 100, "provider faults": 30, "inputs": 10_000, "stores": 60}
    promised |= {"hostile replies": 40, "planted secrets": 20, "races": 20, "power cuts": 20}

    assert all(KINDS[kind].count >= count and KINDS[kind].attack() for kind, count in promised.items())


def test_every_fault_reply_and_secret_is_met_in_the_long_form() -> None:
    from faults import disks, hostile_replies, planted_secrets, provider_faults

    assert KINDS["provider faults"].count == len(provider_faults.NAMES)
    assert KINDS["hostile replies"].count == len(hostile_replies.NAMES)
    assert KINDS["planted secrets"].count == len(planted_secrets.NAMES)
    assert KINDS["disks"].count == len(disks.WAYS)
