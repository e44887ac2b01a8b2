import re

import pytest
from report_cases import CASES, a_room, an_interview
from snapshots import assert_snapshot

from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.plan.world import Tie, WorldPlan
from tinytroupe_cli.reports.formats import render
from tinytroupe_cli.reports.results import has_failed_expectation
from tinytroupe_cli.reports.results_builder import build_results
from tinytroupe_cli.reports.sentences import words


def report(case):
    return render(build_results(*case), "details").decode()


@pytest.mark.parametrize("name", CASES)
def test_the_details_read_like_this(name):
    text = re.sub(r"plan [0-9a-f]{32}", "plan <its hash>", report(CASES[name]()))
    assert_snapshot(text, f"reports/{name}.md")


@pytest.mark.parametrize("name", CASES)
def test_the_report_reads_like_this(name):
    assert_snapshot(render(build_results(*CASES[name]()), "markdown").decode(), f"reports/{name}-short.md")


def test_lists_of_texts_are_shown_as_texts():
    plan, events, *rest = a_room()
    room = {
        trial: [
            event.model_copy(update={"values": {**event.values, "ideas": [f"A bell for {event.person} {trial}"]}})
            if event.kind == "measured"
            else event
            for event in log
        ]
        for trial, log in events.items()
    }
    text = render(build_results(plan, room, *rest), "markdown").decode()
    assert "- **ideas**:\n  - “A bell for lisa 399-calm-r1” (Lisa Carter, price 399 + tone calm)" in text
    assert "- **ideas**: A test week" in render(build_results(plan, events, *rest), "markdown").decode()


@pytest.mark.parametrize("name", CASES)
def test_building_it_again_gives_the_same_bytes(name):
    first, second = CASES[name](), CASES[name]()
    assert render(build_results(*first), "json") == render(build_results(*second), "json")
    assert report(first) == report(second)


def test_answers_that_state_nothing_are_told_where_nothing_failed():
    plan, events, *rest = an_interview()
    silent = {
        trial: [
            event.model_copy(update={"values": dict.fromkeys(event.values)}) if event.kind == "measured" else event
            for event in log
        ]
        for trial, log in events.items()
    }
    text = report((plan, silent, *rest))
    assert "Nothing went wrong" not in text
    assert "Nothing failed, but 3 answers are not stated." in text
    assert "Nothing failed, but 3 answers are not stated: 2 of 2 turns and 0 of 3 answers are usable." in text


ADDRESSED = "; what was said to one of them was heard by that person alone"
TIES = (Tie(a="a", b="b"), Tie(a="b", b="c"))


@pytest.mark.parametrize(
    ("world", "told"),
    [
        ({"type": "interviews"}, "Each person was interviewed alone"),
        ({"type": "room"}, f"Everyone in the room heard what was said to everyone{ADDRESSED}"),
        (
            {"type": "room", "places": {"hall": "", "yard": ""}},
            f"People heard those in the same place (hall and yard){ADDRESSED}",
        ),
        (
            {"type": "network", "ties": TIES, "reach_out": "friends_of_friends"},
            (
                "People heard those they were tied to: 2 ties, 1.33 a person on average, "
                f"and could make contact with those one tie further{ADDRESSED}"
            ),
        ),
        (
            {"type": "network", "ties": TIES, "places": {"hall": ""}},
            "People heard those they were tied to and in the same place (hall): 2 ties, 1.33 a person on average"
            + ADDRESSED,
        ),
    ],
)
def test_a_report_tells_who_heard_whom(world, told):
    told_here = words().reach(WorldPlan(start="2026-01-05T09:00", steps=1, **world), 3, 1)
    assert " ".join(told_here.split()) == told


def test_people_in_a_network_met_in_no_room():
    world = WorldPlan(type="network", start="2026-01-05T09:00", steps=1)
    assert words().meeting(world, 3).strip() == "were connected in a network"


def test_a_broken_expectation_is_known_to_whoever_exits():
    assert has_failed_expectation(build_results(*an_interview()))


def test_a_format_that_is_not_there_is_refused_by_name():
    with pytest.raises(RunError, match="no report format 'htmll'"):
        render(build_results(*an_interview()), "htmll")
