"""Adding people until an interval is narrow enough: from the experiment's file to the report."""

from __future__ import annotations

import hashlib
import json
import re
import signal
import time
from pathlib import Path

import pytest
from projects import Project
from provider import Body, FakeProvider, schema_of

EXPERIMENT = """\
troupe: 1
name: until
seed: 4
title: Does the price matter?
factors: {price: [399, 559]}
personas: [{use: oscar, copies: 60, vary: {age: {from: 20, to: 79}}}]
world: {type: interviews}
extract:
  - {name: q, of: each person, how: interview, question: "At {{ price }}?", fields: {buys: yes_no}}
compare:
  - {measure: q.buys, by: price}
until: {measure: q.buys, by: price, half_width: 25points, start: 12, block: 8, max_people: 60}
"""
BETWEEN = EXPERIMENT.replace("personas:", "design: between\npersonas:")


def dear(body: Body) -> str:
    """Most buy at the lower price, few at the higher one."""
    text = json.dumps(body["messages"])
    chance = int(hashlib.sha256(text.encode()).hexdigest(), 16) % 100
    schema = schema_of(body)
    assert schema is not None
    said = "yes" if chance < (80 if "399" in text else 20) else "no"
    return json.dumps(dict.fromkeys(schema["properties"], said))


def narrow(width: int, text: str = EXPERIMENT) -> str:
    return text.replace("25points", f"{width}points")


def finished(project: Project, width: int = 25, text: str = EXPERIMENT) -> dict[str, object]:
    project.write("x.yaml", narrow(width, text))
    ended = project.run("--no-cache")
    assert ended.code == 0, ended.err
    return project.results


def test_a_run_stops_when_the_interval_is_narrow_and_nobody_else_is_played(tmp_path: Path) -> None:
    with FakeProvider(answer=dear) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT)
        ended = project.run("--no-cache")
    assert ended.code == 0, ended.err
    results = project.results
    stopping = results["stopping"]
    looks = stopping["looks"]
    told = " ".join(ended.err.split())
    assert "12 to 60 people are interviewed" in told
    assert "(wanted: ±25 points): more people are added" in told
    assert "(wanted: ±25 points): narrow enough" in told
    assert stopping["stopped"] == "narrow"
    assert stopping["planned"] == [12, 20, 28, 36, 44, 52, 60]
    assert 1 < len(looks) < 7, [look["half_width"] for look in looks]
    assert looks[-1]["half_width"] <= 0.25 < looks[-2]["half_width"]
    people = looks[-1]["people"]
    assert (stopping["people"], stopping["not_needed"]) == (people, 60 - people)
    assert len(results["participants"]) == people
    assert len(results["rows"]) == 2 * people == len(fake.requests)
    assert all(row["outcome"] == "stated" for row in results["rows"])
    [compared] = results["comparisons"]
    [pair] = looks[-1]["pairs"]
    assert (compared["low"], compared["high"]) == (pair["low"], pair["high"])
    assert compared["interval"] == compared["test"] == "confidence sequence"
    assert compared["missing"] == [0, 0]
    assert compared["p"] < 0.05
    report = " ".join(project.report.split())
    assert "## When the run stopped" in report
    assert re.search(r"\| -?[\d.]+ points \| \[", report)
    assert f"It stopped after {people} people, because every interval was narrow enough" in report
    assert f"{60 - people} people of the plan were not needed" in report


def test_a_run_that_never_gets_narrow_stops_at_the_limit(tmp_path: Path) -> None:
    with FakeProvider(answer=dear) as fake:
        project = Project(tmp_path, fake.url)
        results = finished(project, 5)
    stopping = results["stopping"]
    assert (stopping["stopped"], stopping["people"], stopping["not_needed"]) == ("limit", 60, 0)
    assert [look["people"] for look in stopping["looks"]] == stopping["planned"]
    assert "because everyone had taken part" in " ".join(project.report.split())


