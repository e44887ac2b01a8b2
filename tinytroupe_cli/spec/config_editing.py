"""Changes values in the text of a config.ini and leaves every other line and comment as it is. Pure."""

from __future__ import annotations

from collections.abc import Mapping


def with_values(text: str, section: str, values: Mapping[str, str]) -> str:
    """Return the text with these keys of a section set: in their lines, at the section's end, or in a new section."""
    ending = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    heads = [number for number, line in enumerate(lines) if _section(line)]
    start = next((number for number in heads if _section(lines[number]) == section), None)
    if start is None:
        lines += [*([""] if lines else []), f"[{section}]"]
        start, end = len(lines) - 1, len(lines)
    else:
        end = next((number for number in heads if number > start), len(lines))
    left = dict(values)
    for number in range(start + 1, end):
        key = _key(lines[number])
        if key in left:
            head, _, _ = lines[number].partition("=")
            lines[number] = f"{head.rstrip()} = {left.pop(key)}".rstrip()
    while end > start + 1 and _is_above_the_next(lines[end - 1]):
        end -= 1
    lines[end:end] = [f"{key} = {value}" for key, value in left.items()]
    return ending.join(lines) + ending


def _section(line: str) -> str:
    words = line.strip()
    return words[1:-1].strip().lower() if words.startswith("[") and words.endswith("]") else ""


def _key(line: str) -> str:
    words = line.strip()
    return words.partition("=")[0].strip().lower() if "=" in words and words[0] not in "#;" else ""


def _is_above_the_next(line: str) -> bool:
    """Return whether a line at the end of a section is empty or a comment, which may be about the section below."""
    return not line.strip() or line.strip()[0] in "#;"
