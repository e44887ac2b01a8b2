"""A statistician recomputes results from data/measures.csv by the text of docs/statistics.md, without troupe's code."""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
import re
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from projects import Project
from provider import Body, FakeProvider, schema_of
from scipy import stats
from scipy.special import gammaln

EXPERIMENT = """\
troupe: 1
name: forms
seed: 11
factors: {form: [long, short]}
design: {between: [form], block_by: [{person: age, bands: [40]}]}
replicates: 2
personas: [{use: oscar, copies: 16, vary: {age: {from: 20, to: 70}, gender: [female, male]}}]
world: {type: interviews}
extract:
  - name: q
    of: each person
    how: interview
    question: "Here is the {{ form }} form."
    fields: {signs: yes_no, ease: {scale: [1, 7]}, minutes: {number: {min: 0, max: 60}}}
compare:
  - {measure: q.signs, by: form}
  - {measure: q.ease, by: form, equivalence: 1}
  - {measure: q.minutes, by: form, estimand: median}
"""
WEIGHTS = "weights: {to: {gender: {female: 0.6, male: 0.4}}}\n"
ADJUSTED = EXPERIMENT.replace("copies: 16", "copies: 40").replace(
    "estimand: median", "equivalence: 20, adjust: [person.age, person.gender]"
)


def silent(body: Body) -> str:
    """Fill in a form; a fifth of the answers on the long one are missing."""
    schema, text = schema_of(body), json.dumps(body["messages"])
    assert schema is not None
    person, chance = (
        np.random.default_rng(int(hashlib.sha256(part.encode()).hexdigest(), 16))
        for part in (text[:1500], f"{body.get('seed')}{text[-300:]}")
    )
    liking = person.normal(0, 0.8) + (0.9 if "short form" in text else 0) + chance.normal(0, 1)
    found: dict[str, object] = {}
    for key, one in schema["properties"].items():
        options = one.get("enum", [])
        answer = "yes" if liking > 0.3 else "no"
        found[key] = str(min(7, max(1, round(4 + 1.2 * liking)))) if "7" in options else answer
        if not options:
            found[key] = min(60, max(0, round(20 + 8 * liking)))
        if "long form" in text and chance.random() < 0.2:
            found[key] = "not stated" if options else None
    return json.dumps(found)


def played(folder: Path, experiment: str) -> Project:
    with FakeProvider(answer=silent) as fake:
        project = Project(folder, fake.url, experiment + "report: {formats: [json, details, csv]}\n")
        ended = project.run()
    assert ended.code == 0, ended.err
    return project


