"""Wordings that a model writes: what stands in a plan for them, and what replaces it once they are written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from pydantic import JsonValue

from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.plan.planned_wordings import WordedTemplate
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.spec.wordings import WordingsOfText

_MARK = re.compile(r"⟪(\d+) (\S+) (.*?)⟫", re.DOTALL)
_TAG = re.compile(r"\{\{.*?\}\}", re.DOTALL)


def tags(template: str) -> list[str]:
    """Return the variables of a template as they are written, with single spaces."""
    return [_single_spaced(tag) for tag in _TAG.findall(template)]


def stand_in(place: str, wording: int, values: Mapping[str, str]) -> str:
    """Return what stands in a plan for one wording of a text; `values` has what its variables are filled in with."""
    return f"⟪{wording} {place} {json.dumps(values, ensure_ascii=False)}⟫"


def is_missing(plan: Plan) -> bool:
    """Return whether a model is still to write wordings for a plan."""
    return plan.wordings is not None and any(len(text.wordings) < plan.wordings.count for text in plan.wordings.texts)


def with_wordings(plan: Plan, written: Sequence[WordingsOfText]) -> Plan:
    """Return the plan with the wordings that were written; those of a text that is not there are its original.

    Where fewer were written than planned, the people of each version that is missing meet one of the others; where
    everyone meets all, its trials are left out. Raises RunError if other texts have their own wordings then.
    """
    if plan.wordings is None or not is_missing(plan):
        return plan
    found = {entry.text.strip(): tuple(entry.wordings) for entry in written}
    texts = {
        text.place: found.get(text.wordings[0].strip(), text.wordings[:1])
        if len(text.wordings) < plan.wordings.count
        else text.wordings
        for text in plan.wordings.texts
    }
    count = min(plan.wordings.count, *(len(own) for own in texts.values())) if written else plan.wordings.count
    if count < plan.wordings.count and any(len(text.wordings) > 1 for text in plan.wordings.texts):
        message = f"the model wrote {count} usable wordings, but other texts have {plan.wordings.count}"
        raise RunError(message, hint=f"list {count} everywhere, or add the missing ones to wordings.yaml of the run")
    whole: Any = plan.model_dump(mode="json")
    trials = [trial for trial in whole["trials"] if trial["wording"] <= count or plan.wordings.cross == "rotate"]
    whole["trials"] = [
        _worded(trial, texts, count) | {"wording": _version(trial["wording"], count)} for trial in trials
    ]
    order = plan.assignment.people
    people: list[list[str]] = [[] for _ in range(count)]
    for number, own in enumerate(plan.wordings.people, start=1):
        people[_version(number, count) - 1] += own
    done = plan.wordings.model_copy(
        update={
            "count": count,
            "people": tuple(tuple(sorted(own, key=order.index)) for own in people) if plan.wordings.people else (),
            "texts": tuple(
                WordedTemplate(place=text.place, wordings=tuple(texts[text.place][:count]))
                for text in plan.wordings.texts
            ),
        }
    )
    whole["wordings"] = done.model_dump(mode="json")
    return Plan.model_validate_json(json.dumps(whole))


def _version(number: int, count: int) -> int:
    return (number - 1) % count + 1


def _worded(value: JsonValue, texts: Mapping[str, Sequence[str]], count: int) -> Any:
    """Return a value with wordings for all marks in its texts."""
    match value:
        case str():
            return _MARK.sub(lambda mark: _filled(mark, texts, count), value) if "⟪" in value else value
        case list():
            return [_worded(entry, texts, count) for entry in value]
        case dict():
            return {key: _worded(entry, texts, count) for key, entry in value.items()}
        case _:
            return value


def _filled(mark: re.Match[str], texts: Mapping[str, Sequence[str]], count: int) -> str:
    wordings = texts.get(mark.group(2))
    if not wordings:
        return mark.group()
    values = cast("dict[str, str]", json.loads(mark.group(3)))
    wording = _version(int(mark.group(1)), count)
    template = wordings[wording - 1] if wording <= len(wordings) else wordings[0]
    return _TAG.sub(lambda tag: values.get(_single_spaced(tag.group()), tag.group()), template)


def _single_spaced(tag: str) -> str:
    return f"{{{{ {' '.join(tag[2:-2].split())} }}}}"
