"""`troupe calibrate`: how often an instrument finds a difference between identical arms."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from projects import MODEL, PRICES, Finished, Project
from provider import Body, FakeProvider, schema_of

ONE = """\
troupe: 1
name: price
factors: {price: [399, 559]}
personas: [{use: oscar, copies: 12, vary: {age: {from: 20, to: 70}}}]
world: {type: interviews}
extract:
  - name: q
    of: each person
    how: interview
    question: "At {{ price }}, would you buy?"
    fields: {buys: yes_no, why: text}
compare: [{measure: q.buys, by: price}]
"""


def said(body: Body, *, yes: bool) -> str:
    schema = schema_of(body)
    assert schema is not None
    if "same_meaning" in schema["properties"]:
        return json.dumps(dict.fromkeys(schema["properties"], True))
    if "paraphrases" in schema["properties"]:
        many = [f"Way {number}: {number % 2 * 'would you '}buy at {{{{ price }}}}?" for number in range(1, 40)]
        return json.dumps({"paraphrases": many})
    options = {key: one.get("enum", []) for key, one in schema["properties"].items()}
    answer = "yes" if yes else "no"
    return json.dumps({key: answer if "yes" in own else own[0] if own else "So." for key, own in options.items()})


def by_chance(body: Body) -> str:
    """Answer from the seed and the person alone."""
    text = json.dumps([body.get("seed"), body["messages"]])
    return said(body, yes=int(hashlib.sha256(text.encode()).hexdigest(), 16) % 2 == 0)


def by_wording(body: Body) -> str:
    """Answer from how the question is put."""
    return said(body, yes="would you" in json.dumps(body["messages"][-1]))


def calibrate(
    folder: Path, answer: Callable[[Body], str], *words: str, text: str = ONE
) -> tuple[Project, Finished, FakeProvider]:
    with FakeProvider(answer=answer) as fake:
        project = Project(folder, fake.url, PRICES + text)
        return project, project.troupe("calibrate", "x.yaml", "--model", MODEL, *words), fake


@pytest.mark.parametrize("design", ["within", "between"])
def test_chance_alone_is_found_about_as_often_as_stated(tmp_path: Path, design: str) -> None:
    text = f"{ONE}design: {design}\n"
    project, ended, fake = calibrate(tmp_path, by_chance, "--draws", "20", "--json", text=text)
    assert ended.code == 0, ended.err
    found = json.loads(ended.out)
    lives = 40 if design == "within" else 20
    assert len(fake.requests) == 12 * lives
    assert len({body["seed"] for body in fake.requests}) == len(fake.requests), "arms have seeds of their own"
    [one] = found["measures"]
    assert (found["draws"], found["design"], found["units"], one["measure"]) == (20, design, 12, "q.buys")
    assert one["tested"] == 20
    assert one["low"] <= 0.05
    assert one["found"] <= 4
    assert not found["is_deterministic"]
    assert project.troupe("runs").code == 0


def test_the_cost_comes_first_and_a_limit_holds(tmp_path: Path) -> None:
    project, ended, fake = calibrate(tmp_path, by_chance, "--dry-run", "--draws", "10")
    assert ended.code == 0, ended.err
    assert not fake.requests
    assert "10 pairs of arms (chance)." in ended.out
    assert "240" in ended.out
    _, ended, fake = calibrate(tmp_path, by_chance, "--max-cost", "0.0005")
    assert ended.code == 5
    assert not (project.folder / "results" / "calibrations").exists()


def test_no_finding_says_which_rate_is_excluded(tmp_path: Path) -> None:
    _, ended, _ = calibrate(tmp_path, lambda body: said(body, yes=True))
    told = " ".join(ended.out.split())
    assert "q.buys: statistically significant in 0 of 40, which excludes a rate above 9%." in told
    assert "The model gives the same answer in every arm, so this rate says nothing about chance." in told


def test_paraphrases_that_change_answers_are_found_and_quoted_by_reports(tmp_path: Path) -> None:
    with FakeProvider(answer=by_wording) as fake:
        project = Project(tmp_path, fake.url, PRICES + ONE)
        ended = project.troupe("calibrate", "x.yaml", "--model", MODEL, "--kind", "wording", "--draws", "12")
        assert ended.code == 0, ended.err
        told = " ".join(ended.out.split())
        assert "12 pairs of arms that differ only in a paraphrase" in told
        assert "finds differences where there are none more often than in 5% of comparisons" in told
        people = [
            body for body in fake.requests if "undecided" in str(schema_of(body)) or "yes" in str(schema_of(body))
        ]
        assert len(people) == 12 * 24
        assert project.run().code == 0
        [quoted] = project.results["calibrations"]
        assert (quoted["kind"], quoted["draws"], quoted["measures"][0]["tested"]) == ("wording", 12, 12)
        assert quoted["measures"][0]["found"] > 2
        assert "## Calibration" in project.report
        assert "differ only in a paraphrase" in project.report
        project.write("x.yaml", PRICES + ONE.replace("would you buy", "will you buy"))
        assert project.run().code == 0
        assert "calibrations" not in project.results, "another question is another instrument"


def test_wordings_of_the_experiment_are_paired_once_each(tmp_path: Path) -> None:
    texts = ", ".join(f'"Way {number} {{{{ price }}}}?"' for number in range(5))
    text = ONE.replace('"At {{ price }}, would you buy?"', f"{{wordings: [{texts}]}}")
    text = text.replace("copies: 12", "copies: 20")
    _, ended, fake = calibrate(tmp_path, by_chance, "--kind", "wording", "--json", text=text)
    assert ended.code == 0, ended.err
    found = json.loads(ended.out)
    assert (found["draws"], found["wanted"]) == (2, 40)
    assert len(fake.requests) == 20 * 4


def test_a_known_difference_of_people_gives_the_inflation(tmp_path: Path) -> None:
    def dear(body: Body) -> str:
        return said(body, yes="399" in json.dumps(body["messages"][-1]))

    _, ended, _ = calibrate(tmp_path, dear, "--planted", "-25points", "--json")
    assert ended.code == 0, ended.err
    found = json.loads(ended.out)
    assert (found["people"], found["simulated"], found["ratio"]) == (-0.25, -1, 4)
    assert found["low"] <= 4 <= found["high"]


@pytest.mark.parametrize(
    ("change", "words", "message"),
    [
        (("copies: 12", "copies: 4"), (), "needs at least 6 people who answer alone, but the experiment has 4"),
        (("buys: yes_no, why: text", "why: text"), (), "no measure"),
        (("", ""), ("--kind", "luck"), "--kind expects chance or wording, got 'luck'"),
        (("", ""), ("--by", "price"), "--planted"),
        (("", ""), ("--planted", "much"), "--planted expects a difference other than 0, got 'much'"),
    ],
)
def test_what_can_not_be_calibrated_is_said(
    tmp_path: Path, change: tuple[str, str], words: tuple[str, ...], message: str
) -> None:
    text = ONE.replace(*change)
    if "no measure" in message:
        text = text[: text.index("compare")]
    _, ended, _ = calibrate(tmp_path, by_chance, *words, text=text)
    assert ended.code == 2, ended.err
    assert message in " ".join(ended.err.split())
