"""What should have been written where a value has the wrong form: an example for each key, made from the user's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from tinytroupe_cli.language.positions import Path

_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_RANGE: Final = re.compile(r"(?<=\d)\s*(?:-|–|—|\.\.+|to|bis|/)\s*(?=-?\d)")  # noqa: RUF001 - dashes people type


def _numbers(value: Any) -> list[str]:
    return _NUMBER.findall(_RANGE.sub(" ", str(value)))


def _ends(value: Any) -> tuple[str, ...]:
    """Return the lowest and the highest number of a value that has several, else what it has."""
    found = _numbers(value)
    return (min(found, key=float), max(found, key=float)) if len(found) > 2 else tuple(found)  # noqa: PLR2004 - a pair


def _scale(value: Any) -> str:
    found = _ends(value)
    low, high = (found[0], found[1]) if len(found) > 1 else ("1", found[0] if found else "7")
    if "." in low + high or float(low) >= float(high):
        low, high = "1", "7"
    return f"scale: [{low}, {high}]"


def _number(value: Any) -> str:
    found = _ends(value)
    low, high = (found[0], found[1]) if len(found) > 1 else ("0", found[0] if found else "40")
    return f"number: {{min: {low}, max: {high}}}"


def _options(key: str, usual: str) -> Callable[[Any], str]:
    def form(value: Any) -> str:
        parts = re.split(r"\s*[,;|/]\s*|\s+or\s+", value) if isinstance(value, str) else []
        words = [part.strip() for part in parts if part.strip()]
        return f"{key}: [{', '.join(words)}]" if len(words) > 1 else f"{key}: {usual}"

    return form


def _one_or_list(key: str, usual: str) -> Callable[[Any], str]:
    def form(value: Any) -> str:
        return f"{key}: [{value}]" if isinstance(value, str) and value and "\n" not in value else f"{key}: {usual}"

    return form


def _moment(value: Any) -> str:
    found = _numbers(value)
    return f"at: {{step: {found[0]}}}" if found else "at: {step: 3}"


def _always(form: str) -> Callable[[Any], str]:
    return lambda _value: form


FORMS: Final[Mapping[str, Callable[[Any], str]]] = {
    "scale": _scale,
    "number": _number,
    "choice": _options("choice", "[yes, no, undecided]"),
    "rank": _options("rank", "[price, taste, size]"),
    "ladder": _always("ladder: [5, 7, 9, 12]"),
    "budget": _options("budget", "[price, taste, size]"),
    "maxdiff": _options("maxdiff", "[price, taste, size, smell, color]"),
    "likert": _always("likert: purchase_intent"),
    "list": _always("list: text"),
    "text": _always("text"),
    "yes_no": _always("yes_no"),
    "at": _moment,
    "limits": _always("limits: {usd: 2, calls: 500}"),
    "personas": _one_or_list("personas", "[lisa, oscar]"),
    "fragments": _one_or_list("fragments", "[picky_customer]"),
    "documents": _one_or_list("documents", "[notes/*.md, brief.pdf]"),
    "tools": _one_or_list("tools", "[write_document, calendar]"),
    "factors": _always("factors: {price: [9, 12]}"),
    "conditions": _always("conditions: [{name: control, price: 9}, {name: dear, price: 12}]"),
    "vars": _always("vars: {price: 9}"),
    "world": _always("world: {type: room, steps: 3}"),
    "relations": _always("relations: [[lisa, oscar, colleagues]]"),
    "topology": _always("topology: {type: small_world, degree: 4}"),
    "stimuli": _always('stimuli: [{say: "What do you think?"}]'),
    "interventions": _always('interventions: [{when: {step: 3}, then: [{say: "Go on."}]}]'),
    "when": _always('when: {claim: "They only agree"}'),
    "then": _always('then: [{say: "What speaks against it?"}]'),
    "extract": _always('extract: [{name: v, of: each person, how: interview, question: "…", fields: {why: text}}]'),
    "fields": _always("fields: {price: {number: {min: 0, max: 40}}, why: text}"),
    "propositions": _always('propositions: [{name: agreed, claim: "They agreed"}]'),
    "expect": _one_or_list("expect", "[\"choice.ad.share('calm') >= 0.3\"]"),
    "memory": _always("memory: {recall: semantic, window: 30}"),
    "quality": _always("quality: {adherence: 6, attempts: 2}"),
    "prices": _always("prices: {my/model: {input: 0.25, output: 2.0}}"),
    "report": _always("report: {formats: [json, markdown]}"),
    "formats": _one_or_list("formats", "[json, markdown, csv]"),
    "systems": _always('systems: [{name: bot, http: {url: "http://127.0.0.1:8000/chat"}}]'),
    "set": _always("set: {age: 61}"),
    "vary": _always("vary: {age: {from: 20, to: 70}}"),
    "columns": _always("columns: {who: person.name, said: text}"),
}
"""Key -> how it is written, from what was written instead."""
_SAME: Final[Mapping[str, str]] = {
    "boolean": "yes_no",
    "bool": "yes_no",
    "yesno": "yes_no",
    "yes/no": "yes_no",
    "string": "text",
    "str": "text",
    "free_text": "text",
    "integer": "number",
    "int": "number",
    "float": "number",
    "numeric": "number",
    "options": "choice",
    "enum": "choice",
    "select": "choice",
    "category": "choice",
    "rating": "scale",
    "ranking": "rank",
    "gabor_granger": "ladder",
    "price_ladder": "ladder",
    "allocation": "budget",
    "best_worst": "maxdiff",
    "array": "list",
    "texts": "list",
}
"""What other programs call a kind of field -> ours."""
_KINDS: Final = (
    "scale",
    "number",
    "choice",
    "rank",
    "likert",
    "list",
    "text",
    "yes_no",
    "ladder",
    "budget",
    "maxdiff",
)


def right_form(path: Path, value: Any) -> str:
    """Return how the value at a place should be written; empty where nothing is known."""
    key = path[-1] if path else ""
    if not isinstance(key, str):
        return ""
    if path == ("world", "step") and isinstance(value, int):
        return f"steps: {value} for the number of rounds, or step: 10min for the time between them"
    if len(path) > 1 and path[-2] == "fields":
        return field_form(value)
    return FORMS[key](value) if key in FORMS else ""


def kind_key(value: Mapping[str, Any]) -> str:
    """Return the key under which a mapping names its kind, as {type: choice} does; empty: none."""
    return next((key for key in ("type", "kind") if isinstance(value.get(key), str)), "")


def typed_form(value: Mapping[str, Any]) -> str:
    """Return how {type: choice, options: [a, b]} is written; empty for a mapping without a kind under such a key."""
    key = kind_key(value)
    if not key:
        return ""
    word = str(value.get(key, "")).strip().lower()
    kind = _SAME.get(word, word)
    if kind not in _KINDS:
        return ""
    rest = [part for name, part in value.items() if name != key]
    options = next((cast("list[Any]", part) for part in rest if isinstance(part, list)), None)
    form = FORMS[kind](", ".join(map(str, options)) if options else rest)
    return f"{{{form}}}" if ":" in form else form


def field_form(value: Any) -> str:
    """Return how a field is written whose kind is a word, or a word with something behind it."""
    if isinstance(value, list):
        words = [str(entry) for entry in value]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - YAML
        return f"{{choice: [{', '.join(words)}]}}" if len(words) > 1 else ""
    word = re.split(r"[\s(:\[]", str(value).strip().lower(), maxsplit=1)[0]
    kind = _SAME.get(word, word)
    if kind not in FORMS or kind not in _KINDS:
        return ""
    form = FORMS[kind](str(value)[len(word) :])
    return f"{{{form}}}" if ":" in form else form
