"""Retold: stands in the model's place for one turn, and adds a few words to the end of what a person is asked."""

from __future__ import annotations

from dataclasses import dataclass

from tinytroupe_cli.models.port import ChatModel, Completion, Request


@dataclass(frozen=True)
class WithPromptSuffix:
    """Asks with words added; the call is then part of the quality checks and shown apart in the accounts."""

    inner: ChatModel
    words: str
    before: str = ""
    """What the words stand before: the last time it occurs in what the person is asked; empty: at the end."""

    async def complete(self, request: Request) -> Completion:
        """Ask with the words at the end."""
        *before, last = request.messages
        head, mark, tail = last.content.rpartition(self.before) if self.before else (last.content, "", "")
        longer = last.model_copy(update={"content": f"{head}\n\n{self.words}{mark}{tail}"})
        purpose = request.purpose.model_copy(update={"kind": "quality"})
        return await self.inner.complete(request.model_copy(update={"messages": (*before, longer), "purpose": purpose}))
