from __future__ import annotations

import asyncio

import pytest
from builders import a_cast, a_trial

from tinytroupe_cli.events.event import LogTime
from tinytroupe_cli.events.types import Acted, Consulted, Perceived
from tinytroupe_cli.plan.types import PlannedDocument
from tinytroupe_cli.simulation.abilities import ActionCall, TurnContext
from tinytroupe_cli.simulation.state import PersonState, WorldState
from tinytroupe_cli.simulation.tools.document_lookup import DocumentIndex, DocumentLookup, consulting

LONG = "\n\n".join(f"Paragraph {number} of the report says nothing much at all." for number in range(200))
LIBRARY = (
    PlannedDocument(name="brief.pdf", title="The clinic", hash="1", text="# Costs\n\nThe van costs 90,000 dollars."),
    PlannedDocument(name="law/memo.md", hash="2", text="Liability lies with the operator of the van."),
    PlannedDocument(name="report.txt", hash="3", text=LONG),
    PlannedDocument(name="secret.txt", hash="4", text="The mayor fears submarines."),
)
OWN = ("brief.pdf", "law/memo.md", "report.txt")


def read(act: str, argument: str) -> tuple[Consulted, list[Perceived]]:
    stamp = LogTime("r1", 2, "2026-01-05T09:10")
    moment = TurnContext("lisa", stamp, (), PersonState(), WorldState())
    does = DocumentLookup(DocumentIndex(LIBRARY), {"lisa": OWN})
    performed = asyncio.run(does.perform(ActionCall(act, argument), moment))
    consulted, *answers = performed.events
    assert performed.continues_turn
    assert isinstance(consulted, Consulted)
    assert consulted.step == 2
    told = [answer for answer in answers if isinstance(answer, Perceived)]
    assert all(answer.people == ("lisa",) and answer.sense == "document" for answer in told)
    return consulted, told


@pytest.mark.parametrize("name", ["brief.pdf", "BRIEF", '"brief.pdf"', "The clinic", "brief.pdf."])
def test_a_document_is_read_by_its_name_or_title(name: str) -> None:
    consulted, [answer] = read("CONSULT", name)
    assert consulted.documents == (answer.source,) == ("brief.pdf",)
    assert answer.text == "# Costs\n\nThe van costs 90,000 dollars."


def test_a_question_finds_passages_and_names_their_documents() -> None:
    consulted, answers = read("CONSULT", "Who has the liability, and is an operator of the van one?")
    assert [(answer.source, answer.text) for answer in answers] == [
        ("law/memo.md", "Liability lies with the operator of the van."),
        ("brief.pdf", "# Costs\n\nThe van costs 90,000 dollars."),
    ]
    assert consulted.documents == ("law/memo.md", "brief.pdf")


def test_a_question_about_one_document_is_asked_of_it_alone() -> None:
    _, [answer] = read("CONSULT", "brief.pdf: what about the van?")
    assert answer.source == "brief.pdf"


def test_several_documents_named_at_once_are_all_read_or_searched() -> None:
    consulted, answers = read("CONSULT", "brief.pdf, law/memo.md")
    assert consulted.documents == ("brief.pdf", "law/memo.md")
    assert [answer.text for answer in answers] == [LIBRARY[0].text, LIBRARY[1].text]
    _, [answer] = read("CONSULT", "brief.pdf and law/memo.md: liability?")
    assert answer.source == "law/memo.md"


@pytest.mark.parametrize("argument", ["", "empty", "(none)", "'All'"])
def test_no_topic_lists_all_documents(argument: str) -> None:
    assert read("LIST_DOCUMENTS", argument)[0].documents == OWN


def test_a_long_document_is_read_part_by_part_to_its_end_and_nothing_is_lost() -> None:
    _, [first] = read("CONSULT", "report.txt")
    assert first.text.startswith("(Part 1 of 4.)\nParagraph 0 ")
    assert first.text.endswith('(That was part 1 of 4. For the next part, CONSULT "report.txt part 2".)')
    bodies = [read("CONSULT", argument)[1][0].text.split("\n", 1)[1].rsplit("\n", 1)[0] for argument in PARTS]
    assert "\n\n".join(bodies) == LONG
    assert read("CONSULT", "report.txt part 4")[1][0].text.endswith("(That was part 4 of 4. This is the end.)")
    assert read("CONSULT", "report.txt part 9")[1][0].text == "(There is no part 9: report.txt has 4 parts.)"


PARTS = ["report", "part 2 of report.txt", "report.txt (part 3 of 4)", "report.txt, Part 4"]


def test_what_is_in_no_document_is_not_found_and_near_names_are_told() -> None:
    consulted, [answer] = read("CONSULT", "breif")
    assert consulted.documents == ()
    assert answer.source == ""
    assert "No document is called 'breif', and none says anything about it." in answer.text
    assert "Did you mean brief.pdf?" in answer.text
    assert "You have: brief.pdf, law/memo.md, report.txt." in answer.text


@pytest.mark.parametrize("argument", ["secret.txt", "submarines"])
def test_nobody_reads_what_is_not_theirs(argument: str) -> None:
    consulted, [answer] = read("CONSULT", argument)
    assert consulted.documents == ()
    assert "mayor" not in answer.text


def test_documents_are_listed_with_titles_and_lengths_and_by_topic() -> None:
    consulted, [answer] = read("LIST_DOCUMENTS", "")
    assert consulted.documents == OWN
    assert answer.text.splitlines() == [
        "Your documents:",
        "- brief.pdf: The clinic (7 words)",
        "- law/memo.md (8 words)",
        "- report.txt (2,000 words in 4 parts)",
    ]
    assert read("LIST_DOCUMENTS", "liability")[0].documents == ("law/memo.md",)
    assert "says anything about 'submarines'" in read("LIST_DOCUMENTS", "submarines")[1][0].text


def test_only_who_has_documents_is_offered_them() -> None:
    with_some = tuple(member.model_copy(update={"documents": OWN}) for member in a_cast(1))
    does = consulting(a_trial(people=with_some), DocumentIndex(LIBRARY))
    assert does is not None
    offered = {
        person: does.offered(TurnContext(person, LogTime("r1", 1, ""), (), PersonState(), WorldState()))
        for person in ("person-1", "person-2")
    }
    assert [ability.name for ability in offered["person-1"]] == ["CONSULT", "LIST_DOCUMENTS"]
    assert "brief.pdf, law/memo.md, report.txt" in offered["person-1"][0].does
    assert "secret" not in offered["person-1"][0].does
    assert offered["person-2"] == ()
    assert consulting(a_trial(), DocumentIndex(LIBRARY)) is None


@pytest.mark.parametrize(("step", "acts"), [(1, ["CONSULT"]), (2, ["CONSULT", "LIST_DOCUMENTS"])])
def test_a_list_that_lies_before_them_is_not_offered_again(step: int, acts: list[str]) -> None:
    listed = Acted(trial="r1", step=1, time="", person="lisa", action="LIST_DOCUMENTS")
    moment = TurnContext("lisa", LogTime("r1", step, ""), (listed,), PersonState(), WorldState())
    offered = DocumentLookup(DocumentIndex(LIBRARY), {"lisa": OWN}).offered(moment)
    assert [ability.name for ability in offered] == acts
