"""Expectations as test cases: JUnit XML, annotations, a step summary, and what an inconclusive one counts as."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from crowds import CROWD, half_tea
from junit_files import outcomes, read_junit
from projects import EXPERIMENT, MODEL, Project
from provider import Body, FakeProvider, answer_for

from tinytroupe_cli.reports.judged_suites import RUN_CASE

HELD = "drink.cup.count() == 12"
BROKEN = "drink.cup.share('tea').low > 0.95"
OPEN_TRUE = "drink.cup.share('tea') > 0.45"
OPEN_FALSE = "drink.cup.share('tea') > 0.55"
WITH_EXPECTATIONS = f"""{CROWD}expect:
  - "{HELD}"
  - "{BROKEN}"
  - "{OPEN_TRUE}"
  - "{OPEN_FALSE}"
"""


@pytest.mark.parametrize(
    ("rule", "open_true", "open_false"),
    [((), "skipped", "failure"), (("--inconclusive", "pass"), "skipped", "skipped"),
     (("--inconclusive", "fail"), "failure", "failure")],
)  # fmt: skip
def test_each_expectation_is_a_test_case(
    tmp_path: Path, rule: tuple[str, ...], open_true: str, open_false: str
) -> None:
    with half_tea() as fake:
        project = Project(tmp_path, fake.url, WITH_EXPECTATIONS)
        ended = project.run("--junit", "out/troupe.xml", *rule)
    assert ended.code == 1, ended.err
    root = read_junit((tmp_path / "out" / "troupe.xml").read_bytes())
    assert outcomes(root) == {
        RUN_CASE: "passed", HELD: "passed", BROKEN: "failure", OPEN_TRUE: open_true, OPEN_FALSE: open_false,
    }  # fmt: skip
    [suite] = root
    assert suite.get("file") == "x.yaml"
    assert int(suite.get("failures")) == list(outcomes(root).values()).count("failure")
    [broken] = [case for case in suite.iter("testcase") if case.get("name") == BROKEN]
    assert f"x.yaml:{project.line_of(BROKEN)}" in broken[0].text
    assert re.search(r"share\('tea'\)\.low is 0\.\d+", broken[0].get("message"))
    [vague] = [case for case in suite.iter("testcase") if case.get("name") == OPEN_TRUE]
    assert vague[0].get("type") == "inconclusive"
    assert re.search(r"inside the interval: .* is 0\.5 \[0\.\d+, 0\.\d+\]", vague[0].get("message"))


@pytest.mark.parametrize(("rule", "code"), [((), 1), (("--inconclusive", "pass"), 0), (("--inconclusive", "fail"), 1)])
def test_what_inconclusive_counts_as_decides_the_exit_code(tmp_path: Path, rule: tuple[str, ...], code: int) -> None:
    with half_tea() as fake:
        project = Project(tmp_path, fake.url, f'{CROWD}expect: ["{OPEN_FALSE}"]\n')
        assert project.run(*rule).code == code
        again = project.run(*rule, "--json")
    assert again.code == code


def test_github_is_told_the_line_of_each_expectation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path.parent))
    with half_tea() as fake:
        project = Project(tmp_path, fake.url, WITH_EXPECTATIONS)
        ended = project.run("--github")
    commands = [line for line in ended.err.splitlines() if re.match("::(error|warning)", line)]
    place = f"file={tmp_path.name}/x.yaml,line={{}},col=5,title="
    assert [line.split("::")[1].partition("title=")[0] + "title=" for line in commands] == [
        f"error {place.format(project.line_of(BROKEN))}",
        f"warning {place.format(project.line_of(OPEN_TRUE))}",
        f"error {place.format(project.line_of(OPEN_FALSE))}",
    ]
    told = summary.read_text()
    assert "| tea | 2 | 1 | 2 | 0 | 24 of 24 |" in told
    assert f"line {project.line_of(BROKEN)}" in told
    assert "tea" in told.partition("### tea")[2]


def test_words_of_a_model_are_no_commands_to_github(tmp_path: Path) -> None:
    said = "::error file=x.yaml::pwned"

    def answer(body: Body) -> str:
        return re.sub(r'"words": "', f'"words": "{said} ', answer_for(body))

    with FakeProvider(answer=answer) as fake:
        ended = Project(tmp_path, fake.url).run("--github")
    lines = ended.err.splitlines()
    [stop] = [number for number, line in enumerate(lines) if line.startswith("::stop-commands::")]
    token = lines[stop].removeprefix("::stop-commands::")
    resume = lines.index(f"::{token}::")
    assert re.fullmatch("[0-9a-f]{32}", token)
    assert any(said in line for line in lines[stop:resume])
    assert not [line for line in (*lines[:stop], *lines[resume:]) if "pwned" in line]
    assert "pwned" not in ended.out


def test_an_error_in_a_file_is_annotated_and_in_the_junit_file(tmp_path: Path) -> None:
    project = Project(tmp_path, "http://127.0.0.1:9/v1", "troupe: 1\nname: y\nnope: 1\n")
    ended = project.run("--github", "--junit", "out.xml")
    assert ended.code == 2
    assert re.search(r"^::error file=x\.yaml,line=3,col=1,title=E\d+::.*nope", ended.err, re.MULTILINE)
    root = read_junit((tmp_path / "out.xml").read_bytes())
    assert "error" in outcomes(root).values()


def test_a_run_that_stops_leaves_its_expectations_unjudged(tmp_path: Path) -> None:
    with FakeProvider(answer=lambda _body: "%%%") as fake:
        project = Project(tmp_path, fake.url, WITH_EXPECTATIONS)
        project.write("y.yaml", EXPERIMENT.replace("name: tea", "name: juice"))
        ended = project.troupe("run", "x.yaml", "y.yaml", "--model", MODEL, "--junit", "out.xml")
    assert ended.code == 4
    root = read_junit((tmp_path / "out.xml").read_bytes())
    assert [suite.get("name") for suite in root] == ["tea", "juice"]
    assert "no results" in root[0].find("testcase/error").get("message")
    assert root[0].get("errors") == str(sum(case.find("error") is not None for case in root[0].iter("testcase")))


def test_control_characters_are_no_part_of_the_file(tmp_path: Path) -> None:
    text = "drink.why.share('\\e[31m\\u202Ered') >= 0.5"
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, f'{EXPERIMENT}expect: ["{text}"]\n')
        ended = project.run("--junit", "out.xml", "--github")
    content = (tmp_path / "out.xml").read_bytes()
    read_junit(content)
    assert b"\\x1b[31m" in content
    assert "\x1b[31m" not in ended.err
    assert "\u202e" not in content.decode() + ended.err
