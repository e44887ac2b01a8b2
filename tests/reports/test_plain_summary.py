"""report.txt: the plain summary, in the words a run ends with."""

from typing import get_args

import pytest
from report_cases import CASES
from snapshots import assert_snapshot

from tinytroupe_cli.reports.formats import FORMATS, render
from tinytroupe_cli.reports.results import build_results
from tinytroupe_cli.spec.running import UNBUILT_FORMATS, ReportFormat


@pytest.mark.parametrize("name", CASES)
def test_a_summary_reads_like_this(name):
    assert_snapshot(render(build_results(*CASES[name]()), "text").decode(), f"reports/{name}.txt")


def test_every_format_of_the_language_is_built_or_refused():
    assert {*FORMATS, *UNBUILT_FORMATS} == {*get_args(ReportFormat)}
    assert not {*FORMATS} & {*UNBUILT_FORMATS}
