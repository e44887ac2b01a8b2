"""The shipped experiments with generated people and with ads, against the fake provider."""

import shutil
from pathlib import Path

import pytest
from projects import MODEL, Project
from provider import FakeProvider
from towns import is_author, people_of, somebody

ROOT = Path(__file__).parents[2]


def played(folder: Path, name: str, *words: str):
    with FakeProvider(answer=somebody) as fake:
        project = Project(folder, fake.url, (ROOT / "experiments" / f"{name}.yaml").read_text())
        shutil.copytree(ROOT / "populations", folder / "populations")
        checked = project.troupe("check", "x.yaml")
        done = project.troupe("run", "x.yaml", "--model", MODEL, *words)
    assert checked.code == 0, checked.err
    assert done.code in (0, 1), done.err  # the fake answers at random: an expectation may be broken
    return project, done, fake.requests


def test_a_hundred_people_are_written_and_surveyed_with_two_calls_each(tmp_path):
    _, _, requests = played(tmp_path, "population_survey")
    assert sum(is_author(body) for body in requests) == 100
    assert sum(not is_author(body) for body in requests) == 100
    assert len(list(tmp_path.glob("personas/canada/*/*.yaml"))) == 100
    longest = max(sum(len(message["content"]) for message in body["messages"]) for body in requests if is_author(body))
    assert longest < 1300  # about 300 tokens, of which 250 are the same for everybody


def test_the_travel_ads_are_voted_on_in_44_calls(tmp_path):
    project, done, requests = played(tmp_path, "online_travel_ad")
    assert len(requests) == 44
    assert "vote.ad" in done.err
    assert all("Sunhaven" in str(body["messages"]) for body in requests)
    outcomes = {one["outcome"] for one in project.results["expectations"]}
    assert outcomes <= {"held", "broken", "inconclusive"}
    assert sum("a week with your family" in str(body["messages"]) for body in requests) == 22


@pytest.mark.parametrize("name", ["online_travel_ad", "population_survey"])
def test_no_label_of_the_design_reaches_anybody(tmp_path, name):
    _, _, requests = played(tmp_path, name, "--set", "seed=9")
    assert not any("travellers" in str(body) or "canada-0" in str(body) for body in requests)


def test_people_of_the_survey_are_the_populations(tmp_path):
    project, _, _ = played(tmp_path, "population_survey", "--set", "personas.0.size=20")
    people = people_of(project, "canada")
    assert sum(person["residence"] == "Quebec" for person in people) in (4, 5)
    assert all("Adults in Canada" not in str(person) for person in people)


def test_voters_of_1996_are_held_against_their_own_answers_which_nobody_simulated_knows(tmp_path):
    project, _, requests = played(tmp_path, "election_1996")
    vote, party, ideology = project.results["fidelity"]
    assert all(one["n"][0] == one["twins"] == 60 - one["missing"][0] > 20 for one in (vote, party, ideology))
    assert vote["n"][1] == 944
    ceiling = vote["attribute_ceiling"]
    assert ceiling["attributes"] == ["age", "education", "household_income", "residence", "tv_news_days"]
    assert ceiling["majority"] < ceiling["accuracy"] < 0.7
    people = project.results["participants"]
    assert not any({"vote", "party", "ideology"} & set(person["attributes"]) for person in people)
    assert "a logistic regression predicts" in project.report
    assert len(requests) == 180
