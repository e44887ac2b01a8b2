"""Comparisons adjusted for what was known before: from the experiment's file to the report."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from projects import Project
from provider import Body, FakeProvider, schema_of

EXPERIMENT = """\
troupe: 1
name: adjusted
seed: 4
title: Does the price matter?
factors: {price: [399, 559]}
design: between
personas: [{use: oscar, copies: 40, vary: {age: {from: 20, to: 66}, gender: [female, male]}}]
world: {type: interviews}
extract:
  - {name: q, of: each person, how: interview, question: "At {{ price }}?", fields: {offer: number}}
  - {name: before, of: each person, how: interview, question: "Your budget?", fields: {budget: number, why: text}}
compare:
  - {measure: q.offer, by: price, adjust: [person.age, before.budget]}
"""


def by_age(body: Body) -> str:
    """Offer 10 for each year of age, 40 more at 559, and a little at random; the budget is unrelated."""
    text = json.dumps(body["messages"])
    age = int(re.findall(r"\b(?:[2-5]\d|6[0-6])\b", text)[0])
    chance = int(hashlib.sha256(text.encode()).hexdigest(), 16)
    number = chance % 50 if "budget" in text else 10 * age + (40 if "At 559" in text else 0) + chance % 17
    schema = schema_of(body)
    assert schema is not None
    return json.dumps({key: "So." if one["type"] == "string" else number for key, one in schema["properties"].items()})


def test_an_adjusted_difference_stands_beside_the_plain_one_and_is_narrower(tmp_path: Path) -> None:
    with FakeProvider(answer=by_age) as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT)
        ended = project.run()
    assert ended.code == 0, ended.err
    [offer] = project.results["comparisons"]
    plain = offer["unadjusted"]
    assert offer["adjusted_for"] == ["person.age", "before.budget"]
    assert offer["variance_saved"] > 0.9
    assert abs(offer["estimate"] - 40) < 6
    assert offer["high"] - offer["low"] < (plain["high"] - plain["low"]) / 3
    assert offer["p"] < 0.001
    assert plain["p"] > offer["p"]
    assert offer["values"][1] - offer["values"][0] == pytest.approx(offer["estimate"])
    said = " ".join(project.report.split())
    assert "Adjusted for age and before: budget, which made the variance" in said
    assert "% smaller; unadjusted, the difference is" in said


STIMULUS = "stimuli: [{say: 'It is cheap.'}]\ncompare:"
OTHER = "person.age, before.budget"


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        (("compare:", STIMULUS), "E522", "'before.budget' is measured after the first stimulus"),
        (("Your budget?", "Your budget for {{ price }}?"), "E522", "the condition is part of what people know"),
        ((OTHER, "before.why"), "E522", "'before.why' is text: neither a number nor a category"),
        ((OTHER, "q.offer"), "E522", "'q.offer' is the measure that is compared"),
        ((OTHER, "before.bugdet"), "E523", "no measure 'before.bugdet'"),
        ((OTHER, "person.agee"), "E523", "nobody has a single value for 'agee'"),
        ((OTHER, "person.nationality"), "E522", "everybody has the same 'person.nationality'"),
        ((OTHER, "person.age, person.age"), "E522", "'person.age' is named twice"),
        (("design: between\n", ""), "E521", "everyone experiences every level of 'price'"),
        (("by: price,", "by: {person: gender},"), "E521", "only the effect of a factor is adjusted"),
        (("by: price,", "by: price, estimand: median,"), "E521", "not `median`"),
        (("by: price,", "by: price, moderator: {person: gender},"), "E521", "only differences of two levels"),
        (("compare:", "wordings: 3\ncompare:"), "E521", "with random wordings"),
        (("compare:", "weights: {to: {gender: {female: 0.5, male: 0.5}}}\ncompare:"), "E521", "with `weights`"),
        (("compare:", "inference: {about: cast}\nreplicates: 6\ncompare:"), "E521", "units are replicates"),
    ],
)
def test_what_cannot_be_adjusted_for_is_refused_at_its_line(
    tmp_path: Path, change: tuple[str, str], code: str, message: str
) -> None:
    project = Project(tmp_path, experiment=EXPERIMENT.replace(*change))
    ended = project.troupe("check", "x.yaml")
    assert ended.code != 0
    assert message in " ".join(ended.err.split()), ended.err
    assert re.search(rf"^x.yaml:{project.line_of('adjust:')}:\d+ +{code}", ended.err, re.MULTILINE), ended.err
