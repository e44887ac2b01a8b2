"""Checks that a between design has enough units, and that within would not be better."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from tinytroupe_cli.analysis.units import people_together
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.parts import Parts
from tinytroupe_cli.core.number_format import count
from tinytroupe_cli.plan.types import Trial

DESIGN = ("design",)


def check_units(parts: Parts, trials: Sequence[Trial], findings: Findings) -> None:
    """Report cells without people, conditions of a single unit, and between designs in interviews."""
    assignment, experiment = parts.design.assignment, parts.experiment
    cells, groups = assignment.cells, len(assignment.groups)
    if not cells or not parts.roster.is_complete:
        return
    units = groups or len(parts.roster.members)
    if units < len(cells):
        message = f"{_units(units, parts)} can't fill {count(len(cells), 'condition')}"
        hint = "add people, or use design: within, so that everyone experiences every condition"
        findings.add("E342", message, DESIGN, hint=hint)
    elif experiment.world.type == "interviews":
        factors = ", ".join(assignment.between)
        findings.add(
            "E500",
            f"each person experiences one level of {factors}: in interviews, a within design is more precise at the "
            "same cost per answer",
            DESIGN,
            hint="use design: within; people then experience each condition separately and don't remember the others",
            is_error=False,
        )
    elif (experiment.inference is None or experiment.inference.about == "people") and _is_single(trials):
        is_room = experiment.world.type == "room"
        findings.add(
            "E503",
            f"each condition has one {'room' if is_room else 'connected network'}, which counts as one unit: n = 1",
            DESIGN,
            hint="world: {group_size: 6} divides the cast into rooms"
            if is_room
            else "use several networks without ties between them",
            is_error=False,
        )


def _units(units: int, parts: Parts) -> str:
    if not parts.design.assignment.groups:
        return count(units, "person", "people")
    if parts.design.rooms:
        return count(units, "room")
    return count(units, "connected component", "connected components") + " of the network"


def _is_single(trials: Sequence[Trial]) -> bool:
    """Return whether each condition has one unit in each replicate, and that is several people."""
    units: dict[tuple[str, int], int] = defaultdict(int)
    for trial in trials:
        units[trial.condition, trial.replicate] += len(people_together(trial))
    return all(number == 1 for number in units.values()) and any(len(trial.people) > 1 for trial in trials)
