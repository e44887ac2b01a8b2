"""Whether wordings are part of a comparison's error."""

from __future__ import annotations

from typing import Literal

from tinytroupe_cli.analysis.units import Units
from tinytroupe_cli.plan.types import Plan


def random_wordings(plan: Plan, units: Units) -> Literal["", "rotate", "all"]:
    """Return how random wordings are crossed with people; empty if they are fixed, or each unit has its own.

    With a wording for each unit, differences of wordings are in the differences of units already.
    """
    wordings = plan.wordings
    if wordings is None or wordings.drawn == "fixed":
        return ""
    if wordings.cross == "all" or units.kind == "replicate":
        return wordings.cross
    is_shared = any(len({units.of.get(person) for person in version}) > 1 for version in wordings.people)
    return wordings.cross if is_shared else ""