def table(project: Project) -> list[dict[str, str]]:
    with (project.runs[-1] / "data" / "measures.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def units(rows: list[dict[str, str]], field: str, *, missing: bool) -> dict[str, np.ndarray]:
    """Return the value, block, weight and level of each person: means over samples, then replicates."""
    answers: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    known = {row["person"]: row for row in rows}
    for row in rows:
        if row["field"] == field and (missing or row["outcome"] == "stated"):
            value = float(row["outcome"] != "stated") if missing else float(row["code"])
            answers[row["person"]][row["replicate"]].append(value)
    people = [known[person] for person in answers]
    return {
        "value": np.array([np.mean([np.mean(own) for own in one.values()]) for one in answers.values()]),
        "block": np.array([person["block"] for person in people]),
        "weight": np.array([float(person["weight"] or 1) for person in people]),
        "is_first": np.array([person["form"] == "long" for person in people]),
        "age": np.array([float(person["person.age"]) for person in people]),
        "is_male": np.array([float(person["person.gender"] == "male") for person in people]),
    }


def exact_p(of: dict[str, np.ndarray]) -> float:
    """Permute labels within blocks; studentize the (weighted) means of values taken from their block's mean."""
    value, block, weight, is_first = of["value"], of["block"], of["weight"], of["is_first"]
    blocks = np.unique(block)
    mean = {name: np.average(value[block == name], weights=weight[block == name]) for name in blocks}
    centered = value - np.array([mean[name] for name in block])

    def statistic(first: np.ndarray) -> float:
        means, errors = [], []
        for side in (first, ~first):
            own, weights, count = centered[side], weight[side], side.sum()
            means.append(np.average(own, weights=weights))
            errors.append(count / (count - 1) * np.sum((weights * (own - means[-1])) ** 2) / weights.sum() ** 2)
        return abs(means[0] - means[1]) / np.sqrt(sum(errors))

    parts = [
        itertools.combinations(np.flatnonzero(block == name), int((is_first & (block == name)).sum()))
        for name in blocks
    ]
    found = []
    for chosen in itertools.product(*parts):
        first = np.zeros(len(value), dtype=bool)
        first[list(itertools.chain(*chosen))] = True
        found.append(statistic(first))
    return float(np.mean(np.array(found) >= statistic(is_first) * (1 - 1e-10)))


def compared(project: Project, measure: str, kind: str = "pair"):
    return next(
        one for one in project.results["comparisons"] if (one["measure"], one["kind"]) == (f"q.{measure}", kind)
    )


@pytest.mark.parametrize("weights", ["", WEIGHTS], ids=["plain", "weighted"])
def test_p_within_blocks_of_answers_and_of_missing_answers_follows_the_text(tmp_path: Path, weights: str) -> None:
    project = played(tmp_path, EXPERIMENT + weights)
    rows = table(project)
    for field in ("signs", "ease", "minutes"):
        own = compared(project, field, "missing")
        assert "within blocks" in own["test"]
        assert own["p"] == pytest.approx(exact_p(units(rows, field, missing=True)), abs=1e-12)
    for field in ("signs", "ease"):
        assert compared(project, field)["p"] == pytest.approx(exact_p(units(rows, field, missing=False)), abs=1e-12)


def test_the_interval_of_an_adjusted_difference_follows_the_text(tmp_path: Path) -> None:
    project = played(tmp_path, ADJUSTED)
    of = units(table(project), "minutes", missing=False)
    columns = [of["age"], of["is_male"], *((of["block"] == name).astype(float) for name in np.unique(of["block"])[1:])]
    covariates = np.column_stack(columns) - np.mean(columns, axis=1)
    means, variances, freedoms = [], [], []
    for side in (of["is_first"], ~of["is_first"]):
        design = np.column_stack([np.ones(side.sum()), covariates[side]])
        inverse = np.linalg.inv(design.T @ design)
        slopes = inverse @ design.T @ of["value"][side]
        leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
        squares = (of["value"][side] - design @ slopes) ** 2 / (1 - leverage)
        means.append(slopes[0])
        variances.append((inverse @ design.T @ np.diag(squares) @ design @ inverse)[0, 0])
        freedoms.append(side.sum() - len(columns) - 1)
    variance = sum(variances)
    freedom = variance**2 / sum(one**2 / own for one, own in zip(variances, freedoms, strict=True))
    half = stats.t.ppf(0.975, freedom) * np.sqrt(variance)
    own = compared(project, "minutes")
    assert own["adjusted_for_blocks"]
    assert [own[key] for key in ("estimate", "low", "high")] == pytest.approx(
        [means[1] - means[0], means[1] - means[0] - half, means[1] - means[0] + half]
    )
    narrower = stats.t.ppf(0.95, freedom) * np.sqrt(variance)
    assert own["equivalence_interval"] == pytest.approx(
        [means[1] - means[0] - narrower, means[1] - means[0] + narrower]
    )
    sides = of["value"][of["is_first"]], of["value"][~of["is_first"]]
    count = len(of["value"]) - 2
    pooled = np.sqrt(sum((len(side) - 1) * side.var(ddof=1) for side in sides) / count)
    correction = np.exp(gammaln(count / 2) - gammaln((count - 1) / 2)) / np.sqrt(count / 2)
    assert own["effect"] == "Hedges' g"
    assert own["effect_size"] == pytest.approx((means[1] - means[0]) / pooled * correction)


def test_medians_are_compared_within_blocks(tmp_path: Path) -> None:
    project = played(tmp_path, EXPERIMENT)
    of = units(table(project), "minutes", missing=False)
    value, is_first = of["value"], of["is_first"]
    parts = [
        itertools.combinations(np.flatnonzero(of["block"] == name), int((is_first & (of["block"] == name)).sum()))
        for name in np.unique(of["block"])
    ]
    found = []
    for chosen in itertools.product(*parts):
        first = np.zeros(len(value), dtype=bool)
        first[list(itertools.chain(*chosen))] = True
        found.append(abs(np.median(value[first]) - np.median(value[~first])))
    observed = abs(np.median(value[is_first]) - np.median(value[~is_first]))
    own = compared(project, "minutes")
    assert own["test"] == "labels permuted within blocks, difference of medians"
    assert own["p"] == pytest.approx(np.mean(np.array(found) >= observed - 1e-9), abs=0.015)


def test_the_interval_behind_a_verdict_is_stored_only_with_bounds(tmp_path: Path) -> None:
    project = played(tmp_path, EXPERIMENT)
    own = compared(project, "ease")
    low, high = own["equivalence_interval"]
    assert own["low"] < low < own["estimate"] < high < own["high"]
    is_within = own["equivalence"][0] < low < high < own["equivalence"][1]
    assert (own["verdict"] in ("equivalent", "different_but_negligible")) == is_within
    assert "equivalence_interval" not in compared(project, "signs")


def test_a_difference_lost_by_the_correction_is_no_difference_in_any_sentence_or_verdict(tmp_path: Path) -> None:
    project = played(tmp_path, EXPERIMENT + WEIGHTS + "inference: {alpha: 0.03}\n")
    said = " ".join(project.report.split())
    for field in ("ease", "minutes"):
        own = compared(project, field)
        assert own["p"] < 0.03 <= own["p_corrected"], "the example no longer shows it"
        assert own["verdict"] in ("", "undecided")
        without, after = (f"p = {own[key]:.3f}" for key in ("p", "p_corrected"))
        assert re.search(rf"in {field} .*?{without} without the correction, {after} with it", said)
