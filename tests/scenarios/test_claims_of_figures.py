"""Runs against the fake provider, whose figures must say what they are of: units, weights, corrections."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from projects import FORMATS, Project
from provider import Body, FakeProvider, schema_of

from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.reports.answers_in_words import text_measures
from tinytroupe_cli.reports.formats import render
from tinytroupe_cli.reports.results import Results

POSTERS = """\
troupe: 1
name: posters
title: Does the red poster make people open an account?
seed: 4
factors: {poster: [grey, red, white]}
design: {between: [poster]}
replicates: 2
personas: [{use: oscar, copies: 27, vary: {age: {from: 20, to: 70}, town: [Ulm, Kiel]}}]
world: {type: interviews}
stimuli: [{at: start, say: "This is our {{ poster }} poster."}]
extract:
  - name: q
    of: each person
    how: interview
    question: What would you do?
    fields: {opens: yes_no, trust: {scale: [1, 7]}, amount: {number: {min: 0, max: 1000}},
      first: {rank: [rate, app]}, why: text, wish: text}
compare: [{measure: q.opens, by: poster}, {measure: q.trust, by: poster}, {measure: q.opens, by: {person: town}}]
multiverse: {exclude: [none, repeats], estimand: [mean, top2]}
exclude: [repeats]
weights: {to: {town: {Ulm: 0.8, Kiel: 0.2}}}
"""
ROOMS = """\
troupe: 1
name: rooms
title: Which name should the club have?
seed: 6
factors: {tone: [warm, cool]}
design: {between: [tone]}
personas: [{use: oscar, copies: 36, vary: {age: {from: 20, to: 70}}}]
world: {type: room, group_size: 3, steps: 1}
stimuli: [{at: start, say: "Find a name in a {{ tone }} tone."}]
extract:
  - {name: q, of: each person, how: interview, question: Which name?,
     fields: {name: {choice: [Sun, Moon, Star]}, sure: {scale: [1, 5]}, why: text}}
