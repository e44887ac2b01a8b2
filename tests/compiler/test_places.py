"""Places as written: where people begin, and that nobody is sent to a place that isn't there."""

from pathlib import Path

import pytest
from compiling import a_folder, compiled_text

from tinytroupe_cli.core.errors import SpecError


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return a_folder(tmp_path)


def trial(here: Path, text: str):
    return compiled_text(here, text)[0].trials[0]


def test_everyone_begins_in_the_first_place_unless_something_else_is_said(here):
    world = trial(here, "personas: [lisa]\nworld: {places: [office, cafeteria]}\n").world
    assert (world.place, world.places) == ("office", {"office": "", "cafeteria": ""})
    world = trial(here, "personas: [lisa]\nworld: {place: cafeteria, places: [office, cafeteria]}\n").world
    assert world.place == "cafeteria"


def test_a_person_begins_where_the_cast_says(here):
    people = trial(
        here, "personas: [{use: lisa, place: cafeteria}, oscar]\nworld: {places: [office, cafeteria]}\n"
    ).people
    assert [member.place for member in people] == ["cafeteria", ""]


def test_descriptions_are_texts(here):
    text = "personas: [lisa]\nvars: {desks: 12}\nworld: {places: {office: '{{ vars.desks }} desks.', roof: ''}}\n"
    assert trial(here, text).world.places == {"office": "12 desks.", "roof": ""}


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("world: {places: [office, office]}", "E396", "the place 'office' appears twice"),
        ("world: {places: []}", "E396", "the list of places is empty"),
        ("world: {place: Roof, places: [office, roof]}", "E397", "there is no place 'Roof'"),
        ("world: {places: [office]}\nstimuli: [{move: roof}]", "E397", "there is no place 'roof'"),
        (
            "world: {places: [office]}\ninterventions: [{when: {step: 2}, then: [{move: roof}]}]",
            "E397",
            "there is no place 'roof'",
        ),
        (
            "world: {places: [office]}\ninterventions: [{when: {step: 2}, then: [{set: {to: lisa, place: roof}}]}]",
            "E397",
            "there is no place 'roof'",
        ),
        ("world: {places: [office]}\nstimuli: [{move: '{{ 1 + 1 }}'}]", "E397", "there is no place '2'"),
    ],
)
def test_places_that_are_not_there_are_told(here, text, code, message):
    with pytest.raises(SpecError) as raised:
        compiled_text(here, f"personas: [lisa]\n{text}\n")
    assert [(found.code, found.message) for found in raised.value.diagnostics] == [(code, message)]


def test_without_a_list_of_places_people_can_be_anywhere(here):
    made = trial(here, "personas: [{use: lisa, place: The roof}, oscar]\nstimuli: [{move: A boat}]\n")
    assert (made.people[0].place, made.world.places, made.stimuli[0].text) == ("The roof", {}, "A boat")
