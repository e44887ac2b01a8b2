"""Twelve mistakes by which one knows statistics that are not to be trusted, each made impossible.

docs/statistics.md says what is done instead.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest
from projects import Project
from provider import Body, FakeProvider, schema_of
from scipy.spatial.distance import jensenshannon

from tinytroupe_cli.analysis.answer_points import mixture_figures
from tinytroupe_cli.analysis.answer_sets import answer_set
from tinytroupe_cli.analysis.distances import jensen_shannon
from tinytroupe_cli.analysis.human_sampling import Sides, halves
from tinytroupe_cli.analysis.wording_tests import rotated_test
from tinytroupe_cli.measurement.anchor_checks import check_sets, faults_of
from tinytroupe_cli.plan.types import PlannedField

ALONE = """\
troupe: 1
name: toy
title: Does the ad matter?
seed: 7
factors: {ad: [calm, loud]}
personas: [{use: oscar, copies: 8, vary: {age: {from: 20, to: 70}}}]
world: {type: interviews}
replicates: 3
extract:
  - name: q
    of: each person
    how: interview
    question: "What about the {{ ad }} ad?"
    fields: {buys: yes_no, trusts: yes_no, liking: {scale: [1, 7]}}
"""
FOCUS_GROUP = """\
troupe: 1
name: focus-group
factors: {ad: [calm, loud]}
personas: [{use: oscar, copies: 8, vary: {age: {from: 20, to: 70}}}]
world: {type: room, steps: 1, start: 2026-03-02T18:30}
stimuli: [{at: start, say: "About the {{ ad }} ad."}]
extract: [{name: q, of: each person, how: interview, question: "Buy?", fields: {buys: yes_no}}]
compare: [{measure: q.buys, by: ad}]
"""


def by_seed(body: Body) -> str:
    """Answer from the seed alone, so that conditions, which share it, get one answer; everybody trusts."""
    schema = schema_of(body)
    assert schema is not None
    chance = int(hashlib.sha256(str(body.get("seed")).encode()).hexdigest(), 16)
    found: dict[str, object] = {}
    for key, one in schema["properties"].items():
        options = one.get("enum", [])
        if "yes" in options:
            found[key] = "yes" if key == "item_2" or chance % 2 else "no"
        else:
            found[key] = options[0] if options else {"integer": 1 + chance % 7, "array": []}.get(one.get("type"), "Hm.")
    return json.dumps(found)


def played(folder: Path, experiment: str) -> Project:
    with FakeProvider(answer=by_seed) as fake:
        project = Project(folder, fake.url, experiment)
        ended = project.run()
    assert ended.code == 0, ended.err
    return project


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Eight people in two conditions that do not differ, three replicates."""
    return played(tmp_path_factory.mktemp("alone"), ALONE)


def test_n_counts_people_not_rows(alone: Project) -> None:
    assert len([row for row in alone.results["rows"] if row["field"] == "buys"]) == 48
    assert {tuple(one["n"]) for one in alone.results["comparisons"]} == {(8, 8)}


def test_no_p_stands_without_an_interval(alone: Project) -> None:
    tested = [one for one in alone.results["comparisons"] if one["p"] is not None]
    assert tested
    assert all(one["low"] is not None and one["high"] is not None for one in tested)


def test_equal_answers_have_no_interval_of_width_0(alone: Project) -> None:
    [trusts] = [one for one in alone.results["comparisons"] if one["measure"] == "q.trusts"]
    assert trusts["estimate"] == 0
    assert trusts["low"] < 0 < trusts["high"]
    shares = [one for row in alone.results["summaries"] if row["field"] == "trusts" for one in row["shares"]]
    certain = [one for one in shares if one["share"] == 1]
    assert certain
    assert all(one["low"] is not None and one["low"] < 1 for one in certain)


def test_arms_with_common_seeds_are_no_check_that_nothing_is_found_by_chance(alone: Project) -> None:
    """Arms that share seeds never differ; the check compares replicates, whose seeds are their own."""
    between_arms = [one["estimate"] for one in alone.results["comparisons"] if one["measure"] == "q.buys"]
    assert between_arms == [0]
    buys = {
        (row["condition"], row["replicate"], row["person"]): row["value"]
        for row in alone.results["rows"]
        if row["field"] == "buys"
    }
    odd, even = ([buys[key] for key in sorted(buys) if key[1] == number] for number in (1, 2))
    assert odd != even
    [buys_split] = [one for one in alone.results["variance"] if one["measure"] == "q.buys"]
    assert buys_split["same_condition"][1] == 2
    assert "conditions were compared with themselves" in " ".join(alone.report.split())


def test_anchors_are_not_checked_against_themselves() -> None:
    good = [[1.0, 0.2 * point, 0.0] for point in range(5)]
    nonsense = [[0.0, 0.0, 1.0]] * 5  # within its own set, each of its statements finds itself as well as the good ones
    checked = list(check_sets([good, nonsense, good]))
    assert faults_of(checked[1])


def test_the_jensen_shannon_divergence_is_not_its_root() -> None:
    p, q = np.array([0.7, 0.2, 0.1]), np.array([0.2, 0.3, 0.5])
    assert float(jensen_shannon(p, q)) == pytest.approx(jensenshannon(p, q, base=2) ** 2, abs=1e-12)


def test_the_spread_is_not_that_of_expected_scores() -> None:
    everybody_undecided = [(0.5, 0.0, 0.0, 0.0, 0.5)] * 10
    found = mixture_figures(PlannedField(name="f", kind="scale", low=1, high=5), everybody_undecided)
    assert found is not None
    assert found.sd == pytest.approx(2.0)  # the SD of their expected scores, 3 each, is 0


def test_a_focus_group_of_8_is_one_unit(tmp_path: Path) -> None:
    project = played(tmp_path, FOCUS_GROUP)
    [one] = project.results["comparisons"]
    assert (one["unit"], one["n"]) == ("group", [1, 1])
    assert one["p"] is None
    assert one["why_not"]


def test_between_assignment_stays_from_replicate_to_replicate(tmp_path: Path) -> None:
    project = played(tmp_path, ALONE.replace("world:", "design: between\nworld:"))
    met: dict[str, set[str]] = {}
    for row in project.results["rows"]:
        met.setdefault(row["person"], set()).add(row["condition"])
    assert len(met) == 8
    assert all(len(conditions) == 1 for conditions in met.values())


def test_paraphrases_are_not_averaged_away_as_if_they_were_people() -> None:
    effects = np.array([0.4, -0.3, 0.5, -0.2])  # of 4 wordings, among 10 people each
    found = rotated_test(effects)
    assert found.freedom == 3
    assert found.p > 0.5


def test_the_split_half_ceiling_is_computed_at_the_size_of_the_simulation() -> None:
    def people(count: int) -> list[list[tuple[int, float]]]:
        return [[(number % 5, 1.0)] for number in range(count)]

    def sides(simulated: int) -> Sides:
        both = (answer_set(people(count), [1.0] * count, 5) for count in (simulated, 600))
        return Sides(*both, np.zeros((0, 2), dtype=np.int64))

    assert halves(sides(40), 3, np.random.default_rng(0)).size == 40
    assert halves(sides(900), 3, np.random.default_rng(0)).size == 300


def test_no_report_says_that_there_is_no_effect(alone: Project) -> None:
    for text in (alone.report, json.dumps(alone.results["comparisons"])):
        assert not re.search(r"no effect|no difference(?! could be shown)", text, re.IGNORECASE)
    assert "No difference could be shown" in alone.report
