"""The network people were in, as SVG: who can reach whom, and the contacts they made.

Positions are a force-directed layout (T. Fruchterman and E. Reingold, 1991) with a fixed seed, so that the same ties
give the same drawing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from importlib import import_module
from typing import Any, Final

from markupsafe import Markup

from tinytroupe_cli.core.number_format import count
from tinytroupe_cli.events.action_names import Action
from tinytroupe_cli.events.types import Acted, TieFormed
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.run_log import RunLog

MAX_PEOPLE: Final = 120
SIZES: Final = {"chart wide": (760, 460), "chart narrow": (340, 400)}
CROWD: Final = 20
"""People above whom the drawing is higher, and first names stand for names."""
MARGIN: Final = 46
LEAST: Final = 5.0
MOST: Final = 14.0
"""Radius of a person who said nothing, and of the one who said most."""

_Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class NetworkDrawing:
    """The drawing, and what it shows in words."""

    drawn: Markup
    words: str


def network_drawing(results: Results, log: RunLog) -> NetworkDrawing | None:
    """Draw the ties of a network; None where there is none, or with too many people to tell apart."""
    people = {person.id: person.name for person in results.participants}
    if results.world.type != "network" or not 1 < len(people) <= MAX_PEOPLE:
        return None
    ties = {(tie.a, tie.b) for tie in results.world.ties if tie.a in people and tie.b in people}
    formed = _formed(log) - ties - {(b, a) for a, b in ties}
    words = f"{count(len(people), 'person', 'people')} and {count(len(ties), 'tie')}"
    if formed:
        words += f", and {count(len(formed), 'contact')} that people made (dashed)"
    network = _Network(people, ties, formed, _said(log), _layout(list(people), ties | formed))
    drawn = "".join(_drawing(network, name, words) for name in SIZES)
    return NetworkDrawing(drawn=Markup(drawn), words=f"{words}. The larger the dot, the more that person said.")  # noqa: S704 - escaped


@dataclass(frozen=True, slots=True)
class _Network:
    people: Mapping[str, str]
    ties: set[_Pair]
    formed: set[_Pair]
    said: Mapping[str, int]
    places: Mapping[str, tuple[float, float]]
    """From 0 to 1 in both directions."""


def _formed(log: RunLog) -> set[_Pair]:
    return {event.people for events in log.events.values() for event in events if isinstance(event, TieFormed)}


def _said(log: RunLog) -> dict[str, int]:
    said: dict[str, int] = {}
    for events in log.events.values():
        for event in events:
            if isinstance(event, Acted) and event.action == Action.TALK:
                said[event.person] = said.get(event.person, 0) + 1
    return said


def _layout(people: list[str], ties: set[_Pair]) -> dict[str, tuple[float, float]]:
    """Return each person's place, from 0 to 1 in both directions."""
    networkx: Any = import_module("networkx")  # only networks need it
    graph = networkx.Graph()
    graph.add_nodes_from(people)
    graph.add_edges_from(sorted(ties))
    spread = 1.6 / max(1, len(people)) ** 0.5
    found: dict[str, tuple[float, float]] = networkx.spring_layout(graph, seed=1, iterations=200, k=spread)
    xs, ys = ([float(place[axis]) for place in found.values()] for axis in (0, 1))
    spans = [max(1e-9, max(values) - min(values)) for values in (xs, ys)]
    return {
        person: ((float(x) - min(xs)) / spans[0], (float(y) - min(ys)) / spans[1]) for person, (x, y) in found.items()
    }


def _drawing(network: _Network, name: str, words: str) -> str:
    width, height = SIZES[name]
    is_crowd = len(network.people) > CROWD
    height += height // 2 if is_crowd else 0
    at = {
        person: (MARGIN + x * (width - 2 * MARGIN), 24 + y * (height - 56)) for person, (x, y) in network.places.items()
    }
    lines = [_line(at[a], at[b], "tie") for a, b in sorted(network.ties)]
    lines += [_line(at[a], at[b], "tie formed") for a, b in sorted(network.formed)]
    most = max(network.said.values(), default=0) or 1
    dots = [
        _dot(
            (number, full, (full.split() or [full])[0] if is_crowd else full),
            at[person],
            LEAST + (MOST - LEAST) * network.said.get(person, 0) / most,
        )
        for number, (person, full) in enumerate(network.people.items())
    ]
    return (
        f'<svg class="{name} network" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="group" aria-label="{escape(words)}">{"".join(lines)}{"".join(dots)}</svg>'
    )


def _line(start: tuple[float, float], end: tuple[float, float], name: str) -> str:
    (x1, y1), (x2, y2) = start, end
    return f'<line class="{name}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _dot(who: tuple[int, str, str], at: tuple[float, float], radius: float) -> str:
    """Draw a person: place among the people, name, and what is written below."""
    number, name, label = who
    x, y = at
    return (
        f'<a href="#transcript:person={number}" aria-label="{escape(name)}: show in the transcript">'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'
        f'<text x="{x:.1f}" y="{y + radius + 13:.1f}" text-anchor="middle">{escape(label)}</text></a>'
    )
