"""Documents in people's hands: what they look up is in the same turn's next request, with its source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from documents import a_docx, a_pdf
from projects import Project
from provider import FakeProvider, answer_for, schema_of

EXPERIMENT = """\
troupe: 1
name: clinic
personas:
  - {use: lisa, documents: [law/memo.docx]}
  - oscar
documents: [papers/*]
world: {steps: 1}
stimuli:
  - say: "What do you think of the clinic?"
"""


def looking_up(act: str, argument: str, *, who: str = "You are Lisa Carter"):
    """Have one person look something up first; after that, everybody just talks."""

    def answer(body: Mapping[str, Any]) -> str:
        reply = json.loads(answer_for(body))
        schema = schema_of(body)
        if schema and "act" in schema["properties"]:
            has_read = "You read" in body["messages"][-1]["content"]
            is_them = who in body["messages"][0]["content"]
            reply |= {"act": act, "argument": argument} if is_them and not has_read else {"act": "none"}
        return json.dumps(reply)

    return answer


def a_project(folder: Path, url: str) -> Project:
    project = Project(folder, url, EXPERIMENT)
    for name, data in {
        "papers/brief.pdf": a_pdf("The van costs 90,000 dollars", "It opens in May"),
        "papers/notes.md": b"# Notes\n\nNobody asked the {{ nurses }} & <doctors>.",
        "law/memo.docx": a_docx("Liability lies with the operator."),
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    return project


def of(fake: FakeProvider, name: str) -> list[Mapping[str, Any]]:
    return [body for body in fake.requests if f"You are {name}" in body["messages"][0]["content"]]


def test_what_is_consulted_is_in_the_same_turns_next_request_with_its_source(tmp_path: Path) -> None:
    with FakeProvider(answer=looking_up("CONSULT", "Who is liable?")) as fake:
        project = a_project(tmp_path, fake.url)
        ended = project.run()
    assert ended.code == 0, ended.err
    first, second = of(fake, "Lisa Carter")
    assert "CONSULT (read one of your documents" in first["messages"][-1]["content"]
    assert "You have: brief.pdf, notes.md, memo.docx" in first["messages"][-1]["content"]
    assert "Liability" not in str(first)
    assert second["messages"][: len(first["messages"]) - 1] == first["messages"][:-1]
    assert "You read in memo.docx:\nLiability lies with the operator." in second["messages"][-1]["content"]
    [oscar] = of(fake, "Oscar")
    assert "memo.docx" not in str(oscar)
    [log] = project.logs().values()
    events = [json.loads(line) for line in log.splitlines()]
    assert [event["documents"] for event in events if event["kind"] == "consulted"] == [["memo.docx"]]
    assert all(event["step"] == 1 for event in events if event["kind"] == "consulted")


def test_texts_arrive_unchanged_and_what_is_missing_is_told(tmp_path: Path) -> None:
    with FakeProvider(answer=looking_up("CONSULT", "notes.md")) as fake:
        assert a_project(tmp_path, fake.url).run().code == 0
    assert "Nobody asked the {{ nurses }} & <doctors>." in of(fake, "Lisa Carter")[1]["messages"][-1]["content"]
    (tmp_path / "b").mkdir()
    with FakeProvider(answer=looking_up("CONSULT", "zeppelins")) as fake:
        assert a_project(tmp_path / "b", fake.url).run().code == 0
    told = of(fake, "Lisa Carter")[1]["messages"][-1]["content"]
    assert "No document is called 'zeppelins', and none says anything about it." in told


def test_documents_are_listed(tmp_path: Path) -> None:
    with FakeProvider(answer=looking_up("LIST_DOCUMENTS", "")) as fake:
        assert a_project(tmp_path, fake.url).run().code == 0
    told = of(fake, "Lisa Carter")[1]["messages"][-1]["content"]
    for line in ("- brief.pdf (", "- notes.md: Notes (", "- memo.docx ("):
        assert line in told


def test_what_was_looked_up_is_asked_once_and_replays_to_the_same_bytes(tmp_path: Path) -> None:
    with FakeProvider(answer=looking_up("CONSULT", "brief.pdf")) as fake:
        project = a_project(tmp_path, fake.url)
        assert project.run().code == 0
        asked = len(fake.requests)
        assert project.run().code == 0
    assert len(fake.requests) == asked == 3
    one, other = project.runs
    assert project.logs(one) == project.logs(other)


def test_a_document_that_is_not_there_is_2_with_its_place(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = a_project(tmp_path, fake.url)
        project.write("x.yaml", EXPERIMENT.replace("law/memo.docx", "law/memmo.docx"))
        ended = project.run()
    assert ended.code == 2
    assert "x.yaml:4:29" in ended.err
    assert "did you mean 'law/memo.docx'?" in ended.err
    assert not fake.requests


def test_methods_name_the_documents_that_people_could_read(tmp_path: Path) -> None:
    with FakeProvider(answer=looking_up("LIST_DOCUMENTS", "")) as fake:
        project = a_project(tmp_path, fake.url)
        assert project.run().code == 0
    told = project.troupe("report", str(project.runs[0]), "--format", "methods").out.replace("\\", "")
    [line] = [line for line in told.splitlines() if line.startswith("- Documents that ")]
    assert line.startswith("- Documents that people could read: ")
    for name in ("brief.pdf", "notes.md", "memo.docx"):
        assert name in line
    assert {len(one["documents"]) for one in project.results["participants"]} == {2, 3}
