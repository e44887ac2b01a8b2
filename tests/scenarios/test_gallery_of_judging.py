"""The gallery's experiments about judging, against the fake provider: they play, and cost what they say."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from claims import is_claim, text_of, verdicts
from projects import MODEL, Project
from provider import FakeProvider

ROOT = Path(__file__).parents[2]


def play(tmp_path: Path, name: str, script: Any) -> tuple[Project, list[Any]]:
    with FakeProvider(answer=verdicts(script)) as fake:
        project = Project(tmp_path, fake.url)
        for folder in ("experiments", "personas", "fragments"):
            shutil.copytree(ROOT / folder, tmp_path / folder)
        ended = project.troupe("run", f"experiments/{name}.yaml", "--model", MODEL)
    assert ended.code == 0, ended.err
    return project, list(fake.requests)


def most_calls(name: str) -> int:
    """Return the calls an experiment's first lines promise."""
    found = re.search(r"(\d+) calls", (ROOT / f"experiments/{name}.yaml").read_text())
    assert found is not None
    return int(found.group(1))


@pytest.mark.parametrize(("holds", "fired"), [("yes", 1), ("no", 0)])
def test_the_brainstorming_fights_agreement_where_there_is_some(tmp_path: Path, holds: str, fired: int) -> None:
    script = {"second what was said": {"holds": holds}, "moves apart": {"score": "6"}}
    project, requests = play(tmp_path, "product_brainstorming", script)
    again = 4  # rankings: the fake puts an option in two places, and each person is asked that one field again
    assert len(requests) <= most_calls("product_brainstorming") + again <= 28
    [intervention] = project.results["interventions"]
    assert len(intervention["firings"]) == fired
    told = [body for body in requests if "You agree a lot" in str(body["messages"][-1]["content"])]
    assert bool(told) == bool(fired)
    if fired:
        assert "You feel: fed up with polite agreement." in "".join(map(text_of, requests))
    scores = [
        row["value"] for row in project.results["rows"] if (row["query"], row["field"]) == ("divergence", "score")
    ]
    assert scores == [6]


def test_the_political_compass_plays_four_politics_of_one_person(tmp_path: Path) -> None:
    script = {"moves together": {"score": "4"}, "described to be": {"score": "7"}}
    project, requests = play(tmp_path, "political_compass", script)
    assert len(requests) == most_calls("political_compass") <= 24
    rows = project.results["rows"]
    assert {row["person"] for row in rows if row["query"] == "stance"} == {
        "frank-novak",
        "joe-brennan",
        "ray-sutter",
        "hank-miller",
    }
    assert [row["value"] for row in rows if (row["query"], row["field"]) == ("convergence", "score")] == [4]
    portraits = [text_of(body) for body in requests if is_claim(body) and "<persona>" in text_of(body)]
    assert sum("progressive taxes" in text for text in portraits) == 2
    assert sum("spend their own money better" in text for text in portraits) == 2
    assert sum("Grown people decide for themselves" in text for text in portraits) == 2
    assert sum("somebody who decides" in text for text in portraits) == 2
    assert not any(
        re.search("libertarian|authoritarian|leaning|stance|convergence|adherence", text_of(body), re.IGNORECASE)
        for body in requests
    )
