"""The workloads of `python -m tests.benchmarks`: W1 to W8, each an experiment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TALK = "We think of selling a box with the ingredients of three dinners a week. What do you make of that?"
_SAY = f'stimuli:\n  - say: "{TALK}"\n'
_PEOPLE = "personas: [{{use: oscar, copies: {}, vary: {{age: {{from: 20, to: 70}}}}}}]\n"
_ASK = """\
  - name: q{number}
    of: each person
    how: interview
    question: "Question {number}: would you buy a box of ingredients for three dinners a week, for {price} dollars?"
    fields: {{buys: yes_no, liking: {{scale: [1, 7]}}}}
"""


@dataclass(frozen=True)
class Workload:
    """An experiment, and what is known of it in advance."""

    name: str
    title: str
    spec: str
    turns: int
    shape: Literal["rounds", "asked"] = "rounds"
    """Whether a trial's people go step by step together, or all calls are independent."""
    spread: float = 0.0
    """Standard deviation of the logarithm of the latency; 0: every call takes equally long."""
    rounds: int = 1
    """How often it is played; medians are shown."""


def workloads() -> dict[str, Workload]:
    """Return all of them, by name."""
    listed = [
        Workload("W1", "chat, 2 people x 4 steps", room(2, 4), turns=8, rounds=3),
        Workload("W2", "focus group, 10 people x 5 steps", room(10, 5), turns=50, rounds=3),
        Workload("W3", "survey, 100 people x 5 questions", _survey(100, 5), 500, "asked", rounds=3),
        Workload("W4", "survey, 1,000 people x 1 question", _survey(1_000, 1), 1_000, "asked", rounds=3),
        Workload("W5", "network, 200 people x 10 steps", network(200, 10), turns=2_000, spread=0.8),
        Workload("W6", "survey, 10,000 people x 1 question", _survey(10_000, 1), 10_000, "asked"),
        Workload("W7", "long chat, 5 people x 500 steps", room(5, 500), turns=2_500),
        Workload("W8", "20 replicates of W1 in 4 conditions", _replicates(), turns=640),
    ]
    return {one.name: one for one in listed}


def _begin(people: int, world: str) -> str:
    return f"troupe: 1\nname: bench\nseed: 7\n{_PEOPLE.format(people)}world: {{{world}}}\n"


def room(people: int, steps: int) -> str:
    return _begin(people, f"type: room, place: A meeting room, steps: {steps}") + _SAY


def network(people: int, steps: int) -> str:
    ties = "topology: {type: small_world, degree: 4, rewire: 0.1}"
    return _begin(people, f"type: network, steps: {steps}, {ties}") + _SAY


def _survey(people: int, questions: int) -> str:
    asked = [_ASK.format(number=number, price=20 + number) for number in range(1, questions + 1)]
    return _begin(people, "type: interviews") + "extract:\n" + "".join(asked)


def _replicates() -> str:
    factors = "factors: {price: [9, 12], ad: [calm, loud]}\nreplicates: 20\n"
    told = 'stimuli:\n  - say: "The {{ ad }} ad offers a box of three dinners for {{ price }} dollars a plate."\n'
    return _begin(2, "type: room, place: A meeting room, steps: 4") + factors + told
