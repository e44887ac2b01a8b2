"""What is laid over the text of a file: `--set a.b=value`, and `${env:NAME}`."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from tinytroupe_cli.core.diagnostics import Diagnostic, Span
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.core.number_format import count
from tinytroupe_cli.language.positions import Document, Path, diagnose, read_yaml
from tinytroupe_cli.language.scalars import plain_scalar
from tinytroupe_cli.spec.error_text import describe, shortened

_REFERENCE = re.compile(r"\$\{env:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
_LATE = ("http", "command", "start")
_LATE_DEPTH = 2
"""systems, its number, then one of these keys."""
_KEY_LIKE = re.compile(r"\b(sk-[A-Za-z0-9_-]{16,}|AIza[A-Za-z0-9_-]{30,}|ghp_[A-Za-z0-9]{30,})")


def with_overrides(document: Document, overrides: Mapping[str, str]) -> Document:
    """Lay `--set` values over a document; raises `SpecError` for a path that can't be followed."""
    if not overrides:
        return document
    value = copy.deepcopy(document.value)
    overlays: dict[Path, str] = {}
    for dotted, text in overrides.items():
        label = f"--set {dotted}"
        path = _put(value, dotted, _value(text, label), label)
        overlays[path] = label
    return replace(document, value=value, overlays=overlays)


def with_environment(document: Document, env: Mapping[str, str]) -> tuple[Document, list[Diagnostic]]:
    """Fill in `${env:NAME}` and `${env:NAME:-default}`; return what is missing, and warnings about keys in the text."""
    found: list[Diagnostic] = []
    value = _filled(document.value, (), document, env, found)
    return replace(document, value=value), found


def _value(text: str, label: str) -> Any:
    """Read what follows the `=`: a list, mapping or quoted text in YAML's one-line forms, else one plain value."""
    if not _is_text(text):
        raise _refused("the value is not UTF-8 text", label)
    begins = text.strip()[:1]
    if not begins or begins not in "[{'\"":
        return plain_scalar(text)
    try:
        return read_yaml(text, label).value
    except SpecError as error:
        why = error.diagnostics[0].message.removeprefix("this is not valid YAML: ")
        raise _refused(f"can't read the value '{shortened(text)}': {why}", label) from None


def _put(root: Any, dotted: str, value: Any, label: str) -> Path:
    """Set a value by its dotted path, making mappings on the way; return the path."""
    parts = dotted.split(".")
    if not all(parts):
        raise _refused("a path must be keys with single dots between them, such as world.steps", label)
    path: list[str | int] = []
    current: Any = root
    for part in parts[:-1]:
        step = _step(current, part, label)
        if isinstance(step, str) and current.get(step) is None:
            current[step] = {}
        path.append(step)
        current = current[step]
    path.append(_step(current, parts[-1], label))
    current[path[-1]] = value
    return tuple(path)


def _step(current: Any, part: str, label: str) -> str | int:
    """Return a part of a path as the key or index it is."""
    if isinstance(current, dict):
        return part
    if not isinstance(current, list):
        raise _refused(f"can't set '{part}' inside a single value; {describe(current)}", label)
    length = len(cast("list[Any]", current))
    first = f"the list has {count(length, 'entry', 'entries')}" + ", and the first is number 0" * (length > 0)
    if not (part.isascii() and part.isdigit()):
        raise _refused(f"expects the number of an entry, got '{part}': {first}", label)
    if int(part) >= length:
        raise _refused(f"there is no entry {int(part)}: {first}", label)
    return int(part)


def _refused(message: str, label: str) -> SpecError:
    return SpecError([Diagnostic("E109", message, Span(label, line=0))])


def _filled(value: Any, path: Path, document: Document, env: Mapping[str, str], found: list[Diagnostic]) -> Any:
    match value:
        case dict():
            items = cast("dict[str, Any]", value).items()
            return {key: _filled(item, (*path, key), document, env, found) for key, item in items}
        case list():
            entries = enumerate(cast("list[Any]", value))
            return [_filled(item, (*path, index), document, env, found) for index, item in entries]
        case str():
            return _text(value, path, document, env, found)
        case _:
            return value


def _text(value: str, path: Path, document: Document, env: Mapping[str, str], found: list[Diagnostic]) -> Any:
    if _KEY_LIKE.search(value):
        hint = "write ${env:NAME} and keep the key in the environment"
        finding = diagnose(document, "E110", "this looks like a secret key", path, hint=hint, is_error=False)
        found.append(replace(finding, text=_KEY_LIKE.sub(lambda key: "*" * len(key.group()), finding.text)))

    def fill(match: re.Match[str]) -> str:
        name, default = match.group(1), match.group(2)
        if name not in env and default is None:
            hint = f"set it, or give a default: ${{env:{name}:-…}}"
            message = f"the environment has no variable {name}"
            found.append(diagnose(document, "E108", message, path, hint=hint))
        elif not _is_text(env.get(name, "")):
            found.append(diagnose(document, "E108", f"the environment's {name} is not UTF-8 text", path))
        return env.get(name, default or "")

    whole = _REFERENCE.fullmatch(value)
    text = _REFERENCE.sub(fill, value)
    if _is_filled_late(path):
        return value
    return plain_scalar(text) if whole else text


def filled_late(text: str, env: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Fill in what a plan still holds as `${env:NAME}`; return it, and what each reference stood for.

    Raises `KeyError` with the name of a variable that isn't there.
    """
    values: dict[str, str] = {}

    def fill(match: re.Match[str]) -> str:
        name, default = match.group(1), match.group(2)
        value = env[name] if default is None else env.get(name, default)
        values[match.group()] = value
        return value

    return _REFERENCE.sub(fill, text), values


def _is_filled_late(path: Path) -> bool:
    """Return what is filled in when the run needs it and never written down: addresses, headers, commands."""
    return len(path) > _LATE_DEPTH and path[0] == "systems" and path[_LATE_DEPTH] in _LATE


def _is_text(given: str) -> bool:
    """Return whether what the system handed over was text: bytes that are none come as half characters."""
    return not any("\ud800" <= character <= "\udfff" for character in given)
