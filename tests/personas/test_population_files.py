"""A population file is read strictly: everything wrong in it is told at once, at its place."""

import pytest
from snapshots import assert_snapshot

from tinytroupe_cli.cli.diagnostics import render_diagnostic
from tinytroupe_cli.core.diagnostics import Diagnostic, Span
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.language.positions import read_yaml
from tinytroupe_cli.personas.population_parser import population_from

WRONG = """\
troupe-population: 2
name: Can Ada
contxt: People
attributes:
  name: {a: 1}
  age: {normal: {mean: 45, sid: 15}}
  height: {normal: {mean: 170, sd: 0}}
  weight: {gaussian: {mean: 45}}
  size: {uniform: {min: 9, max: 3}}
  gender: {female: half, male: 0.5}
  pet: {cat: 0, dog: 0}
  town: []
  band: {18-34: 0.5, 30-90: 0.5}
  open: {18-34: 0.5, 35+: 0.5}
  income: {by: regoin, table: {north: {low: 1}}}
  region: {north: 0.5, south: 0.5}
  taste: {by: region, table: {north: sweet}}
  mood: {by: region, table: {north: good, south: bad, east: fair}}
  a: {by: b, table: {x: y}}
  b: {by: a, table: {y: x}}
  job: {by: region, tabel: {north: x}}
also: [beliefs, region, name, beliefs]
"""


def read(text, rows="a,b\n1,2\n"):
    return population_from(read_yaml(text, "populations/canada.yaml"), lambda path: (rows, path))


def refused(text, rows="a,b\n1,2\n"):
    with pytest.raises(SpecError) as raised:
        read(text, rows)
    return raised.value.diagnostics


def test_everything_that_is_wrong_is_told_at_its_place():
    told = "\n".join(render_diagnostic(found).plain for found in refused(WRONG))
    assert_snapshot(told + "\n", "diagnostics/population.txt")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("a,b\n", "at least one row"),
        ("a,a,w\n1,2,3\n", "its own heading"),
        ("a,w\n1,2,3\n", ":2: 3 cells under 2 headings"),
        ("a,w\n1,x\n", "the weight 'x'"),
        ("a,w\n1,0\n", "all weights are 0"),
        ("a,b\n1,2\n", "there is no column 'w'"),
    ],
)
def test_rows_that_are_no_table_are_told_with_their_line(rows, message):
    found = refused("troupe-population: 1\nname: x\nrows: {file: d.csv, weight: w}\n", rows)
    assert [one.code for one in found] == ["E223"]
    assert message in found[0].message
    assert found[0].span.line == 3


def test_a_misspelled_key_that_must_be_there_is_one_error():
    for text in (
        "troupe-population: 1\nnmae: x\nattributes: {a: {b: 1}}\n",
        "troupe-populaton: 1\nname: x\nattributes: {a: {b: 1}}\n",
        "troupe-population: 1\nname: x\natributes: {a: {b: 1}}\n",
        "troupe-population: 1\nname: x\nrow: d.csv\n",
        "troupe-population: 1\nname: x\nattributes: {age: {normal: {meen: 4, sd: 1}}}\n",
        "troupe-population: 1\nname: x\nattributes: {b: {x: 1}, a: {by: b, tabel: {x: {y: 1}}}}\n",
    ):
        (found,) = refused(text)
        assert found.code == "E104"
        assert found.hint.startswith("did you mean")
    assert [one.code for one in refused("troupe-population: 1\nx-name: x\nattributes: {a: {b: 1}}\n")] == ["E105"]


def test_a_missing_csv_is_told_at_its_path():
    def missing(path):
        raise SpecError([Diagnostic("E209", "can't be read: no such file", Span(path))])

    with pytest.raises(SpecError) as raised:
        population_from(read_yaml("troupe-population: 1\nname: x\nrows: d.csv\n", "p.yaml"), missing)
    assert (raised.value.diagnostics[0].code, raised.value.diagnostics[0].span.column) == ("E223", 7)


def test_shares_that_do_not_add_up_are_a_warning_and_brought_to_one():
    population = read("troupe-population: 1\nname: x\nattributes: {pet: {cat: 3, dog: 1}}\n")
    assert [one.code for one in population.warnings] == ["E221"]
    assert population.attributes["pet"].by_level == {"cat": 0.75, "dog": 0.25}


def test_own_keys_are_left_alone_and_rows_may_stand_among_the_attributes():
    population = read("troupe-population: 1\nname: x\nx-mine: 1\nattributes: {rows: d.csv, x-note: {y: z}}\n")
    assert population.rows.people == ({"a": 1, "b": 2},)
    assert population.attributes == {}


def test_labels_that_are_numbers_are_numbers():
    population = read(
        "troupe-population: 1\nname: x\nattributes: {children: {0: 0.5, 1: 0.3, 2: 0.2}, own: {true: 1}}\n"
    )
    assert list(population.attributes["children"].by_level) == [0, 1, 2]
    assert list(population.attributes["own"].by_level) == [True]
