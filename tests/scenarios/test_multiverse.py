"""A multiverse: every combination of choices, from the experiment's file to the report."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from pathlib import Path
from statistics import fmean

import pytest
from projects import Project
from provider import Body, FakeProvider, schema_of

EXPERIMENT = """\
troupe: 1
name: liking
factors: {price: [399, 559]}
personas: [{use: oscar, copies: 16, vary: {age: {from: 20, to: 70}}}]
world: {type: interviews}
extract:
  - name: q
    of: each person
    how: interview
    question: "How do you like it at {{ price }}?"
    fields: {likes: {scale: [1, 5]}, buys: yes_no, why: text}
compare:
  - {measure: q.likes, by: price}
  - {measure: q.buys, by: price}
weights: {to: {age: {20-45: 0.3, 46-70: 0.7}}}
multiverse:
  exclude: [none, repeats]
  weights: [on, off]
  estimand: [mean, top2]
  test: [permutation, wilcoxon]
"""


def liking(body: Body) -> str:
    """Most like it better at the lower price; a quarter of people give each other's reasons."""
    schema, text = schema_of(body), str(body["messages"][-1]["content"])
    assert schema is not None
    [name] = re.findall(r"asks you, ([^,]+),", text)
    person, chance = (int(hashlib.sha256(one.encode()).hexdigest(), 16) for one in (name, text))
    points = 2 + person % 2 + chance % 2 + ("399" in text)
    reason = "It is simply too dear for me." if person % 4 == 0 else f"My own reason is number {chance % 10**9}."
    found = {"item_1": str(points), "item_2": "yes" if points > 3 else "no", "item_3": reason}
    return json.dumps({key: found[key] for key in schema["properties"]})


@pytest.fixture
def project(tmp_path: Path) -> Project:
    with FakeProvider(answer=liking) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT)
        ended = project.run()
        assert len(fake.requests) == 32
    assert ended.code == 0, ended.err
    return project


def test_every_combination_that_fits_is_analysed_from_the_answers_of_one_run(project: Project) -> None:
    whole = project.results["multiverse"]
    likes, buys = whole["curves"]
    assert (whole["branches"], whole["missing"]) == (16, 0)
    combinations = {tuple(branch["choices"].values()) for branch in likes["branches"]}
    weighted = itertools.product(["none", "repeats"], ["on"], ["mean"], ["permutation"])  # only means are weighted
    plain = itertools.product(["none", "repeats"], ["off"], ["mean"], ["permutation", "wilcoxon"])
    top2 = itertools.product(["none", "repeats"], ["off"], ["top2"], ["permutation"])  # ranks are not for shares
    assert combinations == {*weighted, *plain, *top2}
    assert len(buys["branches"]) == 4
    sizes = [branch["effect_size"] for branch in likes["branches"]]
    assert likes["sorted_by"] == "effect_size"
    assert sizes == sorted(sizes)


def test_the_branch_of_the_usual_choices_equals_the_comparison_itself(project: Project) -> None:
    [curve, _] = project.results["multiverse"]["curves"]
    usual = {"exclude": "none", "weights": "on", "estimand": "mean", "test": "permutation"}
    own = next(one for one in project.results["comparisons"] if one["measure"] == "q.likes" and one["kind"] == "pair")
    branch = next(one for one in curve["branches"] if one["choices"] == usual)
    assert [branch[key] for key in ("estimate", "low", "high", "p", "n")] == [
        own[key] for key in ("estimate", "low", "high", "p", "n")
    ]
    unweighted = next(one for one in curve["branches"] if one["choices"] == {**usual, "weights": "off"})
    assert unweighted["estimate"] == pytest.approx(own["unweighted"][1] - own["unweighted"][0])
    named = next(one for one in curve["branches"] if one["choices"] == {**usual, "test": "wilcoxon", "weights": "off"})
    assert named["p"] != unweighted["p"]


def test_the_curve_has_its_median_its_signs_and_a_joint_test(project: Project) -> None:
    [curve, _] = project.results["multiverse"]["curves"]
    assert curve["same_sign"] == 1
    assert set(curve["medians"]) == {"difference", "difference of top-two shares"}
    assert curve["joint"]["branches"] == 6  # a branch that differs by its test alone is counted once
    assert 0 < curve["joint"]["median_p"] < 0.05
    assert curve["joint"]["median"] < 0
    assert "## Multiverse" in project.report
    assert re.search(r"100% of the \d+ branches with an estimate have the same direction", project.report)
    assert "Joint test of the 6 branches" in project.report


