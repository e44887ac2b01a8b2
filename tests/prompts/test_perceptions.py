"""What reaches a person, in the two forms a prompt has: to the person, or as a line of a script."""

from __future__ import annotations

from itertools import product
from typing import Literal

import pytest
from snapshots import assert_snapshot

from tinytroupe_cli.events.perceptions import PERCEPTIONS, VERBS
from tinytroupe_cli.prompts.catalog import PersonPerceived, render

NAMES = {"moment": "you", "script": "Lisa Carter"}
TEXTS = ("", "One line.\n\nAnd {{ another }}.")


def rendered(form: Literal["moment", "script"], sense: str, source: str, to: str, text: str) -> str:
    return render(
        "person/perceived",
        PersonPerceived(form=form, name=NAMES[form], sense=sense, source=source, to=to, text=text),
    )


@pytest.mark.parametrize("form", ["moment", "script"])
def test_every_kind_of_perception_reads_like_this(form: Literal["moment", "script"]) -> None:
    you = NAMES[form]
    grid = product(PERCEPTIONS, ("", you, "Oscar", "the moderator"), (you, "everyone", "Priya"), TEXTS)
    cases = [
        f"{sense}, {source!r} to {to!r}: {rendered(form, sense, source, to, text)!r}\n"
        for sense, source, to, text in grid
    ]
    assert_snapshot("".join(cases), f"prompts/perceived_{form}.txt")


@pytest.mark.parametrize("form", ["moment", "script"])
@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_a_phrase_of_its_own(verb: str, form: Literal["moment", "script"]) -> None:
    others = {rendered(form, other, "Oscar", NAMES[form], "Hi") for other in (*VERBS, "no such kind") if other != verb}
    assert rendered(form, verb, "Oscar", NAMES[form], "Hi") not in others
