"""Checks what an experiment can't have yet if people meet its conditions one after another (`design.order`)."""

from __future__ import annotations

from collections.abc import Iterator

from tinytroupe_cli.analysis.estimands import WITHOUT_DIFFERENCE
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.plan.planned_assignment import PlannedAssignment
from tinytroupe_cli.spec.design import ComparisonSpec
from tinytroupe_cli.spec.experiment import Experiment

SEPARATE = "order: separate"


def check_sequences(experiment: Experiment, assignment: PlannedAssignment, findings: Findings) -> None:
    """Report parts of the experiment that do not go with conditions in one life."""
    if not assignment.order:
        return
    if experiment.world.type != "interviews":
        message = f"people who reach each other can't be in different conditions ({experiment.world.type})"
        hint = f"use world: {{type: interviews}}, or {SEPARATE}"
        findings.add("E541", message, ("design", "order"), hint=hint)
        return
    for path, what in _unsupported(experiment):
        message = f"{what} can't be combined with `order: {assignment.order}`"
        findings.add("E541", message, path, key=isinstance(path[-1], str), hint=f"leave it out, or use {SEPARATE}")
    for index, query in enumerate(experiment.extract):
        path: Path = ("extract", index)
        if query.how != "interview" or query.of == "world":
            message = f"'{query.name}' is read from the transcript, which contains several conditions"
            hint = f"use how: interview, of: each person; or {SEPARATE}"
            findings.add("E541", message, (*path, "how" if "how" in query.model_fields_set else "name"), hint=hint)
    for index, entry in enumerate(experiment.compare if experiment.compare != "auto" else ()):
        _check_comparison(entry, ("compare", index), findings)


def _unsupported(experiment: Experiment) -> Iterator[tuple[Path, str]]:
    """Yield what is used of the language that has no meaning yet in a trial of several conditions."""
    used = {
        "wordings": experiment.wordings is not None,
        "weights": experiment.weights is not None,
        "until": experiment.until is not None,
        "rectify": experiment.rectify is not None,
        "baseline": bool(experiment.baseline),
        "persona_shuffle": experiment.persona_shuffle,
        "multiverse": experiment.multiverse is not None,
        "interventions": bool(experiment.interventions),
        "systems": bool(experiment.systems),
        "propositions": bool(experiment.propositions),
        "blinding": experiment.blinding != "blind",
    }
    yield from (((key,), f"`{key}`") for key, is_used in used.items() if is_used)
    if experiment.inference is not None and experiment.inference.about == "cast":
        yield ("inference", "about"), "`about: cast`"
    if experiment.dataset is not None and experiment.dataset.system is not None:
        yield ("dataset", "system"), "a system message"


def _check_comparison(entry: ComparisonSpec, path: Path, findings: Findings) -> None:
    """Report what is asked for beside differences of means or shares."""
    if not isinstance(entry.by, str | list | None) or entry.by == "options":
        return
    asked = {
        "interaction": entry.interaction,
        "moderator": entry.moderator is not None,
        "contrasts": isinstance(entry.contrasts, dict),
        "estimand": entry.estimand in WITHOUT_DIFFERENCE,
        "test": entry.test is not None,
    }
    for key, is_asked in asked.items():
        if is_asked:
            message = f"`{key}` does not take periods into account, but people experience the levels one after another"
            findings.add("E541", message, (*path, key), key=True, hint=f"leave it out, or use {SEPARATE}")
