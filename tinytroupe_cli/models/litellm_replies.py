"""Converts LiteLLM's responses into completions."""

from __future__ import annotations

from typing import Any

from tinytroupe_cli.core.errors import Transient
from tinytroupe_cli.models.port import Completion, Request, Usage
from tinytroupe_cli.models.thinking import text_of, without_thinking
from tinytroupe_cli.models.token_chances import first_token_chances

MAX_TOKENS = 10**8
"""A larger count can't be the count of one call."""

MAX_CHARACTERS = 400_000
"""A longer reply ignores every limit that was asked for; it is cut, and counts as cut off."""


def completion_of(response: Any, request: Request) -> Completion:
    """Return the text of a response, how it ended and its tokens."""
    if not response.choices:
        raise Transient(f"{request.model.name}: the provider returned an empty response")
    choice = response.choices[0]
    text = without_thinking(text_of(choice.message.content)) or _text_elsewhere(choice.message, request)
    specific: dict[str, Any] = getattr(choice.message, "provider_specific_fields", None) or {}
    refusal = getattr(choice.message, "refusal", None) or specific.get("refusal")
    finish = "length" if choice.finish_reason == "length" else "stop"
    if refusal or choice.finish_reason == "content_filter":
        text, finish = str(refusal or text), "refused"
    elif not text and finish == "stop" and "/responses/" in request.model.name and _wrote(response):
        # LiteLLM (1.110) drops the refusal of OpenAI's responses, words and all; only its tokens are left.
        text, finish = "the model declined", "refused"
    if len(text) > MAX_CHARACTERS:
        text, finish = text[:MAX_CHARACTERS], "length" if finish == "stop" else finish
    return Completion(
        text=text,
        finish=finish,
        usage=_usage(getattr(response, "usage", None)) or _guessed(request, text),
        model=str(response.model or ""),
        fingerprint=str(getattr(response, "system_fingerprint", None) or ""),
        alternatives=first_token_chances(getattr(choice, "logprobs", None)) if request.alternatives else {},
    )


def _text_elsewhere(message: Any, request: Request) -> str:
    """Return an answer that a server put beside the content: in a tool call or, with some parsers, in the reasoning."""
    if request.answer is None:
        return ""
    calls: list[Any] = getattr(message, "tool_calls", None) or []
    functions = [getattr(call, "function", None) for call in calls[:1]] or [getattr(message, "function_call", None)]
    if isinstance(arguments := getattr(functions[0], "arguments", None), str):
        return arguments
    specific: dict[str, Any] = getattr(message, "provider_specific_fields", None) or {}
    thought = getattr(message, "reasoning_content", None) or specific.get("reasoning")
    is_json = isinstance(thought, str) and thought.strip()[:1] == "{" and thought.strip()[-1:] == "}"
    return str(thought) if is_json else ""


def _wrote(response: Any) -> bool:
    """Return whether tokens were written beside those that were thought."""
    usage = _usage(getattr(response, "usage", None))
    return usage is not None and usage.completion > usage.reasoning


def _guessed(request: Request, text: str) -> Usage:
    """Return estimated tokens for a provider that does not report them, so that limits still work."""
    read = sum(len(message.content.encode()) for message in request.messages)
    return Usage(prompt=-(-read // 4), completion=-(-len(text.encode()) // 4))


def _usage(usage: Any) -> Usage | None:
    """Parse the tokens a server counted, within possible bounds: never below zero, no part larger than its whole."""
    prompt, completion = _whole(usage, "prompt_tokens"), _whole(usage, "completion_tokens")
    if not prompt and not completion:
        return None
    cached = _whole(getattr(usage, "prompt_tokens_details", None), "cached_tokens")
    reasoning = _whole(getattr(usage, "completion_tokens_details", None), "reasoning_tokens")
    return Usage(prompt=prompt, completion=completion, cached=min(cached, prompt), reasoning=min(reasoning, completion))


def _whole(holder: Any, name: str) -> int:
    value = getattr(holder, name, 0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < MAX_TOKENS:
        return 0
    return int(value)


def is_odd(usage: Any) -> bool:
    """Return whether a server counted what can't be."""
    details = getattr(usage, "prompt_tokens_details", None), getattr(usage, "completion_tokens_details", None)
    values = [getattr(usage, name, 0) for name in ("prompt_tokens", "completion_tokens")]
    values += [getattr(details[0], "cached_tokens", 0), getattr(details[1], "reasoning_tokens", 0)]
    return any(isinstance(value, int | float) and not 0 <= value < MAX_TOKENS for value in values)
