"""`weights` is checked against the cast before anything runs."""

from __future__ import annotations

import json

import pytest
from compiling import a_folder, compiled_text

from tinytroupe_cli.core.errors import SpecError

EXPERIMENT = """\
personas: [lisa, oscar, amara, tomas]
extract: [{name: choice, of: each person, how: interview, question: "Which?", fields: {ad: {choice: [calm, loud]}}}]
"""
PEOPLE = {"lisa": ("female", 28), "oscar": ("male", 61), "amara": ("female", 45), "tomas": ("male", 30)}


@pytest.fixture
def here(tmp_path):
    folder = a_folder(tmp_path)
    for name, (gender, age) in PEOPLE.items():
        file = folder / f"personas/{name}.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), "gender": gender, "age": age, "weight": age / 10}))
    return folder


def problems(here, weights):
    with pytest.raises(SpecError) as raised:
        compiled_text(here, f"{EXPERIMENT}weights: {weights}\n")
    return [(one.code, one.message, one.hint) for one in raised.value.diagnostics]


def test_shares_are_scaled_to_one_and_fields_may_be_named_as_of_a_person(here):
    plan, warnings = compiled_text(
        here,
        f"{EXPERIMENT}weights: {{to: {{person.gender: {{female: 0.503, male: 0.5}}}}, base: person.weight, "
        "trim: [0.3, 3]}\n",
    )
    assert warnings == ()
    assert plan.weights.to["gender"] == pytest.approx({"female": 0.503 / 1.003, "male": 0.5 / 1.003})
    assert (plan.weights.base, plan.weights.trim) == ("weight", (0.3, 3.0))


def test_without_weights_the_plan_is_as_before(here):
    plan, _ = compiled_text(here, EXPERIMENT)
    assert plan.weights is None
    assert "weights" not in plan.model_dump(exclude_defaults=True)


@pytest.mark.parametrize(
    ("weights", "code", "message", "hint"),
    [
        ("{to: {gender: {female: 0.5, male: 0.4}}}", "E550", "the shares of gender add up to 0.9, not 1", "missing"),
        ("{to: {gender: {female: 51, male: 49}}}", "E550", "add up to 100, not 1", "for 51%, write 0.51"),
        ("{to: {gender: {female: 1, male: 0}}}", "E550", "the share of 'male' must be above 0; it is 0", ""),
        ("{to: {age: {18-40: 0.5, 40+: 0.5}}}", "E550", "the bands 18-40 and 40+ overlap", ""),
        ("{}", "E550", "`weights` expects margins or a base weight", "to: {FIELD"),
        (
            "{to: {gender: {female: 0.5, mal: 0.5}}}",
            "E551",
            "the level 'mal' of 'gender' has no people",
            "did you mean 'male'?",
        ),
        ("{to: {age: {18-34: 0.5, 35-64: 0.4, 65+: 0.1}}}", "E551", "the level '65+' of 'age' has no people", ""),
        (
            "{to: {gender: {female: 0.5, male: 0.5}, age: {28: 0.6, 29+: 0.4}}}",
            "E552",
            "gender remains off by",
            "leave",
        ),
        (
            "{to: {gender: {female: 1}}}",
            "E553",
            "no share for gender male (Oscar Weber, Tomas Novak)",
            "add shares for these",
        ),
        (
            "{to: {nose: {long: 1}}}",
            "E553",
            "'nose' is missing for Lisa Carter, Oscar Weber, Amara Okafor and 1 more",
            "give",
        ),
        ("{base: person.gender}", "E553", "'gender' of Lisa Carter", "give everyone a weight"),
        ("{base: person.weight, trim: [1.5, 3]}", "E107", "expects two multiples of the mean", ""),
    ],
)
def test_what_cannot_be_weighted_is_refused(here, weights, code, message, hint):
    found = problems(here, weights)
    assert any(one == code and message in text and hint in more for one, text, more in found), found
