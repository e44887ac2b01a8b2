"""Orders of conditions in one life: which orders there are, who has which, and what a trial then consists of."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from compiling import a_folder, compiled_text

from tinytroupe_cli.compiler.cast.sequences import assigned_sequences, latin_square, williams_square
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.plan.periods import parts_of

PEOPLE = [f"p{number}" for number in range(37)]
BLOCKS = {"a": PEOPLE[:5], "b": PEOPLE[5:16], "c": PEOPLE[16:]}
CAST = "personas: [{use: lisa, copies: 12}]\n"
FACTORS = "factors: {price: [1, 2, 3]}\n"
ALONE = "world: {type: interviews, steps: 3}\n"
STIMULI = """\
stimuli:
  - say: "Hello."
  - {say: "It costs {{ price }}.", at: {step: 2}}
  - {say: "Well? ({{ step }})", at: end}
"""
ASKED = """\
extract:
  - {name: q, of: each person, how: interview, question: "Is {{ price }} fair?", fields: {fair: yes_no}}
"""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return a_folder(tmp_path)


def planned(here: Path, order: str = "williams", *, world: str = ALONE, factors: str = FACTORS, more: str = STIMULI):
    return compiled_text(here, f"{CAST}{factors}{world}design: {{order: {order}}}\n{ASKED}{more}")[0]


@pytest.mark.parametrize("count", range(2, 13))
def test_each_condition_is_equally_often_in_each_period_and_in_a_williams_design_after_each_other(count):
    for square in (latin_square(count), williams_square(count)):
        assert all(sorted(row) == list(range(count)) for row in square)
        places = Counter((number, place) for row in square for place, number in enumerate(row))
        assert len(places) == count**2
        assert len(set(places.values())) == 1
    follows = Counter(pair for row in williams_square(count) for pair in pairwise(row))
    assert len(follows) == count * (count - 1)
    assert len(set(follows.values())) == 1
    assert len(williams_square(count)) == (2 * count if count % 2 else count)


@pytest.mark.parametrize("order", ["latin", "williams"])
def test_orders_are_used_equally_often_in_each_block_and_in_all_whatever_the_seed(order):
    names, used = ["x", "y", "z"], Counter[tuple[str, tuple[str, ...]]]()
    for seed in range(1_000):
        found = assigned_sequences(order, names, PEOPLE, seed=seed, blocks=BLOCKS)
        for people in (PEOPLE, *BLOCKS.values()):
            counts = [len(set(one.people) & set(people)) for one in found]
            assert max(counts) - min(counts) <= 1
            assert sum(counts) == len(people)
        used.update((person, one.conditions) for one in found for person in one.people)
    assert len({order for _, order in used}) == 6
    expected = 1_000 / 6
    statistic = sum((used[PEOPLE[0], one] - expected) ** 2 / expected for one in {own for _, own in used})
    assert statistic < 20.5  # chi-square with 5 degrees of freedom, p = 0.001


def test_shuffled_orders_are_each_persons_own():
    def orders(people):
        found = assigned_sequences("shuffled", ["x", "y", "z"], people, seed=3)
        return {person: one.conditions for one in found for person in one.people}

    few, more = orders(PEOPLE[:-1]), orders(PEOPLE)
    assert few == {person: more[person] for person in few}
    assert len(set(more.values())) == 6


def test_what_comes_before_the_first_difference_comes_once_and_each_condition_has_the_rest(here):
    plan = planned(here)
    assert len(plan.trials) == 6
    trial = plan.trials[0]
    first, second, third = (period.condition for period in trial.periods)
    assert [(one.first, one.last) for one in trial.periods] == [(1, 3), (4, 5), (6, 7)]
    assert trial.world.steps == 7
    assert [(one.step, one.text) for one in trial.stimuli] == [
        (1, "Hello."),
        (2, f"It costs {first}."),
        (3, "Well? (3)"),
        (4, f"It costs {second}."),
        (5, "Well? (3)"),
        (6, f"It costs {third}."),
        (7, "Well? (3)"),
    ]
    assert [(query.period, set(query.questions.values())) for query in trial.queries] == [
        (number, {f"Is {price} fair?"}) for number, price in enumerate((first, second, third), start=1)
    ]


def test_the_parts_of_a_trial_are_its_conditions(here):
    trial = planned(here).trials[0]
    parts = parts_of(trial)
    assert [part.trial.condition for part in parts] == [period.condition for period in trial.periods]
    assert [part.preceding for part in parts] == ["", *(period.condition for period in trial.periods[:-1])]
    assert [len(part.trial.stimuli) for part in parts] == [3, 2, 2]
    assert [part.later for part in parts] == [0, 2, 4]
    whole = planned(here, "separate").trials[0]
    assert [part.trial for part in parts_of(whole)] == [whole]


def test_replicates_have_the_same_people_in_the_same_orders(here):
    plan = planned(here, "latin", more=STIMULI + "replicates: 2\n")
    one, other = ([trial for trial in plan.trials if trial.replicate == number] for number in (1, 2))
    assert [[person.id for person in trial.people] for trial in one] == [
        [person.id for person in trial.people] for trial in other
    ]
    assert [trial.id for trial in plan.trials] == ["r1-s1", "r1-s2", "r1-s3", "r2-s1", "r2-s2", "r2-s3"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("stimuli: [{say: Hello.}]\n", "no stimulus differs between conditions"),
        (STIMULI + "weights: {to: {gender: {Female: 1}}}\n", "`weights` can't be combined with `order: williams`"),
        (STIMULI + "baseline: random\n", "`baseline` can't be combined with"),
        (STIMULI + "persona_shuffle: true\n", "`persona_shuffle` can't be combined with"),
        (STIMULI + "blinding: unblinded\n", "`blinding` can't be combined with"),
        (STIMULI + "inference: {about: cast}\n", "`about: cast` can't be combined with"),
        (STIMULI + "wordings: 3\n", "`wordings` can't be combined with"),
        (STIMULI + "propositions: [{name: kind, claim: They are kind.}]\n", "`propositions` can't be combined with"),
        (STIMULI + "interventions: [{when: {step: 1}, then: [{say: Hm.}]}]\n", "`interventions` can't be combined"),
        (STIMULI + "compare: [{measure: q.fair, by: price, test: mcnemar}]\n", "`test` does not take periods into"),
        (
            STIMULI + "compare: [{measure: q.fair, by: price, contrasts: {low: [1, -0.5, -0.5]}}]\n",
            "`contrasts` does not take periods into account",
        ),
    ],
)
def test_what_an_order_has_no_meaning_for_yet_is_refused(here, more, message):
    with pytest.raises(SpecError) as raised:
        planned(here, more=more)
    assert any(one.code == "E541" and one.message.startswith(message) for one in raised.value.diagnostics)


def test_the_world_the_people_and_the_questions_must_fit(here):
    def codes(**change):
        with pytest.raises(SpecError) as raised:
            planned(here, **change)
        return [(one.code, one.message) for one in raised.value.diagnostics if one.is_error]

    assert ("E541", "people who reach each other can't be in different conditions (room)") in codes(
        world="world: {type: room, steps: 3}\n"
    )
    assert ("E541", "`place` depends on the condition, but with `order` people stay in one world") in codes(
        world='world: {type: interviews, steps: 3, place: "Shop {{ price }}"}\n'
    )
    assert ("E541", "there is only one condition") in codes(factors="factors: {price: [1]}\n")
    many = "factors: {price: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]}\n"
    assert ("E504", "13 conditions; `williams` can balance 12 at most") in codes(factors=many)
    observed = "extract: [{name: q, question: 'Fair?', fields: {fair: yes_no}}]\n"
    with pytest.raises(SpecError) as raised:
        compiled_text(here, f"{CAST}{FACTORS}{ALONE}design: {{order: latin}}\n{observed}{STIMULI}")
    assert "'q' is read from the transcript, which contains several conditions" in [
        one.message for one in raised.value.diagnostics
    ]


def test_shuffled_orders_have_no_limit_and_blocks_have_no_effect_on_them(here):
    many = "factors: {price: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]}\n"
    assert len(planned(here, "shuffled", factors=many).trials[0].periods) == 13
    with pytest.raises(SpecError) as raised:
        planned(here, "shuffled, block_by: [{person: age, bands: [40]}]")
    assert "`block_by` has no effect: with `order: shuffled`, each person's order is drawn separately" in [
        one.message for one in raised.value.diagnostics
    ]
