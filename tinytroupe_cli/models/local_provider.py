"""The innermost layer for `local/NAME`: models in this process, one engine per model.

Handles model files and our requests; the engine handles the native library.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol, cast

from pydantic import JsonValue

from tinytroupe_cli.core.concurrency import in_daemon_thread, join_all
from tinytroupe_cli.core.errors import EnvironmentProblem, Fatal, ModelError, Rejected, RunError, Transient
from tinytroupe_cli.models.dry_sampling import dry_settings
from tinytroupe_cli.models.local_catalog import LocalModelEntry
from tinytroupe_cli.models.local_engine import (
    Engine,
    EngineFailed,
    EngineReply,
    Native,
    library_version,
    load_engine,
)
from tinytroupe_cli.models.local_files import LocalFiles
from tinytroupe_cli.models.local_lookup import find_entry
from tinytroupe_cli.models.port import AnswerSchema, Completion, Request, Usage
from tinytroupe_cli.models.thinking import without_thinking

# Nothing against repetition. Tried on the 1.5B model, one person, 12 turns: of what was said aloud, 4 were the thought
# once more and 2 the question. With a penalty (1.05 to 1.1, or presence, or DRY) 0 or 1 and 4 to 7: worse company.
TEMPERATURE = 0.7
"""Temperature of models for which none is given."""
MAX_ENTRIES: Final = 30
"""Of a list: the 1.5B model can write "Create_event" as its next entry until the reply is full."""
CONTEXT = 8192
"""Maximum tokens of one request and its reply."""


class Load(Protocol):
    """Loads a model file; `load_engine`, or a test double."""

    def __call__(self, path: Path, *, context: int) -> Native:
        """Return the loaded model."""
        ...


@dataclass
class LocalProvider:
    """Runs local models. `ModelUse.timeout` is not applied: slow is not stuck here, and replies are bounded."""

    files: LocalFiles
    load: Load = load_engine
    version: Callable[[], str] = library_version
    _engines: dict[str, Engine] = field(default_factory=dict[str, Engine])
    _loading: asyncio.Lock = field(default_factory=asyncio.Lock)
    _loaders: set[threading.Thread] = field(default_factory=set[threading.Thread])

    async def complete(self, request: Request) -> Completion:
        """Answer the request; loads the model on first use."""
        entry = _entry_of(request.model.name)
        reply = await self.reply(request.model.name, request_body(request, thinks=entry.thinks))
        fingerprint = f"llama.cpp/{self.version()}/{entry.sha256[:8]}"
        return _completion(reply, entry, fingerprint)

    async def reply(self, use: str, body: Mapping[str, Any]) -> EngineReply:
        """Answer an OpenAI-shaped body, and measure the speed; raises a ModelError or EnvironmentProblem."""
        entry = _entry_of(use)
        engine = await self._engine(entry)
        try:
            return await engine.ask(body)
        except EngineFailed as failure:
            raise _as_model_error(
                failure, entry, has_shape=not body.keys().isdisjoint({"response_format", "grammar"})
            ) from failure

    async def warm_up(self, use: str) -> None:
        """Load a model before the first question; raises EnvironmentProblem or Fatal."""
        await self._engine(_entry_of(use))

    async def aclose(self) -> None:
        """Stop pending work and unload every model."""
        await in_daemon_thread(self.close)

    def close(self) -> None:
        """Do the same, blocking; also runs when the interpreter ends, when no call may be inside the library."""
        atexit.unregister(self.close)
        join_all(self._loaders)
        while self._engines:
            _, engine = self._engines.popitem()
            engine.close()

    async def _engine(self, entry: LocalModelEntry) -> Engine:
        async with self._loading:
            if entry.name not in self._engines:
                atexit.register(self.close)
                native = await in_daemon_thread(lambda: self._load(entry), among=self._loaders)
                self._engines[entry.name] = Engine(native)
            return self._engines[entry.name]

    def _load(self, entry: LocalModelEntry) -> Native:
        if not self.files.is_present(entry):
            raise missing_file(entry)
        try:
            return self.load(self.files.path(entry), context=min(CONTEXT, entry.context))
        except RuntimeError as problem:
            raise self._load_problem(entry) from problem

    def _load_problem(self, entry: LocalModelEntry) -> EnvironmentProblem:
        path = self.files.path(entry)
        if not self.files.is_sound(entry):
            return EnvironmentProblem(
                f"{path} is corrupt: checksum mismatch (SHA-256)",
                hint=f"run: troupe model remove {entry.name}, then: troupe model pull {entry.name}",
            )
        if entry.architecture:
            return EnvironmentProblem(
                f"{path} could not be loaded: this xllamacpp ({self.version()}) might not support the architecture "
                f"'{entry.architecture}', or there is too little memory",
                hint="run: pip install --upgrade xllamacpp, or use another model (troupe model list)",
            )
        return EnvironmentProblem(
            f"{entry.name} could not be loaded, although its file is complete; most likely there is not enough memory",
            hint=f"it needs about {(entry.bytes * 2 + 10**9) / 10**9:.1f} GB of free memory",
        )


def missing_file(entry: LocalModelEntry) -> EnvironmentProblem:
    """Return the error for a model that is not on this machine, with the command that downloads it."""
    return EnvironmentProblem(
        f"{entry.name} is not on this machine yet ({entry.size})",
        hint=f"run: troupe model pull {entry.name}",
    )


def request_body(request: Request, *, thinks: bool = False) -> dict[str, Any]:
    """Return a request in the OpenAI form the engine reads; reasoning aloud is disabled."""
    use = request.model
    body: dict[str, Any] = {
        "messages": [message.model_dump(include={"role", "content"}) for message in request.messages],
        "max_tokens": request.reply_limit,
        "temperature": TEMPERATURE if use.temperature is None else use.temperature,
        "seed": request.seed,
        "cache_prompt": True,
    }
    if use.top_p is not None:
        body["top_p"] = use.top_p
    if thinks:
        body["chat_template_kwargs"] = {"enable_thinking": False}
    if request.alternatives:
        # Read anew: after a prompt whose start is kept, probabilities differ by a point (135M: 0.24 against 0.23).
        body |= {"logprobs": True, "top_logprobs": request.alternatives, "cache_prompt": False}
    if request.stop:
        body["stop"] = list(request.stop)
    if request.avoid:
        body["logit_bias"] = [[form, False] for word in request.avoid for form in (word, f" {word}")]
    if request.unlike_before:
        body |= dry_settings(request.unlike_before)
    if request.answer and request.form == "native" and request.answer.is_sentence:
        body["grammar"] = _one_of(request.answer)
    elif request.answer and request.form == "native":
        schema = {"name": request.answer.name, "schema": _bounded(request.answer), "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif request.form == "json":
        body["response_format"] = {"type": "json_object"}
    return body


def _one_of(answer: AnswerSchema) -> str:
    """Return the grammar (GBNF) of an answer whose only property has a fixed set of texts."""
    (part,) = cast("dict[str, dict[str, list[str]]]", answer.body["properties"]).values()
    return "root ::= " + " | ".join(json.dumps(text) for text in part["enum"])


def _bounded(answer: AnswerSchema) -> dict[str, Any]:
    """Return a schema with limits, so that repetitive text or an endless list does not fill the reply and lose it."""
    properties = cast("dict[str, dict[str, JsonValue]]", answer.body.get("properties", {}))
    limits: dict[str, dict[str, JsonValue]] = {
        name: {"maxItems": MAX_ENTRIES} for name, part in properties.items() if part.get("type") == "array"
    }
    limits |= {name: {"maxLength": most} for name, most in answer.longest.items()}
    if not limits:
        return answer.body
    bounded = {name: {**limits.get(name, {}), **part} for name, part in properties.items()}
    return {**answer.body, "properties": bounded}


def _entry_of(use: str) -> LocalModelEntry:
    try:
        return find_entry(use)
    except RunError as problem:
        raise Fatal(problem.message, hint=problem.hint) from problem


def _completion(reply: EngineReply, entry: LocalModelEntry, fingerprint: str) -> Completion:
    return Completion(
        text=without_thinking(reply.text),
        finish="length" if reply.finish == "length" else "stop",
        alternatives=reply.alternatives,
        usage=Usage(prompt=reply.prompt, completion=reply.completion, cached=reply.cached),
        model=entry.name,
        fingerprint=fingerprint,
    )


def _as_model_error(failure: EngineFailed, entry: LocalModelEntry, *, has_shape: bool) -> ModelError:
    match failure.kind:
        case "exceed_context_size_error":
            return Rejected(
                f"too long for {entry.name} here: {failure}",
                kind="too_long",
                hint="use fewer people or steps, shorter texts, or a model with a longer context",
            )
        case "invalid_request_error":
            return Rejected(f"{entry.name} rejected the request: {failure}", kind="form" if has_shape else "other")
        case "closed":
            return Fatal(f"{entry.name} was closed before it answered")
        case _:
            return Transient(f"{entry.name} failed: {failure}")
