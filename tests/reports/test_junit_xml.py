"""JUnit files and GitHub's commands stay what they are, whatever is in a text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from junit_files import read_junit

from tinytroupe_cli.reports.github_commands import annotation_commands, step_summary
from tinytroupe_cli.reports.judged_suites import JudgedCase, JudgedSuite
from tinytroupe_cli.reports.junit_xml import junit_xml

ANYTHING = st.text("ab |<>&\"'%:,=`*_#\\\n\r\t\0\a\x1b\x7f\x85\u2028\u202e\ud800\ufffe\U0001f600", max_size=12)
VERDICTS = st.sampled_from(
    [("passed", False), ("failed", True), ("error", True), ("inconclusive", False), ("inconclusive", True)]
)


@st.composite
def _cases(draw: st.DrawFn) -> JudgedCase:
    verdict, is_failure = draw(VERDICTS)
    return JudgedCase(draw(ANYTHING), verdict, is_failure, draw(ANYTHING), draw(st.integers(0, 99)))  # type: ignore[arg-type]


SUITES = st.lists(
    st.builds(
        JudgedSuite,
        ANYTHING,
        ANYTHING,
        st.lists(_cases(), max_size=4).map(tuple),
        answer=ANYTHING,
        usd=st.none() | st.floats(0, 1e6),
        seconds=st.floats(0, 1e6),
        report=ANYTHING,
    ),
    max_size=3,
)


@given(SUITES)
def test_every_file_is_valid_and_counts_its_cases(suites: list[JudgedSuite]) -> None:
    root = read_junit(junit_xml(suites))
    assert len(root) == len(suites)
    for element, suite in zip(root, suites, strict=True):
        cases = element.findall("testcase")
        assert int(element.get("tests")) == len(cases) == len(suite.cases)
        for name in ("failure", "error", "skipped"):
            counted = int(element.get(name if name == "skipped" else f"{name}s"))
            assert counted == len(element.findall(f"testcase/{name}"))


@given(SUITES)
def test_every_annotation_is_one_command(suites: list[JudgedSuite]) -> None:
    commands = list(annotation_commands(suites))
    assert len(commands) == sum(case.verdict != "passed" for suite in suites for case in suite.cases)
    for command in commands:
        assert len(command.split("\n")) == len(command.split("\r")) == 1
        level, properties, _ = command.removeprefix("::").replace(" ", "::", 1).split("::", 2)
        assert level in {"error", "warning"}
        assert all(part.count("=") >= 1 for part in properties.split(",") if part)


@given(SUITES)
def test_the_summary_has_a_row_for_each_run(suites: list[JudgedSuite]) -> None:
    rows = [line for line in step_summary(suites).split("\n") if line.startswith("| ")]
    assert len(rows) == 2 + len(suites)
