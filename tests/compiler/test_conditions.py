import itertools

from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.compiler.cast.assignment import replicate_seed
from tinytroupe_cli.compiler.conditions import factorial, levels_in, listed


def names(factors) -> list[str]:
    return [arm.condition.name for arm in factorial(factors)]


def test_the_first_factor_changes_slowest_and_the_first_combination_is_the_control():
    factors = {"ad": {"calm": "Breathe.", "loud": "NOW!"}, "price": [399, 559]}

    assert names(factors) == ["calm-399", "calm-559", "loud-399", "loud-559"]


def test_a_levels_name_labels_and_its_value_fills_texts():
    [calm, loud] = factorial({"ad": {"Calm one": "Breathe.", "loud": {"text": "NOW!"}}})

    assert calm.condition.name == "calm-one"
    assert calm.condition.levels == {"ad": "Calm one"}
    assert calm.values == {"ad": "Breathe."}
    assert loud.values == {"ad": {"text": "NOW!"}}


def test_without_factors_there_is_one_condition_called_all():
    [arm] = factorial({})

    assert (arm.condition.name, arm.condition.levels, arm.values) == ("all", {}, {})


def test_levels_that_make_no_readable_name_go_by_number_and_names_never_repeat():
    assert names({"ad": ["A very long sentence that nobody wants to read in a folder's name", "short"]}) == [
        "ad-1",
        "short",
    ]
    assert names({"free": [True, False, None]}) == ["free-yes", "free-no", "free-no-2"]
    assert names({"change": [-1, 1, 1.5]}) == ["1", "1-2", "1-5"]


@given(
    st.dictionaries(
        st.text("abc", min_size=1), st.lists(st.integers() | st.text(max_size=8), min_size=1, max_size=3), max_size=3
    )
)
def test_a_full_factorial_holds_every_combination_once_in_the_written_order(factors):
    arms = factorial(factors)

    assert [tuple(arm.values.values()) for arm in arms] == list(itertools.product(*factors.values()))
    assert len({arm.condition.name for arm in arms}) == len(arms)


def test_listed_conditions_are_taken_as_written():
    arms, problems = listed([("control", {"price": 559}), ("discount", {"price": 399})], {})

    assert not problems
    assert [(arm.condition.name, arm.values) for arm in arms] == [
        ("control", {"price": 559}),
        ("discount", {"price": 399}),
    ]
    assert levels_in(arms) == {"price": (559, 399)}


def test_a_listed_condition_may_name_a_factors_level():
    [arm], problems = listed([("quiet", {"ad": "calm"})], {"ad": {"calm": "Breathe.", "loud": "NOW!"}})

    assert not problems
    assert (arm.condition.levels, arm.values) == ({"ad": "calm"}, {"ad": "Breathe."})


def test_what_is_wrong_with_listed_conditions_is_said_with_its_place():
    written = [("a", {"ad": "cam", "price": 3}), ("A", {"ad": "calm"})]
    _, problems = listed(written, {"ad": {"calm": "Breathe."}})

    assert [(problem.path, problem.message) for problem in problems] == [
        (("conditions", 1, "name"), "a second condition called 'a'"),
        (("conditions", 1), "condition 'A' has no value for 'price'"),
        (("conditions", 0, "ad"), "unknown level 'cam'"),
    ]
    assert problems[2].hint.startswith("did you mean 'calm'?")


def test_a_factor_no_listed_condition_gives_is_not_passed_over():
    _, problems = listed([("a", {"ad": "calm"})], {"ad": ["calm"], "price": [1, 2]})

    assert [problem.message for problem in problems] == ["condition 'a' has no value for 'price'"]


def test_a_replicates_seed_is_its_own_and_stays():
    seeds = [replicate_seed(seed, replicate) for seed in range(5) for replicate in range(1, 5)]

    assert len(set(seeds)) == len(seeds)
    assert seeds == [replicate_seed(seed, replicate) for seed in range(5) for replicate in range(1, 5)]
