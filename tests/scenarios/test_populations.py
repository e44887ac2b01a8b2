"""A survey of a generated population, through the real command line."""

import json
import re
import time
from collections import Counter

import pytest
import yaml
from projects import MODEL
from provider import FakeProvider, reply, schema_of
from towns import SURVEY, TOWN, a_town, is_author, people_of, somebody


def test_people_are_drawn_by_code_written_by_the_model_and_asked(tmp_path):
    with FakeProvider(answer=somebody) as fake:
        project = a_town(tmp_path, fake.url)
        done = project.run()
    assert done.code == 0, done.err
    people = people_of(project)
    assert Counter(person["gender"] for person in people) == {"female": 5, "male": 5}
    assert Counter(person["area"] for person in people) == {"north": 3, "south": 7}
    assert len({person["name"] for person in people}) == 10
    written = [body for body in fake.requests if is_author(body)]
    asked = [body for body in fake.requests if not is_author(body)]
    assert (len(written), len(asked)) == (10, 10)
    for person in people:
        prompt = next(body for body in asked if f"You are {person['name']}." in body["messages"][0]["content"])
        assert f"Age: {person['age']}" in prompt["messages"][0]["content"]
        assert person["beliefs"] in prompt["messages"][0]["content"]
        assert f"{person['name']}, do you buy bread in the {person['area']}?" in prompt["messages"][-1]["content"]
    assert "town-001" not in json.dumps(fake.requests)
    assert {person["name"] for person in people} <= names_in(project)


def names_in(project):
    return set(re.findall(r"\wora \weith", json.dumps(project.results, ensure_ascii=False)))


def test_all_prompts_of_a_population_begin_alike_and_are_short(tmp_path):
    with FakeProvider(answer=somebody) as fake:
        a_town(tmp_path, fake.url).run()
    written = [body["messages"] for body in fake.requests if is_author(body)]
    assert len({messages[0]["content"] for messages in written}) == 1
    assert len({messages[1]["content"] for messages in written}) == 10
    assert len(written[0][0]["content"]) < 900
    assert max(len(messages[1]["content"]) for messages in written) < 250


def test_the_order_of_replies_changes_nothing(tmp_path):
    logs, people = [], []
    for number, latency in enumerate((0.0, 0.05)):
        with FakeProvider(answer=somebody, latency=latency) as fake:
            project = a_town(tmp_path / str(number), fake.url)
            project.run("--concurrency", "10" if number else "1")
        logs.append(project.logs())
        people.append({file.name: file.read_bytes() for file in project.folder.rglob("town/*/*.yaml")})
    assert logs[0] == logs[1]
    assert people[0] == people[1]


def test_a_person_who_is_there_is_used_as_they_are(tmp_path):
    with FakeProvider(answer=somebody) as fake:
        project = a_town(tmp_path, fake.url)
        project.run()
        first = min(tmp_path.glob("personas/town/*/*.yaml"))
        fields = yaml.safe_load(first.read_text()) | {"name": "Ada Own", "age": 101, "hobby": "kites"}
        first.write_text(yaml.safe_dump(fields))
        before = len(fake.requests)
        done = project.run("--no-cache")
    assert done.code == 0, done.err
    assert not any(is_author(body) for body in fake.requests[before:])
    prompts = [body["messages"][0]["content"] for body in fake.requests[before:]]
    own = next(prompt for prompt in prompts if "You are Ada Own." in prompt)
    assert "Age: 101" in own
    assert "Hobby: kites" in own
    assert first.read_text() == yaml.safe_dump(fields)


def test_a_run_stopped_while_people_are_written_goes_on_and_pays_for_nothing_twice(tmp_path):
    with FakeProvider(answer=somebody) as fake:
        whole = a_town(tmp_path / "whole", fake.url)
        whole.run()
        fake.requests.clear()
        stopped = a_town(tmp_path / "stopped", fake.url, SURVEY + "limits: {calls: 4}\n")
        assert stopped.run("--concurrency", "1").code == 5
        some = len(list(stopped.folder.rglob("town/*/*.yaml")))
        stopped.write("x.yaml", SURVEY)
        assert stopped.run().code == 0
    assert 0 < some < 10
    assert len(stopped.runs) == 1
    assert len(fake.requests) == 20
    assert stopped.logs() == whole.logs()
    assert people_of(stopped) == people_of(whole)


