"""Tables of percentages are found in TinyTroupe's demographic files, whatever their shape."""

import pytest
import yaml

from tinytroupe_cli.language.positions import read_yaml
from tinytroupe_cli.personas.demographics import DemographicTable, field_name, population_yaml, tables_in
from tinytroupe_cli.personas.population_parser import population_from
from tinytroupe_cli.personas.sampling import draw

LAND = {
    "Demographics": {
        "Population Size": "3 million",
        "Age Distribution": {"0-14": "20%", "15-64": "64.5%", "65+": "15.5%"},
        "Household Income": {
            "Median Income": "$70,000",
            "Distribution": {"Under $25,000": "30%", "$25,000-$99,999": "50%", "$100,000 and Over": "20%"},
        },
        "Geographic Distribution": {"Urban": "80%", "Rural": "20%", "Regions": {"North": "45%", "South": "55%"}},
    },
    "Religion": {
        "Christian": {"Total": "60%", "Catholic": "40%", "Other": "20%"},
        "Non-Christian": {"Muslim": "8%", "Other": "2%"},
        "Unaffiliated": "30%",
    },
    "Public Opinions": {"Inflation": {"A very big problem": "70%", "Source": "A survey, 2023 (1%)"}},
    "Habits": {"Saving": "low", "Sports": ["Walking", "Running"]},
}


def by_heading():
    return {table.heading: dict(table.shares) for table in tables_in(LAND)}


def test_every_table_is_found_with_its_heading():
    assert by_heading() == {
        "Demographics / Age Distribution": {"0-14": 20, "15-64": 64.5, "65+": 15.5},
        "Demographics / Household Income / Distribution": {
            "Under $25,000": 30,
            "$25,000-$99,999": 50,
            "$100,000 and Over": 20,
        },
        "Demographics / Geographic Distribution": {"Urban": 80, "Rural": 20},
        "Demographics / Geographic Distribution / Regions": {"North": 45, "South": 55},
        "Religion": {"Catholic": 40, "Christian Other": 20, "Muslim": 8, "Non-Christian Other": 2, "Unaffiliated": 30},
        "Public Opinions / Inflation": {"A very big problem": 70},
    }


def test_what_is_made_of_them_can_be_drawn_from():
    tables = list(tables_in(LAND))
    fields = dict(zip(("age", "income", "urban", "region", "religion", "inflation"), tables, strict=True))
    text = population_yaml("land", "People: all of a land.", fields, ("beliefs",), about=("A land\nof ours",))
    assert text.startswith("# A land of ours\n")
    made = yaml.safe_load(text)["attributes"]
    assert made["age"] == {"0-14": 0.2, "15-64": 0.645, "65-90": 0.155}
    assert made["inflation.a_very_big_problem"] == {"yes": 0.7, "no": 0.3}
    population = population_from(read_yaml(text, "land.yaml"), lambda path: ("", path))
    assert population.warnings == ()
    people = draw(population, 20, 1)
    assert sum(person["religion"] == "Unaffiliated" for person in people) == 6
    assert sum(person["age"] < 15 for person in people) == 4


def test_fields_are_words_and_never_the_name():
    assert [field_name(text) for text in ("Political View", "  ", "name", "Días/mes")] == [
        "political_view",
        "",
        "",
        "dias_mes",
    ]


def made_of(shares, field="f"):
    text = population_yaml("land", "A land.", {field: DemographicTable("Table", shares)}, (), about=())
    return yaml.safe_load(text)["attributes"], text


def test_levels_or_higher_are_one_level_each_so_that_nobody_has_a_degree_and_no_school():
    attributes, text = made_of({"School or Higher": 90.0, "College (Degree or Higher)": 35.0})
    assert attributes == {"f": {"less than School": 0.1, "School": 0.55, "College (Degree)": 0.35}}
    assert "# f: the file counts all from a level on" in text
    assert made_of({"Primary or more": 100.0, "Tertiary or more": 16.0})[0] == {
        "f": {"Primary": 0.84, "Tertiary": 0.16}
    }


def test_rows_that_are_no_parts_of_a_whole_are_drawn_each_and_the_file_says_so():
    attributes, text = made_of({"Left": 45.0, "Right": 36.0, "Independent": 43.0})
    assert attributes["f.left"] == {"yes": 0.45, "no": 0.55}
    assert "# f: the rows add up to 124%" in text
    assert "#" not in made_of({"Left": 60.0, "Right": 40.0})[1]


@pytest.mark.parametrize(
    "labels", [("Under 10,000", "10,000-19,999", "20,000 and over"), ("Under 18.5", "18.5-24.9", "25.0+")]
)
def test_amounts_with_separators_stay_labels(labels):
    attributes, _ = made_of(dict(zip(labels, (30.0, 50.0, 20.0), strict=True)))
    assert list(attributes["f"]) == list(labels)


def test_ages_are_read_however_they_are_written():
    attributes, _ = made_of({"Under 15": 20.0, "15 to 64 years": 60.0, "65 and Over": 20.0}, "age")
    assert attributes == {"age": {"0-14": 0.2, "15-64": 0.6, "65-90": 0.2}}


@pytest.mark.parametrize(
    "labels",
    [
        ("upper_secondary_or_higher", "bachelor_or_higher", "doctorate_or_higher"),
        ("upper-secondary-or-above", "bachelor-and-above", "doctorate-or-above"),
        ("Upper secondary or higher", "Bachelor or more", "Doctorate and above"),
        ("at_least_upper_secondary", "at_least_bachelor", "at least doctorate"),
        ("upper_secondary_plus", "bachelor_plus", "doctorate+"),
    ],
)
def test_rows_of_a_ladder_are_one_level_each_however_they_are_written(labels: tuple[str, str, str]) -> None:
    levels = DemographicTable("education", dict(zip(labels, (84.0, 41.0, 2.0), strict=True))).levels()
    assert levels is not None
    assert [round(share) for share in levels.values()] == [16, 43, 39, 2]


@pytest.mark.parametrize(
    "labels",
    [
        ("primary_or_lower", "secondary_or_lower", "bachelor_or_lower"),
        ("primary and below", "secondary or less", "at most bachelor"),
        ("up to primary", "up to secondary", "up to bachelor"),
    ],
)
def test_rows_of_a_ladder_that_leads_down_are_one_level_each_too(labels: tuple[str, str, str]) -> None:
    levels = DemographicTable("education", dict(zip(labels, (16.0, 59.0, 98.0), strict=True))).levels()
    assert levels == {"primary": 16, "secondary": 43, "bachelor": 39, "more than bachelor": 2}
