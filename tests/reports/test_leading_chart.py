"""The chart beside the headline shows the figures that the headline names."""

import re

import pytest
from projects import Project
from provider import FakeProvider

from tinytroupe_cli.reports.headline import Headline, headline
from tinytroupe_cli.reports.leading_chart import leading_chart
from tinytroupe_cli.reports.results import Results

SPEC = """\
troupe: 1
name: ads
seed: 4
factors: {ad: [calm, loud], price: [3, 5]}
personas: [{use: oscar, copies: 8, vary: {age: {from: 20, to: 70}}}]
world: {type: interviews}
extract:
  - name: q
    of: each person
    how: interview
    question: "The {{ ad }} ad, {{ price }} dollars?"
    fields: {buys: yes_no, liking: {scale: [1, 7]}, best: {choice: [picture, sound, price]}}
"""
LADDER = """\
troupe: 1
name: kit
seed: 4
personas: [{use: oscar, copies: 8, vary: {age: {from: 20, to: 70}}}]
world: {type: interviews}
extract:
  - {name: q, of: each person, how: interview, question: "Would you?", fields: {kit: {ladder: [29, 39], unit: dollars}}}
"""


def ran(folder, spec):
    with FakeProvider() as fake:
        project = Project(folder, fake.url, spec)
        ended = project.run()
    assert ended.code == 0, ended.err
    return Results.model_validate(project.results)


@pytest.mark.parametrize(
    "compared", ["{measure: q.buys, by: ad}", "{measure: q.liking, by: price}", "{measure: q.best, by: options}"]
)
def test_each_compared_figure_is_in_the_headline_and_in_the_chart(tmp_path, compared):
    results = ran(tmp_path, f"{SPEC}compare: [{compared}]\n")
    drawn, told = leading_chart(results), headline(results)
    assert drawn is not None
    assert told is not None
    figures = [row.figure for row in drawn.wide.rows]
    assert len(figures) == (3 if "options" in compared else 2)
    if "options" in compared:  # the sentence names the first of them alone
        named = set(re.findall(r"\d+%", told.sentence))
        assert named
        assert named <= set(figures)
    else:
        assert all(figure in told.sentence for figure in figures)
    assert all(figure in drawn.words for figure in figures)
    assert "figures of the sentence above. A person counts only once" in drawn.wide.note
    assert not drawn.measure


def test_where_the_chart_by_condition_has_these_figures_it_stays(tmp_path):
    spec = SPEC.replace(", price: [3, 5]}", "}").replace("{{ price }}", "3")
    results = ran(tmp_path, f"{spec}compare: [{{measure: q.buys, by: ad}}]\n")
    drawn, told = leading_chart(results), headline(results)
    assert drawn is not None
    assert told is not None
    assert drawn.measure == "q.buys"
    assert all(row.figure.partition(" ")[0] in told.sentence for row in drawn.wide.rows)


def test_another_measure_than_the_first_is_drawn_if_it_is_compared(tmp_path):
    spec = SPEC.replace(", price: [3, 5]}", "}").replace("{{ price }}", "3")
    drawn = leading_chart(ran(tmp_path, f"{spec}compare: [{{measure: q.liking, by: ad}}]\n"))
    assert drawn is not None
    assert drawn.name == "liking"


def test_a_price_ladder_is_drawn_as_demand_and_told_so(tmp_path):
    drawn = leading_chart(ran(tmp_path, LADDER))
    assert drawn is not None
    assert [row.label for row in drawn.wide.rows] == ["29 dollars", "39 dollars"]
    assert all(f"{row.figure} accept {row.label}" in drawn.words for row in drawn.wide.rows)


@pytest.mark.parametrize(
    ("opening", "more"),
    [
        ("Buys: 3 of 4 people said yes.", ""),
        ("No difference, p = 0.10 [0.1, 2]; 3 people.", "13 of 40 are left out. With them, there is one."),
        ("Chosen most often: A (45%). No difference between A and B.", "2 of 40 are left out."),
        ("Nobody answered", ""),
    ],
)
def test_the_opening_is_the_first_sentence_and_never_hides_that_a_lead_is_not_shown(opening, more):
    found = Headline(title="Ads", sentence=f"{opening} {more}".strip(), tells=())
    assert (found.opening, found.more) == (opening, more)
