"""A response of LiteLLM's -> our completion."""

from __future__ import annotations

from typing import Any

from tinytroupe_cli.core.errors import Transient
from tinytroupe_cli.models.port import Completion, Request, Usage
from tinytroupe_cli.models.thinking import text_of, without_thinking


def completion_of(response: Any, request: Request) -> Completion:
    """Return what a response says, how it ended and the tokens it took."""
    if not response.choices:
        raise Transient(f"{request.model.use}: the provider answered without an answer")
    choice = response.choices[0]
    text = without_thinking(text_of(choice.message.content))
    specific: dict[str, Any] = getattr(choice.message, "provider_specific_fields", None) or {}
    refusal = getattr(choice.message, "refusal", None) or specific.get("refusal")
    finish = "length" if choice.finish_reason == "length" else "stop"
    if refusal or choice.finish_reason == "content_filter":
        text, finish = str(refusal or text), "refused"
    return Completion(
        text=text,
        finish=finish,
        usage=_usage(getattr(response, "usage", None)) or _guessed(request, text),
        model=str(response.model or ""),
        fingerprint=str(getattr(response, "system_fingerprint", None) or ""),
    )


def _guessed(request: Request, text: str) -> Usage:
    """Return the tokens of a call whose provider doesn't tell: a limit that counts nothing holds nothing back."""
    read = sum(len(message.content.encode()) for message in request.messages)
    return Usage(prompt=-(-read // 4), completion=-(-len(text.encode()) // 4))


def _usage(usage: Any) -> Usage | None:
    if not getattr(usage, "prompt_tokens", 0) and not getattr(usage, "completion_tokens", 0):
        return None
    prompt_details = getattr(usage, "prompt_tokens_details", None)
    completion_details = getattr(usage, "completion_tokens_details", None)
    return Usage(
        prompt=getattr(usage, "prompt_tokens", 0) or 0,
        completion=getattr(usage, "completion_tokens", 0) or 0,
        cached=getattr(prompt_details, "cached_tokens", 0) or 0,
        reasoning=getattr(completion_details, "reasoning_tokens", 0) or 0,
    )
