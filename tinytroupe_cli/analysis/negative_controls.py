"""Tests what no condition may change; a difference there throws doubt on every comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.comparisons import compared
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.types import Plan

CONTROLS: Final = "controls"
"""The family of controls."""
MISSING: Final = "missing controls"
"""The family of the shares of missing answers of controls."""


def negative_controls(plan: Plan, rows: Sequence[Observation]) -> list[ComparisonResult]:
    """Return each control by each factor, with p-values corrected among the controls alone.

    Shares of their missing answers are a family of their own.
    """
    wanted = [
        PlannedComparison(query=control.query, field=control.field, factor=factor)
        for control in plan.controls
        for factor in plan.factors
    ]
    corrected = plan.model_copy(
        update={"inference": plan.inference.model_copy(update={"correction": "max_t", "families": {}})}
    )
    return [
        one.model_copy(update={"family": MISSING if one.kind == "missing" else CONTROLS, "evidence": ""})
        for one in compared(corrected, rows, wanted)
    ]


def has_moved(control: ComparisonResult) -> bool:
    """Return whether a control differs between conditions, which it must not."""
    return control.is_significant
