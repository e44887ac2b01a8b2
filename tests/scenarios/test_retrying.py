"""`--retry`: what could not be used is asked again, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from projects import EXPERIMENT, Project
from provider import BROKEN, TOO_LONG, FakeProvider, Fault, answer_for, reply, schema_of

ONE = EXPERIMENT.replace("[lisa, oscar]", "[lisa]").replace("steps: 3", "steps: 1")


def is_interview(body: Any) -> bool:
    return "item_1" in (schema_of(body) or {}).get("properties", {})


class Moody:
    """Answers interviews with `words` the first `times`, and else as the fake does."""

    def __init__(self, words: str, times: int) -> None:
        self.words, self.times = words, times

    def __call__(self, body: Any) -> str:
        if is_interview(body) and self.times:
            self.times -= 1
            return self.words
        return answer_for(body)


def test_an_unusable_reply_from_the_cache_is_named_and_asked_again_on_demand(tmp_path: Path) -> None:
    with FakeProvider(answer=Moody("%%%", 2)) as fake:
        project = Project(tmp_path, fake.url, ONE)
        first, asked = project.run(), len(fake.requests)
        second = project.run()
        assert len(fake.requests) == asked
        third = project.run("--retry", "bad")
        assert len(fake.requests) == asked + 1
    assert (first.code, second.code, third.code) == (4, 4, 0), third.err
    assert "1 reply that can't be used came from an earlier run" in second.err
    assert "--retry bad" in second.err
    assert "1 reply that could not be used was asked for again" in third.err
    assert project.results["provenance"]["asked_again"] == 1
    assert "1 reply that could not be used was asked for again" in project.report
    assert project.results["problems"] == []


def test_what_was_asked_again_counts_in_every_later_run(tmp_path: Path) -> None:
    with FakeProvider(answer=Moody("%%%", 2)) as fake:
        project = Project(tmp_path, fake.url, ONE)
        project.run()
        project.run("--retry", "bad")
        logs, asked = project.logs(), len(fake.requests)
        again = project.run()
        offline = project.run("--offline")
        assert len(fake.requests) == asked
    assert again.code == offline.code == 0
    assert project.logs() == logs
    assert "came from an earlier run" not in again.err


def test_a_reply_that_is_bad_again_can_be_asked_once_more(tmp_path: Path) -> None:
    with FakeProvider(answer=Moody("%%%", 4)) as fake:
        project = Project(tmp_path, fake.url, ONE)
        codes = [project.run().code, project.run("--retry", "bad").code, project.run("--retry=bad").code]
    assert codes == [4, 4, 0]


def test_without_a_cache_the_finished_run_is_what_is_taken(tmp_path: Path) -> None:
    with FakeProvider(answer=Moody("%%%", 2)) as fake:
        project = Project(tmp_path, fake.url, ONE)
        project.run("--no-cache")
        asked = len(fake.requests)
        ended = project.run("--no-cache", "--retry", "bad")
        assert len(fake.requests) == asked + 1
    assert ended.code == 0, ended.err


def test_requests_longer_than_the_window_are_sent_again_on_demand(tmp_path: Path) -> None:
    with FakeProvider(faults=[TOO_LONG] * 20) as fake:
        project = Project(tmp_path, fake.url, ONE)
        first = project.run()
        fake.faults.clear()
        again = project.run("--retry", "failed")
        asked = len(fake.requests)
        later = project.run()
        assert len(fake.requests) == asked
    assert first.code == 4
    assert "--retry failed" in first.err
    assert (again.code, later.code, project.results["problems"]) == (0, 0, []), again.err


def test_a_bad_field_is_asked_again_alone(tmp_path: Path) -> None:
    colours = ["purple"] * 9

    def purple(body: Any) -> str:
        said = json.loads(answer_for(body))
        return json.dumps({**said, "item_1": colours.pop()} if is_interview(body) and colours else said)

    with FakeProvider(answer=purple) as fake:
        project = Project(tmp_path, fake.url, ONE)
        project.run()
        assert project.results["trials"][0]["failed_fields"] == 1
        asked = len(fake.requests)
        colours.clear()
        ended = project.run("--retry", "bad")
        assert len(fake.requests) == asked + 1
    assert ended.code == 0, ended.err
    assert project.results["trials"][0]["failed_fields"] == 0


def test_refusals_are_asked_again_only_as_refusals(tmp_path: Path) -> None:
    with FakeProvider(answer=Moody("I'm sorry, but I can't help with that.", 1)) as fake:
        project = Project(tmp_path, fake.url, ONE)
        first = project.run()
        asked = len(fake.requests)
        bad = project.run("--retry", "bad")
        assert len(fake.requests) == asked
        refused = project.run("--retry", "failed,refused")
        assert len(fake.requests) == asked + 1
    assert (first.code, bad.code, refused.code) == (4, 4, 0), refused.err
    assert "--retry refused" in first.err


def test_an_interrupted_run_goes_on_with_what_is_asked_again(tmp_path: Path) -> None:
    experiment = ONE + "replicates: 2\n"
    with FakeProvider(answer=Moody("%%%", 4)) as fake:
        project = Project(tmp_path, fake.url, experiment)
        project.run("--concurrency", "1")
        manifest = project.runs[0] / "manifest.json"
        manifest.write_text(manifest.read_text().replace('"status": "finished"', '"status": "interrupted"'))
        asked = len(fake.requests)
        ended = project.run("--concurrency", "1", "--retry", "bad")
        assert len(fake.requests) == asked + 2, "an answer in each of two trials"
    assert ended.code == 0, ended.err
    assert len(project.runs) == 1
    assert project.manifest()["sittings"] == 2


def test_an_unknown_kind_is_a_mistake_in_the_command(tmp_path: Path) -> None:
    ended = Project(tmp_path, "http://127.0.0.1:9", ONE).run("--retry", "refusd")
    assert ended.code == 2
    assert "did you mean 'refused'" in ended.err


class BrokenFor:
    """A provider that fails for ever for whoever is named in the messages."""

    def __init__(self, fake: FakeProvider, name: str) -> None:
        self.fake, self.name = fake, name

    def __call__(self) -> Fault | None:
        return BROKEN if f"You are {self.name}" in str(self.fake.requests[-1]["messages"]) else None


def test_who_the_provider_fails_for_is_missing_and_the_others_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeProvider() as fake:
        monkeypatch.setattr(fake, "_fault", BrokenFor(fake, "Oscar"))
        project = Project(tmp_path, fake.url, EXPERIMENT)
        project.write("config.ini", (tmp_path / "config.ini").read_text() + "[run]\nattempts = 1\n")
        first = project.run()
        answered = len(fake.answered)
        monkeypatch.setattr(fake, "_fault", lambda: None)
        second = project.run("--retry", "failed")
    assert first.code == 4
    for words in ("Oscar", "is missing", "step 1", "drink", "Finished work is kept", "--retry failed"):
        assert words in first.err
    assert answered == 3 + 1, "Lisa's turns and her answer"
    assert second.code == 0, second.err
    assert {problem["kind"] for problem in project.results["problems"]} == set()


def test_a_provider_that_fails_for_everybody_stops_the_run_early(tmp_path: Path) -> None:
    experiment = EXPERIMENT.replace("steps: 3", "steps: 40")
    with FakeProvider(faults=[BROKEN], often=1.0) as fake:
        project = Project(tmp_path, fake.url, experiment)
        project.write("config.ini", (tmp_path / "config.ini").read_text() + "[run]\nattempts = 1\n")
        ended = project.run()
        assert len(fake.requests) <= 6
    assert ended.code == 4
    assert "none succeeded in the meantime" in ended.err
    assert "resumes" in ended.err
    assert project.manifest()["status"] == "stopped"


def test_a_cut_off_answer_is_a_bad_one(tmp_path: Path) -> None:
    cut = [reply(None), *[reply('{"item_1": "te', finish="length")] * 3]
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, ONE + "replicates: 1\n")
        fake.faults = cut
        first = project.run("--concurrency", "1")
        asked, fake.faults = len(fake.requests), []
        second = project.run("--concurrency", "1", "--retry", "bad")
        assert len(fake.requests) > asked
    assert first.code == 4
    assert "--retry bad" in first.err
    assert second.code == 0, second.err
