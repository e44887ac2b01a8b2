"""A llama.cpp server inside this process that can be awaited and cancelled safely.

Native calls run in daemon threads, so the event loop never blocks; an interrupt is checked at
every token; and no call is left inside the library when the interpreter ends, which would
crash it. Does not depend on our requests.
"""

from __future__ import annotations

import asyncio
import importlib
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from tinytroupe_cli.core.concurrency import in_daemon_thread, join_all
from tinytroupe_cli.core.errors import EnvironmentProblem
from tinytroupe_cli.models.local_cores import compute_threads
from tinytroupe_cli.models.token_chances import first_token_chances

LIBRARY = "xllamacpp"
"""The package that runs the model."""
READ_AT_ONCE = 64
"""Prompt tokens between two interrupt checks: under a second, and hardly slower than 2,048 on a CPU."""
PROMPTS_KEPT_MIB = 2048
"""Memory for prompts of people who have no slot at the moment."""


class Native(Protocol):
    """The part of `xllamacpp.Server` we use."""

    def handle_chat_completions(self, prompt: dict[str, Any], callback: Callable[[dict[str, Any]], bool]) -> object:
        """Answer in pieces; stops when the callback returns True."""
        ...


class _Piece(BaseModel):
    """Parsed by name; the library adds fields freely."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Delta(_Piece):
    content: str | None = None


class _Choice(_Piece):
    delta: _Delta = _Delta()
    finish_reason: str | None = None
    logprobs: Any = None


class _Cached(_Piece):
    cached_tokens: int = 0


class _Usage(_Piece):
    prompt_tokens: int = 0
    completion_tokens: int = 0
    prompt_tokens_details: _Cached = _Cached()


class _Timings(_Piece):
    prompt_per_second: float | None = 0.0
    predicted_per_second: float | None = 0.0


class _Error(_Piece):
    message: str = "no reason given"
    type: str = ""


class _Chunk(_Piece):
    choices: tuple[_Choice, ...] = ()
    usage: _Usage | None = None
    timings: _Timings | None = None
    error: _Error | None = None


class EngineFailed(Exception):
    """The library could not answer; `kind` is its own name for the reason."""

    def __init__(self, message: str, *, kind: str = "") -> None:
        super().__init__(message)
        self.kind = kind


@dataclass
class EngineReply:
    """An answer as it grows, then whole."""

    text: str = ""
    finish: str = ""
    alternatives: dict[str, float] = field(default_factory=dict[str, float])
    """First token -> its probability, if asked for."""
    prompt: int = 0
    completion: int = 0
    cached: int = 0
    read_per_second: float = 0.0
    written_per_second: float = 0.0
    error: EngineFailed | None = None

    def add(self, piece: Mapping[str, Any]) -> None:
        """Add a piece of the stream."""
        chunk = _Chunk.model_validate(piece)
        for choice in chunk.choices:
            if choice.logprobs is not None and not self.alternatives:
                self.alternatives = first_token_chances(choice.logprobs)
            self.text += choice.delta.content or ""
            self.finish = choice.finish_reason or self.finish
        if chunk.usage:
            self.prompt = chunk.usage.prompt_tokens
            self.completion = chunk.usage.completion_tokens
            self.cached = chunk.usage.prompt_tokens_details.cached_tokens
        if chunk.timings:
            self.read_per_second = chunk.timings.prompt_per_second or 0.0
            self.written_per_second = chunk.timings.predicted_per_second or 0.0
        if chunk.error:
            self.error = EngineFailed(chunk.error.message, kind=chunk.error.type)


class Engine:
    """One loaded model: one answer at a time, other requests wait.

    Two would be computed in one batch, and their texts would depend on each other's timing; on two cores four at once
    were 8% faster.
    """

    def __init__(self, native: Native) -> None:
        self._native: Native | None = native
        self._turn = asyncio.Lock()
        self._closing = threading.Event()
        self._threads: set[threading.Thread] = set()

    async def ask(self, body: Mapping[str, Any]) -> EngineReply:
        """Answer an OpenAI-shaped chat request; raises EngineFailed."""
        async with self._turn:
            given_up = threading.Event()
            try:
                return await in_daemon_thread(lambda: self._answer(body, given_up), among=self._threads)
            finally:
                given_up.set()  # when cancelled, the native call hears it at its next token

    def _answer(self, body: Mapping[str, Any], given_up: threading.Event) -> EngineReply:
        native, reply = self._native, EngineReply()
        if native is None or self._closing.is_set():
            raise EngineFailed("the model was closed", kind="closed")

        def hear(piece: dict[str, Any]) -> bool:
            reply.add(piece)
            return given_up.is_set() or self._closing.is_set()

        streaming = {"stream": True, "return_progress": True, "stream_options": {"include_usage": True}}
        try:
            native.handle_chat_completions({**body, **streaming}, hear)
        except ValueError as problem:
            raise EngineFailed(str(problem), kind="invalid_request_error") from problem
        except RuntimeError as problem:
            raise EngineFailed(str(problem), kind="server_error") from problem
        if reply.error:
            raise reply.error
        if not reply.finish:
            raise EngineFailed("the answer was cut off", kind="server_error")
        return reply

    def close(self) -> None:
        """Stop pending work and unload; waits until the library returns (a token or a piece of prompt)."""
        self._closing.set()
        join_all(self._threads)
        self._native = None


def load_engine(path: Path, *, context: int, threads: int | None = None) -> Native:
    """Load a model file; blocks for seconds; raises EnvironmentProblem, or RuntimeError if the file can't be loaded.

    `context` is what one answer may read and write together.
    """
    xllamacpp = _library()
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_parallel, params.n_ctx = 1, context
    params.n_batch = params.n_ubatch = READ_AT_ONCE
    params.cache_ram_mib = PROMPTS_KEPT_MIB
    threads = threads or compute_threads()
    if threads is not None:
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    # With flash attention the text would depend on the number of threads, and on what was read before.
    params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
    params.fit_params = params.warmup = False  # we know what fits; the first question warms it up
    params.verbosity = -1  # nothing on our stderr
    params.api_keys = [secrets.token_hex(16)]  # it listens on loopback too; nobody is to ask it there
    params.ui = params.endpoint_slots = False
    return xllamacpp.Server(params)


def settings_of(context: int) -> dict[str, int]:
    """Return what a local model's text could depend on in addition to its file, prompt and seed."""
    return {"batch": READ_AT_ONCE, "context": context}


def library_version() -> str:
    """Return the version of the native library; raises EnvironmentProblem without it."""
    return str(_library().__version__)


def _library() -> Any:
    try:
        return importlib.import_module(LIBRARY)
    except ImportError as problem:
        raise EnvironmentProblem(
            f"a model on this machine needs the package xllamacpp ({problem})",
            hint="run: pip install 'tinytroupe-cli[local]'",
        ) from problem
