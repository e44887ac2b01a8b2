"""Resolves families: which measures' p-values are corrected together."""

from __future__ import annotations

from collections.abc import Mapping

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.measures.comparisons import comparable_measure
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.plan.planned_comparisons import PlannedInference
from tinytroupe_cli.spec.design import Inference

PATH = ("inference", "families")
RESERVED = ("controls", "description", "exploratory", "missing", "missing controls")
"""Families that the program makes."""


def plan_inference(
    written: Inference | None, fields: Mapping[str, Mapping[str, PlannedField]], findings: Findings, *, is_auto: bool
) -> PlannedInference:
    """Return how comparisons are tested; report measures in two families."""
    inference = written or Inference()
    if inference.families and is_auto:
        hint = "list comparisons under `compare`, or remove `families`"
        findings.add("E525", "`families` has no effect: `compare` lists no comparison", PATH, key=True, hint=hint)
    families: dict[str, tuple[str, ...]] = {}
    rest, seen = "", dict[str, str]()
    for name, measures in inference.families.items():
        if name in RESERVED:
            findings.add("E525", f"'{name}' is the name of a built-in family", (*PATH, name), key=True)
        if measures == "rest":
            if rest:
                findings.add("E525", f"only one family can have `rest`; '{rest}' already has it", (*PATH, name))
            rest = name
            continue
        families[name] = tuple(_measures(name, measures, fields, seen, findings))
    plain = inference.model_dump(exclude={"families"})
    return PlannedInference.model_validate({**plain, "families": families, "rest": rest})


def _measures(
    family: str,
    written: list[str],
    fields: Mapping[str, Mapping[str, PlannedField]],
    seen: dict[str, str],
    findings: Findings,
) -> list[str]:
    """Return the measures of a family as `query.field`; `seen` has the family of every measure before."""
    found: list[str] = []
    for index, entry in enumerate(written):
        path = (*PATH, family, index)
        measure = comparable_measure(entry, fields, path, findings)
        if measure is None:
            continue
        name = f"{measure[0]}.{measure[1].name}"
        if name in seen:
            findings.add("E525", f"'{entry}' is already in '{seen[name]}'; a measure can be in only one family", path)
        seen[name] = family
        found.append(name)
    return found
