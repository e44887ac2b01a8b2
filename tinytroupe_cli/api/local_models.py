"""Local models: which there are, what they need, how to test and remove them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tinytroupe_cli.api.versions import version_of
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.minds.embedding import ModelEmbedder
from tinytroupe_cli.minds.similarity import cosine_similarity
from tinytroupe_cli.models.local_catalog import (
    CATALOG,
    LOCAL_PREFIX,
    LocalModelEntry,
    format_bytes,
    is_local,
)
from tinytroupe_cli.models.local_cores import (
    is_busy,
    threads_words,
    total_memory,
    usable_cores,
)
from tinytroupe_cli.models.local_engine import LIBRARY, settings_of
from tinytroupe_cli.models.local_files import LocalFiles, user_models_folder
from tinytroupe_cli.models.local_lookup import find_entry
from tinytroupe_cli.models.local_provider import CONTEXT, TEMPERATURE, LocalProvider
from tinytroupe_cli.models.local_pull import Progress, PullProgress
from tinytroupe_cli.models.local_sizes import billions_of
from tinytroupe_cli.models.local_vectors import LocalVectors
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.models.sentence_model import SentenceModel
from tinytroupe_cli.plan.types import Plan

__all__ = [
    "LocalModelEntry",
    "LocalModelState",
    "Progress",
    "PullProgress",
    "SpeedTest",
    "busy_warning",
    "find_entry",
    "fits",
    "format_bytes",
    "list_local_models",
    "local_embeddings",
    "local_provider",
    "local_settings",
    "measure_speed",
    "memory_needed",
    "missing_local_models",
    "remove",
    "seconds_per_call",
]

TRIAL_QUESTION = "In one sentence: what makes a good cup of coffee?"
SECONDS_PER_BILLION = 6.0
"""Tokens of a short answer, for timing on two cores."""
TRIAL_TOKENS = 60
TRIAL_TEXTS = ("A cat sits on the mat", "The kitten rests on a rug", "Interest rates rose by half a percent")


@dataclass(frozen=True)
class LocalModelState:
    """A known model and how much of it is installed."""

    entry: LocalModelEntry
    is_present: bool
    path: Path
    fetched: int
    """Bytes of an interrupted download."""


@dataclass(frozen=True)
class SpeedTest:
    """What a model answered, and its speed in tokens per second."""

    question: str
    answer: str
    read: int
    written: int
    read_per_second: float
    written_per_second: float


def list_local_models(folder: Path | None = None) -> list[LocalModelState]:
    """Return every known local model, installed or not."""
    files = _files(folder)
    return [
        LocalModelState(entry, files.is_present(entry), files.path(entry), files.fetched(entry))
        for entry in CATALOG.values()
    ]


def memory_needed(entry: LocalModelEntry) -> int:
    """Return about how many bytes of memory a model needs: its weights and its context."""
    return int(entry.bytes * 1.2) + 10**9


def fits(entry: LocalModelEntry) -> bool | None:
    """Return whether this machine's memory is enough for a model; None where the system doesn't tell."""
    total = total_memory()
    return None if total is None else memory_needed(entry) <= total


def missing_local_models(uses: Iterable[ModelConfig], folder: Path | None = None) -> list[LocalModelEntry]:
    """Return the local models among `uses` that must be downloaded first, each once."""
    files = _files(folder)
    entries = {use.name: find_entry(use.name) for use in uses if is_local(use)}
    return [entry for entry in entries.values() if not files.is_present(entry)]


def remove(name: str, *, folder: Path | None = None) -> int:
    """Delete a model's file and return the bytes freed; 0 if there was none."""
    entry = find_entry(name)
    if entry.file:
        raise RunError(f"{entry.file} is your own file; troupe deletes only files that it downloaded")
    return _files(folder).remove(entry)


def local_provider(*, folder: Path | None = None) -> LocalProvider:
    """Return the provider of local models."""
    return LocalProvider(_files(folder))