compare: [{measure: q.name, by: options}, {measure: q.sure, by: tone}]
"""
LONG = ("I like it very much.", "I would wait for a sale.", "The picture is what counts here.")


def opinions(body: Body) -> str:
    """Answer by chance and by the poster; some people repeat a text, and some texts have one word."""
    text = json.dumps(body["messages"])
    chance, taste = Stream(1, f"{body.get('seed')}{text}"), Stream(2, "".join(re.findall(r"asks you, ([^,]+),", text)))
    repeats, lean = taste.fraction() < 0.3, taste.fraction() + ("red poster" in text)
    fields = (schema_of(body) or {})["properties"]
    return json.dumps({name: _answer(field, chance, lean, repeats=repeats) for name, field in fields.items()})


def _answer(field: dict[str, Any], chance: Stream, lean: float, *, repeats: bool) -> Any:
    options = [one for one in field.get("enum") or field.get("items", {}).get("enum") or () if one != "not stated"]
    if field.get("type") == "array":
        return chance.shuffled(options)
    if field.get("type") in ("number", "integer"):
        return 100 + chance.integer(800)
    if "yes" in options:
        return "yes" if chance.fraction() + lean > 1 else "no"
    if options:
        return options[chance.integer(len(options))]
    if chance.fraction() < 0.35:
        return "Fine."
    return LONG[0] if repeats else f"{LONG[chance.integer(3)]} {100 + chance.integer(900)}"


def made(folder: Path, experiment: str, formats: str) -> Project:
    with FakeProvider(answer=opinions) as fake:
        project = Project(folder, fake.url, experiment)
        config = (folder / "config.ini").read_text(encoding="utf-8")
        project.write("config.ini", config.replace(FORMATS, f"[run]\nformats = {formats}\n"))
        ended = project.run()
    assert ended.code == 0, ended.err
    return project


@pytest.fixture(scope="module")
def posters(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return made(tmp_path_factory.mktemp("posters"), POSTERS, "json, markdown, details, methods, html, csv")


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return made(tmp_path_factory.mktemp("rooms"), ROOMS, "json, markdown, details")


def one_line(text: str) -> str:
    return " ".join(text.replace("\\", "").split())


def page(project: Project, name: str) -> str:
    return one_line((project.runs[-1] / name).read_text(encoding="utf-8"))


def section(project: Project, title: str, name: str = "details.md") -> str:
    text = (project.runs[-1] / name).read_text(encoding="utf-8")
    return one_line(re.split(r"\n## ", text.split(f"## {title}\n", 1)[1], maxsplit=1)[0])


def html_text(project: Project, part: str) -> str:
    text = render(Results.model_validate(project.results), "html").decode().split('<section id="transcript"')[0]
    found = text.split("</head>")[1] if not part else text.split(f'<section id="{part}"')[1].split("<section id=")[0]
    return one_line(found)


def stated(project: Project, field: str, *, kept: bool) -> list[dict[str, Any]]:
    rows = [row for row in project.results["rows"] if row["field"] == field and row["outcome"] == "stated"]
    return [row for row in rows if not (kept and "excluded" in row)]


def test_the_reason_of_an_exclusion_counts_the_texts_that_the_rule_counts(posters: Project) -> None:
    texts = [row for field in ("why", "wish") for row in stated(posters, field, kept=False)]
    whole = Counter(row["person"] for row in texts)
    counted = Counter(row["person"] for row in texts if len(row["value"].split()) >= 4)
    people = posters.results["exclusions"]["people"]
    assert any(counted[one["person"]] < whole[one["person"]] for one in people)
    for one in people:
        total = counted[one["person"]]
        found = re.match(r"(all|both|the only|\d+ of the)(?: (\d+))? texts? with 4 or more words repeats?", one["why"])
        assert found, one["why"]
        assert {"both": 2, "the only": 1}.get(found[1], int(found[2] or 0)) == total
    told = section(posters, "Comparisons")
    assert "Repeats: more than half of a person's texts of four or more words are, word for word, another" in told


def test_checks_of_quality_say_whose_answers_they_count_and_which_texts(posters: Project) -> None:
    many = len(posters.results["exclusions"]["people"])
    assert (
        f"These checks are of all answers, including those of the {many} people left out of the figures, and count "
        "texts of any length."
    ) in section(posters, "Answer quality")
    assert "Checks of answer quality, of all answers: " in page(posters, "methods.md")


def test_people_left_out_are_not_quoted_among_the_answers(posters: Project) -> None:
    names = {person["id"]: person["name"] for person in posters.results["participants"]}
    answers = posters.report.split("## Comparisons")[0]
    assert "“" in answers
    for one in posters.results["exclusions"]["people"]:
        assert f"({names[one['person']]}," not in answers


def test_an_answer_is_not_quoted_once_its_person_is_left_out(posters: Project) -> None:
    results = Results.model_validate(posters.results)
    before = {quote.person for measure in text_measures(results) for quote in measure.quotes}
    rows = tuple(
        row.model_copy(update={"excluded": "repeats"}) if row.person in before else row for row in results.rows
    )
    after = text_measures(results.model_copy(update={"rows": rows}))
    assert before
    assert before.isdisjoint(quote.person for measure in after for quote in measure.quotes)


def test_means_of_conditions_are_weighted_beside_a_weighted_mean(posters: Project) -> None:
    rows = stated(posters, "trust", kept=True)
    weights = {person["id"]: person.get("weight", 1) for person in posters.results["participants"]}
    assert len(set(weights.values())) > 1
    for poster in ("grey", "red", "white"):
        own = [row for row in rows if row["condition"] == poster]
        plain = sum(row["value"] for row in own) / len(own)
        total = sum(weights[row["person"]] for row in own)
        weighted = sum(weights[row["person"]] * row["value"] for row in own) / total
        assert f"poster {poster}: {plain:.3g}, weighted {weighted:.3g}" in one_line(posters.report)
    assert re.search(r"in order of mean place: \w+ \([\d.]+, weighted [\d.]+\)", one_line(posters.report))


def test_charts_say_that_they_are_weighted_and_what_counts_once(posters: Project, rooms: Project) -> None:
    told = html_text(posters, "measures")
    assert "Bars and means are weighted." in told
    assert "the diamond the weighted mean." in told
    assert "Brackets are the 95% interval" not in told.split("By attribute of people")[0]
    assert "Bars are weighted." in html_text(posters, "")
    assert "Mean places are weighted." in told
    assert "(each person counts once" not in told, "weighted figures of several answers a person have no intervals"
    groups = "(people who could reach each other count as one group, each group once; tables count all answers)"
    assert f"Lines are 95% intervals {groups}." in html_text(rooms, "")
    assert f"Brackets are the 95% interval of the mean {groups}." in html_text(rooms, "measures")
    assert "People who could reach each other are one group, and a group counts only once" in html_text(
        rooms, "comparisons"
    )


def test_attributes_of_people_are_not_said_to_be_groups_that_nobody_assigned(posters: Project, rooms: Project) -> None:
    for text in (html_text(posters, "measures"), html_text(rooms, "measures"), section(posters, "Comparisons")):
        assert "obody assigned" not in text
    assert "These are attributes that people have; the experiment did not assign them." in html_text(rooms, "measures")
    assert "people by an attribute (town), which the experiment did not assign." in section(posters, "Comparisons")


def test_the_page_does_not_repeat_answers_as_what_people_said(posters: Project, rooms: Project) -> None:
    for project in (posters, rooms):
        assert any(quote.get("query") for quote in project.results["quotes"])
        told = html_text(project, "quotes")
        assert "step 1" in told
        assert "asked in" not in told


def test_a_multiverse_tells_what_the_family_and_equal_branches_make_of_it(posters: Project) -> None:
    told = section(posters, "Multiverse")
    assert "p-values of branches and of joint tests are not corrected." in told
    curves = posters.results["multiverse"]["curves"]
    tested = [curve for curve in curves if not curve["joint"].get("why_not") and curve["joint"]["branches"] > 1]
    assert f"; not corrected for {len(tested)} comparisons." in told
    assert "2 of the 4 combinations apply to this comparison" in told


def test_methods_have_the_stimuli_and_the_forms_of_answers(posters: Project) -> None:
    told = section(posters, "Instruments", "methods.md")
    for poster in ("grey", "red", "white"):
        said = f"- Step 1, the moderator says to everyone (only poster {poster}): “This is our {poster} poster.”"
        assert said in told
    for form in ("- opens: yes or no", "- trust: 1 to 7", "- first: the order of rate, app", "- why: free text"):
        assert form in told
    assert "**C1 Prompts**: the stimuli, questions and forms of answers above;" in page(posters, "methods.md")


def test_order_effects_name_their_units_their_weights_and_their_correction(posters: Project, rooms: Project) -> None:
    told = section(posters, "Order effects")
    assert "p-values of this section are not corrected" in told
    assert "Figures of this section are not weighted." in told
    assert "The units are people" not in told
    assert "The units are people here, not groups: orders were assigned to each person separately." in section(
        rooms, "Order effects"
    )
    tested = [one for one in rooms.results["orders"] if one.get("p") is not None]
    assert len(tested) > 1
    assert all(one["p"] <= one["p_corrected"] <= len(tested) * one["p"] for one in tested)


def test_a_run_names_only_the_reports_that_it_writes(posters: Project, rooms: Project) -> None:
    assert posters.results["formats"] == ["markdown", "details", "methods", "html", "csv"]
    for project, written in ((posters, "report.html, details.md, methods.md"), (rooms, "details.md")):
        text = (project.runs[-1] / "report.md").read_text(encoding="utf-8")
        told = one_line(text.split("## Where the rest is")[1].split("## ")[0])
        named = set(re.findall(r"`([\w./]+\.\w+)`", told)) - {"x.yaml"}
        assert named >= {*written.split(", "), "results.json"}
        assert all((project.runs[-1] / name).exists() for name in named), named
        for name in set(re.findall(r"`([\w./]+\.(?:html|md|png))`", text)):
            assert (project.runs[-1] / name).exists(), name
    assert "- `troupe report RUN --format methods` prints how the numbers were made" in one_line(
        (rooms.runs[-1] / "report.md").read_text(encoding="utf-8")
    )


def test_the_short_report_says_what_its_comparisons_count_and_correct(posters: Project, rooms: Project) -> None:
    sizes = Counter(one["family"] for one in posters.results["comparisons"] if one["p"] is not None)
    told = section(posters, "Comparisons", "report.md")
    once = "A person counts only once, no matter how many answers there are, with its weight"
    assert f"{once}: values are means over people." in told
    assert "Brackets hold 95% intervals, which are not corrected." in told
    assert f"p-values are corrected within each family of tested comparisons (Holm): main: {sizes['main']};" in told
    assert f"attributes of people: {sizes['description']}" in told
    assert "values are means over groups." in section(rooms, "Comparisons", "report.md")
    headline = rooms.report.split("**")[1]
    assert not headline.startswith("Chosen most often:")


NEVER: list[tuple[str, Callable[[dict[str, Any]], bool]]] = [
    ("If answers favor a place", lambda results: any(one["of"] == "options" for one in results["orders"])),
    ("Differences within", lambda results: any(one["design"] == "within" and one["kind"] != "options"
                                               for one in results["comparisons"])),
]  # fmt: skip


@pytest.mark.parametrize(("words", "may_be_said"), NEVER)
def test_a_note_stands_only_where_there_is_what_it_is_about(
    posters: Project, rooms: Project, words: str, may_be_said: Callable[[dict[str, Any]], bool]
) -> None:
    for project in (posters, rooms):
        assert (words in one_line(project.report)) == may_be_said(project.results)
