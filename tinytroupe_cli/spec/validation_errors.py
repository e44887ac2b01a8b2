"""Turns what pydantic found into sentences a person can act on, at their place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from tinytroupe_cli.core.diagnostics import Diagnostic, did_you_mean, meant_keys
from tinytroupe_cli.events.perceptions import VERBS
from tinytroupe_cli.language.positions import Document, Path, diagnose
from tinytroupe_cli.spec.derived_data import FILE_NAME
from tinytroupe_cli.spec.error_text import as_hint, describe, either, entries, got, shortened
from tinytroupe_cli.spec.measures import FIELD_KEYS, FIELD_WORDS
from tinytroupe_cli.spec.right_forms import kind_key, right_form, typed_form
from tinytroupe_cli.spec.running import ModelSpec, Roles, SampledModel
from tinytroupe_cli.spec.schema_lookup import keys_of, mapping, model_at
from tinytroupe_cli.spec.spec_model import NAME
from tinytroupe_cli.spec.stopping import HALF_WIDTH

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}
PATTERN_WORDS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "may contain only lower-case letters, digits and single hyphens, as in tv-ad",
    NAME: "may contain only letters, digits (not first) and underscores, as in first_choice",
    FILE_NAME: "may contain only letters, digits, underscores and single hyphens, as in first-talk",
    HALF_WIDTH: "must be a number, or percentage points such as '5 points'",
}
_NUMERALS = {
    "a whole number": re.compile(r"-?\d{1,15}"),
    "a number": re.compile(r"-?\d{1,15}(?:\.\d{1,15})?"),
}
_CHOOSERS = {
    "kind_of_field()": ("kind of field", (*FIELD_WORDS, *(f"{{{kind}: …}}" for kind in FIELD_KEYS))),
    "kind_of_entry()": ("cast entry", ("a name", "{use: …}", "{from: …}", "{population: …}")),
    "kind_of_variation()": ("variation", ("a list of values", "{from: …, to: …}")),
    "kind_of_condition()": (
        "condition",
        ("{claim: …}", "{quiet_for: …}", "{step: …}", "{expression: …}", "{all: …}", "{any: …}"),
    ),
    "kind_of_moment()": ("time", ("start", "end", "{step: …}", "{every: …}")),
    "kind_of_effect()": ("effect", ("a stimulus such as {say: …}", "{set: …}", "{end: true}")),
}


@dataclass(frozen=True, slots=True)
class _Finding:
    """One thing pydantic said, with its place among the values that were written."""

    path: Path
    kind: str
    value: Any
    detail: Mapping[str, Any]
    key: str | None = None
    """The key that is too much or missing."""


def validation_diagnostics(error: ValidationError, document: Document, root: type[BaseModel]) -> list[Diagnostic]:
    """Return one diagnostic for each thing that is wrong, in the order of the file."""
    found = [_finding(item, document.value) for item in error.errors(include_url=False)]
    places = {finding.path for finding in found}
    diagnostics: dict[Diagnostic, None] = {}
    for path in sorted(places, key=str):
        findings = [finding for finding in found if finding.path == path]
        for diagnostic in _at_one_place(findings, found, document, root):
            diagnostics.setdefault(diagnostic)
    return sorted(diagnostics, key=lambda diagnostic: diagnostic.span)


def _finding(item: Any, value: Any) -> _Finding:
    """Follow pydantic's location through the values, passing over names of union members."""
    path: list[str | int] = []
    current = value
    rest = list(item["loc"])
    last = str(rest.pop()) if rest and item["type"] in ("missing", "extra_forbidden") else None
    for part in rest:
        if part in mapping(current) or _has(current, part):
            current = current[part]
            path.append(part)
    return _Finding(tuple(path), item["type"], current, item.get("ctx") or {}, last)


def _has(items: Any, index: Any) -> bool:
    return isinstance(items, list) and isinstance(index, int) and 0 <= index < len(cast("list[Any]", items))


def _at_one_place(
    findings: list[_Finding], everything: list[_Finding], document: Document, root: type[BaseModel]
) -> Iterable[Diagnostic]:
    path = findings[0].path
    model = model_at(root, path, document.value)
    keys = [(finding, finding.key) for finding in findings if finding.key is not None]
    unknown = [key for finding, key in keys if finding.kind != "missing"]
    meant = meant_keys(unknown, keys_of(model) if model else ())
    deeper = any(len(other.path) > len(path) and other.path[: len(path)] == path for other in everything)
    types_ = [finding for finding in findings if finding.kind in _EXPECTED or finding.kind == "literal_error"]
    for finding, key in keys:
        if finding.kind != "missing" or key not in meant:
            yield _key(finding, key, document, model)
    is_text = any(finding.kind == "string_pattern_mismatch" for finding in findings)
    if types_ and not keys and not deeper and not is_text:  # a text of the wrong form says more than "not a number"
        yield _type(types_, document)
    for finding in findings:
        if finding.key is None and finding not in types_:
            yield _other(finding, document)


