"""The last thing a person is told before they act or answer: what is new, what it brings back, and the present.

What lies before it is an append-only dialogue (`memory/episodic.py`), so that a person's next
request extends this one up to here; only what stands here is repeated each time.
"""

from __future__ import annotations

from collections.abc import Sequence

from tinytroupe_cli.minds.dates import format_time
from tinytroupe_cli.minds.situation import AvailableAction, Situation
from tinytroupe_cli.prompts.catalog import PersonPresent, PersonRecalled, render


def turn_prompt(reached: str, memories: Sequence[str], asked: str) -> str:
    """Put together what has reached a person, what they remember at it, and what they are asked."""
    remembered = render("person/recalled", PersonRecalled(memories=tuple(memories))) if memories else ""
    return "\n\n".join(part for part in (reached, remembered, asked) if part)


def situation_prompt(name: str, situation: Situation) -> str:
    """Write where and how the person is now."""
    return render(
        "person/present",
        PersonPresent(
            name=name,
            date=format_time(situation.time, situation.unit),
            occasion=situation.occasion,
            place=situation.place,
            listeners=situation.company,
            abilities=tuple(map(action_help, situation.abilities)),
            feeling=situation.feeling,
            goal=situation.goal,
            attention=situation.attention,
            context=situation.context,
            said=situation.own_words,
        ),
    )


def action_help(ability: AvailableAction) -> str:
    """Return an action's help in one line."""
    choices = f": {', '.join(ability.choices)}" if ability.choices else ""
    return f"{ability.name} ({ability.does}{choices})"
