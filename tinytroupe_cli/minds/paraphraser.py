"""Says the same in other words: the judge paraphrases a text, then checks each paraphrase without knowing whose it is.

Knows nothing of files, or of what the texts are for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.models.port import AnswerSchema, ChatModel, Message, ModelConfig, Purpose, Request, SampleKey
from tinytroupe_cli.prompts.catalog import JudgeParaphrase, JudgeParaphraseCheck, render

TOKENS_PER_CHARACTER: Final = 0.5
TOKENS_BESIDES: Final = 200
FAULTS: Final = {
    "same_meaning": "it does not mean the same",
    "same_options": "it does not name the same options",
    "no_new_facts": "it says something new",
}
"""What is asked of a paraphrase -> what is wrong where the answer is no."""


@dataclass(frozen=True)
class Paraphraser:
    """The judge, with a text before it."""

    chat: ChatModel
    use: ModelConfig
    seed: int

    async def paraphrase(
        self, text: str, variables: Sequence[str], others: Sequence[str], *, count: int, attempt: int
    ) -> tuple[str, ...] | NoAnswer:
        """Return at most `count` paraphrases that are none of the `others`; raises as `ask` does."""
        asked = JudgeParaphrase(text=text, variables=tuple(variables), others=tuple(others), count=count)
        schema = AnswerSchema.flat("paraphrases", {"paraphrases": {"type": "array", "items": {"type": "string"}}})
        tokens = TOKENS_BESIDES + round(TOKENS_PER_CHARACTER * (len(text) + 40) * count)
        answer = await self._ask(render("judge/paraphrase", asked), schema, attempt, tokens)
        if isinstance(answer, NoAnswer):
            return answer
        written = answer.values.get("paraphrases")
        return tuple(str(entry).strip() for entry in written)[:count] if isinstance(written, list) else ()

    async def fault(self, text: str, paraphrase: str) -> str:
        """Return what is wrong with a paraphrase; empty: nothing. Raises as `ask` does."""
        asked = JudgeParaphraseCheck(text=text, paraphrase=paraphrase)
        properties: dict[str, JsonValue] = {key: {"type": "boolean"} for key in FAULTS}
        answer = await self._ask(
            render("judge/paraphrase_check", asked), AnswerSchema.flat("check", properties), 0, TOKENS_BESIDES
        )
        if isinstance(answer, NoAnswer):
            return f"it could not be checked ({answer.reason.replace('_', ' ')})"
        return "; ".join(fault for key, fault in FAULTS.items() if answer.values.get(key) is not True)

    async def _ask(self, text: str, schema: AnswerSchema, attempt: int, tokens: int) -> Answer | NoAnswer:
        request = Request(
            model=self.use,
            messages=(Message(role="user", content=text),),
            answer=schema,
            max_tokens=tokens,
            salt=SampleKey(seed=self.seed, sample=attempt),
            purpose=Purpose(role="judge", kind="wordings"),
        )
        return await ask(self.chat, request)
