"""Sorts texts into few categories: the judge proposes them, then says of each text where it belongs.

A text that fits none is said to fit none. Knows nothing of what the texts are answers to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from tinytroupe_cli.core.concurrency import gather
from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.evidence import split_by_bytes
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.models.port import AnswerSchema, ChatModel, Message, ModelConfig, Purpose, Request, SampleKey
from tinytroupe_cli.models.windows import max_evidence_bytes
from tinytroupe_cli.prompts.catalog import CategoriesToPropose, JudgeSort, render

NONE = "none of these"
TEXTS_PER_CALL = 8
MAX_NAME_CHARACTERS = 60
"""Letters of a category's name."""
TOKENS = 600


@dataclass
class Categorizer:
    """The judge, with texts before it."""

    chat: ChatModel
    use: ModelConfig
    seed: int

    async def propose(self, texts: Sequence[str], most: int) -> tuple[str, ...] | NoAnswer:
        """Return at most so many categories that the texts fall into."""
        parts = split_by_bytes("\n".join(_line(text) for text in texts), max_evidence_bytes(self.use))
        proposed: list[str] = []
        for part in parts:
            found = await self._proposed(part, most)
            if isinstance(found, NoAnswer):
                return found
            proposed += found
        if len(parts) > 1:  # each piece has categories of its own: make one set of them
            return await self._proposed("\n".join(_line(name) for name in proposed), most)
        return tuple(proposed)

    async def sort(self, texts: Sequence[str], categories: Sequence[str]) -> list[str | NoAnswer | None]:
        """Return each text's category, None where it fits none, or why there is no telling."""
        groups = [texts[at : at + TEXTS_PER_CALL] for at in range(0, len(texts), TEXTS_PER_CALL)]
        found = await gather(self._sorted(group, categories) for group in groups)
        return [place for places in found for place in places]

    async def _proposed(self, texts: str, most: int) -> tuple[str, ...] | NoAnswer:
        asked = render("judge/categories", CategoriesToPropose(texts=texts, most=most))
        schema = AnswerSchema.flat("categories", {"categories": {"type": "array", "items": {"type": "string"}}})
        answer = await self._ask(asked, schema)
        if isinstance(answer, NoAnswer):
            return answer
        written = answer.values.get("categories")
        named = [" ".join(str(name).split()) for name in written] if isinstance(written, list) else []
        distinct: dict[str, str] = {}
        for name in named:
            if _is_name(name):
                distinct.setdefault(name.casefold(), name)
        found = tuple(distinct.values())[:most]
        return found or NoAnswer("bad_output", "it named no category")

    async def _sorted(self, texts: Sequence[str], categories: Sequence[str]) -> list[str | NoAnswer | None]:
        asked = render("judge/sort", JudgeSort(texts=tuple(texts), categories=tuple(categories), otherwise=NONE))
        enum: list[JsonValue] = [*categories, NONE]
        keys = [f"text_{number}" for number in range(1, len(texts) + 1)]
        shapes: dict[str, JsonValue] = {key: {"type": "string", "enum": enum} for key in keys}
        answer = await self._ask(asked, AnswerSchema.flat("places", shapes, optional=tuple(keys)))
        if isinstance(answer, NoAnswer):
            return [answer] * len(texts)
        return [_place(answer.values.get(key), categories) for key in keys]

    async def _ask(self, text: str, schema: AnswerSchema) -> Answer | NoAnswer:
        request = Request(
            model=self.use,
            messages=(Message(role="user", content=text),),
            answer=schema,
            max_tokens=TOKENS,
            salt=SampleKey(seed=self.seed),
            purpose=Purpose(role="judge", kind="normalize"),
        )
        return await ask(self.chat, request)


def _line(text: str) -> str:
    return f"- {' '.join(text.split())}"


def _place(written: JsonValue, categories: Sequence[str]) -> str | NoAnswer | None:
    if written is None:
        return NoAnswer("bad_output", "it was not told where this belongs")
    place = str(written)
    return place if place in categories else None


def _is_name(name: str) -> bool:
    return bool(name) and len(name) <= MAX_NAME_CHARACTERS and name.casefold() not in {NONE, "not mapped"}
