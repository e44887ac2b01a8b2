"""Describes the world of a trial: its type, time, ties and places."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from tinytroupe_cli.plan.tie_graph import components, neighbours
from tinytroupe_cli.plan.types import Trial

WIDTH = 96
_KINDS = {
    "room": "A room where all hear each other",
    "network": "A network in which people reach those they are tied to",
    "interviews": "Interviews, everyone on their own",
}
_PLACES = "A world of several places, where those in the same one hear each other"
_REACHING = {
    "nobody": "",
    "friends_of_friends": " People can tie themselves to whom their own people know.",
    "anyone": " People can tie themselves to anyone.",
}
MAX_GROUPS = 6


def in_words(trial: Trial) -> Iterator[str]:
    """Yield a few lines about the world."""
    world = trial.world
    kind = _PLACES if world.type == "room" and world.places else _KINDS[world.type]
    place = f": {world.place.rstrip('. ')}" if world.place and not world.places else ""
    pace = f"{world.pace.amount} {world.pace.unit}{'s' * (world.pace.amount != 1)}"
    order = "" if world.type == "interviews" else f", {world.order}"
    acts = ", acting only on something new" if world.acts == "when_stimulated" else ""
    steps = f"{world.steps:,} step{'s' * (world.steps != 1)}"
    yield f"{kind}{place}. {steps} of {pace} from {world.start.replace('T', ' ')}{order}{acts}."
    if world.type == "network":
        yield _ties(trial)
    if world.places:
        yield from textwrap.wrap(_places(trial), WIDTH)


def ties_in_words(trial: Trial) -> Iterator[str]:
    """Yield each person's ties."""
    around = neighbours((member.id for member in trial.people), trial.world.ties)
    for person, others in around.items():
        named = [f"{other} ({name})" if name else other for other, name in others.items()]
        yield from textwrap.wrap(f"{person}: {', '.join(named) or 'nobody'}", WIDTH, subsequent_indent="    ")


def _ties(trial: Trial) -> str:
    count, people = len(trial.world.ties), len(trial.people)
    around = neighbours((member.id for member in trial.people), trial.world.ties)
    mean = 2 * count / people
    return (
        f"Ties: {count:,} between {people:,} people, {mean:.3g} each on average; {_parts(around)}."
        f"{_REACHING[trial.world.reach_out]}"
    )


def _parts(around: Mapping[str, Mapping[str, str]]) -> str:
    sizes = [len(group) for group in components(around)]
    if len(sizes) == 1:
        return "all of them connected"
    shown = ", ".join(map(str, sizes[:MAX_GROUPS])) + (", …" if len(sizes) > MAX_GROUPS else "")
    loners = sizes.count(1)
    alone = f", {loners} of them with nobody" if loners else ""
    return f"in {len(sizes)} components of {shown} people{alone}"


def _places(trial: Trial) -> str:
    at: dict[str, int] = dict.fromkeys(trial.world.places, 0)
    for member in trial.people:
        place = member.place or trial.world.place
        at[place] = at.get(place, 0) + 1
    return f"Places: {', '.join(f'{place} ({count})' if count else place for place, count in at.items())}."
