"""How long comparisons take: 1,000 people, 10 measures, 4 conditions, every pair and every test of all levels.

Run: python tests/benchmarks/compare.py [within|between] [holm|max_t]. The bar is 10 s and 1 GiB on two cores.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from builders import a_cast, a_plan, a_question, a_trial

from tinytroupe_cli.analysis.comparisons import comparisons
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison, PlannedInference
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.plan.world import WorldPlan

PEOPLE, LEVELS = 1_000, 4
KINDS = ["number"] * 4 + ["yes_no"] * 3 + ["scale"] * 3


def main(design: str = "within", correction: str = "holm") -> None:
    """Make a run's answers at random and compare them."""
    import numpy as np

    ends = {"low": 1, "high": 7}
    fields = [
        PlannedField(name=f"m{place}", kind=kind, **(ends if kind == "scale" else {}))
        for place, kind in enumerate(KINDS)
    ]
    arms = [Condition(name=f"p{level}", levels={"price": level}) for level in range(LEVELS)]
    cast, chance = a_cast(PEOPLE), np.random.default_rng(1)
    draw = {
        "number": lambda: float(chance.normal()),
        "yes_no": lambda: bool(chance.random() < 0.5),
        "scale": lambda: int(chance.integers(1, 8)),
    }
    trials, rows = [], []
    for place, arm in enumerate(arms):
        own = cast if design == "within" else cast[place::LEVELS]
        ids = tuple(member.id for member in own)
        world = WorldPlan(type="interviews", start="2026-01-05T09:00", steps=1)
        question = a_question(ids, fields=tuple(fields))
        trials.append(a_trial(own, id=arm.name, condition=arm.name, world=world, queries=(question,)))
        known = {"trial": arm.name, "condition": arm.name, "levels": arm.levels, "replicate": 1, "sample": 0}
        rows += [
            Observation(
                **known, person=person, query="choice", field=field.name, outcome="stated", value=draw[field.kind]()
            )
            for person in ids
            for field in fields
        ]
    wanted = tuple(PlannedComparison(query="choice", field=field.name, factor="price") for field in fields)
    plan = a_plan(
        *trials,
        conditions=tuple(arms),
        factors={"price": tuple(range(LEVELS))},
        design=design,
        comparisons=wanted,
        inference=PlannedInference(correction=correction),
    )
    began = time.perf_counter()
    found = comparisons(plan, rows)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{design}, {correction}: {len(found)} comparisons, {time.perf_counter() - began:.1f} s, {memory:.2f} GiB")


if __name__ == "__main__":
    main(*sys.argv[1:])