@pytest.mark.parametrize("width", [25, 5], ids=["stops early", "reaches the limit"])
def test_a_killed_run_goes_on_to_the_same_looks_and_the_same_stop(tmp_path: Path, width: int) -> None:
    with FakeProvider(answer=dear) as fake:
        undisturbed = Project(tmp_path / "undisturbed", fake.url)
        expected = finished(undisturbed, width)
    with FakeProvider(answer=dear, latency=0.1) as fake:
        project = Project(tmp_path / "killed", fake.url, narrow(width))
        for requests in (10, 35):  # in the first block, and in a later one
            run = project.start("--no-cache")
            deadline = time.monotonic() + 60  # noqa: TID251 - a real process is waited for
            while len(fake.requests) < requests:
                assert time.monotonic() < deadline  # noqa: TID251
                time.sleep(0.02)
            run.send_signal(signal.SIGKILL)
            run.wait()
            stopped = project.troupe("report", str(project.runs[-1]))
            assert stopped.code == 0, stopped.err
            assert project.results["stopping"]["stopped"] == ""
            assert project.results["stopping"]["people"] < 60, "people who were not reached are not missing"
        found = finished(project, width)
    assert len(project.runs) == 1
    assert found["stopping"] == expected["stopping"]
    assert found["comparisons"] == expected["comparisons"]
    assert project.logs() == undisturbed.logs()


def test_groups_of_a_between_design_grow_evenly(tmp_path: Path) -> None:
    with FakeProvider(answer=dear) as fake:
        project = Project(tmp_path, fake.url)
        results = finished(project, 60, BETWEEN)
    for look in results["stopping"]["looks"]:
        [pair] = look["pairs"]
        assert abs(pair["n"][0] - pair["n"][1]) <= 1
        assert sum(pair["n"]) == look["people"]
    [compared] = results["comparisons"]
    assert compared["design"] == "between"
    assert compared["interval"] == "confidence sequence"


def test_fixed_wordings_grow_evenly_and_power_counts_everyone(tmp_path: Path) -> None:
    worded = EXPERIMENT.replace(
        'question: "At {{ price }}?"', 'question: {wordings: ["At {{ price }}?", "For {{ price }}?"]}'
    )
    with FakeProvider(answer=dear) as fake:
        project = Project(tmp_path, fake.url)
        results = finished(project, 60, worded.replace("extract:", "wordings: {as: fixed}\nextract:"))
    first, second = (len(people) for people in results["wordings"]["people"])
    assert (results["stopping"]["people"], first, second) == (12, 6, 6)
    planned = project.troupe(
        "power", "x.yaml", "--model", "openai/gpt-4o-mini", "--effect", "20points", "--people", "30"
    )
    assert "60-66" in planned.out, planned.err


def test_alpha_spending_looks_a_fixed_number_of_times(tmp_path: Path) -> None:
    spending = EXPERIMENT.replace("block: 8", "method: alpha_spending, looks: 4")
    with FakeProvider(answer=dear) as fake:
        project = Project(tmp_path, fake.url)
        results = finished(project, 30, spending)
    stopping = results["stopping"]
    assert stopping["planned"] == [12, 28, 44, 60]
    assert stopping["stopped"] == "narrow"
    [compared] = results["comparisons"]
    assert compared["interval"] == "repeated intervals, alpha spending"
    assert compared["p"] < 0.05


def test_other_questions_about_the_measure_are_described_and_other_measures_are_tested(tmp_path: Path) -> None:
    text = EXPERIMENT.replace("{buys: yes_no}", "{buys: yes_no, likes: yes_no}").replace(
        "  - {measure: q.buys, by: price}\n",
        "  - {measure: q.buys, by: price, estimand: ratio}\n  - {measure: q.likes, by: price}\n",
    )
    with FakeProvider(answer=dear) as fake:
        project = Project(tmp_path, fake.url)
        ratio, likes = finished(project, 25, text)["comparisons"]
    assert ratio["p"] is None
    assert "people were added until" in ratio["why_not"]
    assert likes["test"] == "sign flips"


