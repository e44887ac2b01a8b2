"""A setting a model won't take: left out, and said; over real HTTP, through the real LiteLLM."""

from __future__ import annotations

from pathlib import Path

from projects import EXPERIMENT, Project
from provider import FakeProvider

JUDGED = EXPERIMENT.replace("how: interview", "how: observe")
MODELS = "model: {people: openai/gpt-4o-mini, judge: {use: openai/gpt-5-mini, temperature: 0.2}}\n"
NOTE = "openai/gpt-5-mini does not take this `temperature`: sent without it, so the provider's default applies"


def test_a_temperature_the_judge_can_t_have_is_left_out_and_said_once(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, JUDGED + MODELS)
        ended = project.troupe("run", "x.yaml")
    assert ended.code == 0
    assert all("temperature" not in body for body in fake.requests)
    assert ended.err.count(NOTE) == 1
    assert project.results["provenance"]["notes"] == [NOTE]
    assert project.report.count("sent without it, so the provider's default applies") == 1
