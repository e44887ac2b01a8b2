"""Tables of percentages are found in TinyTroupe's demographic files, whatever their shape."""

import yaml

from tinytroupe_cli.core.marks import read_yaml
from tinytroupe_cli.personas.description import field_name, population_yaml, tables_in
from tinytroupe_cli.personas.population_reading import population_from
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
