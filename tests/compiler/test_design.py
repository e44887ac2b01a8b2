"""The design of an experiment: what can be written, what is refused, and who meets what."""

from pathlib import Path

import pytest
from compiling import a_folder, compiled_text

from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.plan.hashing import plan_hash

CAST = "personas: [{use: lisa, copies: 12, vary: {age: [20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64]}}]\n"
FACTORS = "factors: {price: {levels: [1, 2], idle: true}, ad: {levels: [x, y], idle: true}}\n"
ALONE = "world: {type: interviews}\n"
LISTED = "conditions: [{name: a}, {name: b}]\n"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return a_folder(tmp_path)


def planned(here: Path, design: str, *, world: str = ALONE, factors: str = FACTORS, more: str = ""):
    return compiled_text(here, f"{CAST}{factors}{world}design: {design}\n{more}")


def conditions_of(plan):
    met: dict[str, set[str]] = {}
    for trial in plan.trials:
        for member in trial.people:
            met.setdefault(member.id, set()).add(trial.condition)
    return met


def test_in_a_mixed_design_people_meet_all_levels_of_one_factor_and_one_of_the_other(here):
    plan, _ = planned(here, "{between: [price]}")
    assert plan.design == "mixed"
    assert (plan.is_between("price"), plan.is_between("ad")) == (True, False)
    met = conditions_of(plan)
    assert {tuple(sorted(own)) for own in met.values()} == {("1-x", "1-y"), ("2-x", "2-y")}
    assert [len(cell.people) for cell in plan.assignment.cells] == [6, 6]


def test_the_assignment_does_not_move_from_replicate_to_replicate(here):
    plan, _ = planned(here, "between", more="replicates: 4\n")
    by_replicate = [
        {trial.condition: [one.id for one in trial.people] for trial in plan.trials if trial.replicate == number}
        for number in range(1, 5)
    ]
    assert by_replicate[0] == by_replicate[1] == by_replicate[2] == by_replicate[3]
    assert len({trial.seed for trial in plan.trials}) == 4


def test_the_word_and_the_mapping_are_the_same_design(here):
    word, _ = planned(here, "between")
    mapping, _ = planned(here, "{between: [price, ad]}")
    assert plan_hash(word) == plan_hash(mapping)
    assert plan_hash(planned(here, "within")[0]) == plan_hash(planned(here, "{within: [price]}")[0])


def test_listed_conditions_are_one_factor(here):
    plan, _ = planned(here, "{between: [condition]}", factors=LISTED)
    assert plan.design == "between"
    assert [(cell.name, cell.conditions) for cell in plan.assignment.cells] == [("a", ("a",)), ("b", ("b",))]
    assert plan_hash(plan) == plan_hash(planned(here, "between", factors=LISTED)[0])


def test_blocks_are_divided_evenly_and_named_by_their_values(here):
    plan, warnings = planned(here, "{between: [price], block_by: [{person: age, bands: [35, 55]}]}")
    assert list(plan.assignment.blocks) == ["under 35", "35 to under 55", "55 and over"]
    cells = [set(cell.people) for cell in plan.assignment.cells]
    for people in plan.assignment.blocks.values():
        assert abs(len(cells[0] & set(people)) - len(cells[1] & set(people))) <= 1
    assert [one.code for one in warnings] == ["E500"]


def test_people_without_a_value_are_a_block_of_their_own(here):
    text = "personas: [{use: lisa, copies: 3, set: {town: Rome}}, {use: oscar, copies: 3}]\n"
    more = f"{text}{FACTORS}{ALONE}design: {{between: [price], block_by: [person.town]}}\n"
    plan, _ = compiled_text(here, more)
    assert {name: len(people) for name, people in plan.assignment.blocks.items()} == {"Rome": 3, "no town": 3}


def test_a_block_of_one_person_is_merged_with_the_nearest_and_said(here):
    plan, warnings = planned(here, "{between: [price], block_by: [{person: age, bands: [35, 64]}]}")
    assert list(plan.assignment.blocks) == ["under 35", "35 to under 64 or 64 and over"]
    said = [one.message for one in warnings if one.code == "E502"]
    assert said == ["the block '64 and over' has only one person: merged with '35 to under 64'"]


def test_unequal_numbers_of_people(here):
    plan, _ = planned(here, "{between: [price], allocation: {1: 2, 2: 1}}")
    assert [len(cell.people) for cell in plan.assignment.cells] == [8, 4]
    both = "{between: [price, ad], allocation: {price: {1: 2, 2: 1}, ad: {x: 1, y: 1}}}"
    assert [len(cell.people) for cell in planned(here, both)[0].assignment.cells] == [4, 4, 2, 2]


