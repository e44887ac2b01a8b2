"""Estimates the calls that generate a population's people, before any trial."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.preview.estimate.lengths import CharRange, Fixed, PlannedCall
from tinytroupe_cli.preview.estimate.workload import CHARACTERS_PER_FIELD, RenderPersona

CHARACTERS_ASKED = 60
"""Characters about one field in the prompt."""


def writing_calls(
    plan: Plan, not_generated: Collection[str] | None, render: RenderPersona, fixed: Fixed
) -> Iterator[PlannedCall]:
    """Yield the calls for each person still to be generated; None: all sampled people.

    A text that can't be used is written once more.
    """
    populations = {population.name: population for population in plan.populations}
    members = {member.id: member for trial in plan.trials for member in trial.people if member.drawn}
    for person, member in members.items():
        if member.drawn is None or (not_generated is not None and person not in not_generated):
            continue
        population = populations[member.drawn.population]
        generated_fields = len(member.drawn.generated_fields)
        prompt = (
            fixed.author
            + len(population.context)
            + CHARACTERS_ASKED * generated_fields
            + len(render(member.drawn.facts))
        )
        once = PlannedCall(
            role="author",
            key=f"person {population.draw} {member.drawn.number}".encode(),
            prompt=CharRange(prompt, prompt),
            reply=CharRange(
                30 + CHARACTERS_PER_FIELD // 2 * generated_fields, 60 + 2 * CHARACTERS_PER_FIELD * generated_fields
            ),
        )
        yield once
        yield replace(once, key=once.key + b" again", is_certain=False, is_retry=True)
