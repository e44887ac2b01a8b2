"""A run's folder that somebody else changed: nothing is written or read outside it."""

from __future__ import annotations

import pytest
from projects import Project
from provider import FakeProvider

DATA = """\
dataset: {name: talks_of_all}
reduce: [{name: all_talks, of: talks}]
report: {formats: [json, csv]}
"""


@pytest.fixture
def project(tmp_path):
    with FakeProvider() as fake:
        made = Project(tmp_path / "p", fake.url)
        made.write("x.yaml", (made.folder / "x.yaml").read_text() + DATA)
        assert made.run().code == 0
        yield made


@pytest.mark.parametrize("name", ["talks_of_all", "all_talks"])
def test_a_plan_that_names_a_file_outside_the_run_writes_nothing_there(project, tmp_path, name: str) -> None:
    plan = project.runs[-1] / "plan.json"
    plan.write_text(plan.read_text().replace(f'"{name}"', '"../../../../evil"'))

    ended = project.troupe("report", "results")

    assert (ended.code, list(tmp_path.rglob("evil*"))) == (2, [])
    assert "outside the run's folder" in ended.err


def test_a_folder_of_data_that_is_a_link_is_not_followed(project, tmp_path) -> None:
    data = project.runs[-1] / "data"
    for file in data.iterdir():
        file.unlink()
    data.rmdir()
    (tmp_path / "elsewhere").mkdir()
    data.symlink_to(tmp_path / "elsewhere")

    ended = project.troupe("report", "results", "--format", "csv")

    assert (ended.code, list((tmp_path / "elsewhere").iterdir())) == (2, [])


def test_a_trial_outside_the_run_is_not_read(project, tmp_path) -> None:
    plan = project.runs[-1] / "plan.json"
    (tmp_path / "events.jsonl").write_text("a secret")
    (trial,) = [folder.name for folder in (project.runs[-1] / "trials").iterdir()]
    plan.write_text(plan.read_text().replace(f'"id": "{trial}"', '"id": "../../../../../"'))

    ended = project.troupe("show", "results")

    assert ended.code == 2
    assert "outside the run's folder" in ended.err


def test_data_are_exported_to_a_folder_that_is_made_or_refused_in_words(project) -> None:
    project.write("a-file", "")

    made = project.troupe("export", "results", "--output", "new/tables")
    refused = project.troupe("export", "results", "--output", "a-file/tables")

    assert (made.code, (project.folder / "new/tables/measures.csv").is_file()) == (0, True)
    assert refused.code == 4
    assert "a-file/tables" in refused.err
