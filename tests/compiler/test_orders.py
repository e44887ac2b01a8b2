"""Orders of options, scales and items are dealt to people: each equally often, and everybody keeps theirs."""

from collections import Counter
from itertools import permutations

import pytest
from compiling import a_folder, compiled_text
from hypothesis import given, settings
from hypothesis import strategies as st

from tinytroupe_cli.compiler.measures.orders import arrangements, dealt_orders
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.measurement.inquiries import inquiries
from tinytroupe_cli.plan.planned_orders import PlannedOrder, places_shown

SEEDS = 1_000


def orders_of(size, people, seed):
    """Return the order of each person of one cell."""
    planned = arrangements(range(size), Stream(seed, "arrangement"))
    starts = dict(zip(map(str, range(people)), dealt_orders(len(planned), size, seed=seed, purpose=()), strict=False))
    order = PlannedOrder(rule="balanced", arrangements=planned, starts=starts)
    return [places_shown(order, size, person=person, sample=0, stream=Stream(seed)) for person in starts]


def spread(counts, kinds):
    """Return the most often a kind was used, less the least often."""
    return max(counts.values()) - (min(counts.values()) if len(counts) == kinds else 0)


@pytest.mark.parametrize(("size", "orders"), [(2, 2), (3, 6), (4, 24), (5, 10), (7, 14)])
def test_each_order_is_used_equally_often_over_a_thousand_seeds(size, orders):
    for seed in range(SEEDS):
        shown = orders_of(size, seed % 61 + 2, seed)
        assert spread(Counter(shown), orders) <= 1


@pytest.mark.parametrize("size", [2, 3, 4])
def test_up_to_four_options_every_order_occurs(size):
    assert set(orders_of(size, 24, 1)) == set(permutations(range(size)))


def test_more_options_are_rotated_in_an_order_of_the_seeds_and_its_reversal():
    shown = set(orders_of(6, 12, 3))
    assert len(shown) == 12
    assert {order[::-1] for order in shown} == shown
    assert len({frozenset(orders_of(6, 12, seed)) for seed in range(20)}) > 10