def _key(finding: _Finding, key: str, document: Document, model: type[BaseModel] | None) -> Diagnostic:
    if finding.kind == "missing" and isinstance(finding.value, list):
        return diagnose(
            document, "E107", f"{_name(finding.path)} needs more entries", finding.path, hint=_form(finding)
        )
    if finding.kind == "missing":
        return _missing(finding, key, document, model)
    hint = did_you_mean(key, keys_of(model) if model else [], label="keys", most=40)
    if model is Roles and key in keys_of(ModelSpec):
        hint = "a model's settings go under a role: model: {people: {use: …}}"
    if key == "turns" and model is not None and issubclass(model, SampledModel):
        hint = "only people and the judge have 'turns'; remove it here"
    message = f"unknown key '{shortened(key)}'{_where(finding.path)}"
    return diagnose(document, "E104", message, (*finding.path, key), key=True, hint=hint)


def _missing(finding: _Finding, key: str, document: Document, model: type[BaseModel] | None) -> Diagnostic:
    about = ""
    for name, field in (model.model_fields if model else {}).items():
        if (field.alias or name) == key:
            about = field.description or ""
    hint = f"add `{key}`: {as_hint(about)}" if about else ""
    if key == "troupe":
        hint = "begin the file with 'troupe: 1', the version of the language"
    return diagnose(document, "E105", f"'{key}' is missing{_where(finding.path, 'from')}", finding.path, hint=hint)


def _type(findings: list[_Finding], document: Document) -> Diagnostic:
    finding = findings[0]
    literals = [word for item in findings if item.kind == "literal_error" for word in _words(item)]
    expected = [*dict.fromkeys([*literals, *(_EXPECTED[item.kind] for item in findings if item.kind in _EXPECTED)])]
    if "a number" in expected:
        expected = [word for word in expected if word != "a whole number"]
    name = _name(finding.path)
    if finding.path == ("troupe",):
        wanted = f"version {finding.value}" if isinstance(finding.value, int) else "it"
        hint = f"write 'troupe: 1', or install a version of troupe that supports {wanted}"
        message = f"'troupe' expects version 1 of the language{got(finding.value)}"
        return diagnose(document, "E111", message, finding.path, hint=hint)
    if literals and isinstance(finding.value, str):
        hint = did_you_mean(finding.value, [word.strip("'") for word in literals], label="values")
        is_field = len(finding.path) > 1 and finding.path[-2] == "fields"
        hint = hint if hint.startswith("did you mean") and not is_field else _form(finding) or hint
        word = shortened(finding.value)
        name = name.removeprefix("an entry in ")
        message = f"unknown kind of field '{word}'" if is_field else f"{name} has no option '{word}'"
        return diagnose(document, "E107", message, finding.path, hint=hint)
    hint = ""
    if expected in (["text"], ["text", "a mapping"]) and isinstance(finding.value, int | float):
        hint = f'quote it: "{str(finding.value).lower()}"'
    if expected == ["a whole number"] and isinstance(finding.value, float) and finding.value.is_integer():
        hint = f"write {int(finding.value)}"
    numeral = _NUMERALS.get(expected[0]) if len(expected) == 1 else None
    if numeral and isinstance(finding.value, str) and numeral.fullmatch(finding.value):
        hint = f"write {finding.value}, without quotes"
    verb = "must be" if name.startswith("an entry") else "expects"
    message = f"{name} {verb} {either(expected)}{got(finding.value)}"
    return diagnose(document, "E106", message, finding.path, hint=hint or _form(finding))


def _form(finding: _Finding) -> str:
    form = right_form(finding.path, finding.value)
    return f"write {form}" if form else ""


def _words(finding: _Finding) -> list[str]:
    words = str(finding.detail.get("expected", "")).replace(" or ", ", ").split(", ")
    return ["true" if word == "True" else word for word in words]


def _other(finding: _Finding, document: Document) -> Diagnostic:
    name = _name(finding.path)
    match finding.kind:
        case "union_tag_not_found" | "union_tag_invalid":
            return _unclear(finding, document)
        case "value_error":
            message = f"{name} {finding.detail['error']}{_got(finding.value)}"
            return diagnose(document, "E107", message, finding.path, hint=_form(finding))
        case "string_pattern_mismatch":
            message = f"{name} {PATTERN_WORDS[finding.detail['pattern']]}; got '{shortened(finding.value)}'"
            return diagnose(document, "E107", message, finding.path)
        case _:
            hint = _form(finding) if finding.kind in ("too_short", "too_long") else ""
            return diagnose(document, "E107", f"{name} {_bound(finding)}", finding.path, hint=hint)


