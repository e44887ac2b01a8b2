"""Wordings of an experiment: what can be written, what is refused, and who meets which."""

from pathlib import Path

import pytest
from compiling import a_folder, compiled_text

from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.plan.hashing import plan_hash

CAST = "personas: [{use: lisa, copies: 24}]\n"
FACTORS = "factors: {price: {levels: [1, 2], idle: true}}\n"
ALONE = "world: {type: interviews}\n"
WORDED = "extract: [{name: q, how: interview, question: {wordings: [A?, B?, C?, D?, E?]}, fields: {f: yes_no}}]\n"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return a_folder(tmp_path)


def planned(here, more="", *, worded=WORDED, world=ALONE, factors=FACTORS, cast=CAST):
    return compiled_text(here, f"{cast}{factors}{world}{worded}{more}")


def refused(here, more="", **parts):
    with pytest.raises(SpecError) as raised:
        planned(here, more, **parts)
    return [(one.code, one.message) for one in raised.value.diagnostics if one.is_error]


def versions_of(plan):
    met: dict[str, set[int]] = {}
    for trial in plan.trials:
        for member in trial.people:
            met.setdefault(member.id, set()).add(trial.wording)
    return met


def test_each_person_keeps_one_wording_in_all_conditions_and_replicates(here):
    plan, warnings = planned(here, "replicates: 2\n")
    assert not warnings
    assert all(len(own) == 1 for own in versions_of(plan).values())
    assert sorted(len(people) for people in plan.wordings.people) == [4, 5, 5, 5, 5]
    for trial in plan.trials:
        assert set(trial.queries[0].questions.values()) == {"ABCDE"[trial.wording - 1] + "?"}
        assert trial.id.endswith(f"-w{trial.wording}")
        assert [one.id for one in trial.people] == list(plan.wordings.people[trial.wording - 1])
    assert [member.id for member in plan.cast] == [f"lisa-{number}" for number in range(1, 25)]


def test_versions_are_dealt_evenly_within_the_cells_of_a_between_design(here):
    plan, _ = planned(here, "design: between\n")
    for cell in plan.assignment.cells:
        counts = [len(set(cell.people) & set(people)) for people in plan.wordings.people]
        assert max(counts) - min(counts) <= 1


def test_the_same_seed_gives_a_person_the_same_noise_in_every_wording(here):
    plan, _ = planned(here)
    assert len({trial.seed for trial in plan.trials}) == 1


def test_crossed_everyone_meets_every_wording(here):
    plan, _ = planned(here, "wordings: {cross: all}\n")
    assert set(map(frozenset, versions_of(plan).values())) == {frozenset({1, 2, 3, 4, 5})}
    assert len(plan.trials) == 2 * 5


def test_people_who_meet_each_other_meet_the_same_wording(here):
    plan, _ = planned(here, "wordings: {as: fixed}\n", world="world: {type: room, group_size: 4}\n")
    for group in plan.assignment.groups:
        assert len({wording for person in group for wording in versions_of(plan)[person]}) == 1


def test_an_experiment_without_wordings_is_planned_as_before(here):
    one = WORDED.replace("{wordings: [A?, B?, C?, D?, E?]}", "A?")
    plan, _ = planned(here, worded=one)
    assert plan.wordings is None
    assert {trial.id for trial in plan.trials} == {"1-r1", "2-r1"}
    assert "wording" not in str(plan.model_dump(exclude_defaults=True))
    assert plan_hash(plan) != plan_hash(planned(here)[0])


def test_a_level_with_wordings_is_one_level(here):
    factors = "factors: {ad: {calm: {wordings: [a, b, c, d, e]}, loud: {wordings: [f, g, h, i, j]}}}\n"
    plan, _ = planned(here, worded=WORDED.replace("A?", "'{{ ad }}?'"), factors=factors)
    asked = {(trial.condition, trial.wording): set(trial.queries[0].questions.values()) for trial in plan.trials}
    assert asked["calm", 1] == {"a?"}
    assert asked["loud", 1] == {"f?"}
    assert plan.factors == {"ad": ("calm", "loud")}
    assert plan.conditions[0].levels == {"ad": "calm"}


def test_personal_wordings_are_rendered_for_each_person(here):
    plan, _ = planned(here, worded=WORDED.replace("B?", "'{{ person.name }}, B?'"))
    second = next(trial for trial in plan.trials if trial.wording == 2)
    assert second.queries[0].questions == {one.id: f"{one.name}, B?" for one in second.people}


def test_lists_of_unequal_length_are_refused(here):
    two = "stimuli: [{say: {wordings: [Hello., Hi.]}}]\n"
    assert ("E505", "this text needs 2 wordings, as in stimuli.0.say; it has 5") in refused(here, two)
    assert refused(here, "wordings: {as: fixed}\n", worded="")[0][0] == "E505"


def test_a_level_with_wordings_needs_a_name(here):
    factors = "factors: {ad: [{wordings: [a, b, c, d, e]}, x]}\n"
    worded = WORDED.replace("A?", "'{{ ad }}?'")
    assert ("E505", "a level with several wordings needs a name") in refused(here, worded=worded, factors=factors)


@pytest.mark.parametrize(("people", "is_refused"), [(9, True), (10, False), (5, False), (4, True)])
def test_each_wording_needs_two_people_or_each_person_a_wording(here, people, is_refused):
    cast = f"personas: [{{use: lisa, copies: {people}}}]\n"
    if is_refused:
        assert refused(here, cast=cast)[0][0] == "E506"
    else:
        planned(here, cast=cast)


def test_between_each_cell_needs_two_people_of_each_wording(here):
    cast = "personas: [{use: lisa, copies: 19}]\n"
    found = refused(here, "design: between\n", cast=cast)
    assert found == [
        ("E506", "5 wordings need at least 20 people (two for each wording in each of 2 cells); there are 19"),
    ]


def test_few_random_wordings_are_warned_about(here):
    four = WORDED.replace(", E?", "")
    _, warnings = planned(here, worded=four)
    assert [(one.code, one.message) for one in warnings] == [
        ("E516", "4 wordings: the interval will be 1.6 times as wide as with many")
    ]
    assert not planned(here, "wordings: {as: fixed}\n", worded=four)[1]


def test_wordings_from_a_file(here):
    (here / "w.yaml").write_text("- {text: A?, wordings: [A?, B?, C?, D?, E?]}\n")
    one = WORDED.replace("{wordings: [A?, B?, C?, D?, E?]}", "A?")
    plan, _ = planned(here, "wordings: {from: w.yaml}\n", worded=one)
    assert plan_hash(plan) == plan_hash(planned(here)[0])


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("- {text: Z?, wordings: [A?, B?]}\n", "'w.yaml' has wordings of a text that the experiment lacks: 'Z?'"),
        ("- {text: A?, wordings: [A?]}\n", "'w.yaml' is not a file of wordings: wordings: "),
        ("", "'w.yaml' is not a file of wordings: "),
        (None, "no file 'w.yaml'"),
    ],
)
def test_a_file_of_wordings_that_does_not_fit_is_refused(here, file, message):
    if file is not None:
        (here / "w.yaml").write_text(file)
    one = WORDED.replace("{wordings: [A?, B?, C?, D?, E?]}", "A?")
    found = refused(here, "wordings: {from: w.yaml}\n", worded=one)
    assert any(code == "E505" and told.startswith(message) for code, told in found)


def test_all_wordings_in_one_life_are_refused(here):
    more = "wordings: {cross: all}\ndesign: {order: latin}\n"
    assert "E507" in [code for code, _ in refused(here, more)]
