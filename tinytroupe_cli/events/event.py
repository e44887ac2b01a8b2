"""What every event has, and the words events are told in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict

Method = Literal["coded", "rated", "verbatim", "ssr", "verbalized", "logprobs"]
"""How a value was found: coded from words, rated from them by nearest statements, the words themselves, rated from
them by semantic similarity as published, or drawn from the probabilities that a person states or the model's first
token has."""
FailureKind = Literal["bad_output", "rejected", "cut_off", "poor_quality", "too_long", "unreachable"]
"""Not the shape asked for; not taken by the provider; ended before it was complete; no attempt was good enough; longer
than the model's window even when shortened; the provider gave no answer in all tries."""

Fault = Literal["repeats_self", "repeats_other", "refusal", "assistant_talk", "instruction", "question_back"]
"""What is wrong with words: said before by the same person or by another; the model's refusal; the program speaking
of itself; how it was to be answered, repeated; the question given back."""
FAULT_WORDS: Final[dict[Fault, str]] = {
    "repeats_self": "repeats earlier words",
    "repeats_other": "repeats another person's words",
    "question_back": "gives the question back",
    "instruction": "repeats how to answer",
    "assistant_talk": "speaks as an assistant",
    "refusal": "declines as a model does",
}
"""Each fault, of somebody; the least bad first."""


MENTAL_STATE_FIELDS = ("emotions", "attention", "goal", "context", "place")
"""What can be set on a person beside the fields of their persona."""


@dataclass(frozen=True, slots=True)
class LogTime:
    """Where in the log an event stands: of a turn, its step; of a measure, the trial's last."""

    trial: str
    step: int
    time: str


class TrialEvent(BaseModel):
    """What every event has. `seq` counts from 0 within a trial; `time` is simulated, ISO 8601."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[2] = 2
    trial: str
    seq: int = 0
    step: int = 0
    """0 before the first step; measures carry the last step."""
    time: str = ""

    def model_post_init(self, context: Any, /) -> None:
        """Share the set of the names that were given."""
        super().model_post_init(context)
        _share_names(self)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with other values, which are not checked."""
        copied = super().model_copy(update=update, deep=deep)
        _share_names(copied)
        return copied


_NAMES: Final[dict[frozenset[str], set[str]]] = {}
"""The names of fields that were given, of which there are few combinations."""


def _share_names(event: BaseModel) -> None:
    """Have an event use the same set of names as others: a set of its own is larger than the rest of the event.

    Events are frozen, and a copy gets a set of its own before its names change, so nobody changes a shared one.
    """
    names = event.__pydantic_fields_set__
    object.__setattr__(event, "__pydantic_fields_set__", _NAMES.setdefault(frozenset(names), names))
