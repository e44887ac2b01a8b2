"""Adapts requests to a server: a rejected parameter is left out or renamed, once for each model and server.

Handles everything but the form of an answer, which `structured.py` handles. It lies below the call store, so
adaptations are not part of a call's identity.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tinytroupe_cli.core.errors import Rejected
from tinytroupe_cli.models.adaptations import Adaptations, Adjustment, Known
from tinytroupe_cli.models.port import ChatModel, Completion, Request
from tinytroupe_cli.models.refusal_words import too_long

_LIMITS: Final = frozenset[Adjustment](("max_completion_tokens", "max_tokens", "without_limit"))
MAX_STEPS: Final = 8
"""Requests spent on finding out what a server accepts."""
_CURES: Final[dict[str, tuple[Adjustment, ...]]] = {
    "seed": ("without_seed",),
    "temperature": ("without_temperature",),
    "top_p": ("without_top_p",),
    "reasoning_effort": ("without_reasoning_effort",),
    "stop": ("without_stop",),
    "max_tokens": ("max_completion_tokens", "max_tokens", "without_limit"),
    "thinking": ("without_limit", "without_reasoning_effort"),
    "system": ("without_system_role",),
    "room": ("without_limit",),
}
"""Rejected parameter -> possible adaptations, in this order."""
_UNNAMED: Final[tuple[Adjustment, ...]] = ("without_seed", "without_top_p", "without_reasoning_effort", "without_stop")
"""Tried one by one if a rejection names no parameter, before the form of the answer is changed."""
_UNNAMED_LAST: Final[tuple[Adjustment, ...]] = (
    "max_completion_tokens",
    "without_system_role",
    "without_temperature",
    "without_limit",
)
"""Tried when the form can't be changed any more."""


@dataclass
class Adapting:
    """Learns from rejections what a model's server does not accept; concurrent calls use the result.

    Raises `Rejected` with the kind `form` if only another form of answer is left to try.
    """

    inner: ChatModel
    adaptations: Adaptations
    _walking: dict[str, asyncio.Lock] = field(default_factory=dict[str, asyncio.Lock])

    async def complete(self, request: Request) -> Completion:
        """Call the model; adapt the request if it is rejected."""
        if request.form == "vector":
            return await self.inner.complete(request)
        try:
            return await self._adapted(request)
        except Rejected as error:
            if error.kind != "too_long":
                raise
            self.adaptations.note(f"{request.model.name} received some requests that were longer than its window")
            return Completion(text=error.message, finish="too_long", model=request.model.name)

    async def _adapted(self, request: Request) -> Completion:
        known = self.adaptations.of(request.model)
        sent = known.adjustments
        try:
            return await self.inner.complete(_adjusted(request, sent))
        except Rejected as error:
            if error.kind in ("form", "generation", "too_long"):
                raise
            refusal = error
        lock = self._walking.setdefault(f"{request.model.name} {request.model.api_base}", asyncio.Lock())
        async with lock:
            if known.adjustments != sent:  # somebody found out while we waited
                try:
                    return await self.inner.complete(_adjusted(request, known.adjustments))
                except Rejected as error:
                    refusal = error
            return await self._walk(request, known, refusal)

    async def _walk(self, request: Request, known: Known, refusal: Rejected) -> Completion:
        """Try one adaptation after another; each that changes the server's complaint is kept."""
        kept, tried, first = known.adjustments, set[Adjustment](), refusal
        for _ in range(MAX_STEPS):
            step = next(_steps(request, kept, known, tried, refusal), None)
            if step is None or refusal.kind in ("form", "generation", "too_long"):
                break
            tried.add(step)
            attempt = _with(kept, step)
            try:
                completion = await self.inner.complete(_adjusted(request, attempt))
            except Rejected as error:
                if refusal.parameters and error.parameters != refusal.parameters:
                    kept = attempt  # that one is cured; now it is about another
                elif not refusal.parameters:
                    known.useless.add(step)
                refusal = error
                continue
            self.adaptations.learn(request.model, attempt)
            return completion
        if kept != known.adjustments:  # cured, whatever else there is to change
            self.adaptations.learn(request.model, kept)
        if refusal.kind in ("form", "too_long"):
            raise refusal
        if "room" in refusal.parameters:
            raise Rejected(too_long(request.model.name), kind="too_long")
        raise _about_form(first) if request.form in ("native", "json") else first


def _steps(
    request: Request, kept: tuple[Adjustment, ...], known: Known, tried: set[Adjustment], refusal: Rejected
) -> Iterator[Adjustment]:
    """Yield the adaptations to try next."""
    named: list[Adjustment] = [cure for parameter in refusal.parameters for cure in _CURES.get(parameter, ())]
    for step in named:
        if step not in tried and step not in kept and _changes(request, step, kept):
            yield step
    if refusal.parameters:
        return
    may_change_form = request.form in ("native", "json") and request.model.structured == "auto"
    untold: list[Adjustment] = [*_UNNAMED] if may_change_form else [*_UNNAMED, *_UNNAMED_LAST]
    for step in untold:
        if step not in tried and step not in kept and step not in known.useless and _changes(request, step, kept):
            yield step


def _changes(request: Request, step: Adjustment, kept: tuple[Adjustment, ...]) -> bool:
    """Return whether an adjustment would make another request of it."""
    use = request.model
    match step:
        case "without_temperature":
            return use.temperature is not None
        case "without_top_p":
            return use.top_p is not None
        case "without_reasoning_effort":
            return use.reasoning_effort is not None
        case "without_stop":
            return bool(request.stop)
        case "without_system_role":
            return any(message.role == "system" for message in request.messages)
        case "max_tokens":
            return "max_completion_tokens" in kept
        case "without_seed" | "max_completion_tokens" | "without_limit":
            return True


def _with(kept: tuple[Adjustment, ...], step: Adjustment) -> tuple[Adjustment, ...]:
    """Add an adaptation; of those about the limit, only the last is kept."""
    others: list[Adjustment] = [adjustment for adjustment in kept if not (step in _LIMITS and adjustment in _LIMITS)]
    return (*others, step)


def _adjusted(request: Request, adjustments: tuple[Adjustment, ...]) -> Request:
    return request.model_copy(update={"adjusted": adjustments}) if adjustments else request


def _about_form(refusal: Rejected) -> Rejected:
    return Rejected(refusal.message, hint=refusal.hint, kind="form", parameters=refusal.parameters)
