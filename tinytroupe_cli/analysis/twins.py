"""Which simulated person stands for which person of a file: by a field they share, else by id or name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.personas.edits import single_value
from tinytroupe_cli.plan.types import CastMember


def twins_of(members: Iterable[CastMember], key: str, keys: Sequence[str]) -> dict[int, str]:
    """Return the number of a row -> the id of its simulated twin; rows without a twin are left out.

    `keys` are the values of the column `key`. A person has the key that their persona has under that name; without
    such a field it is their id or their name.
    """
    known: dict[str, str] = {}
    for member in members:
        own = single_value(member.persona, key)
        for name in [label(own)] if own is not None else [member.id, member.name]:
            known.setdefault(name.strip().casefold(), member.id)
    found = ((row, known.get(text.strip().casefold())) for row, text in enumerate(keys) if text)
    return {row: person for row, person in found if person is not None}
