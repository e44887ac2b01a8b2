"""What is known about a model's server: the parameters and forms of answer it does not accept.

Learned from rejected requests; kept for the run and, in the user's cache, for a week.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, get_args

from tinytroupe_cli.core.files import write_whole
from tinytroupe_cli.core.json_files import read_remembered
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.models.servers import normal_address

Adjustment = Literal[
    "without_seed",
    "without_temperature",
    "without_top_p",
    "without_reasoning_effort",
    "without_stop",
    "max_completion_tokens",
    "max_tokens",
    "without_limit",
    "without_system_role",
]
"""How a request is adapted to a server: a parameter left out, the limit renamed or left out, the system's text moved
to the first user message.
"""

KEPT_FOR = timedelta(days=7)
WORDS: Mapping[Adjustment, str] = {
    "without_seed": "does not take `seed`: sent without it, so its answers can't be repeated by a seed",
    "without_temperature": "does not take this `temperature`: sent without it, so the provider's default applies",
    "without_top_p": "does not take `top_p`: sent without it",
    "without_reasoning_effort": "does not take `reasoning_effort`: sent without it",
    "without_stop": "does not take `stop`: sent without it, so replies are cut where another speaker begins",
    "max_completion_tokens": "expects `max_completion_tokens` instead of `max_tokens`",
    "max_tokens": "expects `max_tokens` instead of `max_completion_tokens`",
    "without_limit": "does not take this token limit: sent without a limit",
    "without_system_role": "has no system role: the system prompt is sent before the first message instead",
}
FORM_WORDS = {
    1: "does not support JSON Schema: JSON mode is used",
    2: "supports neither JSON Schema nor JSON mode: the format is described in words",
}


@dataclass
class Known:
    """What is known about one model at one server."""

    adjustments: tuple[Adjustment, ...] = ()
    rung: int = 0
    """First form of answer, of the ladder, that is accepted."""
    useless: set[Adjustment] = field(default_factory=set[Adjustment])
    """Tried in vain after a rejection that named no parameter; known for this session only."""
    is_from_file: bool = False
    """Learned in an earlier run, and not yet reported in this one."""


@dataclass
class Adaptations:
    """What is known about all models of a run; `changed` receives a sentence for each thing learned."""

    changed: Callable[[str], None] = lambda _sentence: None
    _known: dict[str, Known] = field(default_factory=dict[str, Known])
    notes: dict[str, None] = field(default_factory=dict[str, None])
    """Sentences on what was learned about servers, each once."""

    def of(self, model: ModelConfig) -> Known:
        """Return what is known about a model; knowledge of earlier runs is reported once, on first use."""
        known = self._known.setdefault(_key(model), Known())
        if known.is_from_file:
            known.is_from_file = False
            for adjustment in known.adjustments:
                self.note(f"{model.name} {WORDS[adjustment]}")
            if known.rung:
                self.note(f"{model.name} {FORM_WORDS[known.rung]}")
        return known

    def learn(self, model: ModelConfig, adjustments: tuple[Adjustment, ...]) -> None:
        """Record that a model's server accepts requests adapted this way."""
        known = self.of(model)
        for adjustment in adjustments:
            if adjustment not in known.adjustments:
                self.note(f"{model.name} {WORDS[adjustment]}")
        known.adjustments = adjustments

    def step_down(self, model: ModelConfig, rung: int) -> None:
        """Record that a model's server accepts no earlier form of answer."""
        known = self.of(model)
        if rung > known.rung:
            known.rung = rung
            self.note(f"{model.name} {FORM_WORDS[rung]}")

    def note(self, sentence: str) -> None:
        """Emit a notice once."""
        if sentence not in self.notes:
            self.notes[sentence] = None
            self.changed(sentence)

    def read(self, path: Path, today: datetime) -> None:
        """Load knowledge not older than a week from a file; unreadable parts are ignored."""
        with suppress(ValueError, TypeError, KeyError, AttributeError):
            for key, entry in read_remembered(path).items():
                if today - datetime.fromisoformat(entry["learned"]) < KEPT_FOR:
                    known = tuple(
                        adjustment for adjustment in entry["adjustments"] if adjustment in get_args(Adjustment)
                    )
                    self._known[key] = Known(known, min(2, max(0, int(entry["rung"]))), is_from_file=True)

    def write(self, path: Path, today: datetime) -> None:
        """Merge what is known into a file; a folder that can't be written is ignored."""
        learned = today.isoformat(timespec="seconds")
        mine = {
            key: {"adjustments": list(known.adjustments), "rung": known.rung, "learned": learned}
            for key, known in self._known.items()
            if known.adjustments or known.rung
        }
        if not mine:
            return
        with suppress(OSError):
            write_whole(path, json.dumps({**read_remembered(path), **mine}, indent=1).encode())


def _key(model: ModelConfig) -> str:
    return f"{model.name} {model.server or normal_address(model.api_base or '')}".strip()
