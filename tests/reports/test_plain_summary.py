"""report.txt: the plain summary, in the words a run ends with."""

from pathlib import Path
from typing import get_args

import pytest
from projects import EXPERIMENT, Project
from provider import FakeProvider
from report_cases import CASES
from snapshots import assert_snapshot

from tinytroupe_cli.reports.formats import FORMATS, render
from tinytroupe_cli.reports.results_builder import build_results
from tinytroupe_cli.spec.running import UNBUILT_FORMATS, ReportFormat


@pytest.mark.parametrize("name", CASES)
def test_a_summary_reads_like_this(name):
    assert_snapshot(render(build_results(*CASES[name]()), "text").decode(), f"reports/{name}.txt")


def test_every_format_of_the_language_is_built_or_refused():
    assert {*FORMATS, *UNBUILT_FORMATS} == {*get_args(ReportFormat)}
    assert not {*FORMATS} & {*UNBUILT_FORMATS}


def test_a_run_that_is_asked_for_it_leaves_the_summary_it_printed(tmp_path: Path):
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, f"{EXPERIMENT}\nreport: {{formats: [json, text]}}\n")
        ended = project.run()
    assert ended.code == 0
    written = (project.runs[-1] / "report.txt").read_text(encoding="utf-8")
    title, answer = written.split("\n\n")[:2]
    printed = " ".join(ended.err.split())
    assert f"{title} {' '.join(answer.split())}" in printed
    assert not (project.runs[-1] / "report.md").exists()


def test_the_terminal_begins_with_the_first_sentence_of_the_report_and_a_bar(tmp_path: Path):
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, f"{EXPERIMENT}\nreport: {{formats: [json, markdown]}}\n")
        ended = project.run()
    report = (project.runs[-1] / "report.md").read_text(encoding="utf-8")
    first = report.split("**")[1].replace("\\", "")
    assert " ".join(first.split()) in " ".join(ended.err.split())
    assert "█" in ended.err
