"""Who could hear whom, and how soon: the estimate's bounds for worlds where not everyone hears everyone."""

from builders import a_cast, a_trial
from worlds import in_world

from tinytroupe_cli.plan.types import PlannedStimulus, Tie
from tinytroupe_cli.preview.estimate.reachability import NEVER, could_hear, first_reached

LINE = tuple(Tie(a=f"person-{n}", b=f"person-{n + 1}") for n in range(1, 4))


def a_line(**world: object):
    """Four people, each tied to the next, and a fifth tied to nobody; the first is told something at step 2."""
    news = PlannedStimulus(step=2, verb="say", text="News.", to=("person-1",), to_everyone=False)
    trial = a_trial(a_cast(5), steps=5, stimuli=(news,))
    return in_world(trial, type="network", ties=LINE, **world)


def test_in_a_network_people_hear_those_they_are_tied_to():
    assert could_hear(a_line())["person-2"] == {"person-1", "person-3"}
    assert could_hear(a_line())["person-5"] == set()


def test_where_ties_can_form_anyone_may_be_heard():
    assert len(could_hear(a_line(reach_out="anyone"))["person-5"]) == 4


def test_word_goes_from_one_to_the_next_in_a_step():
    trial = a_line()
    assert list(first_reached(trial, could_hear(trial)).values()) == [2, 3, 4, 5, NEVER]


def test_one_after_another_word_can_go_all_the_way_in_a_step():
    trial = a_line(order="sequential")
    assert list(first_reached(trial, could_hear(trial)).values()) == [2, 2, 2, 2, NEVER]
