"""Runs against the fake provider, whose reports must say only what their figures show."""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from projects import Project
from provider import Body, FakeProvider, schema_of

from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.reports.breakdowns import by_condition
from tinytroupe_cli.reports.charts.number_dots import mean_figure
from tinytroupe_cli.reports.formats import render
from tinytroupe_cli.reports.results import Results

TEXTS = ("The picture is what counts, not the noise.", "Too dear for me.", "I would wait for a sale.")
ADS = """\
troupe: 1
name: ads
title: Does the loud ad sell more televisions?
seed: 5
factors: {ad: [calm, loud], price: [399, 559]}
design: {within: [ad], between: [price]}
personas: [{use: oscar, copies: 24, vary: {age: {from: 20, to: 70}}}]
world: {type: interviews}
extract:
  - name: q
    of: each person
    how: interview
    question: "You see the {{ ad }} ad for a television at {{ price }} dollars. What do you think?"
    fields: {liking: {scale: [1, 7]}, fair: {number: {min: 0, max: 1000}}, best: {choice: [picture, sound, price]},
      order: {rank: [shape, colour, text]}, why: text}
compare:
  - {measure: q.liking, by: ad, equivalence: 0.5}
  - {measure: q.fair, by: price, estimand: median, test: mann_whitney}
  - {measure: q.best, by: options}
  - {measure: q.liking, by: {person: age, bands: [35, 55]}}
exclude: [repeats]
multiverse: {exclude: [none, repeats]}
"""
GROUPS = """\
troupe: 1
name: groups
title: Which ad wins in focus groups?
seed: 9
factors: {tone: [warm, cool]}
design: {between: [tone]}
personas: [{use: oscar, copies: 18, vary: {age: {from: 20, to: 70}}}]
world: {type: room, group_size: 3, steps: 1}
stimuli: [{at: start, say: "Talk about our {{ tone }} ads."}]
extract:
  - {name: q, of: each person, how: interview, question: Which ad?, fields: {sure: {scale: [1, 5]}}}
compare: [{measure: q.sure, by: tone}]
weights: {to: {gender: {male: 1.0}}}
"""


def opinions(body: Body) -> str:
    """Answer by a person's taste and the loudness of the ad; numbers stand in sentences, and some texts repeat."""
    text = json.dumps(body["messages"])
    chance, taste = Stream(1, text), Stream(2, "".join(re.findall(r"asks you, ([^,]+),", text)))
    latent = 3 * taste.fraction() + ("loud ad" in text) * 1.5 + chance.fraction()
    repeats = taste.fraction() < 0.3
    return json.dumps({name: _answer(field, latent, chance, repeats=repeats) for name, field in _fields(body).items()})


def _fields(body: Body) -> dict[str, Any]:
    return schema_of(body)["properties"]


def _answer(field: dict[str, Any], latent: float, chance: Stream, *, repeats: bool) -> Any:
    options = [one for one in field.get("enum") or field.get("items", {}).get("enum") or () if one != "not stated"]
    if field.get("type") == "array":
        return chance.shuffled(options)
    if options and all(option.isdigit() for option in options):
        return "not stated" if chance.fraction() < 0.15 else str(min(len(options), max(1, round(1 + latent))))
    if options:
        return options[chance.integer(len(options))]
    return TEXTS[0] if repeats else f"{TEXTS[chance.integer(3)]} {100 + chance.integer(900)}"


def one_line(text: str) -> str:
    return " ".join(text.replace("\\", "").split())


def section(text: str, title: str) -> str:
    """Return a section of a report without its title."""
    return one_line(re.split(r"\n## ", text.split(f"## {title}\n", 1)[1], maxsplit=1)[0])


def page(project: Project, name: str) -> str:
    return (project.runs[-1] / name).read_text(encoding="utf-8")


def made(folder: Path, text: str) -> Iterator[Project]:
    with FakeProvider(answer=opinions) as fake:
        project = Project(folder, fake.url, text)
        ended = project.run()
    assert ended.code == 0, ended.err
    yield project


@pytest.fixture(scope="module")
def ads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    yield from made(tmp_path_factory.mktemp("ads"), ADS)


