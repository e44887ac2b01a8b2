"""Codes one text with a codebook; sees the text and the codebook, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.models.port import AnswerSchema, ChatModel, Message, ModelConfig, Purpose, Request, SampleKey
from tinytroupe_cli.prompts.catalog import JudgeCode, render

TOKENS: Final = 600
NOT_CODED: Final = "not stated"
CODE, QUOTE = "code", "quote"


@dataclass(frozen=True)
class TextCoder:
    """The judge, at temperature 0."""

    chat: ChatModel
    use: ModelConfig
    seed: int

    async def code(
        self, text: str, categories: Sequence[tuple[str, str]], *, several: bool, sample: int = 0
    ) -> dict[str, str] | NoAnswer:
        """Return each code that the text has with the words quoted for it; `categories` are codes and meanings."""
        asked = render("judge/code", JudgeCode(text=text, categories=tuple(categories), several=several))
        names = [name for name, _ in categories]
        request = Request(
            model=self.use.model_copy(update={"temperature": 0.0}),
            messages=(Message(role="user", content=asked.rstrip()),),
            answer=_several(len(names)) if several else _one_of(names),
            max_tokens=TOKENS,
            salt=SampleKey(seed=self.seed, sample=sample),
            purpose=Purpose(role="judge", kind="code"),
        )
        found = await ask(self.chat, request)
        if isinstance(found, NoAnswer):
            return found
        if several:
            quotes = {name: _words(found.values.get(key)) for name, key in zip(names, _keys(len(names)), strict=True)}
            return {name: quote for name, quote in quotes.items() if quote}
        code = str(found.values.get(CODE))
        return {code: _words(found.values.get(QUOTE))} if code in names else {}


def _one_of(names: Sequence[str]) -> AnswerSchema:
    enum: list[JsonValue] = [*names, NOT_CODED]
    return AnswerSchema.flat("coding", {CODE: {"type": "string", "enum": enum}, QUOTE: {"type": "string"}})


def _several(count: int) -> AnswerSchema:
    return AnswerSchema.flat("coding", {key: {"type": "string"} for key in _keys(count)})


def _keys(count: int) -> list[str]:
    return [f"quote_{number}" for number in range(1, count + 1)]


def _words(value: JsonValue) -> str:
    words = str(value or "").strip()
    return "" if words.casefold() in {NOT_CODED, "none", "n/a"} else words
