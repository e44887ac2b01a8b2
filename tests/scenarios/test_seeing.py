"""Pictures: who sees them, how long, what stands in the plan, the report and the run's folder."""

from __future__ import annotations

import base64
import json
import re
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from projects import Project
from provider import FakeProvider, answer_for, schema_of

WORDS = "A poster with a red car."
BLIND = "openai/gpt-3.5-turbo"
SHOWN = """\
troupe: 1
name: poster
seed: 3
personas: [lisa, oscar]
world: {type: room, place: A tram stop, steps: 3}
stimuli:
  - show: {image: ads/car.png, text: "A poster with a red car."}
"""

STEPPING_IN = SHOWN.replace("stimuli:", "interventions:\n  - when: {step: 2}\n    then:").replace(
    "  - show", "      - show"
)


def a_png(shade: int = 200) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes([0, shade, 0, 0]))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def a_project(folder: Path, url: str = "", text: str = SHOWN, picture: bytes | None = None) -> Project:
    project = Project(folder, url, text)
    (folder / "ads").mkdir(exist_ok=True)
    (folder / "ads/car.png").write_bytes(picture or a_png())
    return project


def pictures(body: Any) -> list[str]:
    """Return the pictures of a request, in order, as what they are."""
    parts = [
        part for message in body["messages"] if isinstance(message["content"], list) for part in message["content"]
    ]
    return [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]


def turns(fake: FakeProvider) -> list[Any]:
    return [body for body in fake.requests if "thought" in (schema_of(body) or {}).get("properties", {})]


