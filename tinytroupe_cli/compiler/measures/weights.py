"""Resolves `weights`: margins whose shares add up, of levels that people are at."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Final

from tinytroupe_cli.analysis.weights import weigh
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.language.bands import Band, band
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.plan.planned_weights import PlannedWeights
from tinytroupe_cli.spec.design import Weights
from tinytroupe_cli.spec.spec_model import Number

SLACK: Final = 0.005
"""How far the shares of a margin may be from 1; they are then scaled to 1."""


def plan_weights(written: Weights | None, roster: Roster, findings: Findings) -> PlannedWeights | None:
    """Check the margins against the cast; None: everybody counts the same.

    A field that a model writes later is checked once it is written.
    """
    if written is None:
        return None
    errors = findings.errors
    if not written.to and not written.base:
        findings.add(
            "E550",
            "`weights` expects margins or a base weight",
            ("weights",),
            hint="write `to: {FIELD: {VALUE: SHARE}}`",
        )
    for attribute, shares in written.to.items():
        _check_shares(attribute, shares, findings)
    if findings.errors > errors:
        return None
    planned = PlannedWeights(
        to={_plain(name): _scaled(shares) for name, shares in written.to.items()},
        base=_plain(written.base or ""),
        trim=None if written.trim is None else (float(written.trim[0]), float(written.trim[1])),
    )
    if roster.is_complete and not _is_unwritten(planned, roster):
        names = {_plain(name): name for name in written.to}
        for problem in weigh(roster.members, planned).problems:
            path = tuple(names.get(key, key) for key in problem.key)
            findings.add(problem.code, problem.message, ("weights", *path), hint=problem.hint, key=len(path) > 1)
    return planned


def _check_shares(attribute: str, shares: Mapping[str, Number], findings: Findings) -> None:
    path: Path = ("weights", "to", attribute)
    low = [level for level, share in shares.items() if share <= 0]
    for level in low:
        findings.add("E550", f"the share of '{level}' must be above 0; it is {shares[level]:g}", (*path, level))
    total = sum(shares.values())
    if not low and abs(total - 1) > SLACK:
        hint = "shares range from 0 to 1: for 51%, write 0.51" if total > 1 + SLACK else "add the missing levels"
        findings.add("E550", f"the shares of {attribute} add up to {total:.4g}, not 1", path, key=True, hint=hint)
    bands = [(level, found) for level in shares if (found := band(level)) is not None]
    for (first, lower), (second, other) in combinations(bands, 2):
        if _overlap(lower, other):
            findings.add("E550", f"the bands {first} and {second} overlap", (*path, second), key=True)


def _overlap(first: Band, second: Band) -> bool:
    return first.low <= second.high and second.low <= first.high


def _scaled(shares: Mapping[str, Number]) -> dict[str, float]:
    total = float(sum(shares.values()))
    return {level: share / total for level, share in shares.items()}


def _plain(name: str) -> str:
    return name.removeprefix("person.")


def _is_unwritten(planned: PlannedWeights, roster: Roster) -> bool:
    """Return whether somebody's field is still to be written by a model."""
    later = {field for member in roster.members if member.drawn for field in member.drawn.generated_fields}
    names = [*planned.to, *([planned.base] if planned.base else [])]
    return any(name in later or name.split(".")[0] in later for name in names)
