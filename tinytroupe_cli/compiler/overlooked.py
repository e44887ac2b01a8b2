"""Finds parts of a file that have no effect: unused factors, templates where none are read, too few braces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.language.positions import Path

_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_OPENING: Final = re.compile(r"\{\{|\{%")
_NAME: Final = r"([A-Za-z_]\w*(?:\.\w+)*)"
_FEW_BRACES: Final = re.compile(
    rf"(?<![{{$%\w])(?:\$\{{|\{{\{{?|%)\s*{_NAME}\s*(?:![rsa])?(?::[^{{}}\s]*)?(?:\}}\}}?|%)(?![}}%\w])"
    rf"|%\({_NAME}\)[a-z]|(?<![\w$])\${_NAME}(?![\w(])|<{_NAME}>|\[\[\s*{_NAME}\s*\]\]"
)
"""How other languages write a variable in a text: {{x}}, ${{x}}, {{x:.2f}}, %x%, %(x)s, $x, <x>, [[x]]."""
_OWN: Final = ("factors", "conditions", "vars", "title", "description", "prices")
"""Sections whose texts are values or the user's own words."""
_VALUES: Final = ("vars", "factors", "conditions")
_SENT: Final = ("http", "command", "python", "start", "env", "headers", "json")
"""Parts of systems that are filled in at send time."""
_EXPRESSIONS: Final = ("where", "expression", "columns", "of", "once_per", "expect", "when")


def check_factors(
    value: Mapping[str, Any], factors: Mapping[str, Path], idle: frozenset[str], findings: Findings
) -> None:
    """Find unused factors: their conditions would be the same, and a difference between them noise."""
    texts = [(path, text) for path, text in strings(value) if path[0] not in ("factors", "conditions", "title")]
    for factor, path in factors.items():
        if factor in idle or any(_uses(text, path_of, factor) for path_of, text in texts):
            continue
        findings.add(
            "E343",
            f"nothing uses the factor '{factor}': its conditions would be the same",
            path,
            key=True,
            hint=f"write {{{{ {factor} }}}} in a text or, to measure noise, {factor}: {{levels: […], idle: true}}",
        )


def check_templates(value: Mapping[str, Any], read: frozenset[Path], findings: Findings) -> None:
    """Find templates in places where none are read: their braces would appear literally."""
    for path, text in strings(value):
        if path in read or any(part in _SENT for part in path) or not _OPENING.search(text):
            continue
        if path[0] in _VALUES:
            message = f"'{_shown(text)}' is a value and is inserted as it is"
            hint = "values are not templates: write the variables in the text that uses this value"
            findings.add("E344", message, path, hint=hint, is_error=False)
            continue
        name = next((part for part in reversed(path) if isinstance(part, str)), "")
        findings.add(
            "E344",
            f"'{name}' is not a template: '{_shown(text)}' would appear literally",
            path,
            hint="templates work only in what people see, hear or are asked: say, show, goal, question, claim, place …",
        )


def check_braces(value: Mapping[str, Any], visible: Mapping[str, str], findings: Findings) -> None:
    """Warn about a variable in other braces than {{ … }}.

    `visible` maps a name to how it is written in a template.
    """
    for path, text in strings(value):
        if path[0] in _OWN or any(part in _SENT for part in path):
            continue
        for match in _FEW_BRACES.finditer(text):
            written, name = match.group(), next(filter(None, match.groups()))
            root = name.partition(".")[0]
            right = visible.get(name) or (name if visible.get(root) == root and "." in name else "")
            if not right or (written.startswith("{{") and written.endswith("}}")) or written.startswith("${env"):
                continue
            findings.add(
                "E345",
                f"'{written}' is used literally: variables need two braces, {{{{ {name} }}}}",
                path,
                hint=f"write {{{{ {right} }}}}",
                is_error=False,
            )


def strings(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield every text of a document with its path."""
    match value:
        case dict():
            for key, part in cast("dict[str, Any]", value).items():
                yield from strings(part, (*path, key))
        case list():
            for index, part in enumerate(cast("list[Any]", value)):
                yield from strings(part, (*path, index))
        case str() if path:
            yield path, value
        case _:
            return


def _uses(text: str, path: Path, factor: str) -> bool:
    word = re.compile(rf"(?<![\w]){re.escape(factor)}(?!\w)")
    whole = re.compile(r"(?<!\w)condition(?!\w|\s*[.\[])")
    tags = [match.group() for match in _TAG.finditer(text)]
    if any(word.search(tag) or whole.search(tag) for tag in tags):
        return True
    return path[0] != "expect" and any(part in _EXPRESSIONS for part in path) and bool(word.search(text))


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39]}…"  # noqa: PLR2004 - enough to recognize it
