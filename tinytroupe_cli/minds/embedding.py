"""ModelEmbedder: texts -> vectors, each asked of the waist by itself, so each is stored and paid for once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from tinytroupe_cli.core.concurrency import gather
from tinytroupe_cli.core.errors import ProviderRefused, Rejected
from tinytroupe_cli.models.port import ChatModel, Message, ModelConfig, Purpose, Request


@dataclass
class ModelEmbedder:
    """Asks an embedding model."""

    chat: ChatModel
    use: ModelConfig
    trial: str = ""

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return a vector for each text, in order; an empty one for an empty text, or one the provider refused."""
        distinct = list(dict.fromkeys(texts))
        embeddings = await gather(self._vector(text) for text in distinct)
        found = dict(zip(distinct, embeddings, strict=True))
        return [found[text] for text in texts]

    async def _vector(self, text: str) -> list[float]:
        if not text.strip():
            return []
        request = Request(
            model=self.use,
            messages=(Message(role="user", content=text),),
            form="vector",
            max_tokens=0,
            purpose=Purpose(role="embeddings", kind="embed", trial=self.trial),
        )
        try:
            completion = await self.chat.complete(request)
        except (ProviderRefused, Rejected):
            return []
        return json.loads(completion.text)
