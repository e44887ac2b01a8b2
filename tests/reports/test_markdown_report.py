import re

import pytest
from report_cases import CASES, an_interview
from snapshots import assert_snapshot

from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.reports.formats import render
from tinytroupe_cli.reports.results import build_results, has_failed_expectation


def report(case):
    return render(build_results(*case), "markdown").decode()


@pytest.mark.parametrize("name", CASES)
def test_a_report_reads_like_this(name):
    text = re.sub(r"plan [0-9a-f]{32}", "plan <its hash>", report(CASES[name]()))
    assert_snapshot(text, f"reports/{name}.md")


@pytest.mark.parametrize("name", CASES)
def test_building_it_again_gives_the_same_bytes(name):
    first, second = CASES[name](), CASES[name]()
    assert render(build_results(*first), "json") == render(build_results(*second), "json")
    assert report(first) == report(second)


def test_a_broken_expectation_is_known_to_whoever_exits():
    assert has_failed_expectation(build_results(*an_interview()))


def test_a_format_that_is_not_there_is_refused_by_name():
    with pytest.raises(RunError, match="no report format 'htmll'"):
        render(build_results(*an_interview()), "htmll")
