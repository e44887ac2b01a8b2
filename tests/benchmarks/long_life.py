"""Wall time and prompt length per step over a long run: neither may grow with the past.

    PYTHONPATH=tests python tests/benchmarks/long_life.py --steps 500 --people 2

A scripted model answers at once, so what is timed is troupe's own work: the fold of the past, what
is looked for in memory, prompts and events. Prints medians of the first and the last hundred steps.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from typing import Any

from builders import a_cast, a_trial
from worlds import played

from tinytroupe_cli.core.tokens import estimate_tokens
from tinytroupe_cli.models.port import Request
from tinytroupe_cli.plan.types import MemoryPlan


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--people", type=int, default=2)
    parser.add_argument("--window", type=int, default=30)
    options = parser.parse_args()
    begun: dict[int, float] = {}

    def answer(request: Request) -> Any:
        step = request.purpose.step
        if request.purpose.kind == "consolidate":
            return {"facts": [f"Shop {step} was shut when I came by."]}
        begun.setdefault(step, time.perf_counter())
        said = {"thought": f"Now it is {step}.", "words": f"Do you know shop {step}, which was shut on day {step}?"}
        wanted: Any = request.answer.body["properties"] if request.answer else {}
        usual = {"to": wanted.get("to", {}).get("enum", [""])[0], "feeling": "calm", "goal": "to shop", **said}
        return {name: usual.get(name, "") for name in wanted}

    trial = a_trial(people=a_cast(options.people), steps=options.steps, queries=())
    trial = trial.model_copy(update={"memory": MemoryPlan(window=options.window)})
    seen = played(trial, answer, with_recall=True)
    times = [begun[step + 1] - begun[step] for step in range(1, options.steps)]
    tokens = [sum(estimate_tokens(m.content) for m in one.messages) for one in seen.asked("person-1")]
    print(
        json.dumps(
            {
                "steps": options.steps,
                "people": options.people,
                "first_hundred_ms": round(1000 * statistics.median(times[:100]), 2),
                "last_hundred_ms": round(1000 * statistics.median(times[-100:]), 2),
                "longest_prompt_tokens": max(tokens),
                "longest_prompt_of_last_hundred": max(tokens[-100:]),
                "events": len(seen.events),
            }
        )
    )


if __name__ == "__main__":
    main()
