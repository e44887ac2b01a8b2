"""A multiverse whose branches are adjusted for covariates, of comparisons with bounds of equivalence."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from projects import Project
from provider import Body, FakeProvider, schema_of

ADJUSTED = """\
troupe: 1
name: adjusted
seed: 4
factors: {price: [399, 559]}
design: between
personas: [{use: oscar, copies: 40, vary: {age: {from: 20, to: 66}, gender: [female, male]}}]
world: {type: interviews}
extract:
  - {name: q, of: each person, how: interview, question: "At {{ price }}?", fields: {rating: {scale: [1, 11]}}}
  - {name: before, of: each person, how: interview, question: "Your budget?", fields: {budget: number, why: text}}
compare:
  - {measure: q.rating, by: price, equivalence: 1.9}
  - {measure: before.budget, by: price}
multiverse:
  adjust: [none, person.age, [person.age, before.budget]]
  test: [permutation, welch]
  estimand: [mean, top2]
"""


def by_age(body: Body) -> str:
    """Rate by age, a point more at 559, and a little at random; the budget is unrelated."""
    text = json.dumps(body["messages"])
    age = int(re.findall(r"\b(?:[2-5]\d|6[0-6])\b", text)[0])
    chance = int(hashlib.sha256(text.encode()).hexdigest(), 16)
    number = chance % 50 if "budget" in text else 1 + (age - 20) // 6 + ("At 559" in text) + chance % 3
    schema = schema_of(body)
    assert schema is not None
    return json.dumps(
        {
            key: "So." if one["type"] == "string" and "enum" not in one else str(number) if "enum" in one else number
            for key, one in schema["properties"].items()
        }
    )


def adjusted(tmp_path: Path, experiment: str = ADJUSTED) -> Project:
    with FakeProvider(answer=by_age) as fake:
        project = Project(tmp_path, fake.url, experiment)
        ended = project.run()
    assert ended.code == 0, ended.err
    return project


def test_adjusting_is_a_choice_and_its_branches_equal_comparisons_that_are_adjusted(tmp_path: Path) -> None:
    project = adjusted(tmp_path)
    rating, budget = project.results["multiverse"]["curves"]
    branches = {repr((*branch["choices"].values(),)): branch for branch in rating["branches"]}
    both = ["person.age", "before.budget"]
    fitting = [("none", "permutation"), ("none", "welch"), ("person.age", "permutation"), (both, "permutation")]
    wanted = [(adjust, test, estimand) for adjust, test in fitting for estimand in ("mean", "top2")]
    assert set(branches) == {repr(one) for one in wanted}
    assert rating["joint"]["branches"] == 6  # those that differ by `test` alone count once
    assert {repr(branch["choices"]["adjust"]) for branch in budget["branches"]} == {"'none'", "'person.age'"}
    written = ADJUSTED.replace("equivalence: 1.9}", f"equivalence: 1.9, adjust: [{', '.join(both)}]}}")
    (tmp_path / "again").mkdir()
    again = adjusted(tmp_path / "again", written[: written.index("multiverse:")])
    own = next(one for one in again.results["comparisons"] if one["measure"] == "q.rating" and one["kind"] == "pair")
    branch = branches[repr((both, "permutation", "mean"))]
    assert own["adjusted_for"] == both
    keys = ("estimate", "low", "high", "p", "n", "verdict")
    assert [branch[key] for key in keys] == [own[key] for key in keys]
    plain = branches[repr(("none", "permutation", "mean"))]
    assert branch["high"] - branch["low"] < (plain["high"] - plain["low"]) / 2
    assert rating["joint"]["median_p"] < plain["p"]


def test_bounds_of_equivalence_are_counted_over_branches_in_their_own_unit(tmp_path: Path) -> None:
    project = adjusted(tmp_path)
    rating, budget = project.results["multiverse"]["curves"]
    verdicts = {repr((*branch["choices"].values(),)): branch["verdict"] for branch in rating["branches"]}
    assert verdicts[repr(("none", "permutation", "mean"))] == "different"
    assert verdicts[repr(("none", "welch", "mean"))] == "different"
    assert verdicts[repr(("person.age", "permutation", "mean"))] == "different_but_negligible"
    assert {verdict for choices, verdict in verdicts.items() if "top2" in choices} == {""}
    assert rating["equivalence"] == [-1.9, 1.9]
    assert rating["verdicts"] == {"different": 2, "different_but_negligible": 2}
    assert (budget["equivalence"], budget["verdicts"]) == (None, {})
    said = " ".join(project.report.split())
    assert (
        "The bounds within which a difference counts as none, -1.9 to 1.9, were tested in 4 branches: "
        "different but within the bounds in 2, different in 2." in said.replace("\u2212", "-")
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("[none, person.age, [person.age", "[none, person.agee, [person.age"), "nobody has a single value for 'agee'"),
        (("[person.age, before.budget]", "[person.age, person.age]"), "'person.age' is named twice"),
        (("[person.age, before.budget]", "before.why"), "'before.why' is text"),
        (("[mean, top2]", "[median, delta]"), "`adjust` does not fit: only differences of means and shares"),
        (("compare:", "weights: {to: {gender: {female: 0.5, male: 0.5}}}\ncompare:"), "comparisons with `weights`"),
    ],
)
def test_what_cant_be_adjusted_for_is_found_at_its_line(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    text = ADJUSTED.replace(*change)
    if "median" in text:
        text = text.replace("by: price, equivalence: 1.9", "by: price, estimand: median").replace(
            "  - {measure: before.budget, by: price}\n", ""
        )
    checked = Project(tmp_path, "", text).troupe("check", "x.yaml")
    assert checked.code == 2
    assert message in " ".join(checked.err.split()), checked.err
