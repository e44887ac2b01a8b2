"""What the language has and this version can't do yet: refused by name, never ignored."""

from __future__ import annotations

from collections.abc import Iterator

from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.language.positions import Document, Path, diagnose
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.running import UNBUILT_FORMATS


def unbuilt_parts(experiment: Experiment, document: Document) -> list[Diagnostic]:
    """Return a diagnostic for every part of the experiment that would have no effect."""
    return [_refusal(document, path, what) for path, what in _found(experiment)]


def _refusal(document: Document, path: Path, what: str) -> Diagnostic:
    hint = "remove it"
    return diagnose(document, "E190", f"not supported yet: {what}", path, key=isinstance(path[-1], str), hint=hint)


def _found(experiment: Experiment) -> Iterator[tuple[Path, str]]:
    if experiment.report is None:
        return
    for index, name in enumerate(experiment.report.formats):
        if name in UNBUILT_FORMATS:
            yield ("report", "formats", index), f"{name} reports"
