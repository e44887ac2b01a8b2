"""SoftwareMind: a model in the place of software that people talk to; it plays nobody and remembers nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinytroupe_cli.minds.asking import ask_text
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.models.port import ChatModel, Message, ModelConfig, Purpose, Request, SampleKey

REPLY_TOKENS = 600


@dataclass
class SimulatedSystem:
    """One system of a trial: what it is told is the user's own text, and nothing else."""

    name: str
    prompt: str
    use: ModelConfig
    chat: ChatModel
    seed: int
    trial: str

    async def reply(self, conversation: Sequence[Message], *, person: str, step: int) -> str | NoAnswer:
        """Go on with a conversation that ends with a user's message."""
        request = Request(
            model=self.use,
            messages=(Message(role="system", content=self.prompt), *conversation),
            max_tokens=REPLY_TOKENS,
            salt=SampleKey(seed=self.seed),
            purpose=Purpose(role="system", kind="system", trial=self.trial, person=person, step=step),
        )
        return await ask_text(self.chat, request)
