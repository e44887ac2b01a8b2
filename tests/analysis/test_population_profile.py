"""The profile of a population: what is planted is found, and what is not there is not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tinytroupe_cli.analysis.age_heaping import age_heaping
from tinytroupe_cli.analysis.associations import cramers_v, eta, spearman
from tinytroupe_cli.analysis.population_profile import Against, population_profile
from tinytroupe_cli.analysis.profile_verdicts import verdicts
from tinytroupe_cli.analysis.text_diversity import distinct_2, near_copies, vendi_score, word_similarities

TOWNS = ("Ambleside", "Brook", "Carn")


def a_population(count=60, seed=1):
    """Return people whose fields are independent and whose texts are their own."""
    generator = np.random.default_rng(seed)
    words = [f"word{number}" for number in range(4000)]
    return {
        f"p{number}": {
            "name": f"Person {number}",
            "age": int(generator.integers(18, 80)),
            "town": str(generator.choice(TOWNS)),
            "gender": str(generator.choice(["female", "male"])),
            "style": " ".join(generator.choice(words, 12)),
        }
        for number in range(count)
    }


def profiled(people, against=None, **settings):
    found = population_profile("people", people, against or Against(), **settings)
    return found, " | ".join(verdicts(found))


def test_a_planted_copy_is_found_and_nothing_else():
    people = a_population()
    people["p7"]["style"] = people["p3"]["style"]
    found, said = profiled(people)
    assert [pair.people for pair in found.texts.near_copies] == [("p3", "p7")]
    assert found.texts.near_copied == 2
    assert "2 of 60 people are described in nearly the same words as somebody else" in said


def test_heaped_ages_are_found_and_even_ages_are_not():
    heaped = {name: fields | {"age": round(fields["age"] / 5) * 5} for name, fields in a_population().items()}
    assert "end in 0 or 5" in profiled(heaped)[1]
    assert "end in 0 or 5" not in profiled(a_population())[1]


def test_whipples_index_is_100_for_every_age_once_and_500_for_multiples_of_5():
    assert age_heaping(range(23, 63)).whipple == pytest.approx(100)
    assert age_heaping([25, 30, 35, 40] * 5).whipple == 500
    assert age_heaping([25, 30, 35, 40] * 5).is_marked
    assert age_heaping([70, 10]) is None


def test_impossible_people_are_found_by_shipped_rules_and_by_own_ones():
    people = a_population()
    people["p1"] |= {"age": 12, "occupation": {"title": "Retired plumber"}}
    people["p2"] |= {"income": "none"}
    found, said = profiled(people, rules=["town == 'Brook' and age > 200", "name == 'Person 5'"])
    assert {one.rule: one.people for one in found.implausible} == {
        "name == 'Person 5'": ("p5",),
        "age < 16 and 'retired' in occupation.title": ("p1",),
        "age < 30 and 'retired' in occupation.title": ("p1",),
    }
    assert "p1: age < 16 and 'retired' in occupation.title" in said


def test_a_combination_that_real_people_do_not_have_is_found():
    people = a_population()
    real = [{"town": town, "gender": gender} for town in TOWNS for gender in ("female", "male") for _ in range(20)]
    real = [row for row in real if row != {"town": "Brook", "gender": "male"}]
    found, said = profiled(people, Against("rows.csv", rows=real))
    wanted = tuple(name for name, one in people.items() if one["town"] == "Brook" and one["gender"] == "male")
    assert [(one.levels, one.people) for one in found.unseen] == [(("Brook", "male"), wanted)]
    assert "town Brook with gender male, which nobody in rows.csv has" in said


def test_names_missing_fields_and_a_field_that_hardly_varies_are_told():
    people = a_population()
    people["p1"]["name"] = people["p0"]["name"]
    for number in range(50):
        people[f"p{number}"]["age"] = 30 + number % 10
        del people[f"p{number}"]["town"]
    _, said = profiled(people)
    assert "2 people are called Person 0" in said
    assert "age: 5" in said
    assert "of 60 are 30–39" in said  # noqa: RUF001 - a range
    assert "50 of 60 have no town" in said


def test_margins_far_from_those_wanted_are_told_and_near_ones_are_not():
    people = a_population(200)
    near = {"gender": {"female": 0.5, "male": 0.5}, "age": {"18-39": 0.355, "40-59": 0.323, "60+": 0.322}}
    far = {"gender": {"female": 0.9, "male": 0.1}, "age": {"18-39": 0.9, "40+": 0.1}}
    assert "are wanted" not in profiled(people, Against("margins.yaml", near))[1]
    found, said = profiled(people, Against("margins.yaml", far))
    assert said.count("are wanted") == 2
    gender = next(one for one in found.attributes if one.attribute == "gender")
    observed = [level.count for level in gender.levels]
    expected = [200 * level.wanted for level in gender.levels]
    assert gender.chi2 == pytest.approx(stats.chisquare(observed, expected).statistic)
    assert gender.p == pytest.approx(1 / 2000)


def test_fields_that_go_together_are_found():
    people = a_population()
    for fields in people.values():
        fields["accent"] = {"Ambleside": "soft", "Brook": "broad", "Carn": "none"}[fields["town"]]
        fields["pension"] = fields["age"] * 10
    found, _ = profiled(people)
    shown = {one.attributes: one for one in found.associations if one.p_corrected < 0.05}
    assert {("age", "pension"), ("town", "accent")} <= shown.keys()
    assert not any("gender" in pair for pair in shown)
    assert shown["age", "pension"].value == pytest.approx(1)
    assert shown["town", "accent"].value == pytest.approx(1)


@pytest.mark.truth
def test_independent_fields_are_seldom_called_associated():
    """Benjamini-Hochberg under the global null: some pair is flagged in 5 % of populations at most."""
    flagged = [
        any(one.p_corrected < 0.05 for one in profiled(a_population(40, seed))[0].associations) for seed in range(30)
    ]
    assert np.mean(flagged) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 30)


def test_the_vendi_score_is_1_for_copies_and_n_for_orthogonal_texts():
    assert vendi_score(np.ones((8, 8))) == pytest.approx(1)
    assert vendi_score(np.eye(8)) == pytest.approx(8)
    halves = np.kron(np.eye(2), np.ones((4, 4)))
    assert vendi_score(halves) == pytest.approx(2)


def test_figures_of_association_are_scipys():
    generator = np.random.default_rng(3)
    first, second = generator.integers(0, 4, 80), generator.integers(0, 3, 80)
    table = np.zeros((4, 3), dtype=int)
    np.add.at(table, (first, second), 1)
    assert cramers_v(first, second) == pytest.approx(stats.contingency.association(table, method="cramer"))
    numbers = generator.normal(size=80) + first
    assert spearman(first, numbers) == pytest.approx(stats.spearmanr(first, numbers).statistic)
    f = stats.f_oneway(*(numbers[first == level] for level in range(4))).statistic
    assert eta(first, numbers) ** 2 == pytest.approx(f * 3 / (f * 3 + 76))


def test_distinct_2_and_near_copies_of_known_texts():
    assert distinct_2(["a b a b"]) == pytest.approx(2 / 3)
    texts = ["the cat sat on the mat", "the cat sat on the mat today", "nothing in common here"]
    assert near_copies(word_similarities([texts[0], texts[0], texts[2]])) == [(0, 1, pytest.approx(1))]
    assert near_copies(word_similarities(texts)) == []


def test_embeddings_take_the_place_of_words_where_there_are_any():
    found, _ = profiled(a_population(20), embed=lambda texts: [[1.0, 0.0] for _ in texts])
    assert found.texts.by == "embeddings"
    assert found.texts.vendi == pytest.approx(1)
    assert found.texts.near_copied == 20


def test_two_people_without_texts_have_a_profile():
    found, said = profiled({"a": {"name": "A", "age": 30}, "b": {"name": "B", "age": 40}})
    assert found.texts is None
    assert found.associations == ()
    assert said == ""
