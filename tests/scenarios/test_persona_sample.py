"""People drawn from a population without an experiment, and a population made of a description."""

import json
from collections import Counter
from pathlib import Path

import pytest
import yaml
from projects import MODEL, Project
from provider import WRONG_KEY, FakeProvider
from towns import SURVEY, TOWN, a_town, is_author, people_of, somebody

USA = {
    "title": "People of the USA",
    "description": "A rough picture.",
    "source": "A chat.",
    "content": {
        "Demographics": {
            "Population": "331 million",
            "Age distribution": {"0-14 years": "18.5%", "15-64 years": "65.0%", "65 years and over": "16.5%"},
            "Gender": {"Male": "49.2%", "Female": "50.8%"},
        },
        "Religion": ["Protestant: 43%", "Catholic: 20%", "None (37%)"],
        "Public Opinions": {"Gun control": "57% in favour", "Death penalty": "55% in favour"},
        "Habits": "People drive a lot.",
    },
}
NAMES = {"t1": "age", "t2": "Gender", "t3": "religion", "t4": "in favour of"}


def planner(body):
    return json.dumps({"context": "Americans of all ages.", **NAMES}) if "Its tables:" in str(body) else somebody(body)


def sample(project: Project, *words: str):
    return project.troupe("persona", "sample", *words, "--model", MODEL)


def test_people_are_drawn_and_written_into_a_folder(tmp_path):
    with FakeProvider(answer=somebody) as fake:
        project = a_town(tmp_path, fake.url)
        done = sample(project, "town", "--size", "10", "--out", "folk")
    assert done.code == 0, done.err
    assert done.out == "folk\n"
    assert "10 of 10" in done.err
    files = sorted((tmp_path / "folk").iterdir())
    assert [file.name for file in files] == [f"{number:03}.yaml" for number in range(1, 11)]
    people = [yaml.safe_load(file.read_text()) for file in files]
    assert Counter(person["area"] for person in people) == {"north": 3, "south": 7}
    assert project.troupe("persona", "check", "folk").code == 0
    assert len(fake.requests) == 10


class Expiring(FakeProvider):
    """Refuses its key from some request on."""

    last = 10**6

    def _fault(self):
        return WRONG_KEY if len(self.requests) > self.last else None


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # calls that LiteLLM had not begun
def test_the_same_command_goes_on_after_a_stop_and_asks_nothing_twice(tmp_path):
    with Expiring(answer=somebody) as fake:
        whole = a_town(tmp_path / "whole", fake.url)
        sample(whole, "town", "--size", "10")
        stopped = a_town(tmp_path / "stopped", fake.url)
        stopped.write("config.ini", f"[model]\napi_base = {fake.url}\n[run]\nconcurrency = 1\n")
        before, fake.last = len(fake.answered), len(fake.requests) + 4
        assert sample(stopped, "town", "--size", "10").code == 4
        some = len(people_of(stopped))
        fake.last = Expiring.last
        assert sample(stopped, "town", "--size", "10").code == 0
    assert 0 < some < 10
    assert people_of(stopped) == people_of(whole)
    answered = [json.dumps(body["messages"]) for body in fake.answered[before:]]
    assert len(answered) == len(set(answered)) == 10
    assert not list(stopped.folder.rglob(".calls.sqlite*"))


def test_files_that_are_there_stay_and_an_experiment_finds_them(tmp_path):
    with FakeProvider(answer=somebody) as fake:
        project = a_town(tmp_path, fake.url)
        sample(project, "town", "--size", "10", "--seed", "3")
        first = min(project.folder.rglob("town/*/001.yaml"))
        first.write_text(first.read_text().replace("beliefs:", "beliefs: Mine. #"))
        again = sample(project, "town", "--size", "10", "--seed", "3")
        written = sum(is_author(body) for body in fake.requests)
        assert project.run().code == 0
    assert "all 10 already exist" in again.err
    assert "Mine." in first.read_text()
    assert written == sum(is_author(body) for body in fake.requests) == 10
    assert any("Mine." in str(body) for body in fake.requests)


def test_a_dry_run_shows_margins_and_asks_nobody(tmp_path):
    project = a_town(tmp_path, "")
    done = project.troupe("persona", "sample", "town", "--size", "10", "--dry-run")
    assert done.code == 0
    assert "30.0 %    30.0 %" in done.err
    assert people_of(project) == []


def test_a_description_becomes_a_population_that_is_shown_and_can_be_edited(tmp_path):
    with FakeProvider(answer=planner) as fake:
        project = Project(tmp_path, fake.url)
        project.write("usa.json", json.dumps(USA))
        done = project.troupe("persona", "plan", "usa.json", "--model", MODEL)
        assert done.code == 0, done.err
        assert len(fake.requests) == 1
        made = yaml.safe_load((tmp_path / "usa.yaml").read_text())
        assert made["context"] == "Americans of all ages."
        assert made["attributes"]["age"] == {"0-14": 0.185, "15-64": 0.65, "65-90": 0.165}
        assert made["attributes"]["gender"] == {"Male": 0.492, "Female": 0.508}
        assert made["attributes"]["religion"] == {"Protestant": 0.43, "Catholic": 0.2, "None": 0.37}
        assert made["attributes"]["in_favour_of.gun_control"] == {"yes": 0.57, "no": 0.43}
        assert "gender:" in done.err
        assert project.troupe("check", "usa.yaml").code == 0
        edited = (tmp_path / "usa.yaml").read_text().replace("0.492", "1.0").replace("0.508", "0.0")
        (tmp_path / "usa.yaml").write_text(edited)
        sampled = sample(project, "usa.json", "--size", "8", "--out", "us")
    assert sampled.code == 0, sampled.err
    people = [yaml.safe_load(file.read_text()) for file in sorted(Path(tmp_path / "us").iterdir())]
    assert {person["gender"] for person in people} == {"Male"}
    assert all(isinstance(person["age"], int) for person in people)
    assert {person["in_favour_of"]["gun_control"] for person in people} <= {"yes", "no"}
    assert sum("Its tables:" in str(body) for body in fake.requests) == 1


def test_a_plan_is_not_overwritten_and_a_description_without_figures_is_told(tmp_path):
    project = Project(tmp_path, "")
    project.write("usa.json", json.dumps(USA))
    project.write("usa.yaml", TOWN)
    assert "already exists" in project.troupe("persona", "plan", "usa.json").err
    project.write("vague.json", json.dumps({"content": {"Habits": "many"}}))
    assert "no percentages" in project.troupe("persona", "plan", "vague.json").err


def test_an_experiment_that_names_a_description_is_told_how_to_go_on(tmp_path):
    project = Project(tmp_path, "", SURVEY.replace("town, size: 10", "usa.json, size: 3"))
    project.write("usa.json", json.dumps(USA))
    done = project.troupe("check", "x.yaml")
    assert done.code == 2
    assert "troupe persona plan usa.json" in done.err
