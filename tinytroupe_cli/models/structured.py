"""Gives answers their shape: asks for it as well as the model can be asked, checks it here, repairs once.

Outermost, so that a bad reply and its repair are both stored and replay alike.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from tinytroupe_cli.core.errors import BadOutput, Refused, Rejected
from tinytroupe_cli.models.answer_reading import ReadAnswer, read_answer
from tinytroupe_cli.models.port import AnswerSchema, ChatModel, Completion, Form, Message, Request
from tinytroupe_cli.models.prices import PriceTable

LONGEST_SHOWN = 4_000
"""Letters of a bad reply that are shown again."""
LADDER: tuple[Form, ...] = ("native", "json", "prompt")


@dataclass
class Structured:
    """Returns completions whose `value` fits the request's schema; raises `Refused` or `BadOutput` otherwise."""

    inner: ChatModel
    prices: PriceTable
    _rungs: dict[str, int] = field(default_factory=dict[str, int])
    """Model -> the rung that is known to be taken."""

    async def complete(self, request: Request) -> Completion:
        """Ask; step down the ladder while the provider won't take the form."""
        if request.answer is None:
            return _unless_refused(await self.inner.complete(request))
        model = f"{request.model.use} {request.model.api_base}"
        while True:
            rung = self._rung(request, model)
            try:
                return await self._ask(request, request.answer, LADDER[rung])
            except Rejected as error:
                if not error.is_about_form or rung + 1 == len(LADDER) or request.model.structured != "auto":
                    raise
                self._rungs[model] = max(self._rungs.get(model, 0), rung + 1)

    def _rung(self, request: Request, model: str) -> int:
        if request.model.structured != "auto":
            return LADDER.index(request.model.structured)
        entry = self.prices.entry(request.model.use)
        able = not entry or bool(entry.get("supports_response_schema"))
        return max(self._rungs.get(model, 0), 0 if able else 1)

    async def _ask(self, request: Request, answer: AnswerSchema, form: Form) -> Completion:
        shaped = _shaped(request, answer, form)
        completion = _unless_refused(await self.inner.complete(shaped))
        found = read_answer(completion, answer)
        if found.values is None:
            _unless_declined(completion, found)
            _unless_cut_off(completion, found.fault)
            completion = _unless_refused(await self.inner.complete(_repair(shaped, completion, found.fault)))
            found = read_answer(completion, answer)
        if found.values is None:
            _unless_declined(completion, found)
            _unless_cut_off(completion, found.fault)
            message = f"the reply does not have the shape asked for: {found.fault}"
            raise BadOutput(message, text=completion.text, is_stored=_is_stored(completion))
        return completion.model_copy(update={"value": found.values, "raw": found.raw})


def _unless_refused(completion: Completion) -> Completion:
    if completion.finish == "refused":
        words = completion.text or "the provider's filter stopped the answer"
        raise Refused(words, is_stored=_is_stored(completion))
    return completion


def _unless_declined(completion: Completion, found: ReadAnswer) -> None:
    if found.is_refusal:
        raise Refused(completion.text, is_stored=_is_stored(completion))


def _unless_cut_off(completion: Completion, fault: str) -> None:
    if completion.finish == "length":
        message = f"the reply was cut off at its token limit: {fault}"
        raise BadOutput(message, text=completion.text, is_cut_off=True, is_stored=_is_stored(completion))


def _is_stored(completion: Completion) -> bool:
    return completion.origin != "provider"


def _shaped(request: Request, answer: AnswerSchema, form: Form) -> Request:
    if form == "native":
        return request.model_copy(update={"form": form})
    schema = json.dumps(answer.body, ensure_ascii=False)
    words = f"\n\nReply with one JSON object and nothing else. It must fit this JSON Schema:\n{schema}"
    *before, last = request.messages
    asked = last.model_copy(update={"content": last.content + words})
    return request.model_copy(update={"form": form, "messages": (*before, asked)})


def _repair(request: Request, completion: Completion, fault: str) -> Request:
    words = f"That reply can't be used: {fault}. Give the same answer again as one JSON object of the shape asked for."
    said = Message(role="assistant", content=completion.text[:LONGEST_SHOWN] or "(nothing)")
    return request.model_copy(update={"messages": (*request.messages, said, Message(role="user", content=words))})
