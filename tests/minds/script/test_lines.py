"""A small model's reply becomes a person's line: no labels, stage directions, openings or halves of sentences."""

from __future__ import annotations

import pytest

from tinytroupe_cli.minds.script.lines import MAX_STOPS, line_of, script_style, stops
from tinytroupe_cli.prompts.catalog import PersonPerceived, render

NAME = "Lisa Carter"


@pytest.mark.parametrize(
    ("reply", "line"),
    [
        ("I had noodles.", "I had noodles."),
        (" Lisa Carter: I had noodles.", "I had noodles."),
        ("**Lisa**: I had noodles.", "I had noodles."),
        ("Lisa (laughing): I had noodles.", "I had noodles."),
        ('"I had noodles."', "I had noodles."),
        ('"I had noodles.', "I had noodles."),
        ('"Noodles," I said, "again."', '"Noodles," I said, "again."'),
        ("(sighs) I had *noodles*.", "I had *noodles*."),
        ("*laughs* Noodles again.", "Noodles again."),
        ("Sure, here is the next line:\n\nI had noodles.", "I had noodles."),
        ("Here's my reply: I had noodles.", "I had noodles."),
        ("As Lisa Carter, I had noodles.", "I had noodles."),
        ("I had noodles.\n\nThe interviewer: And why?", "I had noodles."),
        ("I had noodles.\nOscar Brandt: Me too.", "I had noodles."),
        ("I had noodles.\n\nThey were good.", "I had noodles."),
        ("...", ""),
        ("(says nothing)", ""),
        ("", ""),
        ("What annoys you most? The dishes.", "The dishes."),
        ("What annoys you most?", "What annoys you most?"),
    ],
)
def test_a_reply_is_read_as_what_is_said(reply: str, line: str) -> None:
    asked = ("What annoys you most?",)
    assert line_of(reply, NAME, speakers=("Oscar Brandt", "The interviewer"), asked=asked) == line


def test_a_line_that_was_cut_off_ends_with_its_last_whole_sentence() -> None:
    assert line_of("I had noodles. They were so", NAME, is_cut_off=True) == "I had noodles."
    assert line_of("I had noodles that were so", NAME, is_cut_off=True) == "I had noodles that were so …"
    assert line_of("I had noodles. They were so", NAME) == "I had noodles. They were so"


def test_a_line_ends_where_the_latest_speakers_would_begin() -> None:
    speakers = ["A", "B", "C", "D", "A"]
    found = stops(NAME, speakers)
    assert found == ("\nLisa Carter:", "\nA:", "\nD:", "\nC:")
    assert len(found) == MAX_STOPS


@pytest.mark.parametrize(
    ("sense", "source", "to", "told"),
    [
        ("say", "the interviewer", "everyone", "The interviewer: Hi"),
        ("talk", "Oscar", NAME, "Oscar: Hi"),
        ("talk", "Oscar", "Priya", "Oscar (to Priya): Hi"),
        ("think", "", NAME, "(Lisa Carter thinks: Hi)"),
        ("document", "the contract", NAME, "(Lisa Carter reads in the contract:\nHi)"),
        ("feedback", "", NAME, "(Hi)"),
    ],
)
def test_what_reaches_somebody_is_a_line_or_a_note(sense: str, source: str, to: str, told: str) -> None:
    how = script_style(NAME)
    variables = PersonPerceived(form=how.form, name=how.you, sense=sense, source=source, to=to, text="Hi")
    assert render("person/perceived", variables) == told


def test_what_somebody_did_is_their_line_and_a_note_of_the_act() -> None:
    did = script_style(NAME).did
    assert did({"to": "everyone", "words": "I'm off."}) == "Lisa Carter: I'm off."
    assert did({"words": "I'm off.", "act": "MOVE", "argument": "the garden"}) == (
        "Lisa Carter: I'm off.\n\n(Lisa Carter does this: MOVE the garden)"
    )
    assert did({"words": ""}) == "(Lisa Carter says nothing.)"
    assert did({"thought": "Late."}) == "(Lisa Carter thinks: Late.)"