@pytest.fixture(scope="module")
def groups(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    yield from made(tmp_path_factory.mktemp("groups"), GROUPS)


def test_a_difference_is_told_in_idiomatic_words(ads: Project) -> None:
    assert "These simulated people rated liking higher with ad loud than with ad calm: " in one_line(ads.report)


def test_the_verdict_of_equivalence_is_told_with_its_bounds(ads: Project) -> None:
    [one] = [row for row in ads.results["comparisons"] if row["verdict"]]
    assert one["low"] > 0.5
    said = "The difference is larger than the bounds within which it would count as none, -0.5 to 0.5."
    assert said in section(ads.report, "Comparisons")


def test_p_values_are_counted_by_the_family_they_are_corrected_in(ads: Project) -> None:
    tested = [one for one in ads.results["comparisons"] + ads.results["controls"] if one["p"] is not None]
    sizes = Counter((one["family"], one["correction"]) for one in tested)
    assert {correction for _, correction in sizes} == {"holm"}
    names = {
        "missing": "missing answers",
        "description": "attributes of people",
        "missing controls": "missing answers of controls",
    }
    listed = "; ".join(f"{names.get(family, family)}: {n}" for (family, _), n in sizes.items())
    said = f"p-values are corrected within each family of tested comparisons (Holm): {listed}."
    assert said in section(ads.report, "Comparisons")
    assert said in one_line(page(ads, "methods.md"))


def test_only_what_the_experiment_names_is_called_declared(ads: Project) -> None:
    found = [one["evidence"] for one in ads.results["comparisons"]]
    entries = len({one["name"] for one in ads.results["comparisons"]})
    said = (
        f"The experiment declares {entries} comparisons, which are {len(found) - found.count('')} with each pair of "
        f"levels and each option. It was not locked before the run: not preregistered. {found.count('exploratory')} "
        f"of them are exploratory: they compare people by an attribute (age), which the experiment did not assign. "
        f"There are also checks: {found.count('')} of missing answers."
    )
    assert said in section(ads.report, "Comparisons")
    assert said in one_line(page(ads, "methods.md"))


def test_rows_on_missing_answers_are_named_and_told_for_all_levels_at_once(ads: Project) -> None:
    told = section(ads.report, "Comparisons")
    assert re.search(
        r"\| missing answers: liking \| ad calm \| \d+% \| ad loud \| \d+% \| \S+ percentage points \|", told
    )


def test_a_test_named_in_the_experiment_is_told(ads: Project) -> None:
    [one] = [row for row in ads.results["comparisons"] if row["named_test"]]
    assert f"In addition, uncorrected: {one['named_test']}, p " in section(ads.report, "Comparisons")


def test_separate_rooms_are_told_and_who_hears_what_is_said_to_one_person(groups: Project) -> None:
    said = (
        "People met in 6 separate rooms of 3 and heard those in their room; what was said to one of them was heard by "
        "that person alone."
    )
    assert said in section(groups.report, "What was asked")
    assert said in one_line(page(groups, "methods.md"))
    assert "Everyone heard everyone" not in groups.report


def test_methods_count_each_answer_once_by_how_it_was_obtained(ads: Project) -> None:
    text = one_line(page(ads, "methods.md"))
    rows = [row for row in ads.results["rows"] if row["outcome"] == "stated"]
    repaired = sum(row["raw"] is not None for row in rows)
    assert 0 < repaired < len(rows)
    assert f"obtained: {len(rows) - repaired} in the form that was asked for; {repaired} read from another form" in text


def test_methods_say_the_same_of_exclusions_everywhere(ads: Project) -> None:
    text = one_line(page(ads, "methods.md"))
    many = len(ads.results["exclusions"]["people"])
    assert many
    assert f"people are excluded by repeats, as the experiment declares: {many} of 24" in text
    assert f"{many} of 24 people excluded by repeats" in text.split("E2 Post-processing")[1]
    assert "no exclusions" not in text


def test_people_left_out_are_counted_apart_everywhere(ads: Project) -> None:
    results, report = ads.results, one_line(ads.report)
    many = len(results["exclusions"]["people"])
    said = f"{many} of the 24 people are left out of the figures (repeats)."
    assert said in ads.report.split("## In short")[0]
    assert said in section(ads.report, "Who took part")
    kept = [row for row in results["rows"] if "excluded" not in row]
    stated = sum(row["outcome"] == "stated" for row in kept)
    assert f"{said} {stated} of the {len(kept)} answers of the others were stated." in report
    names = {person["id"]: person["name"] for person in results["participants"]}
    for one in results["exclusions"]["people"]:
        assert f"| {names[one['person']]} (left out of the figures) |" in section(ads.report, "Who took part")
        assert f"— {names[one['person']]}, asked" not in ads.report


def test_the_place_of_an_option_in_a_ranking_is_told_as_what_is_averaged(ads: Project) -> None:
    told = section(ads.report, "Order effects")
    assert re.search(
        r"q: order: .*?averaged over people, \d+% of answers ranked the option shown last first, \d+% the one", told
    )
    assert re.search(
        r"q: best: .*?averaged over people, \d+% of answers named the option shown last, \d+% the one", told
    )


def test_a_multiverse_says_that_its_p_values_are_not_corrected(ads: Project) -> None:
    told = section(ads.report, "Multiverse")
    assert "have been chosen. An estimate is" in told
    assert "statistically significant in it without correction." in told


def test_weights_that_are_all_1_are_said_to_change_nothing(groups: Project) -> None:
    told = section(groups.report, "Weights")
    assert told.startswith(
        "All weights are 1: the people already have the wanted shares, so weighting changes no figure."
    )
    assert "means and comparisons are weighted" not in told


def test_answers_read_from_another_form_are_told_by_measure(ads: Project) -> None:
    stated = [row for row in ads.results["rows"] if row["field"] == "fair" and row["outcome"] == "stated"]
    assert stated
    assert all(row["raw"] is not None for row in stated)
    first = stated[0]
    assert (
        f"q: fair: all {len(stated)} answers were read from another form than the one asked for, such as "
        f"{first['value']} from “{first['raw']}”."
    ) in section(ads.report, "What went wrong")


def test_only_checks_of_quality_that_ran_are_listed(groups: Project) -> None:
    told = section(groups.report, "Answer quality")
    ran = {one["check"] for one in groups.results["quality"]}
    assert ran == {"middle_answers", "little_spread"}
    assert (
        "checks of middle answers and spread; none is an alarm. The model did not refuse any answer. "
        "Not checked: texts repeated"
    ) in told
    assert "straight-lining (no query has enough items with the same points)" in told


def test_the_command_to_reproduce_a_run_comes_with_where_the_server_is_set(ads: Project) -> None:
    told = section(ads.report, "How to reproduce it")
    assert "they come from `config.ini` (`api_base`) and the environment" in told
    assert "127.0.0.1" not in told


def test_a_question_that_differs_between_conditions_is_not_said_to_have_wordings(ads: Project) -> None:
    text = render(Results.model_validate(ads.results), "html").decode()
    assert "The question differs between conditions; <a" in text
    assert "wordings" not in text.split('id="measures"')[1].split('id="comparisons"')[0]


def test_groups_of_people_are_compared_by_the_same_option(ads: Project) -> None:
    text = render(Results.model_validate(ads.results), "html").decode()
    [words] = set(re.findall(r"best by age: ([^<\"]+?)\.[<\"]", text))
    options = [part.split(": ")[1].split(" ")[0] for part in words.split("; ")]
    assert len(options) > 1
    assert len(set(options)) == 1


def test_the_mean_beside_an_interval_is_the_one_that_the_interval_is_of(ads: Project) -> None:
    results = Results.model_validate(ads.results)
    [query] = results.queries
    field = next(field for field in query.fields if field.name == "fair")
    whole = by_condition(results, query, field).whole
    own: dict[str, list[float]] = {}
    for row in ads.results["rows"]:
        if row["field"] == "fair" and row["outcome"] == "stated" and "excluded" not in row:
            own.setdefault(row["person"], []).append(row["value"])
    assert whole.center == pytest.approx(sum(sum(them) / len(them) for them in own.values()) / len(own))
    skewed = dataclasses.replace(whole, center=123.0)
    assert mean_figure(field, skewed, is_narrow=False).startswith("mean 123 [")


def test_an_effect_size_of_means_does_not_stand_beside_a_difference_of_medians(ads: Project) -> None:
    [one] = [row for row in ads.results["comparisons"] if row["estimand"] == "difference of medians"]
    assert one["p_corrected"] is not None
    [row] = re.findall(r"^\| fair \|.*$", ads.report.split("## Comparisons")[1].split("\n### ")[0], re.MULTILINE)
    assert [cell.strip() for cell in row.split("|")][10] == ""
