"""A run whose question has several random wordings, from answers that are written down."""

from __future__ import annotations

from itertools import product

import numpy as np
from builders import a_cast, a_plan, a_question, a_trial

from tinytroupe_cli.events.types import Measured, TrialEnded
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison, PlannedInference
from tinytroupe_cli.plan.planned_wordings import PlannedWordings, WordedTemplate
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.plan.world import WorldPlan

ALONE = WorldPlan(type="interviews", start="2026-01-05T09:00", steps=1)
FIELD = PlannedField(name="liking", kind="scale", low=1, high=3)
LIKING = PlannedComparison(query="q", field="liking", factor="price")
ARMS = tuple(Condition(name=f"p{price}", levels={"price": price}) for price in (1, 2))


def answers_of(seed, *, people=13, wordings=4, cross="rotate", gap=0.6):
    """Return (level, wording, person) -> answer."""
    chance = np.random.default_rng(seed)
    return {
        (level, wording, person): int(np.clip(round(2 + gap * (level - 0.5) + chance.normal(0, 0.6)), 1, 3))
        for level, wording, person in product((0, 1), range(wordings), range(people))
        if cross == "all" or person % wordings == wording
    }


def a_worded_run(answers, *, cross="rotate", design="within", wanted=LIKING, **changes):
    """Return plan and events; None: the answer is missing. Between people, each is at one of the two levels."""
    people, count = 1 + max(place[2] for place in answers), 1 + max(place[1] for place in answers)
    cast = tuple(
        member.model_copy(update={"persona": {**member.persona, "age": 20 + 2 * place}})
        for place, member in enumerate(a_cast(people))
    )
    trials, events = [], {}
    for (level, arm), wording in product(enumerate(ARMS), range(count)):
        own = [place for place in range(people) if (level, wording, place) in answers]
        own = [place for place in own if design == "within" or place // count % 2 == level]
        ids, name = tuple(cast[place].id for place in own), f"{arm.name}-w{wording + 1}"
        there = tuple(cast[place] for place in own)
        asked = dict.fromkeys(ids, f"Wording {wording + 1}?")
        queries = (a_question(ids, name="q", fields=(FIELD,), questions=asked),)
        trials.append(a_trial(there, id=name, condition=arm.name, wording=wording + 1, world=ALONE, queries=queries))
        events[name] = [
            Measured(trial=name, query="q", person=cast[place].id, values={"liking": answers[level, wording, place]})
            for place in own
        ]
        events[name].append(TrialEnded(trial=name))
    versions = [tuple(member.id for member in cast[number::count]) for number in range(count)]
    texts = tuple(f"Wording {number + 1}?" for number in range(count))
    text = WordedTemplate(place="extract.0.question", wordings=texts)
    given = tuple(versions) if cross == "rotate" else ()
    plan = a_plan(
        *trials,
        conditions=ARMS,
        factors={"price": (1, 2)},
        design=design,
        wordings=PlannedWordings(count=count, cross=cross, drawn="random", people=given, texts=(text,)),
        comparisons=(wanted,),
        inference=PlannedInference(resamples=50, permutations=199),
        **changes,
    )
    return plan, events
