"""What the engine itself costs in a crowd: a network of N people, a model that answers at once.

`python tests/benchmarks/crowd.py 50 100 200` prints, for each size, the median milliseconds per turn of three plays;
the same for a turn's place in the trial shows whether long pasts cost more. Nothing here is a target for a model.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from builders import a_cast, a_trial
from worlds import USE, Reply, default_answer, in_world

from tinytroupe_cli.compiler.worlds.topology import generated
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.events.types import Acted
from tinytroupe_cli.minds.person import PersonMind
from tinytroupe_cli.models.port import Request
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.scripted import ScriptedModel
from tinytroupe_cli.models.structured import Structured
from tinytroupe_cli.plan.types import Tie, Trial
from tinytroupe_cli.simulation.actions_offered import own_abilities
from tinytroupe_cli.simulation.engine import simulate
from tinytroupe_cli.simulation.ports import Ports
from tinytroupe_cli.spec.worlds import Topology

STEPS = 5


def a_crowd(people: int, **world: object) -> Trial:
    cast = a_cast(people)
    pairs = generated(Topology(type="small_world", degree=4), people, Stream(1, 1, "topology"))
    ties = tuple(Tie(a=cast[one].id, b=cast[other].id) for one, other in pairs)
    trial = a_trial(cast, steps=STEPS, queries=())
    return in_world(trial, type="network", ties=ties, **world)


def answer(request: Request) -> Reply:
    reply = default_answer(request)
    assert isinstance(reply, dict)
    assert request.answer is not None
    rest = {"act": "none", "argument": ""}
    return reply | {key: value for key, value in rest.items() if key in str(request.answer.body)}


def played(trial: Trial) -> tuple[float, int]:
    """Return seconds of computing, and turns."""
    stack = Structured(ScriptedModel(answer), PriceTable())

    async def play() -> int:
        minds = {
            member.id: PersonMind(member.id, member.name, member.persona, USE, stack, trial.seed, trial.id)
            for member in trial.people
        }
        turns: set[tuple[str, int]] = set()
        async for event in simulate(trial, Ports(minds, own_abilities(trial))):
            if isinstance(event, Acted):
                turns.add((event.person, event.step))
        return len(turns)

    began = time.process_time()
    turns = asyncio.run(play())
    return time.process_time() - began, turns


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("people", type=int, nargs="*", default=[50, 100, 200])
    for people in parser.parse_args().people:
        for what, world in (("static", {}), ("ties can form", {"reach_out": "friends_of_friends"})):
            trial = a_crowd(people, **world)
            found = [played(trial) for _ in range(3)]
            per_turn = [1000 * seconds / turns for seconds, turns in found]
            print(
                f"{people:>5} people, {what:<14} {statistics.median(per_turn):6.2f} ms per turn ({found[0][1]} turns)"
            )


if __name__ == "__main__":
    main()
