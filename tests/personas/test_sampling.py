"""Drawing by code: margins are what was asked for, cells are close, and a seed decides everything."""

from collections import Counter
from statistics import fmean, pstdev

import pytest

from tinytroupe_cli.language.positions import read_yaml
from tinytroupe_cli.personas.margins import margins
from tinytroupe_cli.personas.population_parser import population_from
from tinytroupe_cli.personas.sampling import draw, draw_id, nested

HEAD = "troupe-population: 1\nname: canada\nattributes:\n"
CANADA = (
    HEAD
    + """\
  age: {normal: {mean: 45, sd: 15, min: 18, max: 90}}
  gender: {female: 0.51, male: 0.48, non-binary: 0.01}
  region: {Ontario: 0.39, Quebec: 0.22, West: 0.32, Atlantic: 0.07}
  income: {by: region, table: {Ontario: {low: 0.3, mid: 0.5, high: 0.2}, default: {low: 0.4, mid: 0.45, high: 0.15}}}
  work: {by: age, table: {18-64: {employed: 0.8, other: 0.2}, 65+: retired}}
  rent: {by: income, table: {low: {lognormal: {median: 800, sigma: 0.3}}, default: {uniform: {min: 1000, max: 3000}}}}
"""
)
ROWS = "age,town,w\n20,Bern,1\n30,Basel,2\n40,Bern,3\n50,Chur,4\n"


def a_population(text=CANADA, rows=ROWS):
    return population_from(read_yaml(text, "x.yaml"), lambda path: (rows, path))


@pytest.mark.parametrize("size", [100, 1000])
def test_shares_come_out_to_the_person(size):
    people = draw(a_population(), size, 7)
    assert Counter(person["gender"] for person in people) == {
        "female": 0.51 * size,
        "male": 0.48 * size,
        "non-binary": 0.01 * size,
    }
    assert Counter(person["region"] for person in people)["Quebec"] == 0.22 * size


@pytest.mark.parametrize("size", [1, 2, 7, 37, 100, 333])
def test_no_margin_misses_by_more_than_a_person(size):
    population = a_population()
    for seed in range(20):
        drawn = margins(population, draw(population, size, seed))
        wrong = [one for one in drawn if not one.is_mean and abs(one.wanted - one.drawn) * size > 1.0]
        assert {one.attribute for one in wrong} <= {"income", "work"}  # what depends on what was drawn moves with it
        assert all(abs(one.wanted - one.drawn) * size < 2.5 for one in drawn if not one.is_mean)


def test_each_cell_is_close_too():
    people = draw(a_population(), 1000, 3)
    for gender, share in (("female", 0.51), ("male", 0.48)):
        for region, part in (("Ontario", 0.39), ("Atlantic", 0.07)):
            count = sum(person["gender"] == gender and person["region"] == region for person in people)
            assert abs(count - 1000 * share * part) < 3


def test_a_conditional_share_holds_in_every_row_of_its_table():
    people = draw(a_population(), 1000, 3)
    ontario = [person for person in people if person["region"] == "Ontario"]
    assert abs(sum(person["income"] == "high" for person in ontario) - 0.2 * len(ontario)) < 3
    assert {person["work"] for person in people if person["age"] >= 65} == {"retired"}
    assert "retired" not in {person["work"] for person in people if person["age"] < 65}


def test_numbers_follow_their_curve_inside_its_bounds_and_in_every_group():
    people = draw(a_population(), 1000, 5)
    ages = [person["age"] for person in people]
    assert all(isinstance(age, int) and 18 <= age <= 90 for age in ages)
    wanted = next(one.wanted for one in margins(a_population(), people) if one.attribute == "age")
    assert abs(fmean(ages) - wanted) < 0.1
    assert 13 < pstdev(ages) < 15
    women = [person["age"] for person in people if person["gender"] == "female"]
    assert abs(fmean(women) - wanted) < 1


def test_independent_attributes_stay_independent():
    people = draw(
        a_population(HEAD + "  a: {uniform: {min: 0, max: 999}}\n  b: {uniform: {min: 0, max: 999}}\n"), 500, 1
    )
    products = fmean((float(one["a"]) - 499.5) * (float(one["b"]) - 499.5) for one in people)
    assert abs(products / (999**2 / 12)) < 0.15


def test_a_single_person_is_not_always_of_the_majority():
    seen = Counter(draw(a_population(), 1, seed)[0]["gender"] for seed in range(400))
    assert 150 < seen["male"] < 250
    assert 150 < seen["female"] < 250


def test_the_seed_decides_and_another_seed_draws_others():
    population = a_population()
    assert draw(population, 50, 1) == draw(population, 50, 1)
    assert draw(population, 50, 1) != draw(population, 50, 2)


def test_an_attribute_added_later_leaves_those_before_it_alone():
    longer = a_population(CANADA + "  pet: [cat, dog, none]\n")
    kept = [{key: value for key, value in one.items() if key != "pet"} for one in draw(longer, 60, 4)]
    assert kept == list(draw(a_population(), 60, 4))


def test_bands_lists_single_values_and_dotted_fields():
    text = (
        HEAD
        + "  age: {18-34: 30%, 35-90: 70%}\n  pet: [cat, dog]\n  country: Chile\n  job.title: {nurse: 1, cook: 1}\n"
    )
    population = a_population(text)
    people = draw(population, 10, 0)
    assert sum(18 <= person["age"] <= 34 for person in people) == 3
    assert Counter(person["pet"] for person in people) == {"cat": 5, "dog": 5}
    assert {person["country"] for person in people} == {"Chile"}
    assert nested(people[0])["job"] in ({"title": "nurse"}, {"title": "cook"})


def test_rows_are_drawn_by_their_weight():
    rows = "rows: {file: d.csv, weight: w}\n"
    pets = "attributes:\n  pet: {by: town, table: {Bern: cat, default: dog}}\n"
    text = f"troupe-population: 1\nname: swiss\n{rows}{pets}"
    population = a_population(text)
    people = draw(population, 100, 0)
    assert Counter(person["age"] for person in people) == {20: 10, 30: 20, 40: 30, 50: 40}
    assert {person["pet"] for person in people if person["town"] == "Bern"} == {"cat"}
    assert {one.level: one.wanted for one in margins(population, people) if one.attribute == "town"} == {
        "Bern": pytest.approx(0.4),
        "Basel": pytest.approx(0.2),
        "Chur": pytest.approx(0.4),
    }


def test_rows_can_be_taken_in_order_with_columns_renamed():
    text = (
        "troupe-population: 1\nname: swiss\nrows: {file: d.csv, draw: in_order, columns: {age: age, town: residence}}\n"
    )
    assert draw(a_population(text), 2, 0) == ({"age": 20, "residence": "Bern"}, {"age": 30, "residence": "Basel"})


def test_a_draw_is_told_from_any_other():
    population = a_population()
    ids = {draw_id(population, draw(population, size, seed)) for size in (5, 6) for seed in (1, 2)}
    assert len(ids) == 4
