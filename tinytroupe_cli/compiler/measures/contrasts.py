"""Resolves contrasts with named weights, interactions and moderators of a comparison (E521, E523)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from tinytroupe_cli.analysis.comparison_questions import groups_of_people
from tinytroupe_cli.analysis.estimands import SHARES
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.spec.design import ComparisonSpec

TOLERANCE = 1e-6
"""By which the weights of a contrast may miss a sum of 0."""


def first_factor(written: ComparisonSpec, path: Path, findings: Findings) -> ComparisonSpec | None:
    """Return a comparison whose `by` is one factor, the second left to `second_factor`; None: it can't be made."""
    if not isinstance(written.by, list):
        if written.interaction:
            findings.add("E523", "an interaction needs two factors", (*path, "by"), hint="write by: [FACTOR, FACTOR]")
            return None
        return written
    if len(written.by) != 2 or not written.interaction:  # noqa: PLR2004 - two factors
        findings.add("E523", "`by` expects one factor, or two with `interaction: true`", (*path, "by"))
        return None
    return written.model_copy(update={"by": written.by[0]})


def second_factor(
    written: ComparisonSpec, factor: str, factors: Mapping[str, Sequence[JsonValue]], path: Path, findings: Findings
) -> str:
    """Return the second factor of an interaction; empty: there is none."""
    if not isinstance(written.by, list) or len(written.by) < 2:  # noqa: PLR2004 - two factors
        return ""
    other = written.by[1]
    if other not in factors or other == factor:
        wrong = f"both factors are '{other}'" if other == factor else f"no factor '{other}'"
        hint = NearNames(other, factors, label="factors")
        findings.add("E523", wrong, (*path, "by", 1), hint=hint)
        return ""
    return other


def named_contrasts(
    written: ComparisonSpec, factor: str, levels: Sequence[JsonValue], path: Path, findings: Findings
) -> dict[str, tuple[float, ...]]:
    """Return name -> the weight of each level; report weights that are no contrast."""
    if not isinstance(written.contrasts, dict):
        return {}
    if not factor:
        hint = "name the weights of a factor's levels"
        findings.add("E523", "named contrasts need a factor", (*path, "contrasts"), key=True, hint=hint)
        return {}
    found: dict[str, tuple[float, ...]] = {}
    for name, weights in written.contrasts.items():
        here = (*path, "contrasts", name)
        if len(weights) != len(levels):
            message = f"'{factor}' has {len(levels)} levels, but this contrast has {len(weights)} weights"
            findings.add("E523", message, here)
        elif not any(weights) or abs(sum(weights)) > TOLERANCE:
            findings.add("E523", "the weights of a contrast must add up to 0, and at least one must not be 0", here)
        else:
            found[name] = tuple(float(weight) for weight in weights)
    return found


def moderator(
    written: ComparisonSpec, factor: str, roster: Roster, path: Path, findings: Findings
) -> tuple[str, tuple[float, ...]]:
    """Return the attribute by which an effect may differ, with its bands; empty: none."""
    if written.moderator is None:
        return "", ()
    here = (*path, "moderator")
    if not factor:
        findings.add("E523", "a moderator needs a factor in `by`", here, key=True)
        return "", ()
    bands = tuple(float(band) for band in written.moderator.bands or ())
    if roster.is_complete and len(groups_of_people(roster.members, written.moderator.person, bands)) < 2:  # noqa: PLR2004
        message = f"people do not differ in '{written.moderator.person}'"
        findings.add("E523", message, (*here, "person"))
    return written.moderator.person, bands


def check_simple(written: ComparisonSpec, path: Path, findings: Findings, *, is_slope: bool) -> bool:
    """Report what can't go with a contrast, an interaction, a moderator or a slope; return whether it is one."""
    kinds = {
        "named contrasts": isinstance(written.contrasts, dict),
        "an interaction": written.interaction,
        "a moderator": written.moderator is not None,
        "a slope": is_slope,
    }
    asked = [name for name, is_asked in kinds.items() if is_asked]
    if not asked:
        return False
    unfit = {"test": written.test, "equivalence": written.equivalence, "estimand": written.estimand}
    if is_slope and written.test == "spearman":
        unfit["test"] = None
    if not is_slope and written.estimand in SHARES:
        unfit["estimand"] = None
    for key, value in unfit.items():
        if value is not None:
            hint = "use spearman, or leave `test` out" if is_slope and key == "test" else f"leave `{key}` out"
            findings.add("E521", f"`{key}: {value}` can't be combined with {asked[0]}", (*path, key), hint=hint)
    if len(asked) > 1:
        findings.add("E523", f"{' and '.join(asked)} can't be combined", path, hint="write a comparison for each")
    return True
