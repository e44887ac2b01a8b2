"""A run goes on from a step with a change; what came before is the same, and costs nothing."""

import json

import pytest
from bots import ALONE, HEAD, OVER_HTTP, Bot, talking
from projects import Project, fingerprint
from provider import FakeProvider


@pytest.fixture(scope="module")
def fake():
    with FakeProvider() as provider:
        yield provider


@pytest.fixture
def played(tmp_path, fake):
    project = Project(tmp_path, fake.url)
    assert project.run("--no-cache").code == 0
    project.write("config.ini", f"[model]\napi_base = {fake.url}\n[cache]\nenabled = no\n")
    fake.requests.clear()
    return project


def lines(project, run):
    [log] = project.logs(run).values()
    return [json.loads(line) for line in log.splitlines()]


def before(project, run, step):
    [log] = project.logs(run).values()
    return [line for line in log.splitlines() if json.loads(line)["step"] < step]


def test_what_came_before_is_the_same_and_only_what_follows_is_asked(played, fake):
    [parent] = played.runs
    kept = fingerprint(parent)
    assert played.troupe("branch", "results/tea", "--at", "2", "--say", "There is no tea left.").code == 0
    branch = next(run for run in played.runs if run != parent)
    assert before(played, branch, 2) == before(played, parent, 2)
    assert len(before(played, branch, 2)) > 4
    assert len(fake.requests) == 2 * 2 + 2
    assert all("There is no tea left." in str(body["messages"]) for body in fake.requests)
    assert fingerprint(parent) == kept
    manifest = json.loads((branch / "manifest.json").read_text())
    assert (manifest["parent"], manifest["at"]) == (f"tea/{parent.name}", 2)
    report = (branch / "details.md").read_text()
    assert f"A branch of tea/{parent.name}: the same up to step 2" in report
    results = json.loads((branch / "results.json").read_text())
    assert results["totals"]["reused_calls"] == 2
    assert results["totals"]["calls"] == 8


def test_words_to_one_person_reach_that_person_alone_as_the_one_who_said_them(played):
    [parent] = played.runs
    said = ("--say", "Between us: take coffee.", "--to", "Lisa Carter", "--from", "a friend")
    assert played.troupe("branch", str(parent), "--at", "3", *said).code == 0
    branch = next(run for run in played.runs if run != parent)
    [event] = [one for one in lines(played, branch) if one.get("text") == "Between us: take coffee."]
    assert (event["people"], event["source"], event["step"]) == (["lisa"], "a friend", 3)


def test_a_state_of_mind_and_a_field_of_a_persona_are_set(played, fake):
    [parent] = played.runs
    sets = ("--set", "lisa.emotions=furious", "--set", "oscar.age=99")
    assert played.troupe("branch", str(parent), "--at", "2", *sets).code == 0
    branch = next(run for run in played.runs if run != parent)
    assert before(played, branch, 2) == before(played, parent, 2)
    changed = [one for one in lines(played, branch) if one["kind"] == "changed"]
    assert {(*one["people"], *one["values"].items()) for one in changed} == {
        ("lisa", ("emotions", "furious")),
        ("oscar", ("age", 99)),
    }
    assert any("You feel: furious" in str(body["messages"]) for body in fake.requests)
    assert any("99" in str(body["messages"][0]["content"]) for body in fake.requests)


def test_an_interrupted_branch_is_continued_and_needs_its_parent_no_more(played, fake):
    [parent] = played.runs
    plan = json.loads((parent / "plan.json").read_text())
    plan["limits"]["calls"] = 2
    (parent / "plan.json").write_text(json.dumps(plan))
    said = ("--at", "2", "--say", "There is no tea left.")
    assert played.troupe("branch", str(parent), *said).code == 5
    asked = len(fake.requests)
    plan["limits"]["calls"] = None
    (parent / "plan.json").write_text(json.dumps(plan))
    (parent / "calls.sqlite").unlink()
    assert played.troupe("branch", str(parent), *said).code == 0
    assert len(played.runs) == 2
    assert len(fake.requests) == 6
    assert 0 < asked < 6


def test_a_system_is_not_asked_again_what_it_answered_before_the_step(tmp_path):
    with FakeProvider(answer=talking()) as speaking, Bot() as bot:
        project = Project(tmp_path, speaking.url, HEAD + ALONE + OVER_HTTP.format(url=bot.url))
        assert project.run().code == 0
        assert len(bot.received) == 6
        assert project.troupe("branch", "results", "--at", "3", "--say", "Hurry up.", "--to", "lisa").code == 0
    assert len(bot.received) == 6
    assert project.results["systems"][0]["replies"] == 6


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--at", "2"], "a branch needs a change"),
        (["--at", "9", "--say", "x"], "there is no step 9"),
        (["--at", "2", "--set", "emotions=angry"], "PERSON.FIELD=VALUE"),
        (["--at", "2", "--say", "x", "--to", "nobody at all"], "nobody called 'nobody at all'"),
    ],
)
def test_a_wish_that_cannot_be_met_is_told(played, words, told):
    finished = played.troupe("branch", "results", *words)
    assert finished.code in {2, 6}
    assert told in finished.err
    assert len(played.runs) == 1
