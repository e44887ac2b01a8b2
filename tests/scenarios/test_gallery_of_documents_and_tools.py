"""The gallery's experiments with documents and tools play to their end, and show what they are there to show."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from projects import MODEL, Project
from provider import FakeProvider
from scripts import by, script

GALLERY = Path(__file__).parents[2] / "experiments"
BUDGET = {"title": "Budget", "date": "2026-03-04", "time": "14:00", "minutes": 60, "people": ["Oscar", "Priya"]}
REPORT = {"title": "The late delivery", "content": "# What happened\n\nIt came on Monday."}


def played(
    name: str, folder: Path, answer: Callable[[Mapping[str, Any]], str], most: int, *more: str
) -> tuple[Project, list[dict[str, Any]]]:
    """Play an experiment of the gallery; it must take no more than `most` calls."""
    with FakeProvider(answer=answer) as fake:
        project = Project(folder, fake.url)
        ended = project.troupe("run", str(GALLERY / f"{name}.yaml"), "--model", MODEL, *more)
    assert ended.code == 0, ended.err
    assert len(fake.requests) <= most
    [log] = project.logs().values()
    return project, [json.loads(line) for line in log.splitlines()]


def test_three_experts_look_into_a_proposal(tmp_path: Path) -> None:
    answer = script(
        by("Amara Mensah", 1, act="CONSULT", argument="Are children examined?"),
        by("Tomás Herrera", 1, act="CONSULT", argument="Who is responsible?"),
        by("Priya Deshpande", 1, act="CONSULT", argument="mobile_clinic.md"),
    )
    _, events = played("product_proposal", tmp_path, answer, 20, "--set", "replicates=1")
    assert [event["documents"] for event in events if event["kind"] == "consulted"] == [["mobile_clinic.md"]] * 3
    read = [event["text"] for event in events if event.get("sense") == "document"]
    assert "Children under six are not examined in the van." in read[0]
    assert "The maker's\nterms exclude it." in read[1] or "terms exclude it." in read[1]


def test_everyone_in_the_firm_has_papers_of_their_own(tmp_path: Path) -> None:
    answer = script(
        by("Lisa Carter", 1, act="CONSULT", argument="How much debt?"),
        by("Farida Haddad", 1, act="CONSULT", argument="How much debt?"),
        by("Henrik Dahl", 1, act="LIST_DOCUMENTS", argument=""),
    )
    _, events = played("investment_firm", tmp_path, answer, 20)
    found = {event["person"]: event["documents"] for event in events if event["kind"] == "consulted"}
    assert "norrland_batteries.md" in found["lisa"]
    assert "norrland_batteries.md" not in found["farida"]
    assert found["henrik"] == ["house_rules.md"]


def test_three_people_write_three_documents(tmp_path: Path) -> None:
    names = ("Oscar Brandt", "Amara Mensah", "Rafael Nascimento")
    answer = script(*(by(name, 1, act="WRITE_DOCUMENT", form=REPORT) for name in names))
    project, _ = played("synthetic_documents", tmp_path, answer, 12)
    written = (project.runs[-1] / "artifacts").rglob("*.*")
    assert sorted(f"{path.parent.name}{path.suffix}" for path in written) == sorted(
        f"{person}{ending}" for person in ("oscar", "amara", "rafael") for ending in (".docx", ".json", ".md")
    )


def test_a_week_has_its_appointments_and_their_mornings(tmp_path: Path) -> None:
    answer = script(by("Lisa Carter", 1, act="CREATE_EVENT", argument="budget", form=BUDGET))
    _, events = played("office_week", tmp_path, answer, 24)
    reminders = [event for event in events if event.get("sense") == "reminder"]
    assert [(event["people"], event["time"]) for event in reminders] == [
        ([person], "2026-03-04T09:00") for person in ("lisa", "oscar", "priya")
    ]


@pytest.mark.parametrize("name", ["product_proposal", "investment_firm", "synthetic_documents", "office_week"])
def test_each_says_at_its_top_what_it_shows(name: str) -> None:
    assert (GALLERY / f"{name}.yaml").read_text(encoding="utf-8").startswith("# ")
