"""Holds measures of a run against human answers, on units. A result without figures says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tinytroupe_cli.analysis.fidelity_result import FidelityResult
from tinytroupe_cli.analysis.held_measure import Held, blank_result, held_measure
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.plan.human_data import PlannedFidelity
from tinytroupe_cli.plan.query_fields import why_absent
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.spec.baselines import BaselineKind


def fidelity(
    plan: Plan,
    rows: Sequence[Observation],
    wanted: Sequence[PlannedFidelity],
    baselines: Mapping[BaselineKind, Sequence[Observation]] | None = None,
) -> list[FidelityResult]:
    """Return each measure of `wanted` held against its human answers; `baselines`: rows of what was simulated less."""
    if not wanted:
        return []
    fields = plan.fields
    held: list[Held] = []
    found: list[FidelityResult] = []
    # A run without human data loads neither numpy nor scipy.
    from tinytroupe_cli.analysis.fidelity_cards import card, with_correlations  # noqa: PLC0415

    for planned in wanted:
        field = fields.get((planned.query, planned.field))
        if field is None:
            why = {"why_not": why_absent(plan, planned.query)}
            found.append(blank_result(planned).model_copy(update=why))
            continue
        held.append(held_measure(plan, rows, planned, field))
        others: dict[BaselineKind, Sequence[Observation]] = {
            kind: held_measure(plan, other, planned, field).rows for kind, other in (baselines or {}).items()
        }
        found.append(card(held[-1], others))
    return with_correlations(found, held)