def _got(value: Any) -> str:
    return f", got '{shortened(value)}'" if isinstance(value, str) else got(value)


def _bound(finding: _Finding) -> str:
    detail = finding.detail
    match finding.kind:
        case "greater_than_equal":
            return f"must be at least {detail['ge']}; it is {finding.value}"
        case "greater_than":
            return f"must be more than {detail['gt']}; it is {finding.value}"
        case "less_than_equal":
            return f"must be at most {detail['le']}; it is {finding.value}"
        case "too_short":
            return f"needs at least {entries(detail['min_length'])}; it has {detail['actual_length']}"
        case "too_long":
            return f"takes at most {entries(detail['max_length'])}; it has {detail['actual_length']}"
        case "string_too_long":
            longest, length = detail["max_length"], len(str(finding.value))
            return f"may have at most {longest} characters, because files are named after it; it has {length}"
        case "string_too_short":
            return "must not be empty"
        case "finite_number":
            return "must be a finite number"
        case _:
            return f"is invalid: {finding.kind.replace('_', ' ')}"


def _unclear(finding: _Finding, document: Document) -> Diagnostic:
    """Return why none of several forms fits."""
    chooser = str(finding.detail.get("discriminator", "")).strip("'")
    if chooser == "verb_of()":
        return _verb(finding, document)
    what, forms = _CHOOSERS.get(chooser, ("value", ()))
    article = "an" if what == "effect" else "a"
    if what == "kind of field" and (form := typed_form(mapping(finding.value))):
        key = kind_key(mapping(finding.value))
        message = f"a kind of field is the key itself, not the value of '{key}'"
        return diagnose(document, "E104", message, (*finding.path, key), key=True, hint=f"write {form}")
    names = dict.fromkeys(form.strip("{}").split(":")[0] for form in forms)
    held = [key for key in mapping(finding.value) if f"{{{key}: …}}" in forms]
    if len(held) > 1:
        message = f"{_name(finding.path)} can have only one of '{held[0]}' and '{held[1]}'"
        return diagnose(document, "E107", message, (*finding.path, held[1]), key=True, hint="remove one of them")
    for key in mapping(finding.value):
        hint = did_you_mean(key, names, label=f"{article} {what} is one of")
        if hint.startswith("did you mean"):
            return diagnose(document, "E104", f"unknown {what} '{key}'", (*finding.path, key), key=True, hint=hint)
    if isinstance(finding.value, str):
        hint = did_you_mean(finding.value, names, label=f"{article} {what} is one of")
        hint = hint if hint.startswith("did you mean") and "'{" not in hint else _form(finding) or hint
        return diagnose(document, "E107", f"unknown {what} '{shortened(finding.value)}'", finding.path, hint=hint)
    hint = _form(finding) or f"{article} {what} is one of: {', '.join(forms)}"
    keys = list(mapping(finding.value))
    if len(keys) == 1:
        return diagnose(document, "E104", f"unknown {what} '{keys[0]}'", (*finding.path, keys[0]), key=True, hint=hint)
    found = ", but it is empty" if finding.value == {} else got(finding.value)
    name = _name(finding.path)
    verb = "must be" if name.startswith("an entry") else "expects"
    message = f"{name} {verb} {article} {what}{found}"
    return diagnose(document, "E106", message, finding.path, hint=hint)


def _verb(finding: _Finding, document: Document) -> Diagnostic:
    keys = list(mapping(finding.value))
    if not keys and finding.value != {}:
        message = f"a stimulus must be a mapping with one verb; {describe(finding.value)}"
        hint = f'write - say: "…"; verbs: {", ".join(VERBS)}'
        return diagnose(document, "E106", message, finding.path, hint=hint)
    verbs = [key for key in keys if key in VERBS]
    if verbs:
        message = f"a stimulus has one verb; this one has {len(verbs)}: {', '.join(verbs)}"
        return diagnose(document, "E107", message, (*finding.path, verbs[1]), key=True, hint="write two stimuli")
    strange = [key for key in keys if key not in ("from", "to", "at")]
    if not strange:
        return diagnose(document, "E105", "this stimulus has no verb", finding.path, hint=f"verbs: {', '.join(VERBS)}")
    hint = did_you_mean(strange[0], VERBS, label="verbs")
    return diagnose(document, "E104", f"unknown verb '{strange[0]}'", (*finding.path, strange[0]), key=True, hint=hint)


def _name(path: Path) -> str:
    for part in reversed(path):
        if isinstance(part, str):
            return f"'{part}'" if part == path[-1] else f"an entry in '{part}'"
    return "the file"


def _where(path: Path, preposition: str = "in") -> str:
    return f" {preposition} '{path[-1]}'" if path and isinstance(path[-1], str) else ""
