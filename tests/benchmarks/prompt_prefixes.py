"""How much of the prompts a provider's cache would have held, counted in blocks of tokens as providers do."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class SentPrompt:
    """The tokens of a request, and when it was sent and answered."""

    first: str
    """The first message, which says who the person is."""
    tokens: tuple[int, ...]
    arrived: float
    answered: float


@dataclass(frozen=True)
class PromptFigures:
    """What the prompts of a run have in common."""

    tokens: float
    """Mean tokens of a prompt."""
    cached: float
    """Share of all tokens that a cache with blocks of 128 and a minimum of 1,024 tokens would hold (OpenAI's rule)."""
    reusable: float
    """Share of the tokens of people's later prompts that were sent before, in blocks of 16 (vLLM's rule)."""


def prompt_figures(prompts: Sequence[SentPrompt]) -> PromptFigures:
    """Replay the prompts: one can reuse what was answered before it arrived."""
    total = sum(len(one.tokens) for one in prompts)
    cached, _, _ = _reused(prompts, block=128, least=1_024)
    _, later, of_later = _reused(prompts, block=16, least=0)
    return PromptFigures(total / len(prompts), cached / total, later / of_later if of_later else 0.0)


def _reused(prompts: Sequence[SentPrompt], *, block: int, least: int) -> tuple[int, int, int]:
    """Return the tokens reused, those reused by people's later prompts, and the tokens of the latter."""
    known: set[bytes] = set()
    people: set[str] = set()
    waiting = sorted(prompts, key=lambda one: -one.answered)
    reused = later = of_later = 0
    for one in sorted(prompts, key=lambda one: one.arrived):
        while waiting and waiting[-1].answered <= one.arrived:
            answered = waiting.pop()
            known.update(_blocks(answered.tokens, block))
            people.add(answered.first)
        held = 0
        for name in _blocks(one.tokens, block):
            if name not in known:
                break
            held += block
        held = held if held >= least else 0
        reused += held
        if one.first in people:
            later, of_later = later + held, of_later + len(one.tokens)
    return reused, later, of_later


def _blocks(tokens: Sequence[int], size: int) -> list[bytes]:
    """Return a name for each whole block, which stands for all that came before it too."""
    names: list[bytes] = []
    name = b""
    for start in range(0, len(tokens) - size + 1, size):
        name = hashlib.blake2b(name + repr(tokens[start : start + size]).encode(), digest_size=8).digest()
        names.append(name)
    return names


def sent_prompts(log: Sequence[dict[str, Any]]) -> list[SentPrompt]:
    """Read the prompts in a provider's log; the schema of an answer is not counted."""
    encoding = _encoding()
    prompts: list[SentPrompt] = []
    for entry in log:
        messages = entry["body"]["messages"]
        text = "".join(f"<{message['role']}>{message['content']}" for message in messages)
        tokens = tuple(encoding.encode_ordinary(text))
        prompts.append(SentPrompt(str(messages[0]["content"]), tokens, entry["arrived"], entry["answered"]))
    return prompts


def _encoding() -> Any:
    """Return GPT-4's tokenizer, from the file that comes with LiteLLM: nothing is downloaded."""
    found = find_spec("litellm")
    assert found is not None
    assert found.origin is not None
    os.environ["TIKTOKEN_CACHE_DIR"] = str(Path(found.origin).parent / "litellm_core_utils" / "tokenizers")
    import tiktoken

    return tiktoken.get_encoding("cl100k_base")
