"""troupe population profile: tables, persona files, populations and runs, against margins or rows, without a model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from projects import Project
from provider import FakeProvider

ROWS = "id,gender,age,town\n" + "\n".join(
    f"{n},{'female' if n % 4 else 'male'},{20 + n % 50},{'Brook' if n % 3 else 'Carn'}" for n in range(60)
)
MARGINS = "gender: {female: 0.5, male: 0.5}\nage: {18-39: 0.4, 40+: 0.6}\n"
TOWN = """\
troupe-population: 1
name: town
attributes: {gender: {female: 0.5, male: 0.5}, age: {uniform: {min: 18, max: 80}}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write("rows.csv", ROWS)
    made.write("margins.yaml", MARGINS)
    made.write("populations/town.yaml", TOWN)
    for name, age in (("ada", 12), ("ben", 40)):
        made.write(f"people/{name}.yaml", f"name: {name.title()} Moor\nage: {age}\noccupation: {{title: Retired}}\n")
    return made


def test_a_table_is_profiled_against_margins(project: Project) -> None:
    shown = project.troupe("population", "profile", "rows.csv", "--against", "margins.yaml", "--words")
    assert shown.code == 0, shown.err
    said = " ".join(shown.out.split())
    assert "60 people in rows.csv" in said
    assert "gender: 45 of 60 are female, 75% where 50% are wanted" in said
    assert "PAIR FIGURE" in said
    found = json.loads(project.troupe("population", "profile", "rows.csv", "--against", "margins.yaml", "--json").out)
    gender = next(one for one in found["attributes"] if one["attribute"] == "gender")
    assert [level["wanted"] for level in gender["levels"]] == [0.5, 0.5]
    assert gender["srmse"] == pytest.approx(0.5)


def test_persona_files_a_population_and_real_rows(project: Project) -> None:
    people = project.troupe("population", "profile", "people/*.yaml", "--words")
    assert "ada: age < 16 and 'retired' in occupation.title" in " ".join(people.out.split())
    folder = project.troupe("population", "profile", "people", "--words", "--implausible", "age == 40")
    assert "ben: age == 40" in folder.out
    town = json.loads(
        project.troupe("population", "profile", "populations/town.yaml", "--against", "rows.csv", "--json").out
    )
    assert town["n"] == 200
    assert {one["attribute"]: one["levels"][0]["wanted"] for one in town["attributes"]}["gender"] in (0.25, 0.75)
    back = project.troupe("population", "profile", "rows.csv", "--against", "populations/town.yaml", "--words")
    assert "gender: 45 of 60 are female, 75% where 50% are wanted" in " ".join(back.out.split())


def test_the_people_of_a_run_are_profiled_without_a_call(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        assert project.run().code in (0, 1)
        calls = len(fake.requests)
        shown = project.troupe("population", "profile", str(project.runs[-1]), "--words")
        newest = project.troupe("population", "profile", "results/tea", "--words", "--json")
        assert len(fake.requests) == calls
    assert "2 people in" in shown.out
    assert json.loads(newest.out)["texts"]["by"] == "words"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere.csv",), "no file 'nowhere.csv'"),
        (("nobody/*.yaml",), "no people in 'nobody/*.yaml'"),
        (("rows.csv", "--against", "nothing.yaml"), "no file 'nothing.yaml'"),
        (("rows.csv", "--against", "config.yaml"), "'gender' expects shares of labels"),
        (("rows.csv", "--implausible", "age <"), "a rule can't be read"),
    ],
)
def test_what_cant_be_read_is_named(project: Project, words: tuple[str, ...], message: str) -> None:
    project.write("config.yaml", "gender: female\n")
    ended = project.troupe("population", "profile", *words)
    assert ended.code in (2, 6)
    assert message in ended.err