def test_a_run_killed_while_people_are_written_goes_on_with_the_same_people(tmp_path):
    with FakeProvider(answer=somebody, latency=0.15) as fake:
        whole = a_town(tmp_path / "whole", fake.url)
        whole.run()
        fake.requests.clear()
        killed = a_town(tmp_path / "killed", fake.url)
        process = killed.start("--concurrency", "1", OPENAI_API_KEY="none")
        while len(fake.requests) < 4 and process.poll() is None:
            time.sleep(0.05)
        process.kill()
        process.communicate()
        begun = len(fake.requests)
        assert killed.run().code == 0
    assert 4 <= begun < 10
    assert len(fake.requests) in (20, 21)  # the one in flight at the kill may be asked again
    assert killed.logs() == whole.logs()
    assert people_of(killed) == people_of(whole)


def test_everyone_meets_every_condition_as_the_same_person(tmp_path):
    text = SURVEY.replace("seed: 3", "seed: 3\nfactors: {price: {levels: [2, 5], idle: true}}\nreplicates: 2")
    text = text.replace("do you buy bread in the", "is {{ price }} too much for bread in the").replace("10}", "4}")
    with FakeProvider(answer=somebody) as fake:
        project = a_town(tmp_path, fake.url, text)
        assert project.run().code == 0
    assert sum(is_author(body) for body in fake.requests) == 4
    assert sum(not is_author(body) for body in fake.requests) == 16
    names = [{person["name"] for person in people_of(project)}] * 4
    assert [
        set(json.loads(log.splitlines()[0])["names"].values()) & names[0] for log in project.logs().values()
    ] == names


def test_two_people_never_have_one_name(tmp_path):
    with FakeProvider(answer=lambda body: somebody(body, name="Maria Silva")) as fake:
        project = a_town(tmp_path, fake.url)
        done = project.run()
    names = [person["name"] for person in people_of(project)]
    assert done.code == 0, done.err
    assert len(set(names)) == 10
    assert sum("somebody else is called Maria Silva" in str(body["messages"][-1]) for body in fake.requests) == 9


def test_a_contradiction_is_written_anew_once_and_then_told(tmp_path):
    def contrary(body):
        is_second = "A first try was no use" in str(body["messages"][-1])
        if is_author(body) and "Gender: male" in body["messages"][-1]["content"] and not is_second:
            return somebody(body, beliefs="She knows that bread was better when she was a girl in the village")
        return somebody(body, beliefs="At 95 years old nothing matters") if is_author(body) else somebody(body)

    with FakeProvider(answer=contrary) as fake:
        project = a_town(tmp_path, fake.url, SURVEY.replace("size: 10", "size: 4"))
        done = project.run()
    again = [str(body["messages"][-1]) for body in fake.requests if "A first try was no use" in str(body)]
    assert len(again) == 4
    assert any("it speaks of a woman, but he is a man" in text for text in again)
    assert "it says 95 years old, but they are" in done.err
    assert "text about a person that does not match the drawn attributes (4)" in project.report
    assert "4 people were drawn by code from populations/town.yaml" in project.report
    assert "still doubtful" in next(project.folder.rglob("town/*/001.yaml")).read_text()


def test_doubles_are_written_anew_and_differ_then(tmp_path):
    same = "collects copper kettles under the bridge near the market garden"

    def double(body):
        return somebody(body) if "A first try" in str(body) else somebody(body, personality=same, beliefs=same)

    with FakeProvider(answer=double) as fake:
        project = a_town(tmp_path, fake.url)
        project.run()
    assert len({person["beliefs"] for person in people_of(project)}) == 10


def test_somebody_the_model_declines_to_write_still_takes_part(tmp_path):
    filtered = reply(None, finish="content_filter")
    with FakeProvider(answer=somebody) as fake:
        fake.faults = [filtered]
        project = a_town(tmp_path, fake.url, SURVEY.replace("size: 10", "size: 1"))
        fake.faults.append(filtered)
        done = project.run()
    assert done.code == 0, done.err
    assert "could not be written" in done.err
    assert len(people_of(project)) == 1
    assert project.manifest()["calls"] >= 3


