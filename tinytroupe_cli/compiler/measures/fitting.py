"""Checks that the estimand and the test of a comparison fit its measure and design (E521)."""

from __future__ import annotations

from dataclasses import dataclass

from tinytroupe_cli.analysis.estimands import FITTING, SHARES, scale_under
from tinytroupe_cli.analysis.test_names import FITS, instead, misfit
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.spec.design import ComparisonSpec, Estimand


@dataclass(frozen=True, slots=True)
class ComparedMeasure:
    """What is compared, as far as tests depend on it."""

    field: PlannedField
    what: str
    """The factor, `options`, or the attribute."""
    levels: int
    is_paired: bool
    """Whether the same units are at every level."""


def check_fit(written: ComparisonSpec, compared: ComparedMeasure, path: Path, findings: Findings) -> Estimand | None:
    """Report an estimand or a test that doesn't fit; return the estimand if it does."""
    scale = type_of(compared.field).scale or "number"
    estimand = written.estimand
    if estimand is not None and estimand not in FITTING[scale]:
        hint = f"use {' or '.join(FITTING[scale])}, or leave `estimand` out"
        message = f"`{estimand}` does not fit `{written.measure}`, which is {type_of(compared.field).noun}"
        findings.add("E521", message, (*path, "estimand"), hint=hint)
        return None
    if estimand is not None and estimand not in SHARES and written.equivalence is not None:
        hint = "remove one of the two"
        findings.add(
            "E524",
            f"`equivalence` needs a difference; `{estimand}` is a different estimand",
            (*path, "equivalence"),
            hint=hint,
        )
    if written.test is not None:
        _check_test(written, compared, estimand, path, findings)
    return estimand


def _check_test(
    written: ComparisonSpec, compared: ComparedMeasure, estimand: Estimand | None, path: Path, findings: Findings
) -> None:
    assert written.test is not None  # noqa: S101 - the caller asked
    scale, levels = scale_under(compared.field, estimand), compared.levels
    why = misfit(written.test, scale, levels, is_paired=compared.is_paired)
    if not why and FITS[written.test].is_omnibus and written.contrasts is not None:
        why = f"{written.test} compares all levels at once and can't be used with `contrasts`"
    if not why:
        return
    if written.test in FITS and FITS[written.test].is_paired != compared.is_paired:
        paired = "the same people give all" if compared.what == "options" else "everyone experiences every level of"
        design = paired if compared.is_paired else "separate people are at each level of"
        why = f"{why}; {design} `{compared.what}`"
    other = instead(written.test, scale, levels, is_paired=compared.is_paired)
    hint = f"use {other}, or leave `test` out" if other else "leave `test` out"
    findings.add("E521", why, (*path, "test"), hint=hint)
