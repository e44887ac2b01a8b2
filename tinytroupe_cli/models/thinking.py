"""Removes a model's reasoning from its reply, so that it never becomes speech or memory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, cast

_BLOCK: Final = re.compile(
    r"<(think|thinking|thought|reasoning|reflection|scratchpad)\b[^>]*>.*?</\1\s*>|◁think▷.*?◁/think▷"
    r"|\[THINK\].*?\[/THINK\]|<\|channel\|>analysis<\|message\|>.*?(?:<\|end\|>|(?=<\|start\|>))",
    re.IGNORECASE | re.DOTALL,
)
_END: Final = re.compile(
    r"</(?:think|thinking|thought|reasoning|reflection|scratchpad)\s*>|◁/think▷|\[/THINK\]|<\|channel\|>final<\|message\|>",
    re.IGNORECASE,
)
_BEGINNING: Final = re.compile(
    r"<(?:think|thinking|thought|reasoning|reflection|scratchpad)\b[^>]*>|◁think▷|\[THINK\]|<\|channel\|>analysis",
    re.IGNORECASE,
)


def without_thinking(text: str) -> str:
    """Return a reply without reasoning in tags, closed or not.

    With only a closing tag, everything before it is removed; with only an opening one, everything after it.
    """
    visible = _BLOCK.sub("", text)
    if ends := list(_END.finditer(visible)):
        visible = visible[ends[-1].end() :]
    if began := _BEGINNING.search(visible):
        visible = visible[: began.start()]
    return visible.strip() if visible != text else text


def text_of(content: Any) -> str:
    """Return the text of a message's content: a text, or blocks, of which only text blocks count."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    blocks = [cast("Mapping[str, Any]", block) for block in cast("list[Any]", content) if isinstance(block, Mapping)]
    words = [str(part.get("text") or "") for part in blocks if part.get("type", "text") in ("text", "output_text")]
    return "".join(words)
