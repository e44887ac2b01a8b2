"""A setting a model won't take, found before anybody is asked: over real HTTP, through the real LiteLLM."""

from __future__ import annotations

from pathlib import Path

from projects import EXPERIMENT, Project
from provider import FakeProvider

JUDGED = EXPERIMENT.replace("how: interview", "how: observe")


def test_a_judge_that_could_not_answer_stops_the_run_before_the_people_are_paid_for(tmp_path: Path) -> None:
    models = "model: {people: openai/gpt-4o-mini, judge: {use: openai/gpt-5-mini, temperature: 0.2}}\n"
    with FakeProvider() as fake:
        ended = Project(tmp_path, fake.url, JUDGED + models).troupe("run", "x.yaml")
    assert ended.code == 4
    assert "openai/gpt-5-mini would not accept this" in ended.err
    assert "take the setting out" in ended.err
    assert not fake.requests
