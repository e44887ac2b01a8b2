"""Answers that exclude each other, told without a model; and the many that only seem to."""

import pytest
from builders import a_plan, a_question, a_trial

from tinytroupe_cli.analysis.contradictions import contradictions, marked
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.fields.likert_scales import LIKERT
from tinytroupe_cli.plan.types import PlannedField

BOX = PlannedField(
    name="warmth", kind="scale", low=1, high=7, low_label="clearly against the box", high_label="clearly for the box"
)
LIKELY = PlannedField(name="likelihood", kind="likert", options=LIKERT["likelihood"])
INTENT = PlannedField(name="intent", kind="likert", options=LIKERT["purchase_intent"])
COLD = PlannedField(
    name="distance", kind="scale", low=1, high=7, low_label="clearly for it", high_label="clearly against it"
)


def yes_no(name: str) -> PlannedField:
    return PlannedField(name=name, kind="yes_no")


def row(query: str, field: str, value, person: str = "person-1", sample: int = 0) -> Observation:
    return Observation(
        trial="r1",
        condition="",
        levels={},
        replicate=1,
        person=person,
        query=query,
        field=field,
        sample=sample,
        outcome="not_stated" if value is None else "stated",
        value=value,
    )


def compared(
    intent: PlannedField, said, scale: PlannedField, value, *, apart: bool = False, question="Would you order the box?"
):
    """Compare two answers about one person, of one query or of two."""
    first = a_question(("person-1",), name="verdict", fields=(intent,) if apart else (intent, scale))
    first = first.model_copy(update={"questions": {"person-1": question}})
    second = a_question(("person-1",), name="talk", procedure="observe", fields=(scale,))
    trial = a_trial(queries=(first, second) if apart else (first,)).model_copy(update={"id": "r1"})
    rows = [row("verdict", intent.name, said), row("talk" if apart else "verdict", scale.name, value)]
    return contradictions(a_plan(trial), rows), rows


@pytest.mark.parametrize(
    ("intent", "said", "scale", "value"),
    [
        ("would_order", False, BOX, 7),
        ("would_order", True, BOX, 1),
        ("would_buy", False, LIKELY, "Very likely"),
        ("would_buy", True, LIKELY, "Very unlikely"),
        ("would_order", True, INTENT, "Definitely would not buy"),
        ("would_order", False, INTENT, "Definitely would buy"),
        ("would_cancel", True, BOX, 7),
        ("would_order", False, COLD, 1),
        ("would_order", True, COLD, 7),
    ],
)
def test_a_yes_or_no_beside_the_end_of_a_scale_that_excludes_it_is_found(intent, said, scale, value):
    found, _ = compared(yes_no(intent), said, scale, value)
    assert (found.compared, len(found.found)) == (1, 1)
    assert found.found[0].answers == (f"verdict.{intent}", f"verdict.{scale.name}")


@pytest.mark.parametrize(
    ("intent", "said", "scale", "value"),
    [
        ("would_order", True, BOX, 7),
        ("would_order", False, BOX, 1),
        ("would_order", False, BOX, 6),
        ("would_order", False, BOX, None),
        ("would_cancel", True, BOX, 1),
        ("would_order", True, COLD, 1),
        ("would_buy", True, LIKELY, "Very likely"),
    ],
)
def test_answers_that_agree_lean_or_are_missing_are_none(intent, said, scale, value):
    found, _ = compared(yes_no(intent), said, scale, value)
    assert found.found == ()


@pytest.mark.parametrize(
    ("intent", "scale", "value"),
    [
        ("has_children", BOX, 7),
        ("would_not_order", BOX, 7),
        ("would_order_if_cheaper", BOX, 7),
        ("would_order", PlannedField(name="recommend", kind="likert", options=LIKERT["likelihood"]), "Very likely"),
        (
            "would_order",
            PlannedField(name="interest", kind="likert", options=LIKERT["interest"]),
            "Extremely interested",
        ),
        ("would_order", PlannedField(name="worry", kind="likert", options=LIKERT["concern"]), "Extremely concerned"),
        ("would_order", PlannedField(name="often", kind="likert", options=LIKERT["frequency"]), "Always"),
        ("would_order", PlannedField(name="taste", kind="likert", options=LIKERT["quality"]), "Very good"),
        ("would_order", PlannedField(name="points", kind="scale", low=1, high=7), 7),
        (
            "would_order",
            PlannedField(
                name="price", kind="scale", low=1, high=7, low_label="too low for me", high_label="too high for me"
            ),
            7,
        ),
    ],
)
def test_what_says_nothing_of_the_same_matter_is_not_compared(intent, scale, value):
    found, _ = compared(yes_no(intent), False, scale, value)
    assert (found.compared, found.found) == (0, ())


def test_a_likelihood_of_cancelling_runs_the_other_way():
    cancel = PlannedField(name="cancel", kind="likert", options=LIKERT["likelihood"])
    assert compared(yes_no("would_cancel"), False, cancel, "Very likely")[0].found
    assert not compared(yes_no("would_cancel"), True, cancel, "Very likely")[0].found


def test_of_two_queries_only_answers_about_the_same_thing_are_compared():
    found, _ = compared(yes_no("would_order"), False, BOX, 7, apart=True)
    assert [one.answers for one in found.found] == [("verdict.would_order", "talk.warmth")]
    other, _ = compared(yes_no("would_order"), False, BOX, 7, apart=True, question="Would you order a taxi home?")
    assert other.compared == 0
    assert compared(yes_no("would_buy"), False, LIKELY, "Very likely", apart=True)[0].compared == 0


def test_both_answers_are_marked_with_the_other_and_keep_their_values():
    found, rows = compared(yes_no("would_order"), False, BOX, 7, apart=True)
    first, second = marked(rows, found)
    assert (first.value, first.contradicts) == (False, "talk.warmth")
    assert (second.value, second.contradicts) == (7, "verdict.would_order")
    assert found.found[0].text == "would order: no, beside warmth: 7, clearly for the box"


def test_another_persons_or_samples_answers_are_not_mixed_in():
    query = a_question(("person-1", "person-2"), name="verdict", fields=(yes_no("would_order"), BOX), samples=2)
    rows = [
        row("verdict", "would_order", False, "person-1"),
        row("verdict", "warmth", 7, "person-2"),
        row("verdict", "warmth", 7, "person-1", sample=1),
    ]
    trial = a_trial(queries=(query,)).model_copy(update={"id": "r1"})
    assert contradictions(a_plan(trial), rows).compared == 0
