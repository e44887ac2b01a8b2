"""Tools in people's hands: a word processor, a calendar, users' functions; each used by its owner alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from projects import Project
from provider import FakeProvider
from scripts import asked, by, now, script

from tinytroupe_cli.simulation.tools import functions

LISA, OSCAR = "Lisa Carter", "Oscar Brandt"
DAYS = "world: {type: room, place: An office, start: 2026-01-05T09:00, step: 4h, steps: 4}\n"


def experiment(rest: str, world: str = DAYS) -> str:
    return f"troupe: 1\nname: office\n{world}stimuli:\n  - say: Good morning.\n{rest}"


def events(project: Project) -> list[dict[str, Any]]:
    [log] = project.logs().values()
    return [json.loads(line) for line in log.splitlines()]


def of(project: Project, kind: str) -> list[dict[str, Any]]:
    return [event for event in events(project) if event["kind"] == kind]


EVENT = {"title": "Budget", "date": "2026-01-05", "time": "16:30", "minutes": 30, "people": ["Oscar"]}


def test_an_event_reaches_the_invited_and_reminds_both_when_its_time_has_come(tmp_path: Path) -> None:
    text = experiment("personas: [lisa, oscar]\ntools: [calendar]\n")
    answer = script(by(LISA, 1, act="CREATE_EVENT", argument="budget", form=EVENT))
    with FakeProvider(answer=answer) as fake:
        project = Project(tmp_path, fake.url, text)
        ended = project.run()
    assert ended.code == 0, ended.err
    lisa, oscar = asked(fake, LISA), asked(fake, OSCAR)
    line = "Monday 5 January 2026, 16:30 to 17:00: Budget"
    assert f"In your calendar: {line} (with Oscar Brandt)." in now(lisa[1])
    assert f"(calendar: Lisa Carter has put into your calendar: {line} (with Lisa Carter))" in now(oscar[1])
    reminders = [(event["step"], event["people"]) for event in of(project, "perceived") if event["sense"] == "reminder"]
    assert reminders == [(3, ["lisa"]), (3, ["oscar"])]  # steps at 9, 13, 17 and 21 o'clock
    assert f"Your calendar reminds you: {line} (with Oscar Brandt). It is over." in now(lisa[2])
    assert all("reminds you" not in now(turn) for turn in (*lisa[:2], *oscar[:2], lisa[3], oscar[3]))
    assert [(event["tool"], event["action"], event["is_ok"]) for event in of(project, "used")] == [
        ("calendar", "CREATE_EVENT", True)
    ]


def test_a_reminder_can_come_before(tmp_path: Path) -> None:
    text = experiment("personas: [lisa, oscar]\ntools: [{calendar: {remind: 240}}]\n")
    with FakeProvider(answer=script(by(LISA, 1, act="CREATE_EVENT", form=EVENT))) as fake:
        project = Project(tmp_path, fake.url, text)
        assert project.run().code == 0
    reminders = [event for event in of(project, "perceived") if event["sense"] == "reminder"]
    assert [(event["step"], event["people"]) for event in reminders] == [(2, ["lisa"]), (2, ["oscar"])]
    assert reminders[0]["text"].endswith("It is to come.")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"date": "2026-01-04"},
            "Sunday 4 January 2026, 16:30 is past: it is Monday 5 January 2026, 09:00 now. Tomorrow is 2026-01-06.",
        ),
        ({"date": "02/03/2026"}, "'02/03/2026' can mean two days. Today is Monday 5 January 2026;"),
        ({"date": "2026-02-30"}, "there is no day '2026-02-30'."),
        ({"date": "Monday"}, "today is Monday: do you mean today or in a week?"),
        ({"time": "25:00"}, "'25:00' is not a time of day."),
        ({"time": "11-1 pm"}, "'11-1 pm' is not a time of day."),
    ],
)
def test_what_is_past_or_unclear_is_told_in_the_same_turn(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    text = experiment("personas: [lisa, oscar]\ntools: [calendar]\n")
    with FakeProvider(answer=script(by(LISA, 1, act="CREATE_EVENT", form={**EVENT, **changes}))) as fake:
        project = Project(tmp_path, fake.url, text)
        assert project.run().code == 0
    again = asked(fake, LISA)[1]
    assert f"Nothing was put into your calendar: {told}" in now(again)
    assert "09:00" in now(again)
    assert [event["is_ok"] for event in of(project, "used")] == [False]
    assert not of(project, "scheduled")


@pytest.mark.parametrize(
    "changes",
    [
        {"time": "16:30-17:00"},
        {"time": "16:30 to 17:00"},
        {"date": "2026-01-05 16:30"},
        {"date": "Monday, 5 January 2026, 16:30", "time": "4:30 pm to 5 pm"},
        {"date": "Monday 5 January 2026, 16:30 to 17:00"},
    ],
)
def test_a_day_with_its_time_and_a_time_with_its_end_are_understood(tmp_path: Path, changes: dict[str, Any]) -> None:
    text = experiment("personas: [lisa, oscar]\ntools: [calendar]\n")
    with FakeProvider(answer=script(by(LISA, 1, act="CREATE_EVENT", form={**EVENT, **changes}))) as fake:
        project = Project(tmp_path, fake.url, text)
        assert project.run().code == 0
    assert {event["start"] for event in of(project, "scheduled")} == {"2026-01-05T16:30"}


@pytest.mark.parametrize("people", [["Oscar", "Zelda"], ["all of us", "Zelda"]])
def test_who_cannot_be_invited_is_told_and_the_others_are(tmp_path: Path, people: list[str]) -> None:
    text = experiment("personas: [lisa, oscar]\ntools: [calendar]\n")
    with FakeProvider(answer=script(by(LISA, 1, act="CREATE_EVENT", form={**EVENT, "people": people}))) as fake:
        project = Project(tmp_path, fake.url, text)
        assert project.run().code == 0
    [made, invited] = of(project, "scheduled")
    assert (made["attendees"], invited["people"]) == (["lisa", "oscar"], ["oscar"])
    told = "Nobody you know is called 'Zelda', so they are not invited. Here are: Oscar Brandt."
    assert of(project, "used")[0]["result"].endswith(told)


def test_what_is_no_date_lists_all_and_asking_the_same_again_ends_the_turn(tmp_path: Path) -> None:
    text = experiment("personas: [lisa, oscar]\ntools: [calendar]\n")
    lines = [by(LISA, turn, act="LIST_EVENTS", argument="what is planned") for turn in (2, 3, 4)]
    lines.append(by(LISA, 1, act="CREATE_EVENT", form=EVENT))
    with FakeProvider(answer=script(*lines)) as fake:
        project = Project(tmp_path, fake.url, text)
        assert project.run().code == 0
    listed = [event for event in of(project, "used") if event["action"] == "LIST_EVENTS"]
    assert "'what is planned' is not a date." in listed[0]["result"]
    assert "All that is to come: - Monday 5 January 2026, 16:30 to 17:00: Budget" in listed[0]["result"]
    assert [event["step"] for event in listed] == [2, 2, 3]  # the third time is the next step's first


def test_a_calendar_is_listed_and_searched(tmp_path: Path) -> None:
    text = experiment("personas: [lisa, oscar]\ntools: [calendar]\n")
    lines = [
        by(LISA, 1, act="CREATE_EVENT", form=EVENT),
        by(LISA, 2, act="LIST_EVENTS", argument="today"),
        by(LISA, 3, act="LIST_EVENTS", argument="tomorrow"),
        by(LISA, 4, act="FIND_EVENTS", argument="the budget"),
        by(OSCAR, 2, act="FIND_EVENTS", argument="everything"),
    ]
    with FakeProvider(answer=script(*lines)) as fake:
        assert Project(tmp_path, fake.url, text).run().code == 0
    line = "- Monday 5 January 2026, 16:30 to 17:00: Budget (with Oscar Brandt)"
    lisa = asked(fake, LISA)
    assert f"(calendar: {line})" in now(lisa[2])
    assert "There is nothing in your calendar on Tuesday 6 January 2026." in now(lisa[3])
    assert f"(calendar: {line})" in now(lisa[4])
    assert "Budget (with Lisa Carter)" in now(asked(fake, OSCAR)[2])


DOCUMENT = {"title": "Plan: a/b?", "content": "# Aim\n\nA {{ van }} & *more*.\n\n- one\n- two"}


def test_documents_are_files_in_three_formats_and_in_the_report(tmp_path: Path) -> None:
    from docx import Document

    text = experiment("personas: [lisa, oscar]\ntools: [write_document]\n")
    lines = [by(who, turn, act="WRITE_DOCUMENT", form=DOCUMENT) for who, turn in ((LISA, 1), (LISA, 2), (OSCAR, 1))]
    with FakeProvider(answer=script(*lines)) as fake:
        project = Project(tmp_path, fake.url, text)
        ended = project.run()
    assert ended.code == 0, ended.err
    written = project.runs[-1] / "artifacts"
    names = sorted(path.relative_to(written).as_posix() for path in written.rglob("*.*"))
    stems = ["lisa/plan-a-b", "lisa/plan-a-b-2", "oscar/plan-a-b"]
    assert names == sorted(f"{stem}.{ending}" for stem in stems for ending in ("docx", "json", "md"))
    assert (written / "lisa/plan-a-b.md").read_text() == f"# {DOCUMENT['title']}\n\n{DOCUMENT['content']}\n"
    assert json.loads((written / "oscar/plan-a-b.json").read_text()) == {
        **DOCUMENT,
        "author": OSCAR,
        "person": "oscar",
        "trial": "r1",
        "step": 1,
        "time": "2026-01-05T09:00",
    }
    document = Document(str(written / "lisa/plan-a-b.docx"))
    styled = [(one.style.name if one.style else "", one.text) for one in document.paragraphs]
    assert styled == [
        ("Title", "Plan: a/b?"),
        ("Heading 1", "Aim"),
        ("Normal", "A {{ van }} & more."),
        ("List Bullet", "one"),
        ("List Bullet", "two"),
    ]
    assert document.core_properties.author == LISA
    assert "artifacts/lisa/plan-a-b.md" in project.report
    assert "word processor" in project.report
    assert "You have written 'Plan: a/b?'. It says:" in now(asked(fake, LISA)[1])
    assert "A {{ van }} & *more*." in now(asked(fake, LISA)[1])


def test_reports_and_artifacts_are_rebuilt_to_the_same_bytes(tmp_path: Path) -> None:
    text = experiment("personas: [lisa, oscar]\ntools: [write_document]\n")
    with FakeProvider(answer=script(by(LISA, 1, act="WRITE_DOCUMENT", form=DOCUMENT))) as fake:
        project = Project(tmp_path, fake.url, text)
        assert project.run().code == 0
    folder = project.runs[-1] / "artifacts"
    before = {path: path.read_bytes() for path in folder.rglob("*.*")}
    assert len(before) == 3
    for path in before:
        path.unlink()
    assert project.troupe("report", "results").code == 0
    assert {path: path.read_bytes() for path in before} == before


def test_a_document_can_be_enriched_by_the_author_model(tmp_path: Path) -> None:
    text = experiment(
        "personas: [lisa, oscar]\ntools: [{write_document: {enrich: at least three sections}}]\n"
        "model: {people: openai/gpt-4o-mini, author: openai/gpt-4o}\n"
    )
    lines = [by(LISA, 1, act="WRITE_DOCUMENT", form=DOCUMENT)]
    with FakeProvider(answer=script(*lines, text="# Aim\n\nMuch more.\n\n# Way\n\n# End")) as fake:
        project = Project(tmp_path, fake.url, text)
        ended = project.troupe("run", "x.yaml")
    assert ended.code == 0, ended.err
    [enriching] = [body for body in fake.requests if body["model"] == "gpt-4o"]
    assert "A {{ van }} & *more*." in now(enriching)
    assert "at least three sections" in now(enriching)
    assert "Much more." in (project.runs[-1] / "artifacts/lisa/plan-a-b.md").read_text()
    [used] = of(project, "used")
    assert used["arguments"] == DOCUMENT
    assert of(project, "wrote")[0]["content"] == "# Aim\n\nMuch more.\n\n# Way\n\n# End"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Path]:
    """A project with tools of its own, which write down that they were called."""
    import sys

    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("")
    (tmp_path / "shop" / "tools.py").write_text(
        '''
from pathlib import Path
from typing import Literal

HERE = Path(__file__).parent
NAME = "shop"

def look_up(product: str) -> str:
    """Look up a product's price."""
    with (HERE / "calls.txt").open("a") as file:
        file.write(product + "\\n")
    return f"{product} costs 3 & {{{{ x }}}}"

