"""Resolves rectifications: which measure, which people, who is whose twin, and whether there are enough of them."""

from __future__ import annotations

from collections import Counter

from tinytroupe_cli.analysis.rectified import MIN_TWINS
from tinytroupe_cli.analysis.twins import twins_of
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.measures.fidelity import ComparisonNames, complainer, measure_named
from tinytroupe_cli.compiler.measures.human_data import Complain, DataColumns, human_answers
from tinytroupe_cli.language.positions import Path, with_paths
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.plan.human_data import HumanAnswers
from tinytroupe_cli.plan.planned_rectification import PlannedRectification
from tinytroupe_cli.spec.rectification import Rectification


def plan_rectifications(
    written: list[Rectification] | Rectification | None, around: ComparisonNames, findings: Findings
) -> tuple[PlannedRectification, ...]:
    """Check all rectifications and return those that can be made."""
    found = (_planned(entry, path, around, findings) for entry, path in with_paths(written, "rectify"))
    return tuple(rectification for rectification in found if rectification is not None)


def _planned(
    written: Rectification, path: Path, around: ComparisonNames, findings: Findings
) -> PlannedRectification | None:
    complain = complainer(path, findings, written)
    measure = measure_named(written.measure, (*path, "measure"), around.fields, findings)
    _check_form(written, path, around, findings)
    if measure is None or written.key is None:
        return None
    query, field = measure
    wanted = DataColumns(
        data=written.humans,
        column=written.column or field.name,
        weight=written.weight or "",
        key=written.key,
        map=written.map,
        group=written.by or "",
    )
    humans = human_answers(around.read, wanted, field, complain)
    if humans is None:
        return None
    _check_twins(humans, around, complain)
    return PlannedRectification(
        query=query,
        field=field.name,
        humans=humans,
        drawn=written.drawn,
        factor=written.by or "",
        human_only=written.human_only,
    )


def _check_form(written: Rectification, path: Path, around: ComparisonNames, findings: Findings) -> None:
    if written.key is None:
        hint = "`key` names the column that matches twins; without twins, `compare: [{measure, with, column}]`"
        findings.add("E561", "a rectification needs twins: `key` is missing", path, hint=hint)
    if written.by is not None and written.by not in around.factors:
        hint = NearNames(written.by, around.factors, label="factors", otherwise="the experiment has no factors")
        findings.add("E523", f"no factor '{written.by}'", (*path, "by"), hint=hint)
    if written.drawn == "weighted" and written.weight is None:
        findings.add("E562", "`drawn: weighted` needs `weight`, the column of weights", (*path, "drawn"))


def _check_twins(humans: HumanAnswers, around: ComparisonNames, complain: Complain) -> None:
    """Report a person who stands twice (at one level), and too few people with twins."""
    levels = humans.groups or ("",) * len(humans.keys)
    counts = Counter((key, level) for key, level in zip(humans.keys, levels, strict=True) if key)
    if twice := next((key for (key, _), count in counts.items() if count > 1), ""):
        complain(f"{humans.data}: the key '{twice}' appears in more than one row", "key", code="E561")
        return
    if not around.roster.is_complete:
        return
    twins = twins_of(around.roster.members, humans.key, humans.keys)
    paired = sum(humans.answers[row] is not None for row in twins)
    if not twins:
        hint = f"give people a field '{humans.key}', or write ids or names of people in that column"
        complain(f"{humans.data}: none of its rows belongs to a simulated person", "key", hint=hint, code="E561")
    elif paired < MIN_TWINS:
        hint = "with fewer, use the people's answers alone"
        message = f"{humans.data}: people with an answer and a twin: {paired}; `rectify` needs {MIN_TWINS}"
        complain(message, "key", hint=hint, code="E562")
