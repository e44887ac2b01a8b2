"""When two plans are the same run, and in what they differ.

Limits, prices, report formats and statements for methods.md are left out: raising a limit and going on is the same run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import cast

from pydantic import JsonValue

from tinytroupe_cli.plan.types import Plan

_NOT_IDENTITY = {"limits", "prices", "formats", "methods"}
_ANY_TRIAL = "trials[]"


def plan_hash(plan: Plan) -> str:
    """Return 32 hex digits: the run's identity. The order of fields counts, as people read them in order."""
    # What nobody wrote is left out, so that a key this version has and the last had not makes no other run.
    written = plan.model_dump(mode="json", exclude=_NOT_IDENTITY, exclude_defaults=True)
    return hashlib.blake2b(_text(written).encode(), digest_size=16).hexdigest()


def differences(first: Plan, second: Plan) -> list[str]:
    """Return the dotted paths whose values differ, each once; one line for all the trials it differs in."""
    found = _differing("", _identity(first), _identity(second))
    return list(dict.fromkeys(path.replace(_ANY_TRIAL, "trials") for path in found))


def _identity(plan: Plan) -> dict[str, JsonValue]:
    return plan.model_dump(mode="json", exclude=_NOT_IDENTITY)


def _text(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _differing(path: str, first: JsonValue, second: JsonValue) -> Iterator[str]:
    if _text(first) == _text(second):
        return
    ones, others = _keyed(first), _keyed(second)
    if not ones or not others:
        yield path
        return
    if ones.keys() == others.keys() and list(ones) != list(others):
        yield f"{path} (order)"
    for key in dict.fromkeys([*ones, *others]):
        inner = _ANY_TRIAL if path == "trials" and key in ones and key in others else f"{path}.{key}".strip(".")
        if key in ones and key in others:
            yield from _differing(inner, ones[key], others[key])
        else:
            yield inner


def _keyed(value: JsonValue) -> Mapping[str, JsonValue]:
    """See a mapping, or a list of things with ids or names, as a mapping; empty for the rest."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, list):
        return {}
    items = [cast("dict[str, JsonValue]", item) for item in value if isinstance(item, dict)]
    keys = [str(item.get("id", item.get("name", number))) for number, item in enumerate(items, start=1)]
    return dict(zip(keys, items, strict=True)) if len(set(keys)) == len(value) else {}