async def order(product: str, count: int, gift: bool = False, size: Literal["small", "large"] | None = None) -> dict:
    """Order something."""
    return {"product": product, "count": count, "gift": gift, "size": size}

def fail(why: str) -> str:
    """Do something that fails."""
    raise ValueError(f"no {why}")

def untyped(what):
    return what
'''
    )
    yield tmp_path
    for name in [name for name in sys.modules if name == "shop" or name.startswith("shop.")]:
        del sys.modules[name]
    while str(tmp_path) in sys.path:
        sys.path.remove(str(tmp_path))


def test_a_functions_answer_is_in_the_same_turns_next_request(shop: Path) -> None:
    text = experiment('personas: [lisa, oscar]\ntools: ["shop.tools:look_up"]\n')
    with FakeProvider(answer=script(by(LISA, 1, act="LOOK_UP", argument="bread"))) as fake:
        project = Project(shop, fake.url, text)
        ended = project.run("--allow-code")
    assert ended.code == 0, ended.err
    first, second = asked(fake, LISA)[:2]
    assert "LOOK_UP (Look up a product's price; argument: product)" in now(first)
    assert "(look_up: bread costs 3 & {{ x }})" in now(second)
    assert second["messages"][: len(first["messages"]) - 1] == first["messages"][:-1]
    assert "Monday 5 January 2026, 09:00" in now(second)
    [used] = of(project, "used")
    assert (used["tool"], used["arguments"], used["is_ok"]) == ("look_up", {"product": "bread"}, True)
    assert "look_up" in project.report


def test_typed_arguments_are_asked_for_in_their_shape(shop: Path) -> None:
    text = experiment('personas: [lisa, oscar]\ntools: ["shop.tools:order"]\n')
    form = {"product": "bread", "count": 3, "gift": None, "size": "large"}
    with FakeProvider(answer=script(by(LISA, 1, act="ORDER", argument="bread", form=form))) as fake:
        project = Project(shop, fake.url, text)
        assert project.run("--allow-code").code == 0
    told = '(order: {"product": "bread", "count": 3, "gift": false, "size": "large"})'
    assert told in now(asked(fake, LISA)[1])
    assert of(project, "used")[0]["arguments"] == {"product": "bread", "count": 3, "size": "large"}


def test_a_function_that_fails_is_told_and_the_run_survives(shop: Path) -> None:
    text = experiment('personas: [lisa, oscar]\ntools: ["shop.tools:fail"]\n')
    with FakeProvider(answer=script(by(LISA, 1, act="FAIL", argument="bread"))) as fake:
        project = Project(shop, fake.url, text)
        assert project.run("--allow-code").code == 0
    assert "(fail: It does not work: ValueError: no bread)" in now(asked(fake, LISA)[1])
    [used] = of(project, "used")
    assert (used["is_ok"], used["result"]) == (False, "It does not work: ValueError: no bread")
    assert "1 of 1 failed" in project.report
    assert "All turns were run, but 1 of 1 use of tools failed." in project.report
    assert "All turns were run, but 1 of 1 use of tools failed: " in project.report


def test_a_resumed_run_calls_no_function_twice(shop: Path) -> None:
    text = experiment('personas: [lisa, oscar]\ntools: ["shop.tools:look_up"]\n')
    with FakeProvider(answer=script(by(LISA, 1, act="LOOK_UP", argument="bread"))) as fake:
        project = Project(shop, fake.url, text + "limits: {calls: 5}\n")
        assert project.run("--allow-code").code == 5
        project.write("x.yaml", text)
        again = project.run("--allow-code")
    assert again.code == 0, again.err
    assert len(project.runs) == 1
    assert (shop / "shop/calls.txt").read_text() == "bread\n"


def test_a_tool_is_its_owners_alone(shop: Path) -> None:
    text = experiment('personas: [{use: lisa, tools: ["shop.tools:look_up", calendar]}, oscar]\n')
    lines = [by(OSCAR, 1, act="LOOK_UP", argument="bread"), by(LISA, 1, act="CREATE_EVENT", form=EVENT)]
    with FakeProvider(answer=script(*lines)) as fake:
        project = Project(shop, fake.url, text)
        assert project.run("--allow-code").code == 0
    assert "LOOK_UP" in now(asked(fake, LISA)[0])
    assert all("LOOK_UP" not in now(turn) and "CREATE_EVENT" not in now(turn) for turn in asked(fake, OSCAR))
    assert not (shop / "shop/calls.txt").exists()
    assert "Lisa Carter invites you: Monday 5 January 2026, 16:30" in now(asked(fake, OSCAR)[1])


def test_a_packages_tool_is_found_by_its_entry_point(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = shop / "shop-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: shop\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text(
        "[troupe.tools]\nprices = shop.tools:look_up\nthe-prices = shop.tools:look_up\nhere = shop.tools:NAME\n"
    )
    monkeypatch.syspath_prepend(str(shop))
    text = experiment("personas: [lisa, oscar]\ntools: [prices]\n")
    with FakeProvider(answer=script(by(LISA, 1, act="PRICES", argument="bread"))) as fake:
        project = Project(shop, fake.url, text)
        ended = project.run("--allow-code")
    assert ended.code == 0, ended.err
    assert "(prices: bread costs 3 & {{ x }})" in now(asked(fake, LISA)[1])
    assert [event["tool"] for event in of(project, "used")] == ["prices"]
    project.write("x.yaml", text.replace("prices", "the-prices"))
    assert project.troupe("check", "x.yaml").code == 0
    project.write("x.yaml", text.replace("prices", "price"))
    assert "did you mean 'prices'?" in project.troupe("check", "x.yaml").err
    project.write("x.yaml", text.replace("prices", "here"))
    assert "the tool 'here' is not a function" in project.troupe("check", "x.yaml").err


def test_a_function_that_hangs_is_given_up_and_the_run_survives(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shop / "shop/slow.py").write_text(
        'import time\n\ndef wait(what: str) -> str:\n    """Wait."""\n    time.sleep(600)\n'
    )
    monkeypatch.setattr(functions, "MAX_SECONDS", 0.2)
    text = experiment('personas: [lisa, oscar]\ntools: ["shop.slow:wait"]\n')
    with FakeProvider(answer=script(by(LISA, 1, act="WAIT", argument="bread"))) as fake:
        project = Project(shop, fake.url, text)
        assert project.run("--allow-code").code == 0
    assert "(wait: It does not work: no answer in 0 seconds.)" in now(asked(fake, LISA)[1])
    assert [event["is_ok"] for event in of(project, "used")] == [False]


@pytest.mark.parametrize(
    ("tool", "message", "hint"),
    [
        ("shop.tols:look_up", "there is no module 'shop.tols'", "searched"),
        ("shop.tools:look_pu", "'shop.tools' has no 'look_pu'", "did you mean 'look_up'?"),
        ("shop.tools:NAME", "'shop.tools:NAME' is not a function", "write my_package"),
        ("shop.tools:untyped", "the argument 'what' of 'shop.tools:untyped' has no type", "give it one: str, int"),
        ("calender", "there is no tool 'calender'", "did you mean 'calendar'?"),
    ],
)
def test_a_tool_that_is_not_there_is_a_mistake_with_its_place(shop: Path, tool: str, message: str, hint: str) -> None:
    project = Project(shop, "", experiment(f"personas: [lisa, oscar]\ntools:\n  - {tool!r}\n"))
    ended = project.troupe("check", "x.yaml")
    told = " ".join((ended.out + ended.err).split())
    assert ended.code == 2
    assert "x.yaml:8:5 E323" in told
    assert message in told
    assert hint in told