def test_medians_are_in_the_curve_and_not_in_the_joint_test_of_means(tmp_path: Path) -> None:
    with FakeProvider(answer=liking) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT.replace("[mean, top2]", "[mean, median]"))
        assert project.run().code == 0
    likes = project.results["multiverse"]["curves"][0]
    tested = [branch["estimand"] for branch in likes["branches"] if branch["p"] is not None]
    assert len(tested) > tested.count("difference") > 0
    assert likes["joint"]["branches"] == 4  # means: with and without exclusions and weights


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("estimand: [mean, top2]", "estimand: [mean, first]"), "`estimand` has no alternative 'first' here"),
        (("test: [permutation, wilcoxon]", "test: [permutation, friedman]"), "`test` has no alternative 'friedman'"),
        (("exclude: [none, repeats]", "exclude: [none, straight_lining]"), "no query has three scales"),
        (("exclude: [none, repeats]", "exclude: [none, rich]"), "`exclude` has no rule 'rich'"),
        (("weights: {to: {age: {20-45: 0.3, 46-70: 0.7}}}\n", ""), "there are no `weights` to switch on"),
        (("exclude: [none, repeats]", "wordings: [1, 2]"), "every text has one wording"),
        (("estimand: [mean, top2]", "estimand: [mean, mean]"), "an alternative of `estimand` is named twice"),
        (("estimand: [mean, top2]", "adjust: [none, person.age]"), "everyone experiences every level of 'price'"),
        (("estimand: [mean, top2]", "estimand: [mean]"), "E107"),
        (("estimand: [mean, top2]", "world.stps: [1, 2]"), "'stps'"),
        (("estimand: [mean, top2]", "extract.r.samples: [1, 2]"), "there is no 'extract.r.samples' in the experiment"),
        (("estimand: [mean, top2]", "extract.q.samples: [2, 3]"), "none of the combinations is the experiment as"),
        (("estimand: [mean, top2]", "title: [A, B]"), "`title` changes no answer"),
        (("estimand: [mean, top2]", f"seed: {list(range(21))}"), "this makes 21 runs; the maximum is 20"),
    ],
)
def test_what_cant_be_chosen_is_found_at_its_line(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    checked = Project(tmp_path, "", EXPERIMENT.replace(*change)).troupe("check", "x.yaml")
    assert checked.code == 2
    assert message in " ".join(checked.err.split())


OTHER = "openai/gpt-4.1-mini"
RUNS = (
    EXPERIMENT[: EXPERIMENT.index("multiverse:")]
    + """\
prices: {openai/gpt-4o-mini: {input: 0.15, output: 0.6}, openai/gpt-4.1-mini: {input: 0.4, output: 1.6}}
multiverse:
  model.people: [openai/gpt-4o-mini, openai/gpt-4.1-mini]
  extract.q.samples: [1, 2]
  exclude: [none, repeats]
"""
)


def other_likes_it_less(body: Body) -> str:
    """The other model sees the opposite difference."""
    if OTHER.endswith(str(body["model"])):
        swapped = json.loads(json.dumps(body).replace("399", "000").replace("559", "399"))
        return liking(swapped)
    return liking(body)


def test_paths_in_the_experiment_make_runs_whose_branches_are_joined(tmp_path: Path) -> None:
    with FakeProvider(answer=other_likes_it_less) as fake:
        project = Project(tmp_path, fake.url, RUNS)
        planned = project.troupe("plan", "x.yaml", "--model", "openai/gpt-4o-mini")
        ended = project.run("--max-cost", "5")
        calls = len(fake.requests)
    assert "Multiverse: 4 runs" in planned.out
    assert "model.people openai/gpt-4.1-mini, extract.q.samples 2: up to" in planned.out
    assert "All runs together: up to" in planned.out
    assert ended.code == 0, ended.err
    assert len(project.runs) == 4
    assert calls == 2 * 2 * 32  # the second sample of the one run; the first is shared
    whole = json.loads((project.runs[0] / "results.json").read_text())["multiverse"]
    assert (whole["branches"], whole["missing"]) == (8, 0)
    likes = whole["curves"][0]
    assert len(likes["branches"]) == 8
    by_model = {
        model: {branch["sign"] for branch in likes["branches"] if branch["choices"]["model.people"] == model}
        for model in ("openai/gpt-4o-mini", OTHER)
    }
    assert by_model == {"openai/gpt-4o-mini": {-1}, OTHER: {1}}
    assert likes["same_sign"] == 0.5
    assert {branch["p"] < 0.05 for branch in likes["branches"]} == {True}
    assert likes["share_significant"] == 0.5  # significant in the other direction is no support
    assert likes["joint"]["branches"] == 2  # those of this run
    [blend] = likes["blends"]
    means = {
        model: fmean(one["estimate"] for one in likes["branches"] if one["choices"]["model.people"] == model)
        for model in by_model
    }
    assert blend["models"] == pytest.approx(means)
    assert blend["blend"] == pytest.approx(fmean(means.values()))
    assert blend["same_sign"] == 0.5
    assert "50% of the models have the same direction" in (project.runs[0] / "details.md").read_text()
    assert sum(bool(branch["run"]) for branch in likes["branches"]) == 6
    again = project.troupe("report", str(project.runs[0]), "--json")
    assert json.loads(again.out)["multiverse"] == whole


@pytest.mark.parametrize(
    ("text", "words"), [(RUNS, ("--max-cost", "0.009")), (RUNS + "limits: {usd: 0.009}\n", ())], ids=["flag", "key"]
)
def test_the_cost_limit_holds_for_all_runs_together(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    with FakeProvider(answer=liking) as fake:
        project = Project(tmp_path, fake.url, text)
        ended = project.run(*words)
    assert ended.code == 5
    assert sum(json.loads((run / "results.json").read_text())["usd"] for run in project.runs) < 0.012
    whole = json.loads((project.runs[0] / "results.json").read_text())["multiverse"]
    assert whole["missing"] > 0
    assert "have no results yet" in (project.runs[0] / "details.md").read_text()
