"""Resolves negative controls: measures that no condition may change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.measures.comparisons import comparable_measure
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.plan.planned_controls import PlannedControl
from tinytroupe_cli.plan.types import Condition
from tinytroupe_cli.spec.controls import ControlSpec


def plan_controls(
    written: Sequence[ControlSpec],
    fields: Mapping[str, Mapping[str, PlannedField]],
    conditions: Sequence[Condition],
    findings: Findings,
) -> tuple[PlannedControl, ...]:
    """Check all controls and return those that can be tested."""
    if written and len(conditions) < 2:  # noqa: PLR2004 - nothing to differ
        hint = "controls are compared between conditions: add `factors` or `conditions`"
        findings.add("E523", "there is only one condition", ("controls",), key=True, hint=hint)
        return ()
    found = (
        comparable_measure(entry.measure, fields, ("controls", index, "measure"), findings)
        for index, entry in enumerate(written)
    )
    return tuple(PlannedControl(query=query, field=field.name) for query, field in filter(None, found))