def test_the_plan_shows_the_rule_and_a_range_of_costs(tmp_path: Path) -> None:
    project = Project(tmp_path, experiment=EXPERIMENT)
    shown = project.troupe("plan", "x.yaml", "--model", "openai/gpt-4o-mini")
    assert shown.code == 0, shown.err
    text = " ".join(shown.out.split())
    assert "The intervals are checked after 12, 20, 28, 36, 44, 52 and 60 people" in text
    assert "q 60 people" in text
    assert "people openai/gpt-4o-mini 24-132 " in text, "from the first look to the limit, with repairs"


LAST = "until: {measure: q.buys, by: price, half_width: 25points, start: 12, block: 8, max_people: 60}"


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        (("world: {type: interviews}", "world: {type: room}"), "E531", "people who meet each other: units are groups"),
        (("until:", "wordings: 3\nuntil:"), "E531", "random wordings"),
        (("until:", "inference: {about: cast}\nreplicates: 6\nuntil:"), "E531", "`about: cast`"),
        (("until:", "exclude: [repeats]\nuntil:"), "E531", "`exclude`"),
        (("until:", "multiverse: {estimand: [mean, ratio]}\nuntil:"), "E531", "`multiverse`"),
        (("until:", "weights: {to: {age: {20-49: 0.5, 50+: 0.5}}}\nuntil:"), "E531", "`weights`"),
        (("of: each person, how: interview", "of: world"), "E531", "'q' is not about each person"),
        (("q.buys, by: price, half", "q.buy, by: price, half"), "E523", "no measure 'q.buy'"),
        (("by: price, half", "by: prise, half"), "E523", "no factor 'prise'"),
        (("start: 12", "start: 61"), "E532", "the cast has 60"),
        (("max_people: 60", "max_people: 10"), "E532", "max_people, 10, is below start, 12"),
        (("max_people: 60", "looks: 5"), "E532", "can be looked at any number of times"),
        (("max_people: 60", "method: alpha_spending"), "E532", "no `block`"),
        (("25points", "25"), "E532", "`half_width` must be below 1 for a share; it is 25"),
        (("{buys: yes_no}", "{buys: number}"), "E532", "percentage points are for shares"),
        (("25points", "0points"), "E532", "`half_width` must be above 0"),
    ],
)
def test_what_until_cannot_do_is_refused_at_its_line(
    tmp_path: Path, change: tuple[str, str], code: str, message: str
) -> None:
    project = Project(tmp_path, experiment=EXPERIMENT.replace(*change))
    ended = project.troupe("check", "x.yaml")
    assert ended.code != 0
    assert message in " ".join(ended.err.split()), ended.err
    assert re.search(rf"^x.yaml:{project.line_of('until:')}:\d+ +{code}", ended.err, re.MULTILINE), ended.err


def test_fewer_people_than_the_limit_is_a_warning(tmp_path: Path) -> None:
    project = Project(tmp_path, experiment=EXPERIMENT.replace("max_people: 60", "max_people: 80"))
    ended = project.troupe("check", "x.yaml")
    assert ended.code == 0
    assert "the cast has 60 people: the run stops there, not at 80" in " ".join((ended.out + ended.err).split())


@pytest.mark.parametrize(
    "change",
    [("25points", "20points"), ("start: 12", "start: 14"), ("block: 8", "method: alpha_spending")],
    ids=["half-width", "start", "method"],
)
def test_a_changed_rule_is_one_deviation_from_the_lock(tmp_path: Path, change: tuple[str, str]) -> None:
    project = Project(tmp_path, experiment=EXPERIMENT)
    model = ("--model", "openai/gpt-4o-mini")
    locked = json.loads(project.troupe("lock", "x.yaml", *model, "--json").out)
    contents = json.loads(next(tmp_path.glob("*.lock.json")).read_text())["contents"]
    assert locked
    assert contents["run"]["until"]["looks"] == [12, 20, 28, 36, 44, 52, 60]
    assert contents["comparisons"]["q.buys by price"]["test"] == "as `until` says"
    project.write("x.yaml", EXPERIMENT.replace(*change))
    refused = project.troupe("run", "x.yaml", *model, "--locked")
    assert refused.code != 0
    assert refused.err.count("E570 ") == 1, refused.err
    assert "run.until: " in refused.err