def local_settings(plan: Plan) -> dict[str, int | str]:
    """Return library, batch, context and threads of a plan's local models; empty if it has none."""
    chats = [use for use in (plan.models.people, plan.models.judge, plan.models.author) if is_local(use)]
    if not chats:
        return {}
    settings = settings_of(min(CONTEXT, find_entry(chats[0].name).context))
    library = f"{LIBRARY} {version_of(LIBRARY)}" if version_of(LIBRARY) else f"{LIBRARY}, not installed"
    return {"library": library, **settings, "threads": threads_words(usable_cores())}


def seconds_per_call(entry: LocalModelEntry) -> float | None:
    """Return about how long a short answer takes here; None if the model's size or the number of cores is unknown.

    Measured on two cores: 8 to 10 seconds with 1.5 billion parameters, 1 with 0.135; it grows as they do.
    """
    cores = usable_cores()
    billions = entry.parameters / 1e9 if entry.parameters else billions_of(f"{LOCAL_PREFIX}{entry.name}")
    if billions is None or cores is None:
        return None
    return max(0.5, SECONDS_PER_BILLION * billions * 2 / cores)


def busy_warning(uses: Iterable[ModelConfig]) -> str:
    """Return a warning if other processes keep this machine busy; else empty. Takes 0.2 s."""
    if not any(is_local(use) for use in uses) or not is_busy():
        return ""
    return "this machine is busy with other work: the model will be several times slower than usual"


def local_encoder(name: str, *, folder: Path | None = None) -> Callable[[str], list[float]] | None:
    """Return what turns a text into a vector, by a local embedding model; None if its file is not here."""
    entry, files = find_entry(name), _files(folder)
    if not files.is_present(entry):
        return None
    model = SentenceModel(files.path(entry))
    return lambda text: model.encode(text).numbers


def local_embeddings(*, folder: Path | None = None) -> LocalVectors:
    """Return the provider of local embedding models."""
    return LocalVectors(_files(folder))


async def measure_speed(name: str, *, folder: Path | None = None) -> SpeedTest:
    """Load a model and ask it one short question; raises EnvironmentProblem or a ModelError."""
    if find_entry(name).does == "vectors":
        return await _try_vectors(name, folder)
    provider = LocalProvider(_files(folder))
    message = {"role": "user", "content": TRIAL_QUESTION}
    body = {"messages": [message], "max_tokens": TRIAL_TOKENS, "temperature": TEMPERATURE, "seed": 1}
    try:
        reply = await provider.reply(find_entry(name).name, body)
    finally:
        await provider.aclose()
    return SpeedTest(
        question=TRIAL_QUESTION,
        answer=reply.text.strip(),
        read=reply.prompt,
        written=reply.completion,
        read_per_second=reply.read_per_second,
        written_per_second=reply.written_per_second,
    )


async def _try_vectors(name: str, folder: Path | None) -> SpeedTest:
    """Compare two texts with a third by their embeddings."""
    embedder = ModelEmbedder(
        local_embeddings(folder=folder), ModelConfig(name=f"{LOCAL_PREFIX}{find_entry(name).name}")
    )
    began = time.perf_counter()
    sentence, similar, unrelated = await embedder.embed(TRIAL_TEXTS)
    seconds = time.perf_counter() - began
    tokens = sum(len(text.split()) for text in TRIAL_TEXTS)
    near, far = cosine_similarity(sentence, similar), cosine_similarity(sentence, unrelated)
    return SpeedTest(
        question=f"How similar to '{TRIAL_TEXTS[0]}' are '{TRIAL_TEXTS[1]}' and '{TRIAL_TEXTS[2]}'?",
        answer=f"{near:.2f} and {far:.2f} (1 means identical)",
        read=tokens,
        written=0,
        read_per_second=tokens / seconds,
        written_per_second=0.0,
    )


def _files(folder: Path | None) -> LocalFiles:
    return LocalFiles(folder or user_models_folder())
