"""Interprets the messages of servers that reject a request."""

from __future__ import annotations

import ast
import json
import re
from typing import Any, Final, cast

from tinytroupe_cli.core.errors import RejectedKind

_TOO_LONG: Final = re.compile(
    r"context.?length|context.?window|maximum context|context size|prompt is too long|input is too long"
    r"|input (?:token|length)[^.]{0,40}(?:exceed|too|limit)|too many (?:input |prompt )?tokens|reduce the length"
    r"|token count[^.]{0,60}exceeds"
    r"|exceeds? (?:the )?(?:model.s )?(?:maximum |max )?(?:number of (?:input )?tokens|context)"
    r"|too large for model|exceed_context_size|string_above_max_length|please reduce your prompt"
    r"|must have less than \d+ tokens|range of input length|max bytes to request body"
    r"|request too large|longer than the (?:model|maximum)|prompt (?:contains|has)[^.]{0,60}(?:too large|maximum)"
)
_ROOM: Final = re.compile(
    r"maximum context length is (?P<window>\d+).{0,80}\((?P<prompt>\d+) (?:tokens )?(?:in|of) (?:the )?"
    r"(?:messages|prompt|text input)"
    r"|maximum context length is (?P<window_2>\d+).{0,120}?(?P<prompt_2>\d+) input tokens"
    r"|context limit: (?P<prompt_3>\d+) \+ \d+ > (?P<window_3>\d+)"
    r"|must be <= (?P<window_4>\d+)\. given: (?P<prompt_4>\d+) `?inputs"
)
_MAX_SHARE: Final = 0.9
"""Share of a window beyond which a request itself is too long, whatever is left for the reply."""
_GENERATION: Final = re.compile(
    r"json_validate_failed|failed.?generation|failed to generate json|failed to validate json"
    r"|could not generate valid json|before generating a valid document|generated json does not match"
    r"|tool call validation failed"
)
_FORM: Final = re.compile(
    r"response.?format|response.?schema|response.?mime|json.?schema|json.?object|json.?mode|structured.?output"
    r"|guided|grammar|output.?config|output.?format|constrained|additionalproperties|\bschema\b"
    r"|tool_choice|tools?\b.{0,30}not supported|not support tools?\b|function.?calling.{0,20}not"
    r"|unimplemented keys|lookaheads?\b"
)
_PARAMETERS: Final = {
    "thinking": re.compile(
        r"budget_tokens|thinking[._ ](?:budget|level|mode)|thinkingbudget|enable_thinking|budget \d+ is invalid"
    ),
    "max_tokens": re.compile(
        r"max_completion_tokens|max_?(?:output_?)?tokens|max_new_tokens|num_predict|maxoutputtokens"
    ),
    "temperature": re.compile(r"temperature"),
    "top_p": re.compile(r"\btop.?p\b"),
    "stop": re.compile(
        r"\bstop(?: ?sequences?)?\b.{0,40}(?:not?\b|non-|unsupported|invalid|unknown|too)|stop_?sequences"
    ),
    "seed": re.compile(r"\bseed\b"),
    "reasoning_effort": re.compile(r"reasoning.?effort|reasoning\.effort|\breasoning\b|\beffort\b"),
    "system": re.compile(
        r"system.{0,3} (?:role|message|prompt|instruction)|role.{0,12}system|developer (?:instruction|role|message)"
        r"|roles must alternate|only user(?: and assistant)? roles?|system_instruction|systeminstruction"
        r"|first message must be.{0,12}user|messages\[\d+\]\.role|got .?system\b"
    ),
}
_PAGE: Final = re.compile(r"<!doctype html|<html\b", re.IGNORECASE)
_TITLES: Final = tuple(
    re.compile(rf"<{tag}\b[^>]*>\s*([^\s<].{{0,200}}?)\s*</{tag}>", re.IGNORECASE | re.DOTALL)
    for tag in ("title", "h1")
)
_TAG: Final = re.compile(r"<[^>]*>")
_CLASS: Final = re.compile(r"^(?:litellm\.)?(?:\w+\.)*\w*(?:Error|Exception|Timeout)\w*\s*[:\-]\s*")
_PROVIDER: Final = re.compile(r"^(?:\w+ ?Exception|\w*Error|Exception)(?: \d{3})?\s*[-:]\s*")


def kind_of(words: str, *, has_form: bool) -> tuple[RejectedKind, tuple[str, ...]]:
    """Return the kind of a rejection (in lower case), and the parameters it names."""
    named = tuple(name for name, pattern in _PARAMETERS.items() if pattern.search(words))
    if _GENERATION.search(words):
        return "generation", ()
    if _leaves_no_room(words):
        return "parameter", ("room",)
    if _TOO_LONG.search(words) and not (set(named) & {"thinking", "temperature", "seed"}):
        return "too_long", ()
    if has_form and _FORM.search(words):
        return "form", named
    return ("parameter", named) if named else ("other", ())


def _leaves_no_room(words: str) -> bool:
    """Return whether the request itself fits the window, and only the limit of its reply does not."""
    found = _ROOM.search(words)
    if found is None:
        return False
    parts = {name.partition("_")[0]: int(digits) for name, digits in found.groupdict().items() if digits}
    return parts["prompt"] <= _MAX_SHARE * parts["window"]


def too_long(model: str) -> str:
    """Return what a user reads of a request that is longer than a model's window."""
    return f"{model}: the request is longer than this model's window"


def plain_message(text: str) -> str:
    """Return a server's message in at most 300 characters, without class names, tracebacks or surrounding JSON."""
    message = text.partition("Traceback (most recent call last)")[0].strip().replace("b'{", "{").replace("}'", "}")
    for _ in range(6):
        shorter = _PROVIDER.sub("", _CLASS.sub("", message)).strip()
        if shorter == message:
            break
        message = shorter
    found = _message_in(message) or _title_in(message)
    line = " ".join((found or message).split())
    line = re.sub(r"\s*(?:LiteLLM|litellm)\b.*?(?:\.|$)", "", line) if "litellm" in line.lower() else line
    return line[:300].strip() or "no reason was given"


def _title_in(text: str) -> str:
    """Return the title or first heading of a web page that came instead of an answer; empty for any other text."""
    if not _PAGE.search(text):
        return ""
    found = next(filter(None, (pattern.search(text) for pattern in _TITLES)), None)
    return _TAG.sub(" ", found[1] if found else text)


def _message_in(text: str) -> str:
    """Return the message of an error's JSON, wherever it is in a text."""
    start = text.find("{")
    while start >= 0:
        value = _decoded(text[start:])
        if (message := _message_of(value)) is not None:
            before = text[:start].strip(" :-")
            return f"{before}: {message}" if before and len(before) < 60 else message  # noqa: PLR2004 - a heading
        start = text.find("{", start + 1)
    return ""


def _decoded(text: str) -> Any:
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(text[: text.rindex("}") + 1])
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def _message_of(value: Any) -> str | None:
    if not isinstance(value, dict):
        return None
    found = cast("dict[str, Any]", value)
    for name in ("message", "msg", "detail", "error", "reason", "errors"):
        inner = found.get(name)
        if isinstance(inner, list) and inner:
            inner = cast("list[Any]", inner)[0]
        if isinstance(inner, str) and inner.strip():
            return inner.strip()
        if (deeper := _message_of(inner)) is not None:
            return deeper
    return None