def test_a_model_that_sees_is_given_the_picture_and_keeps_it_as_the_talk_goes_on(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        ended = a_project(tmp_path, fake.url).run()
    assert ended.code == 0, ended.err
    uri = f"data:image/png;base64,{base64.b64encode(a_png()).decode()}"
    assert [pictures(body) for body in turns(fake)] == [[uri]] * 6
    assert all(WORDS in str(body["messages"]) for body in turns(fake))
    for person in ("Lisa", "Oscar"):
        mine = [body["messages"] for body in turns(fake) if f"You are {person}" in str(body["messages"][0])]
        firsts = [messages[1]["content"] for messages in sorted(mine, key=len)[1:]]
        assert firsts[0] == firsts[1]
        assert isinstance(firsts[0], list)


def test_a_model_that_cannot_see_is_told_and_the_plan_and_the_report_say_so(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = a_project(tmp_path, fake.url)
        ended = project.troupe("run", "x.yaml", "--model", BLIND)
        planned = project.troupe("plan", "x.yaml", "--model", BLIND)
    assert ended.code == 0, ended.err
    assert not any(pictures(body) for body in fake.requests)
    assert all(WORDS in str(body["messages"]) for body in turns(fake))
    assert "seen as text" in planned.out
    assert "seen as text" in project.report


def test_the_report_and_the_runs_folder_have_the_picture(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = a_project(tmp_path, fake.url)
        project.run()
    [kept] = (project.runs[-1] / "images").iterdir()
    assert kept.read_bytes() == a_png()
    assert kept.name in project.report.replace("\\", "")
    assert "seen as pictures" in project.report
    log = [event for events in project.events().values() for event in events]
    [shown] = [event for event in log if event["kind"] == "perceived" and event["source"] == "the moderator"]
    assert shown["images"] == [kept.name]


def test_the_settings_can_say_that_a_model_sees_or_does_not(tmp_path: Path) -> None:
    for sees, wanted in (("true", 1), ("false", 0)):
        use = f"model: {{people: {{use: openai/my-own, sees: {sees}}}}}\n"
        with FakeProvider() as fake:
            ended = a_project(tmp_path / sees, fake.url, SHOWN + use).troupe("run", "x.yaml")
        assert ended.code == 0, ended.err
        assert {len(pictures(body)) for body in turns(fake)} == {wanted}


def test_another_picture_under_the_same_name_is_asked_anew(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = a_project(tmp_path, fake.url)
        project.run()
        project.run()
        asked = len(fake.requests)
        a_project(tmp_path, fake.url, picture=a_png(90)).run()
        assert asked == 6
        assert len(fake.requests) == 12


def test_only_the_last_three_are_seen_and_the_others_are_told(tmp_path: Path) -> None:
    lines = "".join(f"  - show: {{image: ads/{n}.png, text: 'Poster number {n}.'}}\n" for n in range(4))
    text = SHOWN.split("  - show", maxsplit=1)[0].replace("steps: 3", "steps: 1") + lines
    project = a_project(tmp_path, text=text)
    for number in range(4):
        (tmp_path / f"ads/{number}.png").write_bytes(a_png(number))
    with FakeProvider() as fake:
        project.write("config.ini", f"[model]\napi_base = {fake.url}\n[cache]\nenabled = no\n")
        project.run()
    last = [f"data:image/png;base64,{base64.b64encode(a_png(n)).decode()}" for n in (1, 2, 3)]
    assert [pictures(body) for body in turns(fake)] == [last, last]
    assert all(f"Poster number {n}." in str(body["messages"]) for body in turns(fake) for n in range(4))


def test_an_intervention_shows_a_picture_when_it_steps_in(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = a_project(tmp_path, fake.url, STEPPING_IN)
        ended = project.run()
        planned = project.troupe("plan", "x.yaml").out
    assert ended.code == 0, ended.err
    [kept] = (project.runs[-1] / "images").iterdir()
    assert f"show {kept.name}" in planned
    assert f"(images/{kept.name}, seen as pictures)" in project.report.replace("\\", "")
    assert sorted(len(pictures(body)) for body in turns(fake)) == [0, 0, 1, 1, 1, 1]
    assert sum("SHOW (hold up a picture" in str(body["messages"]) for body in turns(fake)) == 4


def test_a_picture_that_an_intervention_cannot_show_is_found_before_anything_runs(tmp_path: Path) -> None:
    effect = "interventions:\n  - when: {step: 2}\n    then: [{show: {image: ads/cat.png, text: A cat}}]\n"
    ended = a_project(tmp_path, text=SHOWN + effect).troupe("check", "x.yaml")
    assert "E317" in ended.err
    assert "did you mean 'ads/car.png'?" in ended.err


def test_a_person_holds_up_a_picture_and_the_others_see_it(tmp_path: Path) -> None:
    text = SHOWN.replace("steps: 3", "steps: 2") + "    to: lisa\n"

    def showing(body: Any) -> str:
        acts = (schema_of(body) or {}).get("properties", {}).get("act", {}).get("enum", [])
        said = json.loads(answer_for(body))
        return json.dumps({**said, "act": "SHOW", "argument": "no matter"} if "SHOW" in acts else said)

    with FakeProvider(answer=showing) as fake:
        project = a_project(tmp_path, fake.url, text)
        ended = project.run()
    assert ended.code == 0, ended.err
    oscars = [body for body in turns(fake) if "You are Oscar" in str(body["messages"][0])]
    assert [len(pictures(body)) for body in sorted(oscars, key=lambda body: len(body["messages"]))] == [0, 1]
    assert "Lisa Carter holds up a picture: A poster with a red car." in str(oscars[-1]["messages"])
    first = [body for body in turns(fake) if len(body["messages"]) == 2]
    assert {"SHOW (hold up a picture" in str(body["messages"]) for body in first} == {True, False}


@pytest.mark.parametrize(
    ("show", "model", "code", "said"),
    [
        ("{image: ads/cat.png, text: A cat}", "openai/gpt-4o-mini", "E317", "did you mean 'ads/car.png'?"),
        ("{image: x.yaml, text: A cat}", "openai/gpt-4o-mini", "E317", "save it as PNG, JPEG, WebP or GIF"),
        ("{image: ads/big.png, text: A cat}", "openai/gpt-4o-mini", "E317", "the maximum is 4 MB"),
        ("{image: ads/car.png}", BLIND, "E318", "describe the image in `text`"),
    ],
    ids=["not there", "no picture", "too large", "nobody sees it"],
)
def test_what_cannot_be_shown_is_found_before_anything_runs(
    tmp_path: Path, show: str, model: str, code: str, said: str
) -> None:
    project = a_project(tmp_path, text=SHOWN.replace('{image: ads/car.png, text: "A poster with a red car."}', show))
    (tmp_path / "ads/big.png").write_bytes(a_png() + bytes(4_000_000))
    ended = project.troupe("plan", "x.yaml", "--model", model)
    assert ended.code == 2
    assert code in ended.err
    assert said in ended.err


def test_a_picture_without_words_is_seen_by_a_model_that_sees(tmp_path: Path) -> None:
    text = SHOWN.replace(', text: "A poster with a red car."', "")
    with FakeProvider() as fake:
        ended = a_project(tmp_path, fake.url, text).run()
    assert ended.code == 0, ended.err
    assert {len(pictures(body)) for body in turns(fake)} == {1}


@pytest.mark.parametrize(("text", "least"), [(SHOWN, 4_000), (STEPPING_IN, 2_000)], ids=["stimulus", "intervention"])
def test_the_estimate_counts_pictures(tmp_path: Path, text: str, least: int) -> None:
    read: list[int] = []
    for sees in ("true", "false"):
        use = f"model: {{people: {{use: openai/my-own, sees: {sees}}}}}\n"
        out = a_project(tmp_path / sees, text=text + use).troupe("plan", "x.yaml").out
        [most] = re.findall(r"people +openai/my-own +[\d-]+ +[\d,]+-([\d,]+)", out)
        read.append(int(most.replace(",", "")))
    assert read[0] - read[1] > least