def test_rooms_have_equal_sizes_and_the_same_people_in_all_within_conditions(here):
    world = "world: {type: room, group_size: 5}\n"
    plan, warnings = planned(here, "within", world=world, more="replicates: 2\n")
    assert not warnings
    assert [len(group) for group in plan.assignment.groups] == [4, 4, 4]
    assert len({trial.id for trial in plan.trials}) == len(plan.trials) == 4 * 2 * 3
    for trial in plan.trials:
        assert tuple(one.id for one in trial.people) == plan.assignment.groups[trial.group - 1]
        assert trial.id.endswith(f"-g{trial.group}")


def test_whole_rooms_are_assigned_to_between_conditions(here):
    plan, warnings = planned(here, "between", world="world: {type: room, group_size: 2}\n", factors=LISTED)
    assert not warnings
    rooms = [[trial.group for trial in plan.trials if trial.condition == name] for name in ("a", "b")]
    assert sorted(rooms[0] + rooms[1]) == [1, 2, 3, 4, 5, 6]
    assert [len(own) for own in rooms] == [3, 3]


def test_blocks_are_spread_over_rooms(here):
    blocks = "{block_by: [{person: age, bands: [42]}]}"
    plan, _ = planned(here, blocks, world="world: {type: room, group_size: 3}\n")
    young = set(plan.assignment.blocks["under 42"])
    counts = [len(young & set(group)) for group in plan.assignment.groups]
    assert max(counts) - min(counts) <= 1


@pytest.mark.parametrize(
    ("design", "world", "code"),
    [
        ("between", "world: {type: interviews}\n", "E500"),
        ("{between: [price]}", "world: {type: interviews}\n", "E500"),
        ("between", "world: {type: room}\n", "E503"),
        ("{between: [price]}", "world: {type: room, group_size: 6}\n", "E503"),
        ("between", "world: {type: room}\ninference: {about: cast}\n", ""),
        ("{between: [price]}", "world: {type: room, group_size: 3}\n", ""),
        ("within", "world: {type: room}\n", ""),
    ],
)
def test_a_doubtful_design_is_warned_of(here, design, world, code):
    _, warnings = planned(here, design, world=world)
    assert [one.code for one in warnings] == ([code] if code else [])


@pytest.mark.parametrize(
    ("design", "message", "hint"),
    [
        ("{between: [prise]}", "no factor 'prise'", "did you mean 'price'?"),
        (
            "{between: [price], within: [price]}",
            "'price' is under both 'between' and 'within'",
            "a factor varies either between people or within them; keep one",
        ),
        ("{between: [price, price]}", "'price' is named twice", ""),
        (
            "{between: [price], block_by: [age]}",
            "`block_by` expects an attribute of people, got 'age'",
            "write person.age",
        ),
        (
            "{between: [price], block_by: [person.shoe]}",
            "nobody has a single value for 'shoe'",
            "people have: age",
        ),
        (
            "{between: [price], block_by: [{person: name, bands: [3]}]}",
            "`bands` expects numbers, but 'name' has none",
            "",
        ),
        ("{between: [price], block_by: [person.name]}", "each person would be a block of their own", "use `bands`"),
        ("{between: [price], block_by: [person.age, {person: age, bands: [3]}]}", "'age' is named twice", ""),
        ("{block_by: [{person: age, bands: [35]}]}", "`block_by` has no effect: no factor varies between people", ""),
        ("{allocation: {1: 2, 2: 1}}", "`allocation` has no effect: no factor varies between people", ""),
        ("{between: [price], allocation: {1: 2, 3: 1}}", "no level '3'", "levels: 1, 2"),
        ("{between: [price], allocation: {1: 2}}", "`allocation` has no number for 2", "name every level"),
        (
            "{between: [price, ad], allocation: {1: 2, 2: 1}}",
            "`allocation` must name a factor, because several factors vary between people",
            "write {price: {LEVEL: NUMBER}}",
        ),
        (
            "{between: [price], allocation: {ad: {x: 1, y: 2}}}",
            "`allocation` expects a between factor and numbers for its levels, got 'ad'",
            "",
        ),
        ("{between: [price], order: latin}", "people meet one level of price, not every condition", "list the"),
    ],
)
def test_a_design_that_can_not_be_made_is_refused(here, design, message, hint):
    with pytest.raises(SpecError) as raised:
        planned(here, design)
    found = [(one.code, one.message, one.hint) for one in raised.value.diagnostics if one.is_error]
    [(code, _, shown)] = [one for one in found if one[1] == message]
    assert code == ("E541" if "order" in design else "E501")
    assert shown.startswith(hint) if hint else True


def test_only_rooms_have_a_size_and_enough_of_them_are_needed(here):
    with pytest.raises(SpecError) as raised:
        planned(here, "within", world="world: {type: interviews, group_size: 3}\n")
    assert (
        raised.value.diagnostics[0].message
        == "`group_size` works only with type: room; this world's type is 'interviews'"
    )
    with pytest.raises(SpecError) as raised:
        planned(here, "between", world="world: {type: room, group_size: 6}\n")
    assert [one.message for one in raised.value.diagnostics] == ["2 rooms can't fill 4 conditions"]
