"""Many people from one persona, by code and seed alone."""

from collections import Counter
from pathlib import Path

import pytest
from compiling import a_folder, compiled_text

from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.personas.naming import FEMALE, MALE, draw_names

ENTRY = (
    "{use: lisa, copies: 50, vary: {age: {from: 20, to: 70}, gender: [female, male], occupation.title: [baker, nurse]}}"
)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return a_folder(tmp_path)


def cast(here: Path, personas: str, more: str = ""):
    plan, _ = compiled_text(here, f"personas: {personas}\n{more}")
    return plan.trials[0].people


def told(here: Path, personas: str):
    with pytest.raises(SpecError) as raised:
        compiled_text(here, f"personas: {personas}\n")
    return [(found.code, found.message) for found in raised.value.diagnostics]


def test_copies_have_ids_by_number_and_names_and_first_names_of_their_own(here):
    people = cast(here, f"[oscar, {ENTRY}]")
    assert [member.id for member in people][:3] == ["oscar", "lisa-1", "lisa-2"]
    assert len({member.name for member in people}) == 51
    assert len({member.name.split()[0] for member in people}) == 51
    assert all(member.persona["name"] == member.name for member in people)


def test_a_list_is_dealt_out_evenly_and_a_range_is_drawn_from(here):
    people = cast(here, f"[{ENTRY}]")
    assert Counter(member.persona["occupation"]["title"] for member in people) == {"baker": 25, "nurse": 25}
    ages = [member.persona["age"] for member in people]
    assert min(ages) >= 20
    assert max(ages) <= 70
    assert len(set(ages)) > 20


def test_names_go_with_a_gender_that_is_known(here):
    for member in cast(here, f"[{ENTRY}]"):
        assert member.name.split()[0] in {"female": FEMALE, "male": MALE}[member.persona["gender"]]


def test_the_same_seed_makes_the_same_people_and_another_others(here):
    assert cast(here, f"[{ENTRY}]") == cast(here, f"[{ENTRY}]")
    one, other = cast(here, f"[{ENTRY}]"), cast(here, f"[{ENTRY}]", "seed: 2\n")
    assert [member.name for member in one] != [member.name for member in other]


def test_what_is_set_is_the_same_for_all_and_stimuli_reach_them_by_number(here):
    plan, _ = compiled_text(
        here, "personas: [{use: lisa, copies: 3, set: {age: 33}}]\nstimuli: [{say: Hello., to: lisa-2}]\n"
    )
    trial = plan.trials[0]
    assert [member.persona["age"] for member in trial.people] == [33, 33, 33]
    assert trial.stimuli[0].to == ("lisa-2",)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{use: lisa, vary: {age: [1, 2]}}", "only copies can vary"),
        ("{use: lisa, as: Lisa Two, copies: 2}", "2 people can't all be called 'Lisa Two'"),
        ("{use: lisa, copies: 2, set: {name: Lisa Two}}", "copies can't all have the same name"),
        ("{use: lisa, copies: 2, vary: {name: [Ann, Bo]}}", "'name' can't be varied: each copy gets its own name"),
        ("{use: lisa, copies: 2, set: {age: 3}, vary: {age: [1, 2]}}", "'age' is both set and varied"),
        ("{use: lisa, copies: 2, vary: {age: {from: 5, to: 4}}}", "'from' (5) is greater than 'to' (4)"),
    ],
)
def test_copies_that_do_not_fit_together_are_refused(here, entry, message):
    assert ("E398", message) in told(here, f"[{entry}]")


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("{use: lisa, copies: 0}", "E107"),
        ("{use: lisa, copies: 2, vary: {age: []}}", "E107"),
        ("{use: lisa, copies: 2, vary: {age: 7}}", "E106"),
        ("{use: lisa, copies: 2, vary: {age: {from: 5}}}", "E105"),
        ("{use: lisa, copies: 2, vary: {age: {from: 5, too: 6}}}", "E104"),
        ("{use: lisa, copies: 2, vary: {age.years: [5, 6]}}", "E208"),
    ],
)
def test_a_variation_of_the_wrong_shape_is_told_where_it_stands(here, entry, code):
    assert code in [found[0] for found in told(here, f"[{entry}]")]


def test_first_names_come_again_only_when_all_have_come_and_full_names_never():
    names = draw_names(["female"] * 300, Stream(1, "names"), taken=["Ada Berg"])
    assert len(set(names)) == 300
    assert "Ada Berg" not in names
    rounds = Counter(name.split()[0] for name in names)
    assert max(rounds.values()) - min(rounds.values()) <= 1


def test_thousands_have_different_names():
    names = draw_names(["male"] * 12_000, Stream(1, "names"))
    assert len(set(names)) == 12_000
