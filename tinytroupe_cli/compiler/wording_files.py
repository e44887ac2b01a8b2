"""Puts wordings of a file, or marks for those a model will write, into an experiment in place of its texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from pydantic import ValidationError

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.core.errors import TroupeError
from tinytroupe_cli.language.positions import Path, read_yaml
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.spec_model import SpecModel
from tinytroupe_cli.spec.wordings import TextToWord, WordingDesign, Wordings, WordingsOfText

_KEY: Path = ("wordings", "from")
WORDED = ("question", "say", "think", "goal", "show", "social")
"""Keys of texts that can have several wordings."""


def design_of(experiment: Experiment) -> WordingDesign:
    """Return how many wordings there are and who meets which; a number alone is their count."""
    written = experiment.wordings
    return written if isinstance(written, WordingDesign) else WordingDesign(count=written)


def with_wordings_of_texts(experiment: Experiment, read: Callable[[str], str], findings: Findings) -> Experiment:
    """Return the experiment with the wordings of the file that `wordings: {from: FILE}` names.

    With a number and without a file, each text with a single wording is marked as one whose others a model will write.
    """
    spec = design_of(experiment)
    if spec.source is None:
        return experiment if spec.count is None else _to_word(experiment, findings)
    entries = _entries(spec.source, read, findings)
    found: dict[str, Wordings | TextToWord] = {
        entry.text.strip(): Wordings(wordings=[*entry.wordings]) for entry in entries
    }
    used: set[str] = set()
    parts = {key: _worded(getattr(experiment, key), found, used) for key in ("stimuli", "interventions", "extract")}
    for text in found.keys() - used:
        hint = NearNames(text, texts_of(experiment), label="texts")
        findings.add(
            "E505", f"'{spec.source}' has wordings of a text that the experiment lacks: '{text}'", _KEY, hint=hint
        )
    return experiment.model_copy(update=parts)


def _to_word(experiment: Experiment, findings: Findings) -> Experiment:
    found: dict[str, Wordings | TextToWord] = {}
    for text in texts_of(experiment):
        if "{%" in text or "{#" in text:
            hint = "list its wordings yourself: {wordings: […]}"
            findings.add("E505", f"a text with {{% … %}} can't be paraphrased: '{text[:40]}'", ("wordings",), hint=hint)
        found[text] = TextToWord(text=text)
    parts = {key: _worded(getattr(experiment, key), found, set()) for key in ("stimuli", "interventions", "extract")}
    return experiment.model_copy(update=parts)


def texts_of(experiment: Experiment) -> list[str]:
    """Return every text with a single wording that could have several, each once."""
    found: dict[str, None] = {}
    for key in ("stimuli", "interventions", "extract"):
        _collect(getattr(experiment, key), found)
    return list(found)


def _entries(name: str, read: Callable[[str], str], findings: Findings) -> list[WordingsOfText]:
    try:
        value = read_yaml(read(name), name).value
        entries = cast("list[Any]", value) if isinstance(value, list) else [value]
        return [WordingsOfText.model_validate(entry) for entry in entries]
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        message = f"'{name}' is not a file of wordings: {where}: {error.errors()[0]['msg'].lower()}"
        findings.add("E505", message, _KEY, hint="write a list of {text: …, wordings: […]}")
    except TroupeError as error:
        findings.add("E505", error.message, _KEY, hint=error.hint)
    return []


def _worded(part: Any, found: Mapping[str, Wordings | TextToWord], used: set[str]) -> Any:
    """Return a part of an experiment with wordings in place of texts; `used` collects those texts."""
    match part:
        case Wordings():
            return part
        case SpecModel():
            changed: dict[str, Any] = {}
            for name in type(part).model_fields:
                value = getattr(part, name)
                if name in WORDED and isinstance(value, str) and value.strip() in found:
                    used.add(value.strip())
                    changed[name] = found[value.strip()]
                else:
                    changed[name] = _worded(value, found, used)
            return part.model_copy(update=changed)
        case list():
            return [_worded(entry, found, used) for entry in cast("list[Any]", part)]
        case _:
            return part


def _collect(part: Any, found: dict[str, None]) -> None:
    match part:
        case Wordings():
            return
        case SpecModel():
            for name in type(part).model_fields:
                value = getattr(part, name)
                if name in WORDED and isinstance(value, str):
                    found[value.strip()] = None
                else:
                    _collect(value, found)
        case list():
            for entry in cast("list[Any]", part):
                _collect(entry, found)
        case _:
            return
