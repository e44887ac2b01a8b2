"""Gives answers their shape: requests it as well as the model allows, checks it, repairs it once.

Outermost, so that a bad reply and its repair are both stored and replayed. A reply that was cut off is requested
again with more room, once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from tinytroupe_cli.core.errors import BadOutput, ProviderRefused, Rejected
from tinytroupe_cli.models.adaptations import Adaptations
from tinytroupe_cli.models.answer_reading import ReadAnswer, read_answer
from tinytroupe_cli.models.port import AnswerSchema, ChatModel, Completion, Message, OutputMode, Request
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.reasoning import ROOM, USUAL, WIDER, reasoning_room

MAX_SHOWN_CHARACTERS = 4_000
"""Characters of a bad reply shown in the repair request."""
LADDER: tuple[OutputMode, ...] = ("native", "json", "prompt")
ANOTHER_SAMPLE = 7_919
"""Added to the sample's number if a server gave up on an answer by itself."""


@dataclass
class Structured:
    """Returns completions whose `value` fits the request's schema; raises `Refused` or `BadOutput` otherwise."""

    inner: ChatModel
    prices: PriceTable
    adaptations: Adaptations = field(default_factory=Adaptations)

    async def complete(self, request: Request) -> Completion:
        """Call; step down the ladder of forms while the provider rejects the form."""
        if request.form == "vector":
            return _unless_declined(await self.inner.complete(request))
        request = request.model_copy(update={"room": reasoning_room(request.model, self.prices)})
        if request.answer is None:
            return await self._text(request)
        return await self._down_the_ladder(request, request.answer)

    async def _down_the_ladder(self, request: Request, answer: AnswerSchema) -> Completion:
        rung, is_again, is_refused = self._rung(request), False, False
        while True:
            try:
                completion = await self._ask(request, answer, LADDER[rung])
            except BadOutput:
                self._learn(request, rung, is_refused=is_refused)  # the form was taken, if badly answered
                raise
            except Rejected as error:
                if error.kind == "generation" and not is_again:
                    request, is_again = _another_sample(request), True
                    continue
                is_last = rung + 1 == len(LADDER) or request.model.structured != "auto"
                if error.kind not in ("form", "generation") or is_last:
                    raise
                rung, is_refused = rung + 1, is_refused or error.kind == "form"
            else:
                self._learn(request, rung, is_refused=is_refused)
                return completion

    def _learn(self, request: Request, rung: int, *, is_refused: bool) -> None:
        if is_refused:
            self.adaptations.step_down(request.model, rung)

    def _rung(self, request: Request) -> int:
        if request.model.structured != "auto":
            return LADDER.index(request.model.structured)
        entry = self.prices.entry_of(request.model)
        able = not entry or bool(entry.get("supports_response_schema"))
        return max(self.adaptations.of(request.model).rung, 0 if able else 1)

    async def _text(self, request: Request) -> Completion:
        completion = _unless_declined(await self.inner.complete(request))
        if not completion.text.strip() and _is_cut_off(completion, request):
            completion = _unless_declined(await self.inner.complete(_wider(request)))
            if not completion.text.strip() and _is_cut_off(completion, request):
                raise BadOutput(
                    "the reply was cut off at its token limit", is_cut_off=True, is_stored=_is_stored(completion)
                )
        return completion

    async def _ask(self, request: Request, answer: AnswerSchema, form: OutputMode) -> Completion:
        shaped = _shaped(request, answer, form)
        completion, found = await self._read(shaped, answer)
        if found.values is None and _is_cut_off(completion, shaped):
            shaped = _wider(shaped)
            completion, found = await self._read(shaped, answer)
            if found.values is None and _is_cut_off(completion, shaped):
                message = f"the reply was cut off at its token limit: {found.fault}"
                raise BadOutput(message, text=completion.text, is_cut_off=True, is_stored=_is_stored(completion))
        if found.values is None:
            completion, found = await self._read(_repair(shaped, completion, found.fault), answer)
        if found.values is None:
            cut_off = _is_cut_off(completion, shaped)
            message = f"the reply does not have the shape asked for: {found.fault}"
            raise BadOutput(message, text=completion.text, is_cut_off=cut_off, is_stored=_is_stored(completion))
        return completion.model_copy(update={"value": found.values, "raw": found.raw})

    async def _read(self, request: Request, answer: AnswerSchema) -> tuple[Completion, ReadAnswer]:
        """Call and parse; raises `Refused` if the provider or the model declines."""
        completion = _unless_declined(await self.inner.complete(request))
        found = read_answer(completion, answer)
        if found.values is None and found.is_refusal:
            raise ProviderRefused(completion.text, is_stored=_is_stored(completion))
        return completion, found


def _unless_declined(completion: Completion) -> Completion:
    if completion.finish == "refused":
        words = completion.text or "the provider's filter stopped the answer"
        raise ProviderRefused(words, is_stored=_is_stored(completion))
    if completion.finish == "too_long":
        raise Rejected(completion.text, kind="too_long")
    return completion


def _is_stored(completion: Completion) -> bool:
    return completion.origin != "provider"


def _another_sample(request: Request) -> Request:
    salt = request.salt.model_copy(update={"sample": request.salt.sample + ANOTHER_SAMPLE})
    return request.model_copy(update={"salt": salt})


def _is_cut_off(completion: Completion, request: Request) -> bool:
    """Return whether a reply ended for want of room: it says so, or it is empty and its thinking filled the room."""
    if completion.finish == "length":
        return True
    thought = completion.usage.reasoning
    return not completion.text.strip() and thought > 0 and thought >= request.reply_limit // 2


def _wider(request: Request) -> Request:
    """Return the request with four times the room, and at least what reasoning at the usual effort takes."""
    limit = max(WIDER * request.reply_limit, request.reply_limit + ROOM[USUAL])
    return request.model_copy(update={"is_wider": True, "room": limit - request.max_tokens})


def _shaped(request: Request, answer: AnswerSchema, form: OutputMode) -> Request:
    if form == "native":
        return request.model_copy(update={"form": form})
    schema = json.dumps(answer.body, ensure_ascii=False)
    words = f"\n\nReply with one JSON object and nothing else. It must fit this JSON Schema:\n{schema}"
    *before, last = request.messages
    asked = last.model_copy(update={"content": last.content + words})
    return request.model_copy(update={"form": form, "messages": (*before, asked)})


def _repair(request: Request, completion: Completion, fault: str) -> Request:
    words = f"That reply can't be used: {fault}. Give the same answer again as one JSON object of the shape asked for."
    reply = Message(role="assistant", content=completion.text[:MAX_SHOWN_CHARACTERS] or "(nothing)")
    return request.model_copy(update={"messages": (*request.messages, reply, Message(role="user", content=words))})
