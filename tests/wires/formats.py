"""How eight providers' servers are asked and how they answer: each as a function of the request, over real HTTP.

Written after the providers' own references; what is asked is turned into OpenAI's shape, answered by `provider.py`,
and put into the provider's own reply with its own names for why it ended and what it counted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["answer", "refusal", "cut_off"]
Json = dict[str, Any]
READ, CACHED, WRITTEN = 100, 40, 20
PROSE_REFUSAL = "I'm sorry, but I can't help with that request."


@dataclass(frozen=True)
class Format:
    """One provider's wire format."""

    model: str
    """As LiteLLM spells it."""
    path: str
    """A pattern of the address that is asked."""
    seen: Callable[[Json], Json]
    """Request -> system, messages, schema, limit."""
    reply: Callable[[str, Kind], tuple[int, Json]]
    base: str = ""
    """What follows the server's address."""
    env: Mapping[str, str] | None = None
    counts_cached: bool = True
    takes_seed: bool = True


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content or [])


def _chat_seen(body: Json) -> Json:
    form = body.get("response_format") or {}
    tools = body.get("tools") or [{}]
    schema = (form.get("json_schema") or {}).get("schema") or (tools[0].get("function") or {}).get("parameters")
    messages = [{"role": one["role"], "content": _text(one["content"])} for one in body["messages"]]
    return {
        "messages": messages,
        "schema": schema,
        "limit": body.get("max_tokens") or body.get("max_completion_tokens"),
    }


def _chat(content: str, finish: str, **message: Any) -> Json:
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "service_tier": "on_demand",
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": content, **message}, "finish_reason": finish}
        ],
        "usage": {
            "prompt_tokens": READ,
            "completion_tokens": WRITTEN,
            "total_tokens": READ + WRITTEN,
            "prompt_tokens_details": {"cached_tokens": CACHED},
        },
    }


def _openai(content: str, kind: Kind) -> tuple[int, Json]:
    if kind == "refusal":
        return 200, _chat("", "stop", refusal="I can't help with that.")
    return 200, _chat(content if kind == "answer" else content[:5], "stop" if kind == "answer" else "length")


def _prose(content: str, kind: Kind) -> tuple[int, Json]:
    if kind == "refusal":
        return 200, _chat(PROSE_REFUSAL, "stop")
    return _openai(content, kind)


def _azure(content: str, kind: Kind) -> tuple[int, Json]:
    if kind == "refusal":
        inner = {"code": "ResponsibleAIPolicyViolation", "content_filter_result": {"hate": {"filtered": True}}}
        message = "The response was filtered due to the prompt triggering Azure OpenAI's content management policy."
        return 400, {"error": {"message": message, "code": "content_filter", "status": 400, "innererror": inner}}
    return _openai(content, kind)


def _responses_seen(body: Json) -> Json:
    messages = [{"role": one["role"], "content": _text(one["content"])} for one in body["input"]]
    if body.get("instructions"):
        messages.insert(0, {"role": "system", "content": body["instructions"]})
    schema = ((body.get("text") or {}).get("format") or {}).get("schema")
    return {"messages": messages, "schema": schema, "limit": body.get("max_output_tokens")}


def _responses(content: str, kind: Kind) -> tuple[int, Json]:
    part: Json = {"type": "output_text", "text": content if kind == "answer" else content[:5], "annotations": []}
    if kind == "refusal":
        part = {"type": "refusal", "refusal": "I can't help with that."}
    return 200, {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "model": "m",
        "status": "incomplete" if kind == "cut_off" else "completed",
        "incomplete_details": {"reason": "max_output_tokens"} if kind == "cut_off" else None,
        "error": None,
        "output": [{"type": "message", "id": "m1", "status": "completed", "role": "assistant", "content": [part]}],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": READ,
            "input_tokens_details": {"cached_tokens": CACHED},
            "output_tokens": WRITTEN,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": READ + WRITTEN,
        },
    }


def _anthropic_seen(body: Json) -> Json:
    system = [{"role": "system", "content": _text(body.get("system"))}]
    messages = [{"role": one["role"], "content": _text(one["content"])} for one in body["messages"]]
    schema = (body.get("output_format") or (body.get("output_config") or {}).get("format") or {}).get("schema")
    schema = schema or ((body.get("tools") or [{}])[0]).get("input_schema")
    return {"messages": [*system, *messages], "schema": schema, "limit": body["max_tokens"]}


def _anthropic(content: str, kind: Kind) -> tuple[int, Json]:
    stop = {"answer": "end_turn", "refusal": "refusal", "cut_off": "max_tokens"}[kind]
    said = {"answer": content, "refusal": "", "cut_off": content[:5]}[kind]
    return 200, {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [{"type": "text", "text": said}] if said else [],
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": {
            "input_tokens": READ - CACHED,
            "cache_read_input_tokens": CACHED,
            "cache_creation_input_tokens": 0,
            "output_tokens": WRITTEN,
        },
    }


def _gemini_seen(body: Json) -> Json:
    instruction = body.get("system_instruction") or body.get("systemInstruction") or {}
    system = [{"role": "system", "content": _text(instruction.get("parts"))}]
    roles = {"model": "assistant", "user": "user"}
    messages = [{"role": roles[one["role"]], "content": _text(one["parts"])} for one in body["contents"]]
    settings = body.get("generationConfig") or {}
    schema = (
        settings.get("response_json_schema") or settings.get("responseJsonSchema") or settings.get("response_schema")
    )
    return {
        "messages": [*system, *messages],
        "schema": schema,
        "limit": settings.get("max_output_tokens") or settings.get("maxOutputTokens"),
    }


