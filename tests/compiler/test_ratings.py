"""What of a rating from words is refused, and what its plan has."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import Project

from tinytroupe_cli.api.planning import compile_file
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.plan.hashing import plan_hash
from tinytroupe_cli.plan.types import Plan, PlannedField

EXPERIMENT = """\
troupe: 1
name: rate
personas: [lisa]
world: {type: interviews}
extract:
  - name: q
    of: each person
    how: HOW
    question: "At {{ condition.price }}{% if true %} today{% endif %}?"
    fields: {FIELDS}
factors: {price: [9, 29]}
"""
OWN = "anchors: [[bad, so, good], [poor, fair, fine]]"


def plan(folder: Path, fields: str, how: str = "interview") -> Plan:
    Project(folder, "", EXPERIMENT.replace("FIELDS", fields).replace("HOW", how))
    return compile_file(folder / "x.yaml", env={}, folder=folder).plan


def fields_of(folder: Path, fields: str) -> tuple[PlannedField, ...]:
    return plan(folder, fields).trials[0].queries[0].fields


@pytest.mark.parametrize(
    ("code", "fields", "how", "says"),
    [
        ("E510", "f: {scale: [1, 3], method: ssr}", "interview", "there are no statements for 'f'"),
        (
            "E510",
            f"f: {{scale: [1, 4], method: ssr, {OWN}}}",
            "interview",
            "needs 4 statements, one for each point; this one has 3",
        ),
        ("E510", "f: {scale: [1, 3], method: ssr, anchors: [[a, b, c]]}", "interview", "needs 2 or more sets"),
        ("E510", f"f: {{scale: [1, 3], method: ssr, {OWN}}}", "observe", "in an interview"),
        ("E510", f"f: {{scale: [1, 3], {OWN}}}", "interview", "'anchors' has no effect"),
        ("E510", "f: {scale: [1, 3], ssr: {epsilon: 1}}", "interview", "'ssr' has no effect"),
        ("E510", "trust: {scale: [0, 10], method: ssr}", "interview", "3 to 7 points, not for 11"),
        ("E510", "f: {scale: [0, 100], method: ssr}", "interview", "3 to 11 points"),
        ("E510", "f: {likert: [a, b], method: ssr}", "interview", "3 to 11 points; this one has 2"),
        ("E510", f"f: {{scale: [1, 3], method: ssr, {OWN}, ssr: {{sets: 3}}}}", "interview", "2 sets of statements"),
        ("E510", f"f: {{scale: [1, 3], method: [ssr, ssr], {OWN}}}", "interview", "'ssr' appears twice"),
        ("E510", f"f: {{scale: [1, 3], method: [direct, ssr], {OWN}}}, f_ssr: text", "interview", "already a field"),
        ("E511", "f: {scale: [1, 3], method: ssr, anchors: [[a, b, A.], [d, e, f]]}", "interview", "two points"),
    ],
)
def test_a_rating_that_cant_be_made_is_refused(tmp_path: Path, code: str, fields: str, how: str, says: str) -> None:
    with pytest.raises(SpecError) as raised:
        plan(tmp_path, fields, how)
    assert {one.code for one in raised.value.diagnostics} == {code}
    assert any(says in one.message for one in raised.value.diagnostics)


def test_shipped_statements_go_the_way_the_scale_does(tmp_path: Path) -> None:
    labels = ("Very unlikely, Unlikely, Even, Likely, Sure", "Very likely, Likely, Even, Unlikely, Never")
    up, down = (fields_of(tmp_path, f"f: {{likert: [{one}], method: ssr}}")[0].rating for one in labels)
    assert up is not None
    assert up.about == "likelihood"
    assert down is not None
    assert down.anchors[0][0] == up.anchors[0][-1]


def test_the_judge_is_given_the_question_without_what_conditions_fill_in(tmp_path: Path) -> None:
    made = plan(tmp_path, f"f: {{scale: [1, 3], method: ssr, {OWN}}}")
    ratings = [trial.queries[0].fields[0].rating for trial in made.trials]
    assert ratings[0] == ratings[1]
    assert ratings[0] is not None
    assert ratings[0].question == "At … today ?"


def test_both_methods_make_two_measures(tmp_path: Path) -> None:
    direct, rated = fields_of(tmp_path, f"f: {{scale: [1, 3], method: [direct, ssr], {OWN}}}")
    assert (direct.name, direct.rating) == ("f", None)
    assert rated.name == "f_ssr"
    assert rated.rating is not None
    assert rated.rating.beside == "f"


def test_a_plan_without_ratings_has_no_trace_of_them(tmp_path: Path) -> None:
    plain = plan(tmp_path, "f: {scale: [1, 3]}")
    assert '"rating"' not in plain.model_dump_json()
    assert plan_hash(plain) == plan_hash(plan(tmp_path, "f: {scale: [1, 3], method: direct}"))