def test_the_plan_shows_target_and_drawn_margins_and_counts_the_writing(tmp_path):
    with FakeProvider(answer=somebody) as fake:
        project = a_town(tmp_path, fake.url)
        before = project.troupe("plan", "x.yaml", "--model", MODEL).out
        project.run()
        after = project.troupe("plan", "x.yaml", "--model", MODEL).out
    assert re.search(r"area +north +30\.0 % +30\.0 %", before)
    assert "10 people drawn from populations/town.yaml" in before
    assert re.search(r"author +openai/gpt-4o-mini +10-22", before)
    assert "author" not in after


def test_fragments_and_set_values_reach_everyone_drawn(tmp_path):
    text = SURVEY.replace("size: 10}", "size: 3, set: {area: east}, fragments: [proud]}")
    with FakeProvider(answer=somebody) as fake:
        project = a_town(tmp_path, fake.url, text)
        project.write("fragments/proud.yaml", "beliefs: [Our bread is the best there is.]\n")
        done = project.run()
    assert done.code == 0, done.err
    for body in fake.requests:
        prompt = json.dumps(body["messages"])
        assert "Area: east" in prompt
        assert is_author(body) or "Our bread is the best there is." in prompt
    assert {person["area"] for person in people_of(project)} == {"east"}


@pytest.mark.parametrize(
    ("entry", "code", "hint"),
    [
        ("{population: twon, size: 3}", "E220", "did you mean 'town'"),
        ("{population: town}", "E224", "size: 100"),
        ("{population: town, size: 3}\n  - {population: town, size: 4}", "E224", "with one `size`"),
    ],
)
def test_what_cannot_be_drawn_is_told_before_anything_runs(tmp_path, entry, code, hint):
    project = a_town(tmp_path, "", SURVEY.replace("{population: town, size: 10}", entry))
    done = project.troupe("check", "x.yaml")
    assert done.code == 2
    assert code in done.err
    assert hint in done.err


def test_a_mistake_in_the_population_is_told_in_its_own_file(tmp_path):
    project = a_town(tmp_path, "")
    project.write("populations/town.yaml", TOWN.replace("male: 0.5", "male: many"))
    done = project.troupe("check", "x.yaml")
    assert done.code == 2
    assert "populations/town.yaml:6:" in done.err


def test_who_was_asked_by_drawn_attributes(tmp_path):
    text = SURVEY.replace(
        "extract:", "stimuli:\n  - say: The bakery closes.\n    to: {where: \"area == 'north'\"}\nextract:"
    )
    with FakeProvider(answer=somebody) as fake:
        project = a_town(tmp_path, fake.url, text)
        project.run()
    assert schema_of(fake.requests[0]) is not None
    heard = {body["messages"][0]["content"] for body in fake.requests if "The bakery closes." in str(body["messages"])}
    assert len(heard) == 3
    assert all("Area: north" in prompt for prompt in heard)


def test_people_who_remain_nearly_the_same_are_not_said_to_contradict_what_was_drawn(tmp_path):
    same = "collects copper kettles under the bridge near the market garden"
    with FakeProvider(answer=lambda body: somebody(body, personality=f"{same} a", beliefs=f"{same} b")) as fake:
        project = a_town(tmp_path, fake.url, SURVEY.replace("size: 10", "size: 4"))
        assert project.run().code == 0
    found = [one for one in project.results["problems"] if one["kind"] in ("doubtful", "incomplete", "alike")]
    assert [one["kind"] for one in found] == ["alike"] * 3
    assert all(one["text"].startswith("it is nearly the same as ") for one in found)
    assert "text about a person that is nearly another person's (3)" in project.report
    assert "drawn attributes" not in project.report


def test_second_attempts_at_texts_about_people_are_within_the_estimate(tmp_path):
    same = "collects copper kettles under the bridge near the market garden"
    with FakeProvider(answer=lambda body: somebody(body, personality=f"{same} a", beliefs=f"{same} b")) as fake:
        project = a_town(tmp_path, fake.url)
        plan = project.troupe("plan", "x.yaml", "--model", MODEL).out
        project.run()
        written = sum(is_author(body) for body in fake.requests)
    assert written > 10
    [(least, most)] = re.findall(r"author \|? *\S+ +\|? *(\d+)[^\d]+(\d+) ", plan)
    assert int(least) == 10
    assert written <= int(most)
    assert "second attempts at texts about people" in plan
