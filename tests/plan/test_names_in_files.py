"""Fields whose names in code and in files differ: files keep the names they had when they were first promised."""

from __future__ import annotations

import json
from datetime import date

import pytest
from builders import a_plan, a_question, a_trial
from pydantic import BaseModel

from tinytroupe_cli.analysis.descriptive import MeanRank
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.plan.cast_members import PopulationDraw
from tinytroupe_cli.plan.drawn_people import WrittenPeople
from tinytroupe_cli.plan.planned_orders import PlannedOrder
from tinytroupe_cli.plan.world import Pace, WorldPlan
from tinytroupe_cli.reports.model_settings import ModelSettings
from tinytroupe_cli.reports.turn_quality import TurnQuality
from tinytroupe_cli.runs.manifest import Manifest

START = date(2026, 1, 5).isoformat()
WORLD = WorldPlan(type="room", start=START, steps=1, activation="when_stimulated", step_length=Pace(amount=2))
SCORED = TurnQuality(
    turns=4, retried=3, accepted_below_threshold=2, rejected=1, unscored=0, first={}, taken={}, calls=9, usd=None
)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (WORLD, {"acts": "when_stimulated", "pace": {"amount": 2, "unit": "minute"}}),
        (WrittenPeople(people={}, problems={"lisa": "odd"}), {"doubts": {"lisa": "odd"}}),
        (Manifest(name="ad", status="running", started=START, sessions=3), {"sittings": 3}),
        (PopulationDraw(population="town", number=1, generated_fields=("style",)), {"also": ["style"]}),
        (a_question(("person-1",)), {"how": "interview"}),
        (MeanRank(option="calm", mean=1.5, first_places=3), {"firsts": 3}),
        (ModelSettings(name="openai/gpt-5-mini"), {"use": "openai/gpt-5-mini"}),
        (PlannedField(name="confidence", kind="number", is_auxiliary=True), {"aside": True}),
        (PlannedOrder(field="ad", rule="random"), {"how": "random"}),
        (ModelConfig(name="openai/x", accepts_images=True), {"use": "openai/x", "sees": True}),
        (SCORED, {"redone": 3, "below": 2, "dropped": 1}),
    ],
)
def test_files_keep_their_names(value: BaseModel, written: dict[str, object]) -> None:
    text = value.model_dump_json()
    assert written.items() <= json.loads(text).items()
    assert value.model_dump(mode="json") == json.loads(text)
    assert type(value).model_validate_json(text) == value


def test_a_plan_inside_another_model_keeps_them_too() -> None:
    plan = a_plan(a_trial(people=1, steps=1))
    assert json.loads(plan.model_dump_json()).keys() >= {"products"}
    assert {"acts", "pace"} <= json.loads(plan.model_dump_json())["trials"][0]["world"].keys()
