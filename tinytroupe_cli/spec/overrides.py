"""What is laid over the text of a file: `--set a.b=value`; and where it may name the environment: `${env:NAME}`."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from tinytroupe_cli.core.diagnostics import Diagnostic, Span
from tinytroupe_cli.core.environment_references import REFERENCE
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.core.number_format import count
from tinytroupe_cli.core.secrets import Secrets
from tinytroupe_cli.language.positions import Document, Path, diagnose, read_yaml, texts_of
from tinytroupe_cli.language.scalars import plain_scalar
from tinytroupe_cli.spec.addresses import is_address
from tinytroupe_cli.spec.error_text import describe, shortened
from tinytroupe_cli.spec.written_secrets import KEY_LIKE, WrittenSecret, written_secret

_VARIABLE_DEPTH = 4
"""systems, its number, env, the number of the variable."""
_WHERE = "addresses, keys and headers of models and systems (api_base; url, headers and json of http)"


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


def environment_findings(document: Document, env: Mapping[str, str], secrets: Secrets) -> list[Diagnostic]:
    """Return what is wrong with references to the environment, and warnings about keys written into the text.

    `${env:NAME}` stays as it is written: it is filled in where a call is made, so that no file holds its value.
    """
    found: list[Diagnostic] = []
    for path, text in texts_of(document.value, ()):
        found += _in_text(text, path, document, env)
        for name in secrets.names_in(text):
            hint = "remove it: troupe reads providers' keys from the environment"
            finding = diagnose(document, "E115", f"this is the value of {name}", path, hint=hint)
            found.append(replace(finding, text=secrets.hide(finding.text)))
    return found


def secrets_in(document: Document) -> list[WrittenSecret]:
    """Return the passwords and keys written into an experiment."""
    return [found for path, text in texts_of(document.value, ()) if (found := written_secret(path, text))]


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
        raise _refused("a path consists of keys separated by single dots, such as world.steps", label)
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
        raise _refused(f"'{part}' must be the number of an entry: {first}", label)
    if int(part) >= length:
        raise _refused(f"there is no entry {int(part)}: {first}", label)
    return int(part)


def _refused(message: str, label: str) -> SpecError:
    return SpecError([Diagnostic("E109", message, Span(label, line=0))])


def _in_text(value: str, path: Path, document: Document, env: Mapping[str, str]) -> list[Diagnostic]:
    if written := written_secret(path, value):
        return [diagnose(document, "E115", written.message, path, hint=written.hint)]
    found: list[Diagnostic] = []
    if KEY_LIKE.search(value):
        hint = "remove it: troupe reads providers' keys from the environment"
        finding = diagnose(document, "E110", "this looks like a secret key", path, hint=hint, is_error=False)
        found.append(replace(finding, text=KEY_LIKE.sub(lambda key: "*" * len(key.group()), finding.text)))
    references = list(REFERENCE.finditer(value))
    if references and not is_address(path, value.partition("${env:")[0]):
        message = f"{references[0].group()} can't be used here: the value would be sent to a model and stored"
        hint = f"it works in {_WHERE}; for other values: --set"
        if path[0] == "systems" and path[-2] in ("command", "start"):
            hint = f"to pass the variable to the program, write env: [{references[0].group(1)}]"
        return [*found, diagnose(document, "E114", message, path, hint=hint)]
    wanted = [(match.group(1), match.group(2)) for match in references]
    if _is_variable_of_program(path):
        wanted.append((value, None))
    for name, default in wanted:
        if name not in env and default is None:
            message = f"environment variable {name} is not set"
            found.append(diagnose(document, "E108", message, path, hint=f"set it: export {name}=…"))
        elif not _is_text(env.get(name, "")):
            found.append(diagnose(document, "E108", f"environment variable {name} is not UTF-8 text", path))
    return found


def _is_variable_of_program(path: Path) -> bool:
    return len(path) == _VARIABLE_DEPTH and path[0] == "systems" and path[2] == "env"


def _is_text(given: str) -> bool:
    """Return whether what the system handed over was text: bytes that are none come as half characters."""
    return not any("\ud800" <= character <= "\udfff" for character in given)
