"""Checks the rules for leaving people out: each must have answers it can look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.plan.planned_exclusions import has_run_of_items, has_texts
from tinytroupe_cli.spec.exclusion_rules import ExclusionRule


def plan_exclusions(
    written: Sequence[ExclusionRule],
    measures: Mapping[str, Mapping[str, PlannedField]],
    findings: Findings,
    path: Path = ("exclude",),
) -> tuple[ExclusionRule, ...]:
    """Return the rules, each once; report one that could never exclude anybody (E572)."""
    for index, rule in enumerate(written):
        check_exclusion(rule, measures, findings, (*path, index))
    return tuple(dict.fromkeys(written))


def check_exclusion(
    rule: ExclusionRule, measures: Mapping[str, Mapping[str, PlannedField]], findings: Findings, path: Path
) -> None:
    """Report a rule without answers to look at."""
    match rule:
        case "repeats" if not any(has_texts(own.values()) for own in measures.values()):
            findings.add("E572", "no question has free-text answers, so none can be repeated", path)
        case "straight_lining" if not any(has_run_of_items(own.values()) for own in measures.values()):
            message = "no query has three scales or Likert items with the same points"
            findings.add("E572", message, path, hint="ask the items of a scale as fields of one query")
        case _:
            return
