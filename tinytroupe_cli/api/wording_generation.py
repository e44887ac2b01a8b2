"""Writes the wordings of a plan's texts."""

from __future__ import annotations

from tinytroupe_cli.models.port import ChatModel
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.runs.wording_generation import generate_wordings
from tinytroupe_cli.spec.wordings import WordingsOfText


async def wordings_for_plan(plan: Plan, chat: ChatModel) -> list[WordingsOfText]:
    """Return the wordings of each text that has too few; calls the judge's model."""
    from tinytroupe_cli.minds.paraphraser import Paraphraser  # noqa: PLC0415 - few plans need it

    if plan.wordings is None:
        return []
    count = plan.wordings.count
    texts = [text.wordings[0] for text in plan.wordings.texts if len(text.wordings) < count]
    return await generate_wordings(texts, count, Paraphraser(chat, plan.models.judge, plan.seed))
