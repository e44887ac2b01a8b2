"""What the language has and this version can't do yet: refused by name, never ignored."""

from __future__ import annotations

from collections.abc import Iterator

from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.language.positions import Document, Path, diagnose
from tinytroupe_cli.spec.design import DesignSpec
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.measures import Choice, Likert, Scale
from tinytroupe_cli.spec.running import UNBUILT_FORMATS

SECTIONS = {
    "baseline": "baselines",
}
"""Top-level keys, and what the user would call what they do."""


def unbuilt_sections(document: Document) -> list[Diagnostic]:
    """Return a diagnostic for every top-level key that would have no effect; the document is a mapping."""
    return [_refusal(document, (key,), what) for key, what in SECTIONS.items() if document.value.get(key) is not None]


def unbuilt_parts(experiment: Experiment, document: Document) -> list[Diagnostic]:
    """Return a diagnostic for every other part of the experiment that would have no effect."""
    return [_refusal(document, path, what) for path, what in _found(experiment)]


def _refusal(document: Document, path: Path, what: str) -> Diagnostic:
    hint = "it is part of the language, but this version does not support it: remove it"
    return diagnose(document, "E190", f"not supported yet: {what}", path, key=isinstance(path[-1], str), hint=hint)


def _found(experiment: Experiment) -> Iterator[tuple[Path, str]]:
    for index, query in enumerate(experiment.extract):
        for name, field in query.fields.items():
            if isinstance(field, Choice | Likert | Scale) and field.elicit == "logprobs":
                yield ("extract", index, "fields", name, "elicit"), "probabilities of tokens"
    if isinstance(experiment.design, DesignSpec) and experiment.design.order != "separate":
        yield ("design", "order"), "several conditions in one life"
    yield from _in_running(experiment)


def _in_running(experiment: Experiment) -> Iterator[tuple[Path, str]]:
    if experiment.report is None:
        return
    for index, name in enumerate(experiment.report.formats):
        if name in UNBUILT_FORMATS:
            yield ("report", "formats", index), f"{name} reports"