@given(st.integers(2, 9), st.integers(1, 40), st.integers(0, 10**6))
@settings(deadline=None)
def test_few_people_see_each_option_in_each_place_equally_often(size, people, seed):
    shown = orders_of(size, people, seed)
    for rounds in range(people // size):
        latin = shown[rounds * size : (rounds + 1) * size]
        assert all(len({order[place] for order in latin}) == size for place in range(size))


@given(st.integers(2, 6), st.integers(1, 30), st.integers(0, 10**6))
@settings(deadline=None)
def test_another_person_changes_nobody_elses_order(size, people, seed):
    assert orders_of(size, people + 1, seed)[:-1] == orders_of(size, people, seed)


CAST = "personas: [lisa, oscar, amara, tomas]\n"
ASKED = """\
extract:
  - name: q
    of: each person
    how: interview
    question: Which?
    fields: {ad: {choice: [calm, loud, other]}, why: text, liking: {scale: [1, 7]}, view: {likert: agreement}}
"""


def shown(plan, field, *, trials=None):
    """Return (person, condition, replicate, sample) -> what was shown."""
    return {
        (one.person, trial.condition, trial.replicate, one.sample): instrument.shown
        for trial in trials or plan.trials
        for one in inquiries(trial)
        for instrument in one.instruments
        if instrument.field == field
    }


def items(plan):
    return {one.person: one.items for one in inquiries(plan.trials[0])}


@pytest.fixture
def here(tmp_path):
    return a_folder(tmp_path)


def test_a_person_keeps_their_order_in_every_condition_and_replicate(here):
    plan, _ = compiled_text(here, CAST + ASKED + "factors: {price: {levels: [1, 2], idle: true}}\nreplicates: 3\n")
    for field in ("ad", "liking", "view"):
        found = shown(plan, field)
        assert len(found) == 4 * 2 * 3
        for person in ("lisa", "oscar", "amara", "tomas"):
            assert len({order for who, order in found.items() if who[0] == person}) == 1


def test_half_of_the_people_of_each_condition_read_scales_from_high_to_low(here):
    text = CAST + ASKED + "factors: {price: {levels: [1, 2], idle: true}}\ndesign: between\n"
    for seed in range(20):
        plan, _ = compiled_text(here, f"seed: {seed}\n{text}")
        for trial in plan.trials:
            assert Counter(shown(plan, "liking", trials=[trial]).values()) == {(1, 7): 1, (7, 1): 1}
            assert {order[0] for order in shown(plan, "view", trials=[trial]).values()} == {
                "Strongly agree",
                "Strongly disagree",
            }


def test_samples_of_one_person_go_through_the_orders(here):
    plan, _ = compiled_text(here, "personas: [lisa]\n" + ASKED.replace("name: q", "name: q\n    samples: 6"))
    assert len(set(shown(plan, "ad").values())) == 6
    assert Counter(shown(plan, "liking").values()) == {(1, 7): 3, (7, 1): 3}


def test_a_world_that_is_asked_about_has_another_order_in_each_replicate(here):
    asked = "extract: [{name: q, of: world, question: Which won?, fields: {ad: {choice: [a, b, c]}}}]\n"
    plan, _ = compiled_text(here, f"{CAST}{asked}replicates: 6\nfactors: {{price: {{levels: [1, 2], idle: true}}}}\n")
    found = shown(plan, "ad")
    first = plan.conditions[0].name
    assert all(order == found["", first, *key[2:]] for key, order in found.items())
    assert len(set(found.values())) == 6


@pytest.mark.parametrize("how", ["balanced", "random", "fixed"])
def test_pinned_options_come_last_in_every_order(here, how):
    pinned = f"order: {{options: {how}, last: [loud, Other]}}\n"
    plan, _ = compiled_text(here, CAST + pinned + ASKED.replace("[calm, loud, other]", "[a, loud, b, other, c]"))
    orders = set(shown(plan, "ad").values())
    assert {order[-2:] for order in orders} == {("loud", "other")}
    assert len(orders) == {"balanced": 4, "fixed": 1}.get(how, len(orders))
    assert how != "random" or len(orders) > 1


def test_a_field_can_have_its_own_order_and_pins(here):
    field = "[calm, loud, other], order: fixed, last: []"
    top = "order: {last: [other], scales: fixed}\n"
    plan, _ = compiled_text(
        here, CAST + top + ASKED.replace("[calm, loud, other]", field).replace("[1, 7]", "[1, 7], order: balanced")
    )
    assert set(shown(plan, "ad").values()) == {("calm", "loud", "other")}
    assert len(set(shown(plan, "view").values())) == 1
    assert len(set(shown(plan, "liking").values())) == 2


def test_items_are_rotated_and_a_text_stays_behind_what_it_explains(here):
    plan, _ = compiled_text(here, CAST + ASKED)
    assert set(map(tuple, items(plan).values())) == {()}
    plan, _ = compiled_text(here, CAST + "order: {questions: balanced}\n" + ASKED)
    assert {tuple(order) for order in items(plan).values()} <= {
        ("ad", "why", "liking", "view"),
        ("liking", "view", "ad", "why"),
        ("view", "ad", "why", "liking"),
    }
    assert spread(Counter(map(tuple, items(plan).values())), 3) <= 1


def test_random_orders_are_planned_as_they_were_before_there_were_others(here):
    plan, _ = compiled_text(here, CAST + "order: {options: random, scales: fixed}\n" + ASKED)
    assert plan.trials[0].queries[0].orders == ()
    assert "orders" not in plan.trials[0].queries[0].model_dump(exclude_defaults=True)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            ASKED.replace("[calm, loud, other]", "[calm, loud, other], last: [others]"),
            "'others' is not an option of 'ad'",
        ),
        (ASKED + "order: {last: [calm, none]}\n", "'none' is not an option of any question"),
    ],
)
def test_a_pin_that_is_no_option_is_refused_where_it_stands(here, text, place):
    with pytest.raises(SpecError) as raised:
        compiled_text(here, CAST + text)
    (found,) = raised.value.diagnostics
    assert (found.code, found.message) == ("E508", place)
