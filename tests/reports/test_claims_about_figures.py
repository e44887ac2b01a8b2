"""What reports call a figure: medians are not most common answers, rankings name all options, 0 has no sign."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from three_packs import results_of, written

from tinytroupe_cli.analysis.baseline_result import BaselineResult
from tinytroupe_cli.analysis.fidelity_result import FidelityFigure, FidelityResult, FidelityVerdict
from tinytroupe_cli.analysis.order_result import OrderEffect, PlaceShare
from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.reports.sentences import fidelity_lines, one_line, text_template


@pytest.mark.parametrize("verdict", ["better_than", "no_better_than"])
def test_of_numbers_the_majority_is_called_the_median(verdict):
    ends = {"difference": 0.1, "low": 0.05, "high": 0.15}
    against = FidelityVerdict(verdict=verdict, against="majority", **ends)
    blank = FidelityResult(measure="q.visits", data="people.csv", column="visits", hash="x", verdicts=(against,))
    figures = (FidelityFigure(name="mean_difference", value=0.4, uniform=None, majority=None),)
    numbers = blank.model_copy(update={"figures": figures, "means": (9.0, 8.6)})
    said = " ".join(fidelity_lines(numbers))
    assert "giving everyone the people's median" in said
    assert "most common answer" not in said
    choice = numbers.model_copy(update={"answers": ("a", "b")})
    assert "giving everyone the people's most common answer" in " ".join(fidelity_lines(choice))
    notes = text_template("fidelity.jinja").module.notes
    of_both, of_choice = (one_line(notes(SimpleNamespace(fidelity=held))) for held in ([choice, numbers], [choice]))
    assert "majority the people's most common answer (for numbers, their median)" in of_both
    assert "median" not in of_choice


def test_the_baseline_that_gives_everybody_the_median_is_called_so():
    sentence = text_template("baselines.jinja").module.sentence
    blank = BaselineResult(baseline="majority", measure="q.visits", distance=0.4, low=0.3, high=0.5, verdict="differ")
    told = one_line(sentence(blank.model_copy(update={"figure": "kolmogorov_smirnov"})))
    assert "the median answer" in told
    assert "the most common answer" in one_line(sentence(blank))


def test_every_page_says_of_a_ranking_that_an_option_was_ranked_first():
    places = tuple(PlaceShare(place=place, share=share, p=0.5) for place, share in (("first", 0.37), ("last", 0.27)))
    effect = OrderEffect(
        measure="q2.order", of="options", scale="share", people=36, orders=6, p=0.6, p_corrected=0.6, places=places
    )
    ranking = PlannedField(name="order", kind="rank", options=("a", "b", "c"))
    found = results_of()
    asked = found.queries[0].model_copy(update={"fields": (ranking,), "query": "q2"})
    changed = found.model_copy(update={"queries": (*found.queries, asked), "orders": (effect,)})
    for form in ("details", "html"):
        text = written(changed, form)
        assert "27% of answers ranked the option shown last first" in text
        assert "named the option shown last" not in text


@pytest.mark.parametrize("tiny", [-1e-9, 1e-9, -4e-7])
def test_a_number_that_rounds_to_nothing_is_0(tiny):
    assert number(tiny) == "0"
