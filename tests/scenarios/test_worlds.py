"""Networks, places and time as a user has them: through the command line and a provider over HTTP."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from projects import Project
from provider import Body, FakeProvider, answer_for, schema_of

ROOT = Path(__file__).parents[2]
NETWORK = """\
troupe: 1
name: line
personas: [lisa, oscar, amara, walter]
world:
  type: network
  relations: [[lisa, oscar, colleagues], [oscar, amara], [amara, walter, neighbours]]
  steps: 4
  acts: when_stimulated
stimuli: [{say: "Have you heard? The old cinema will be torn down.", from: the clerk, to: lisa}]
reduce:
  - name: spread
    of: perceptions
    where: "'cinema' in text"
    once_per: person
    columns: {step: step, who: person.name, heard_from: source}
"""
PLACES = """\
troupe: 1
name: house
personas: [lisa, oscar, {use: amara, place: cafeteria}]
world:
  places: {office: "Twelve desks and a fern.", cafeteria: "Long tables."}
  steps: 3
stimuli: [{say: Good morning.}]
quality: {guards: false}
"""


def who(body: Body) -> str:
    """Return whose turn it is."""
    found = re.search(r"You are (.+?)\. This is who you are", str(body["messages"][0]["content"]))
    return found.group(1) if found else ""


def now(body: Body) -> str:
    return str(body["messages"][-1]["content"])


def whole(body: Body) -> str:
    return "\n".join(str(message["content"]) for message in body["messages"])


def turn(body: Body, **said: str) -> str:
    """Fill in a turn: silence, but for what is said."""
    properties: Any = (schema_of(body) or {}).get("properties", {})
    filled = {"thought": "Hm.", "to": "", "words": "", "act": "none", "argument": "", "feeling": "calm", "goal": ""}
    filled |= {"to": properties.get("to", {}).get("enum", [""])[0]} | said
    return json.dumps({key: value for key, value in filled.items() if key in properties})


def playing(folder: Path, experiment: str, answer: Callable[[Body], str], *words: str) -> tuple[Project, list[Body]]:
    with FakeProvider(answer=answer) as fake:
        project = Project(folder, fake.url, experiment)
        done = project.run(*words)
        assert done.code == 0, done.err
        return project, fake.requests


def passing_on(body: Body) -> str:
    """Tell the news to everyone within reach as soon as one has heard it."""
    return turn(body, words="Did you know the old cinema goes?") if "cinema" in whole(body) else turn(body)


def table(project: Project, name: str) -> list[dict[str, str]]:
    with (project.runs[-1] / f"data/{name}.csv").open() as file:
        return list(csv.DictReader(file))


def test_a_rumour_goes_from_tie_to_tie_and_its_spread_is_a_table(tmp_path: Path) -> None:
    project, requests = playing(tmp_path, NETWORK, passing_on)
    assert [(row["step"], row["who"], row["heard_from"]) for row in table(project, "spread")] == [
        ("1", "Lisa Carter", "the clerk"),
        ("1", "Oscar Brandt", "lisa"),
        ("2", "Amara Mensah", "oscar"),
        ("3", "Walter Kowalczyk", "amara"),
    ]
    assert not any("cinema" in whole(body) for body in requests[:3] if who(body) == "Walter Kowalczyk")


def test_people_know_their_ties_and_the_prompt_offers_only_the_tied(tmp_path: Path) -> None:
    _, requests = playing(tmp_path, NETWORK, passing_on)
    first = {who(body): body for body in reversed(requests)}
    assert "Oscar Brandt (colleagues)" in now(first["Lisa Carter"])
    assert "Amara" not in whole(first["Lisa Carter"])
    properties: Any = (schema_of(first["Lisa Carter"]) or {})["properties"]
    assert properties["to"]["enum"] == ["Oscar Brandt", "the clerk"]


def test_the_plan_shows_the_network_and_warns_of_loners(tmp_path: Path) -> None:
    project = Project(tmp_path, experiment=NETWORK)
    shown = project.troupe("plan", "x.yaml", "--model", "openai/gpt-4o-mini")
    assert "Ties: 3 between 4 people, 1.5 each on average; all of them connected." in shown.out
    whole_trial = project.troupe("plan", "x.yaml", "--model", "openai/gpt-4o-mini", "--trial", "r1")
    assert "oscar: lisa (colleagues), amara" in whole_trial.out
    project.write("y.yaml", NETWORK.replace(", [amara, walter, neighbours]", ""))
    shown = project.troupe("plan", "y.yaml", "--model", "openai/gpt-4o-mini")
    assert "in 2 components of 3, 1 people; 1 person has no ties" in shown.out
    assert "walter has no ties" in shown.err


def test_ties_come_from_a_csv_file_beside_the_experiment(tmp_path: Path) -> None:
    text = NETWORK.replace(
        "  relations: [[lisa, oscar, colleagues], [oscar, amara], [amara, walter, neighbours]]\n",
        "  topology: {type: csv, file: who-knows-whom.csv}\n",
    )
    project = Project(tmp_path, experiment=text)
    project.write("who-knows-whom.csv", "from,to,what\nlisa,Oscar Brandt,cousins\nwalter,amara\noscar,amara\n")
    shown = project.troupe("plan", "x.yaml", "--model", "openai/gpt-4o-mini", "--trial", "r1")
    assert "lisa: oscar (cousins)" in shown.out
    project.write("who-knows-whom.csv", "lisa,oskar\n")
    refused = project.troupe("check", "x.yaml")
    assert refused.code == 2
    assert "x.yaml:6:31  E394  who-knows-whom.csv, line 1: nobody in the cast is called 'oskar'" in refused.err


def test_a_contact_made_lets_two_people_talk_from_the_next_step(tmp_path: Path) -> None:
    text = NETWORK.replace("acts: when_stimulated", "reach_out: friends_of_friends")

    def reaching(body: Body) -> str:
        if who(body) == "Lisa Carter" and "09:00" in now(body):
            return turn(body, act="REACH_OUT", argument="Amara")
        return turn(body, to="Amara Mensah", words="Hello Amara.") if who(body) == "Lisa Carter" else turn(body)

    project, requests = playing(tmp_path, text, reaching)
    by_time = {(who(body), found.group()): body for body in requests if (found := re.search(r"09:\d0", now(body)))}
    assert "REACH_OUT (make contact with somebody you can't speak to yet; argument: their name: Amara Mensah)" in now(
        by_time["Lisa Carter", "09:00"]
    )
    assert "Lisa Carter makes contact with you" in now(by_time["Amara Mensah", "09:10"])
    assert "Lisa Carter says to you: Hello Amara." in now(by_time["Amara Mensah", "09:20"])
    assert "Lisa Carter makes contact with Amara Mensah" in project.troupe("show", str(project.runs[-1])).out


def test_what_is_said_in_one_room_is_never_in_a_prompt_of_somebody_in_the_other(tmp_path: Path) -> None:
    def chatting(body: Body) -> str:
        return turn(body, words=f"{who(body).split()[0].upper()} WAS HERE")

    _, requests = playing(tmp_path, PLACES, chatting)
    for body in requests:
        if who(body) == "Amara Mensah":
            assert "LISA WAS HERE" not in whole(body)
            assert "OSCAR WAS HERE" not in whole(body)
            assert "Long tables." in whole(body)
            assert "Twelve desks" not in whole(body)
        else:
            assert "AMARA WAS HERE" not in whole(body)
    assert any("LISA WAS HERE" in whole(body) for body in requests if who(body) == "Oscar Brandt")


@pytest.mark.parametrize("order", ["simultaneous", "sequential"])
def test_after_moving_people_hear_and_are_heard_in_the_new_place(tmp_path: Path, order: str) -> None:
    def moving(body: Body) -> str:
        name, time = who(body).split()[0], re.findall(r"09:.0", now(body))[-1]
        if (name, time) == ("Lisa", "09:00"):
            return turn(body, act="MOVE", argument="cafeteria")
        return turn(body, words=f"{name.upper()} AT {time}")

    project, requests = playing(tmp_path, PLACES.replace("steps: 3", f"steps: 3\n  order: {order}"), moving)
    last = {who(body): body for body in requests}
    assert "You are now here: cafeteria" in whole(last["Lisa Carter"])
    assert "Long tables. With you: Amara Mensah." in whole(last["Lisa Carter"])
    assert "AMARA AT 09:10" in whole(last["Lisa Carter"])
    assert "LISA AT 09:10" in whole(last["Amara Mensah"])
    assert "LISA AT 09:10" not in whole(last["Oscar Brandt"])
    assert "OSCAR AT 09:10" not in whole(last["Lisa Carter"])
    assert "Lisa Carter moves to: cafeteria" in project.troupe("show", str(project.runs[-1])).out


def test_an_intervention_brings_people_to_a_place_and_lets_them_look_around(tmp_path: Path) -> None:
    text = f"{PLACES}interventions: [{{when: {{step: 2}}, then: [{{move: cafeteria, to: lisa}}]}}]\n"

    def chatting(body: Body) -> str:
        return turn(body, words=f"{who(body).split()[0].upper()} WAS HERE")

    _, requests = playing(tmp_path, text, chatting)
    last = {who(body): body for body in requests}
    assert "You are now here: cafeteria\n(Long tables.)" in whole(last["Lisa Carter"])
    assert "AMARA WAS HERE" in whole(last["Lisa Carter"])
    assert "LISA WAS HERE" in whole(last["Amara Mensah"])


def test_a_run_with_moves_and_contacts_is_the_same_when_played_again(tmp_path: Path) -> None:
    text = PLACES.replace(
        "  steps: 3", "  type: network\n  relations: [[lisa, oscar]]\n  reach_out: anyone\n  steps: 3"
    )
    project, _ = playing(tmp_path, text, answer_for)
    first = project.logs()
    again = project.run("--offline")
    assert again.code == 0, again.err
    assert project.logs() == first
    assert len(project.runs) == 2


@pytest.mark.parametrize(
    ("step", "said"),
    [("10s", "Monday 5 January 2026, 09:00:10"), ("1 week", "(Monday 12 January 2026."), ("2 years", "(January 2028.")],
)
def test_people_know_the_time_as_finely_as_it_passes(tmp_path: Path, step: str, said: str) -> None:
    text = (
        f"troupe: 1\nname: time\npersonas: [lisa]\nworld: {{type: interviews, acts: always, steps: 2, step: {step}}}\n"
    )
    _, requests = playing(tmp_path, text, answer_for)
    assert said in now(requests[1])


def test_the_rumour_of_the_gallery_needs_few_calls(tmp_path: Path) -> None:
    """Fifty people, a seeded network, and a table of who first heard from whom."""
    text = (ROOT / "experiments/rumour.yaml").read_text()
    with FakeProvider(answer=telling_one) as fake:
        project = Project(tmp_path, fake.url, text)
        project.write("personas/resident.yaml", (ROOT / "experiments/personas/resident.yaml").read_text())
        done = project.run()
    assert done.code == 0, done.err
    assert len(fake.requests) <= 90
    spread = table(project, "spread")
    assert spread[0]["heard_from"] == "the town clerk"
    assert len(spread) == len({row["who"] for row in spread}) > 3
    reach = Counter(row["step"] for row in spread)
    assert {row["step"]: int(row["count"]) for row in table(project, "reach")} == reach


def telling_one(body: Body) -> str:
    """Tell the news to one named person, whoever comes next in one's own list."""
    properties: Any = (schema_of(body) or {})["properties"]
    names = [name for name in properties["to"]["enum"] if name not in {"everyone", "the town clerk"}]
    return turn(body, to=names[len(whole(body)) % len(names)], words="They say the cinema will be torn down.")
