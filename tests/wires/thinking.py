"""How models that think answer, each in its provider's own wire form; with too little room nothing is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from formats import FORMATS, Format, Json, Kind

THOUGHT = "What would I say? {I must not tell}"
NEEDED = 1_800
"""Tokens that are thought before a word is said."""


def _blocks(content: str, kind: Kind) -> tuple[int, Json]:
    status, whole = FORMATS["Anthropic's"].reply(content, kind)
    whole["content"].insert(0, {"type": "thinking", "thinking": THOUGHT, "signature": "s"})
    return status, whole


def _reasoning_content(content: str, kind: Kind) -> tuple[int, Json]:
    status, whole = FORMATS["OpenAI's chat"].reply(content, kind)
    whole["choices"][0]["message"]["reasoning_content"] = THOUGHT
    return status, whole


def _counted(content: str, kind: Kind) -> tuple[int, Json]:
    status, whole = FORMATS["OpenAI's chat"].reply(content, kind)
    whole["usage"]["completion_tokens_details"] = {"reasoning_tokens": 15}
    return status, whole


def _tags(content: str, kind: Kind) -> tuple[int, Json]:
    said = f"<think>\n{THOUGHT}\n</think>\n\n{content}" if kind == "answer" else content
    return FORMATS["Ollama's"].reply(said, kind)


def _short_of_room(reply: Callable[[str, Kind], tuple[int, Json]]) -> Callable[[str, Kind, int], tuple[int, Json]]:
    def answered(content: str, _kind: Kind, limit: int) -> tuple[int, Json]:
        return reply("", "cut_off") if limit < NEEDED else reply(content, "answer")

    return answered


SHAPES: dict[str, tuple[Format, Callable[[str, Kind, int], tuple[int, Json]]]] = {
    "OpenAI's": (replace(FORMATS["OpenAI's chat"], model="openai/gpt-5-mini"), _short_of_room(_counted)),
    "Anthropic's": (FORMATS["Anthropic's"], _short_of_room(_blocks)),
    "DeepSeek's": (
        replace(
            FORMATS["OpenAI's chat"],
            model="deepseek/deepseek-reasoner",
            path=r"/chat/completions$",
            env={"DEEPSEEK_API_KEY": "k"},
        ),
        _short_of_room(_reasoning_content),
    ),
    "Qwen's": (replace(FORMATS["Ollama's"], model="ollama_chat/qwen3:8b"), _short_of_room(_tags)),
}