def _gemini(content: str, kind: Kind) -> tuple[int, Json]:
    counts = {"promptTokenCount": READ, "cachedContentTokenCount": CACHED, "totalTokenCount": READ + WRITTEN}
    if kind == "refusal":
        return 200, {"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": counts, "modelVersion": "m"}
    said, finish = (content, "STOP") if kind == "answer" else (content[:5], "MAX_TOKENS")
    candidate = {"content": {"role": "model", "parts": [{"text": said}]}, "finishReason": finish, "index": 0}
    return 200, {
        "candidates": [candidate],
        "usageMetadata": {**counts, "candidatesTokenCount": WRITTEN},
        "modelVersion": "m",
    }


def _bedrock_seen(body: Json) -> Json:
    system = [{"role": "system", "content": _text(body.get("system"))}]
    messages = [{"role": one["role"], "content": _text(one["content"])} for one in body["messages"]]
    tools = (body.get("toolConfig") or {}).get("tools") or [{}]
    schema = ((tools[0].get("toolSpec") or {}).get("inputSchema") or {}).get("json")
    limit = (body.get("inferenceConfig") or {}).get("maxTokens")
    return {"messages": [*system, *messages], "schema": schema, "limit": limit, "is_tool": schema is not None}


def _bedrock(content: str, kind: Kind) -> tuple[int, Json]:
    stop = {"answer": "end_turn", "refusal": "guardrail_intervened", "cut_off": "max_tokens"}[kind]
    parts: list[Json] = [{"text": content if kind == "answer" else content[:5]}]
    return 200, {
        "output": {"message": {"role": "assistant", "content": [] if kind == "refusal" else parts}},
        "stopReason": stop,
        "usage": {
            "inputTokens": READ - CACHED,
            "outputTokens": WRITTEN,
            "totalTokens": READ + WRITTEN,
            "cacheReadInputTokens": CACHED,
            "cacheWriteInputTokens": 0,
        },
        "metrics": {"latencyMs": 1},
    }


def _ollama_seen(body: Json) -> Json:
    form = body.get("format")
    schema = form if isinstance(form, dict) else None
    messages = [{"role": one["role"], "content": one["content"]} for one in body["messages"]]
    return {"messages": messages, "schema": schema, "limit": body["options"].get("num_predict")}


def _ollama(content: str, kind: Kind) -> tuple[int, Json]:
    said = {"answer": content, "refusal": PROSE_REFUSAL, "cut_off": content[:5]}[kind]
    return 200, {
        "model": "m",
        "created_at": "2026-01-01T00:00:00Z",
        "message": {"role": "assistant", "content": said},
        "done": True,
        "done_reason": "length" if kind == "cut_off" else "stop",
        "prompt_eval_count": READ,
        "eval_count": WRITTEN,
    }


_AWS = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION_NAME": "us-east-1"}
FORMATS: dict[str, Format] = {
    "OpenAI's chat": Format("openai/gpt-4o-mini", r"/v1/chat/completions$", _chat_seen, _openai, "/v1"),
    "OpenAI's responses": Format(
        "openai/responses/gpt-4o-mini", r"/v1/responses$", _responses_seen, _responses, "/v1", takes_seed=False
    ),
    "Azure's": Format(
        "azure/our-own",
        r"/openai/deployments/our-own/chat/completions",
        _chat_seen,
        _azure,
        env={"AZURE_API_KEY": "k", "AZURE_API_VERSION": "2024-10-21"},
    ),
    "Anthropic's": Format(
        "anthropic/claude-haiku-4-5",
        r"/v1/messages$",
        _anthropic_seen,
        _anthropic,
        env={"ANTHROPIC_API_KEY": "k"},
        takes_seed=False,
    ),
    "Gemini's": Format(
        "gemini/gemini-2.5-flash", r":generateContent", _gemini_seen, _gemini, env={"GEMINI_API_KEY": "k"}
    ),
    "Mistral's": Format(
        "mistral/mistral-small-latest",
        r"/v1/chat/completions$",
        _chat_seen,
        _prose,
        "/v1",
        env={"MISTRAL_API_KEY": "k"},
    ),
    "Groq's": Format(
        "groq/llama-3.3-70b-versatile",
        r"/v1/chat/completions$",
        _chat_seen,
        _prose,
        "/v1",
        env={"GROQ_API_KEY": "k"},
    ),
    "Bedrock's": Format(
        "bedrock/anthropic.claude-3-5-haiku-20241022-v1:0",
        r"/converse$",
        _bedrock_seen,
        _bedrock,
        env=_AWS,
        takes_seed=False,
    ),
    "Ollama's": Format("ollama_chat/qwen3", r"/api/chat$", _ollama_seen, _ollama, counts_cached=False),
}


def as_openai(seen: Json) -> Json:
    """Return a request in OpenAI's shape, for the fake's own answers."""
    form: Json = {"type": "json_schema", "json_schema": {"schema": seen["schema"]}} if seen["schema"] else {}
    return {"messages": seen["messages"], "response_format": form}


def is_at(wire: Format, path: str) -> bool:
    """Say whether a request came to the address of a format."""
    return re.search(wire.path, path) is not None


def as_json(raw: bytes) -> Json:
    """Return a request's body."""
    return json.loads(raw)
