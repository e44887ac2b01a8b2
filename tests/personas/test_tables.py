"""Tables of people in the forms that programs write them in."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from projects import Project

from tinytroupe_cli.personas.people_tables import read_table

MIRA, OTTO = {"name": "Mira Falk", "age": 31}, {"name": "Otto Sand", "age": 62}
PEOPLE = [MIRA, OTTO]
SURVEY = """\
troupe: 1
name: x
personas: [{population: pop.yaml, size: 2}]
world: {type: interviews, steps: 1}
stimuli: [{say: "Would you buy it?"}]
"""


def people(text: str, ending: str = ".csv") -> list[dict[str, object]]:
    table = read_table(text, ending)
    assert not table.trouble
    return [dict(record) for _, record in table.records]


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("name,age\nMira Falk,31\nOtto Sand,62\n", ".csv"),
        ("name;age\nMira Falk;31\nOtto Sand;62\n", ".csv"),
        ("name\tage\nMira Falk\t31\nOtto Sand\t62\n", ".tsv"),
        ('[{"name": "Mira Falk", "age": 31}, {"name": "Otto Sand", "age": 62}]', ".csv"),
        ('{"name": "Mira Falk", "age": 31}\n{"name": "Otto Sand", "age": 62}\n', ".csv"),
        ('{"name": {"0": "Mira Falk", "1": "Otto Sand"}, "age": {"0": 31, "1": 62}}', ".json"),
        ("name,age,job\nMira Falk,31,NaN\nOtto Sand,62,N/A\n", ".csv"),
        ("name,age\rMira Falk,31\rOtto Sand,62\r", ".csv"),
        ("name,age\r\n\r\nMira Falk,31\r\nOtto Sand,62", ".csv"),
        (",name,age\n0,Mira Falk,31\n1,Otto Sand,62\n", ".csv"),
        ("Unnamed: 0,name,age\n7,Mira Falk,31\n9,Otto Sand,62\n", ".csv"),
        ("name,age\nMira Falk,31\nname,age\nOtto Sand,62\n", ".csv"),
        ("name,age,\nMira Falk,31,\nOtto Sand,62,\n", ".csv"),
        (json.dumps(PEOPLE), ".json"),
        (json.dumps({"people": PEOPLE}), ".json"),
        ("\n".join(map(json.dumps, PEOPLE)), ".jsonl"),
        ("\n\n".join(map(json.dumps, PEOPLE)) + "\n", ".ndjson"),
    ],
)
def test_a_table_is_read_in_any_of_its_forms(text: str, ending: str) -> None:
    assert people(text, ending) == PEOPLE


def test_types_are_kept_and_an_empty_cell_is_left_out() -> None:
    [one] = people("zip,age,share,member,note\n01234,31,0.5,true,\n")
    assert one == {"zip": "01234", "age": 31, "share": 0.5, "member": True}


def test_what_lies_inside_a_record_gets_a_dotted_name() -> None:
    assert people('[{"name": "A", "work": {"title": "baker"}, "likes": ["tea", "rain"]}]', ".json") == [
        {"name": "A", "work.title": "baker", "likes": "tea, rain"}
    ]


def test_a_missing_number_is_left_out_and_a_code_of_the_same_letters_is_kept() -> None:
    found = people("age,country\n31,NA\nNA,SE\n")
    assert found == [{"age": 31, "country": "NA"}, {"country": "SE"}]


def test_a_cell_of_200_000_letters_is_read() -> None:
    [one] = people("name,note\nA," + "x" * 200_000 + "\n")
    assert len(str(one["note"])) == 200_000


@pytest.mark.parametrize(
    ("text", "ending", "place", "said"),
    [
        ('a,b\n1,x\n2,"Oslo\n3,y\n', ".csv", ":3", "never closed"),
        ('a,b\n1,"x\ny"\n\n2,z,w\n', ".csv", ":5", "3 cells under 2 headings"),
        ("a,b\n\n\n1,x,y\n", ".csv", ":4", "3 cells"),
        ("a,a\n1,2\n", ".csv", ":1", "its own heading"),
        ('{"a": 1}\n{"a": \n', ".jsonl", ":2", "not valid JSON"),
        ('[{"a": NaN}]', ".json", "", "not a JSON number"),
        ("[1, 2]", ".json", ":1", "not an object"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_with_its_line(text: str, ending: str, place: str, said: str) -> None:
    [first, *_] = read_table(text, ending).trouble
    assert said in first.message
    assert not place or first.place == place


def planned(project: Project) -> list[dict[str, object]]:
    ended = project.troupe("plan", "x.yaml", "--json")
    assert ended.code == 0, ended.err
    return [member for trial in json.loads(ended.out)["trials"] for member in trial["people"]]


def test_people_of_a_table_keep_their_names_and_ids_and_need_no_model(tmp_path: Path) -> None:
    project = Project(tmp_path, experiment=SURVEY)
    project.write("pop.yaml", "troupe-population: 1\nname: pop\nrows: r.csv\n")
    project.write("r.csv", ",id,name,age\n0,p7,Mira Falk,31\n1,p9,Otto Sand,62\n")
    found = planned(project)
    assert {str(member["name"]) for member in found} == {"Mira Falk", "Otto Sand"}
    personas = [member["persona"] for member in found]
    assert {persona["id"] for persona in personas if isinstance(persona, dict)} == {"p7", "p9"}
    assert all(member["drawn"] is None for member in found)


def test_a_row_that_is_drawn_twice_makes_two_people(tmp_path: Path) -> None:
    project = Project(tmp_path, experiment=SURVEY)
    project.write("pop.yaml", "troupe-population: 1\nname: pop\nrows: r.csv\n")
    project.write("r.csv", "name,age\nMira Falk,31\n")
    assert [member["name"] for member in planned(project)] == ["Mira Falk", "Mira Falk (2)"]


def test_the_first_sheet_of_an_excel_file_is_a_table(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["name", "age", "member"], ["Mira Falk", 31, True], ["Otto Sand", 62.0, False]):
        sheet.append(row)
    book.save(tmp_path / "r.xlsx")
    project = Project(tmp_path, experiment=SURVEY)
    project.write("pop.yaml", "troupe-population: 1\nname: pop\nrows: r.xlsx\n")
    personas = [member["persona"] for member in planned(project)]
    ages = {persona["name"]: persona["age"] for persona in personas if isinstance(persona, dict)}
    assert ages == {"Mira Falk": 31, "Otto Sand": 62}


@pytest.mark.parametrize(
    "written",
    [
        "{from: 18, to: 65}",
        "{min: 18, max: 65}",
        "{low: 18, high: 65}",
        "18-65",
        "{uniform: [18, 65]}",
        "{between: [18, 65]}",
    ],
)
def test_two_ends_are_a_range(tmp_path: Path, written: str) -> None:
    project = Project(tmp_path, experiment=SURVEY.replace("size: 2", "size: 40"))
    project.write("pop.yaml", f"troupe-population: 1\nname: pop\ncontext: C.\nattributes: {{age: {written}}}\n")
    ages = [member["persona"]["age"] for member in planned(project) if isinstance(member["persona"], dict)]
    assert len(set(ages)) > 20
    assert min(ages) >= 18
    assert max(ages) <= 65


@pytest.mark.parametrize(
    "written", ["{mean: 40, sd: 10}", "{mu: 40, sigma: 10}", "{average: 40, std: 10, min: 18, max: 90}"]
)
def test_a_mean_and_a_spread_are_a_curve(tmp_path: Path, written: str) -> None:
    project = Project(tmp_path, experiment=SURVEY.replace("size: 2", "size: 100"))
    project.write("pop.yaml", f"troupe-population: 1\nname: pop\ncontext: C.\nattributes: {{age: {written}}}\n")
    ages = [member["persona"]["age"] for member in planned(project) if isinstance(member["persona"], dict)]
    assert 38 < sum(ages) / len(ages) < 42


@pytest.mark.parametrize("written", ["{min: 18}", "{mean: 40}", "[18, 65]", "{normal: {mean: 1.0e+308, sd: 1.0e+308}}"])
def test_what_may_be_two_things_or_is_beyond_measure_is_an_error(tmp_path: Path, written: str) -> None:
    project = Project(tmp_path, experiment=SURVEY)
    project.write("pop.yaml", f"troupe-population: 1\nname: pop\ncontext: C.\nattributes: {{age: {written}}}\n")
    ended = project.troupe("check", "x.yaml")
    assert ended.code == 2
    assert "pop.yaml:4" in ended.err


def test_two_labels_called_low_and_high_stay_labels(tmp_path: Path) -> None:
    project = Project(tmp_path, experiment=SURVEY)
    project.write("pop.yaml", "troupe-population: 1\nname: p\ncontext: C.\nattributes: {pay: {low: 0.4, high: 0.6}}\n")
    assert {member["persona"]["pay"] for member in planned(project) if isinstance(member["persona"], dict)} <= {
        "low",
        "high",
    }


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_table_is_read_in_the_encodings_that_excel_writes(tmp_path: Path, encoding: str) -> None:
    project = Project(tmp_path, experiment=SURVEY)
    project.write("pop.yaml", "troupe-population: 1\nname: pop\nrows: r.csv\n")
    (project.folder / "r.csv").write_bytes("name\tage\r\nMira Falk\t31\r\nOtto Sand\t62\r\n".encode(encoding))
    personas = [member["persona"] for member in planned(project)]
    assert {persona["name"] for persona in personas if isinstance(persona, dict)} == {"Mira Falk", "Otto Sand"}
