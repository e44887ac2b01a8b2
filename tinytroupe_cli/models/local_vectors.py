"""The innermost layer for local embedding models.

Handles model files and our requests. No timeout is applied: a text takes some hundredths of
a second, and one is read at a time.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tinytroupe_cli.core.concurrency import in_daemon_thread, join_all
from tinytroupe_cli.core.errors import EnvironmentProblem
from tinytroupe_cli.models.litellm_vectors import embedding_text
from tinytroupe_cli.models.local_catalog import LocalModelEntry
from tinytroupe_cli.models.local_files import LocalFiles
from tinytroupe_cli.models.local_lookup import find_entry
from tinytroupe_cli.models.local_provider import missing_file
from tinytroupe_cli.models.port import Completion, Request, Usage
from tinytroupe_cli.models.sentence_model import Encoded, SentenceModel


class Encoder(Protocol):
    """A loaded model."""

    def encode(self, text: str) -> Encoded:
        """Return a text's vector."""
        ...


@dataclass
class LocalVectors:
    """Runs local embedding models."""

    files: LocalFiles
    load: Callable[[Path], Encoder] = SentenceModel
    _models: dict[str, Encoder] = field(default_factory=dict[str, Encoder])
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _threads: set[threading.Thread] = field(default_factory=set[threading.Thread])

    async def complete(self, request: Request) -> Completion:
        """Return the vector of the request's text; loads the model on first use."""
        entry = find_entry(request.model.name)
        text = request.messages[-1].content
        async with self._turn:
            model = await self._loaded(entry)
            encoded = await in_daemon_thread(lambda: model.encode(text), among=self._threads)
        return Completion(
            text=embedding_text(encoded.numbers),
            usage=Usage(prompt=encoded.tokens),
            model=entry.name,
            fingerprint=f"numpy/{entry.sha256[:8]}",
        )

    async def warm_up(self, use: str) -> None:
        """Load a model before the first text; raises EnvironmentProblem."""
        async with self._turn:
            await self._loaded(find_entry(use))

    async def aclose(self) -> None:
        """Release the memory."""
        await in_daemon_thread(lambda: join_all(self._threads))
        self._models.clear()

    async def _loaded(self, entry: LocalModelEntry) -> Encoder:
        if entry.name not in self._models:
            self._models[entry.name] = await in_daemon_thread(lambda: self._load(entry), among=self._threads)
        return self._models[entry.name]

    def _load(self, entry: LocalModelEntry) -> Encoder:
        if not self.files.is_present(entry):
            raise missing_file(entry)
        try:
            return self.load(self.files.path(entry))
        except (ValueError, KeyError) as problem:
            raise EnvironmentProblem(
                f"{self.files.path(entry)} is damaged: {problem}",
                hint=f"run: troupe model remove {entry.name}, then: troupe model pull {entry.name}",
            ) from problem
