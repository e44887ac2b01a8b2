"""Which comparisons remain confirmatory after which change, and how changes are named."""

import pytest

from tinytroupe_cli.plan.planned_comparisons import PlannedComparison, comparison_names
from tinytroupe_cli.plan.preregistration import Deviation, Lock, LockRecord, confirmatory, deviations

CONTENTS = {
    "run": {"seed": 1},
    "people": {"personas": "aa"},
    "versions": {"python": "3.11.1"},
    "comparisons": {"q.a by x": {"estimand": "top2"}, "q.b by x": {}},
    "rest": {"plan": "11"},
}
RECORD = LockRecord(file="x.lock.json", locked="2026-11-28", seal="s", primary=("q.a by x", "q.b by x"))


def changed(section, **values):
    return {**CONTENTS, section: {**CONTENTS[section], **values}}


def test_equal_contents_have_no_deviation():
    assert deviations(CONTENTS, CONTENTS, results_existed=False) == []


@pytest.mark.parametrize(
    ("now", "named"),
    [
        (changed("run", seed=2), ["run.seed"]),
        ({**changed("people", personas="bb"), "rest": {"plan": "22"}}, ["people.personas"]),
        (changed("rest", plan="22"), ["rest.plan"]),
        # a version explains no other answers, so the rest is named too
        ({**changed("versions", python="3.12"), "rest": {"plan": "22"}}, ["versions.python", "rest.plan"]),
        ({**CONTENTS, "comparisons": {"q.a by x": {"estimand": "top2"}}}, ["comparisons.q.b by x"]),
    ],
)
def test_a_change_is_named_once_and_hides_no_other(now, named):
    assert [one.what for one in deviations(CONTENTS, now, results_existed=True)] == named


@pytest.mark.parametrize(
    ("what", "run", "left"),
    [
        ("versions.python", "3.12", {"q.a by x", "q.b by x"}),
        ("human_data.people.csv", "ff", {"q.a by x", "q.b by x"}),
        ("comparisons.q.a by x", {"estimand": "mean"}, {"q.b by x"}),
        ("comparisons.q.new by x", {}, {"q.a by x", "q.b by x"}),
        ("comparisons.q.a by x", None, set()),
        ("analysis.alpha", 0.1, set()),
        ("people.personas", "bb", set()),
        ("rest.plan", "22", set()),
    ],
)
def test_what_a_change_leaves_confirmatory(what, run, left):
    assert confirmatory(RECORD, [Deviation(what=what, locked="x", run=run)]) == left


def test_answers_from_before_the_lock_confirm_nothing():
    assert confirmatory(RECORD.model_copy(update={"same_answers_before": True}), []) == frozenset()


def test_an_edited_lock_is_not_intact():
    lock = Lock(experiment="x.yaml", name="x", locked="2026-11-28", primary=("q.a by x",)).sealed()
    assert Lock.model_validate_json(lock.model_dump_json()).is_intact
    assert not lock.model_copy(update={"primary": ("q.b by x",)}).is_intact


def test_names_tell_comparisons_apart():
    planned = [
        PlannedComparison(query="q", field="a", factor="x"),
        PlannedComparison(query="q", field="a", factor="x", estimand="top2"),
        PlannedComparison(query="q", field="a", factor="x", at={"y": 1}),
        PlannedComparison(query="q", field="a", options=True),
        PlannedComparison(query="q", field="a", attribute="age"),
    ]
    assert comparison_names(planned) == [
        "q.a by x",
        "q.a by x (2)",
        "q.a by x at y 1",
        "q.a by options",
        "q.a by person.age",
    ]
