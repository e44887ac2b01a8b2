"""What people are told at the end of their system prompt, beside who they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tinytroupe_cli.prompts.catalog import PersonUnblinded, SafetyNotice, render
from tinytroupe_cli.prompts.variables.people import TurnForm

BlindingNotice = Literal["", "assigned", "every_version"]


def safety_notices(names: Sequence[str]) -> list[str]:
    """Return the safety notices of these names."""
    return [render(f"safety/{name}", SafetyNotice()) for name in names]


def blinding_notice(unblinded: BlindingNotice, form: TurnForm, name: str) -> list[str]:
    """Return how the version somebody meets was picked; nothing where they are blind to it."""
    variables = PersonUnblinded(form=form, name=name, is_assigned=unblinded == "assigned")
    return [render("person/unblinded", variables)] if unblinded else []
