"""Wall time of a room against its critical path, and how much of each prompt was sent before.

    python tests/benchmarks/wall.py --people 2 --steps 4 --rounds 5

A fake provider with a fixed latency plays the model, over real HTTP, through the real LiteLLM, with
the whole stack of layers and the run's own journal. Timed is the play of the trial once LiteLLM is
imported and warmed up. The critical path is steps x latency: one call per turn, all people at once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from tinytroupe_cli.core.clock import WallClock
from tinytroupe_cli.measurement.queries import Respondents
from tinytroupe_cli.minds.judge import Judge
from tinytroupe_cli.minds.person import PersonMind
from tinytroupe_cli.models.ledger import Ledger
from tinytroupe_cli.models.limiter import Limiter
from tinytroupe_cli.models.litellm_provider import LiteLLMProvider
from tinytroupe_cli.models.port import ModelConfig, Request
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.stack import build_stack
from tinytroupe_cli.personas.library import standard_library
from tinytroupe_cli.plan.types import CastMember, PlannedStimulus, Trial, WorldPlan
from tinytroupe_cli.runs.calls import SqliteCallStore
from tinytroupe_cli.runs.journal import Journal
from tinytroupe_cli.runs.trial import run_trial
from tinytroupe_cli.simulation.ports import Ports

CHECKOUT = Path(__file__).parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=2)
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--model", default="openai/gpt-4o-mini", help="any OpenAI-compatible route of LiteLLM's")
    options = parser.parse_args()
    asyncio.run(measure(options))


async def measure(options: argparse.Namespace) -> None:
    trial = a_room(options.people, options.steps)
    path = options.steps * options.latency
    with fake_provider(options.latency) as url, tempfile.TemporaryDirectory() as folder:
        provider = LiteLLMProvider()
        use = ModelConfig(name=options.model, api_base=url)
        await provider.warm_up(use.name)
        prices = PriceTable()
        prices.entry(use.name)  # a run has read the table before it begins, to look the models over
        walls: list[float] = []
        requests: list[Request] = []
        for number in range(options.rounds):
            place = Path(folder) / str(number)
            wall, requests = await play(trial, provider, use, prices, place)
            walls.append(wall)
        await provider.aclose()
        calls = len(requests)
    turns = options.people * options.steps
    print(f"{options.people} people, {options.steps} steps, {options.latency:g} s a call, {options.rounds} rounds")
    print(
        f"critical path {path:.2f} s; wall median {statistics.median(walls):.3f} s "
        f"(min {min(walls):.3f}, max {max(walls):.3f})"
    )
    print(f"wall / critical path: median {statistics.median(walls) / path:.3f}")
    print(f"calls a turn: {calls / turns:g} ({calls} calls, {turns} turns)")
    print(f"prefix of the person's previous request: {shared_share(requests):.1%} of later turns' prompts")


@contextmanager
def fake_provider(latency: float) -> Generator[str, None, None]:
    """Run the fake provider as a process of its own, so that it takes no turn of ours."""
    command = [sys.executable, str(CHECKOUT / "tests" / "provider.py"), "--latency", str(latency)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip() if process.stdout else ""
    finally:
        process.terminate()
        process.wait()


async def play(
    trial: Trial, provider: LiteLLMProvider, use: ModelConfig, prices: PriceTable, place: Path
) -> tuple[float, list[Request]]:
    clock = WallClock()
    store = SqliteCallStore(place / "calls.sqlite")
    limiter = Limiter(provider, clock)
    chat = build_stack(limiter, store=store, cache=None, ledger=Ledger(clock), prices=prices, clock=clock)
    minds = {m.id: PersonMind(m.id, m.name, m.persona, use, chat, trial.seed, trial.id) for m in trial.people}
    began = time.perf_counter()
    with Journal(place / "events.jsonl") as journal:
        async for event in run_trial(trial, Ports(minds), Respondents(minds, Judge(chat, use, trial.seed, trial.id))):
            journal.write(event)
    wall = time.perf_counter() - began
    requests = list(store.requests())
    store.close()
    return wall, requests


def a_room(people: int, steps: int) -> Trial:
    library = standard_library(CHECKOUT)
    paths = sorted((CHECKOUT / "personas").glob("*.yaml"))[:people]
    personas = [library.load_persona(path) for path in paths]
    cast = tuple(
        CastMember(id=path.stem, name=persona.name, persona=json.loads(json.dumps(persona.fields)))
        for path, persona in zip(paths, personas, strict=True)
    )
    ids = tuple(member.id for member in cast)
    say = "We think of selling a box with the ingredients of three dinners a week. What do you make of that?"
    return Trial(
        id="room",
        condition="all",
        replicate=1,
        seed=7,
        world=WorldPlan(type="room", place="A meeting room", start="2026-01-05T09:00", steps=steps),
        people=cast,
        stimuli=(PlannedStimulus(step=1, verb="say", text=say, to=ids),),
        queries=(),
    )


def shared_share(requests: list[Request]) -> float:
    """Return the share of characters that a person's later turns had in common with the turn before."""
    by_person: dict[str, list[str]] = {}
    for request in sorted(requests, key=lambda one: len(one.messages)):
        text = "\x00".join(f"{message.role}\x00{message.content}" for message in request.messages)
        by_person.setdefault(request.messages[0].content, []).append(text)
    same = total = 0
    for texts in by_person.values():
        for before, after in pairwise(texts):
            same += next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
            total += len(after)
    return same / total if total else 0.0


if __name__ == "__main__":
    main()
