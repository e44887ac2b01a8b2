"""Text -> Experiment, or every diagnostic at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from pydantic import ValidationError

from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.core.secrets import Secrets
from tinytroupe_cli.language.positions import Document, Path, diagnose, read_yaml
from tinytroupe_cli.spec.design import DesignSpec
from tinytroupe_cli.spec.error_text import describe
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.overrides import environment_findings, secrets_in, with_overrides
from tinytroupe_cli.spec.unsupported import unbuilt_parts
from tinytroupe_cli.spec.validation_errors import validation_diagnostics
from tinytroupe_cli.spec.wordings import WordingDesign
from tinytroupe_cli.spec.written_secrets import without_secrets

MAX_ENTRIES = 2_000
"""Of one list or mapping; people by the thousand come from folders, tables and populations."""
_FREE = ("vars", "factors", "conditions", "set", "json", "headers", "allocation")
"""Mappings whose keys are the user's own."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """An experiment, the document it was read from, and what is worth a warning."""

    experiment: Experiment
    document: Document
    warnings: tuple[Diagnostic, ...] = ()


def load_experiment(
    text: str, source: str, *, env: Mapping[str, str], overrides: Mapping[str, str] | None = None
) -> Loaded:
    """Read an experiment; raises `SpecError` with everything that is wrong, in the order of the file."""
    document = read_yaml(text, source)
    if not isinstance(document.value, dict):
        message = f"an experiment must be a mapping of keys to values; {describe(document.value, 'this')}"
        raise SpecError([diagnose(document, "E106", message, (), hint="begin with 'troupe: 1'")])
    document = with_overrides(document, overrides or {})
    try:
        return _checked(document, env)
    except SpecError as error:
        raise SpecError(without_secrets(error.diagnostics, secrets_in(document))) from None


def _checked(document: Document, env: Mapping[str, str]) -> Loaded:
    found = environment_findings(document, env, Secrets(env))
    document = replace(document, value=_without_own_keys(document.value, ()))
    if long := list(_long_parts(document.value, ())):
        raise SpecError([diagnose(document, "E107", _beyond(count), path) for path, count in long])
    errors = [finding for finding in found if finding.is_error]
    try:
        experiment = Experiment.model_validate(document.value)
    except ValidationError as error:
        taken = {finding.span for finding in errors}
        others = [
            finding for finding in validation_diagnostics(error, document, Experiment) if finding.span not in taken
        ]
        raise SpecError(_ordered([*found, *others])) from None
    errors += [*_too_long(experiment, document), *_crossed_in_one_life(experiment, document)]
    errors += unbuilt_parts(experiment, document)
    if errors:
        raise SpecError(_ordered([*found, *errors]))
    return Loaded(experiment, document, tuple(finding for finding in found if not finding.is_error))


def _too_long(experiment: Experiment, document: Document) -> list[Diagnostic]:
    if not experiment.world.outlasts_the_calendar:
        return []
    message = "with steps of this length, the simulation would run past the year 9999"
    return [diagnose(document, "E107", message, ("world", "step"))]


def _crossed_in_one_life(experiment: Experiment, document: Document) -> list[Diagnostic]:
    wordings, design = experiment.wordings, experiment.design
    is_crossed = isinstance(wordings, WordingDesign) and wordings.cross == "all"
    if not is_crossed or not isinstance(design, DesignSpec) or design.order == "separate":
        return []
    message = "with `order`, each person would answer every wording of the same question in one run"
    hint = "order: separate"
    return [diagnose(document, "E507", message, ("wordings", "cross"), hint=hint)]


def _long_parts(value: Any, path: Path) -> Iterator[tuple[Path, int]]:
    """Yield every list and mapping with too many entries, and their number, outside the user's own data."""
    if not isinstance(value, dict | list) or (path and path[-1] in _FREE):
        return
    parts = cast("dict[str, Any] | list[Any]", value)
    if len(parts) > MAX_ENTRIES:
        yield path, len(parts)
        return
    for key, part in parts.items() if isinstance(parts, dict) else enumerate(parts):
        yield from _long_parts(part, (*path, key))


def _beyond(count: int) -> str:
    return f"this has {count:,} entries; the maximum is {MAX_ENTRIES:,}"


def _ordered(found: list[Diagnostic]) -> list[Diagnostic]:
    return sorted(dict.fromkeys(found), key=lambda finding: finding.span)


def _without_own_keys(value: Any, path: Path) -> Any:
    """Leave out `x-…` keys, which belong to the user."""
    if path and path[-1] in _FREE:
        return value
    match value:
        case dict():
            items = cast("dict[str, Any]", value).items()
            return {key: _without_own_keys(item, (*path, key)) for key, item in items if not key.startswith("x-")}
        case list():
            entries = enumerate(cast("list[Any]", value))
            return [_without_own_keys(item, (*path, index)) for index, item in entries]
        case _:
            return value
