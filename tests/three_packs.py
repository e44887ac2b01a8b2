"""A run with several comparisons of one measure, a judged score and codes: three packs, between people."""

from __future__ import annotations

import numpy as np
from builders import a_cast, a_plan, a_question, a_trial

from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.events.postprocessing import AnswersCoded, TextCodes
from tinytroupe_cli.events.types import Measured, TrialEnded
from tinytroupe_cli.plan.planned_codings import Category, PlannedCoding
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison, PlannedInference
from tinytroupe_cli.plan.types import Condition, PlannedField
from tinytroupe_cli.plan.world import WorldPlan
from tinytroupe_cli.reports.formats import render
from tinytroupe_cli.reports.results_builder import build_results

ALONE = WorldPlan(type="interviews", start="2026-01-05T09:00", steps=1)
QUICK = PlannedInference(permutations=999, resamples=200)
LIKING = PlannedField(name="liking", kind="scale", low=1, high=7)
WHY = PlannedField(name="why", kind="text")
VERDICT = (
    PlannedField(name="score", kind="scale", low=0, high=9),
    PlannedField(name="justification", kind="text", is_auxiliary=True),
    PlannedField(name="confidence", kind="number", low=0, high=1, is_auxiliary=True),
)
BY_PACK = PlannedComparison(query="q", field="liking", factor="pack")
DELTA = BY_PACK.model_copy(update={"estimand": "delta"})
CODING = PlannedCoding(
    query="q",
    field="why",
    name="theme",
    categories=(Category(name="taste", meaning="mentions the taste"), Category(name="cost", meaning="")),
    several=True,
)
REFUSED = "I cannot answer that."
CODED = AnswersCoded(
    name="q.theme",
    texts={
        "It is dear.": TextCodes(quotes={"cost": "dear"}),
        "I like it.": TextCodes(why=REFUSED, reason="refused"),
        "Hm.": TextCodes(faults={"taste": "the words quoted for it are not in the text"}),
    },
)
SAID = tuple(CODED.texts)


def a_run(wanted=(BY_PACK, DELTA), *, gap=1.5, missing=0, people=36, **changes):
    """Return plan and events of three packs, between people; the first `missing` of each say nothing."""
    chance = np.random.default_rng(11)
    arms = tuple(Condition(name=pack, levels={"pack": pack}) for pack in ("plain", "green", "thrift"))
    cast = a_cast(people)
    trials, events = [], {}
    for place, arm in enumerate(arms):
        own = cast[place::3]
        ids = tuple(member.id for member in own)
        queries = (
            a_question(ids, name="q", fields=(LIKING, WHY)),
            a_question(ids, name="in_character", procedure="judge", fields=VERDICT),
        )
        trials.append(a_trial(own, id=arm.name, condition=arm.name, world=ALONE, queries=queries))
        events[arm.name] = []
        for number, person in enumerate(ids):
            liking = int(np.clip(round(3 + gap * (place > 0) + chance.normal(0, 0.7)), 1, 7))
            said = {"liking": None if number < missing else liking, "why": SAID[number % 3]}
            judged = {"score": number % 10, "justification": "So they do.", "confidence": 0.5}
            where = {"trial": arm.name, "person": person}
            events[arm.name] += [
                Measured(query="q", values=said, **where),
                Measured(query="in_character", values=judged, **where),
            ]
        events[arm.name].append(TrialEnded(trial=arm.name))
    plan = a_plan(
        *trials,
        title="Does the pack matter?",
        conditions=arms,
        factors={"pack": ("plain", "green", "thrift")},
        design="between",
        comparisons=wanted,
        inference=QUICK,
        expect=("in_character.mean() >= 5",),
        **changes,
    )
    return plan, events


def results_of(*arguments, after=(), **changes):
    return build_results(*a_run(*arguments, **changes), after=after)


def written(results, form):
    return " ".join(render(results, form).decode().replace("\\", "").split())


def a_row(**changes):
    row = ComparisonResult(
        measure="q.liking",
        by="pack",
        levels=("plain", "green"),
        design="between",
        scale="points",
        unit="person",
        n=(20, 20),
        values=(2.0, 4.0),
        estimate=2.0,
        low=1.0,
        high=3.0,
        p=0.001,
        p_corrected=0.01,
    )
    return row.model_copy(update=changes)
