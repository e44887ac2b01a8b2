"""The people and fragments that come with the package."""

from pathlib import Path

import pytest

from tinytroupe_cli.personas.fragment import merge
from tinytroupe_cli.personas.library import Library
from tinytroupe_cli.personas.rendering import render_persona
from tinytroupe_cli.personas.search_path import starters_folder
from tinytroupe_cli.personas.standard_fields import STANDARD_FIELDS

HERE = Path(__file__).parent
STARTERS = Library(HERE, (starters_folder(),))
PEOPLE = {stem: STARTERS.load_persona(path) for stem, path in STARTERS.names("persona", base_dir=HERE).items()}
FRAGMENTS = {stem: STARTERS.load_fragment(path) for stem, path in STARTERS.names("fragment", base_dir=HERE).items()}


def test_there_are_enough_of_them():
    assert len(PEOPLE) >= 8
    assert len(FRAGMENTS) >= 8
    assert {"lisa", "oscar", "amara", "tomas"} <= set(PEOPLE)
    assert {"picky_customer", "cost_conscious"} <= set(FRAGMENTS)


@pytest.mark.parametrize("stem", PEOPLE)
def test_a_starter_raises_no_suspicion(stem: str):
    assert PEOPLE[stem].warnings == ()
    assert set(STANDARD_FIELDS[""]) <= set(PEOPLE[stem].fields)


@pytest.mark.parametrize("stem", PEOPLE)
def test_a_starter_costs_250_to_450_tokens(stem: str):
    assert 250 <= len(render_persona(PEOPLE[stem].fields)) / 4 <= 450


@pytest.mark.parametrize("stem", PEOPLE)
def test_a_starter_never_uses_its_own_name_so_that_it_can_be_given_another(stem: str):
    _, _, rest = render_persona(PEOPLE[stem].fields).partition("\n")
    for word in PEOPLE[stem].name.split():
        assert word not in rest.replace("Kowalczyk & Sons", "").split()


@pytest.mark.parametrize("stem", FRAGMENTS)
def test_every_fragment_merges_into_every_person(stem: str):
    for person in PEOPLE.values():
        merged = merge(person, FRAGMENTS[stem])
        assert merged.conflicts == ()
        assert merged.persona.fields != person.fields


def test_all_fragments_at_once_still_merge():
    person = PEOPLE["lisa"]
    for fragment in FRAGMENTS.values():
        merged = merge(person, fragment)
        assert merged.conflicts == ()
        person = merged.persona
    assert len(person.sources) == 1 + len(FRAGMENTS)


def test_the_starters_are_of_many_ages_and_countries():
    ages = sorted(int(str(person.fields["age"])) for person in PEOPLE.values())
    countries = {person.fields["nationality"] for person in PEOPLE.values()}
    assert ages[0] <= 17
    assert ages[-1] >= 80
    assert len(countries) == len(PEOPLE)
