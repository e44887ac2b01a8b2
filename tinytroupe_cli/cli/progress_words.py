"""What is said of a run while it is played, in lines: who said what, what was answered, how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tinytroupe_cli.cli.terminal import harmless
from tinytroupe_cli.events.happened import FAULT_WORDS
from tinytroupe_cli.events.types import (
    Acted,
    Event,
    Failed,
    Intervened,
    Measured,
    Misaddressed,
    Perceived,
    Refused,
)

LONGEST = 160
"""Letters of an answer, as it is told while a run is played."""

if TYPE_CHECKING:
    from tinytroupe_cli.api.running import Snapshot


def said(event: Event, names: dict[str, str]) -> Text | None:
    """Return a line for what was asked and said aloud, what went wrong, and what was answered; None for the rest."""
    match event:
        case Perceived(sense="say") if event.source and event.source not in names:
            return _line(event.source[:1].upper() + event.source[1:], event.text)
        case Acted(deed="TALK"):
            to = "" if event.to == "everyone" else f" to {names.get(event.to, event.to)}"
            to += f" ({FAULT_WORDS[event.fault]})" if event.fault else ""
            return _line(names.get(event.person, event.person) + to, event.text)
        case Misaddressed():
            return _line(names.get(event.person, event.person), f"speaks to '{event.name}', who is not there")
        case Intervened():
            return _line(f"intervention '{event.name}'", event.justification)
        case Refused() | Failed():
            act = f"'{event.intervention}'" if event.intervention else event.act
            what = f"question '{event.query}'" if event.query else act or "turn"
            return _line(names.get(event.person, event.person) or "the judge", f"{what} came to nothing: {event.text}")
        case Measured():
            answers = ", ".join(f"{field}: {_short(value)}" for field, value in event.values.items())
            return _line(f"{names.get(event.person, 'everyone')} / {event.query}", answers)
        case _:
            return None


def status(now: Snapshot, total: int, seconds: float) -> str:
    """Say how far the run is, what it has used, and about how long it will take."""
    done = now.calls + now.found
    cost = "" if not now.usd else f", ${now.usd:.4f}"
    unknown = ", cost unknown" if now.unpriced else ""
    retries = f", {now.retries} retries" if now.retries else ""
    left = seconds / done * (total - done) if 0 < done < total else 0
    remaining = f", about {_time(left)} left" if left >= 1 else ""
    tokens = now.usage.prompt + now.usage.completion
    return f"{done} of {max(total, done)} calls, {tokens:,} tokens{cost}{unknown}{retries}, {_time(seconds)}{remaining}"


def _line(who: str, words: str) -> Text:
    return Text.assemble("  ", (harmless(who), "bold"), ": ", harmless(" ".join(words.split())))


def one_line(line: Text) -> Text:
    """Return a line that is cut off where the terminal ends."""
    copy = line.copy()
    copy.no_wrap = True
    copy.overflow = "ellipsis"
    return copy


def _short(value: object) -> str:
    text = (
        "not stated" if value is None else {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    )
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
