"""The data of a run in every format, read again by programs that are not ours."""

from __future__ import annotations

import csv
import json
import sys
from importlib import util
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pyreadstat
import pytest
from projects import PRICES, Finished, Project
from provider import Body, FakeProvider, schema_of

import tinytroupe_cli as troupe

SURVEY = f"""\
troupe: 1
name: survey
title: "=Which mood?"
personas: [lisa, oscar]
factors: {{price: [9, 12]}}
world: {{type: interviews}}
{PRICES}extract:
  - name: v
    of: each person
    how: interview
    question: "At ${{{{ price }}}}?"
    fields:
      pays: {{number: {{min: -5, max: 40}}, unit: dollars}}
      mood: {{choice: [calm, angry, "+1"]}}
      intent: {{likert: purchase_intent}}
      buys: yes_no
      warmth: {{scale: [1, 7], low: cold, high: warm}}
      why: text
      best: {{rank: [a, b]}}
  - name: next
    of: each person
    how: interview
    question: "And next year?"
    fields: {{later: yes_no}}
"""
HOSTILE = "=cmd|' /C calc'!A0 \u00e9\u2028\x07 \"quoted\", and\na second line"
SAID = {"item_1": -2.5, "item_2": "+1", "item_4": "yes", "item_5": "7", "item_6": HOSTILE}
TABLES = ("measures", "wide")


def answers(body: Body) -> str:
    properties = (schema_of(body) or {})["properties"]
    if "next year" in json.dumps(body["messages"][-1]):
        return json.dumps(dict.fromkeys(properties, "no"))
    text = json.dumps(body["messages"])
    own = SAID | {"item_3": properties.get("item_3", {}).get("enum", [""])[0]}
    if "Oscar" in text or "Emil" in text:
        own |= {"item_2": "not stated", "item_1": 900}
    return json.dumps({key: own.get(key, "ba"[key.endswith("2")]) for key in properties})


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    with FakeProvider(answer=answers) as fake:
        made = Project(tmp_path_factory.mktemp("data"), fake.url, SURVEY)
        assert made.run().code == 0
    return made


def exported(project: Project, *words: str) -> Finished:
    ended = project.troupe("export", *words)
    assert ended.code == 0, ended.err
    return ended


def file(project: Project, name: str) -> Path:
    return project.runs[-1] / "data" / name


def csv_rows(project: Project, table: str) -> list[dict[str, str]]:
    exported(project)
    with file(project, f"{table}.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def as_in_csv(value: Any) -> str:
    """Write a value that another program has read the way our CSV has it."""
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):  # noqa: PLR0124 - NaN
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, int | float) else str(value)


def same(read: list[dict[str, Any]], rows: list[dict[str, str]]) -> None:
    assert len(read) == len(rows)
    for mine, theirs in zip(rows, read, strict=True):
        assert list(theirs) == list(mine)
        for column, text in mine.items():
            other = as_in_csv(theirs[column])
            assert other == text.removeprefix("'") or float(other) == float(text), (column, other, text)


@pytest.mark.parametrize("table", TABLES)
def test_pandas_duckdb_and_polars_read_the_csv_as_it_is(project: Project, table: str) -> None:
    rows = csv_rows(project, table)
    path = str(file(project, f"{table}.csv"))
    by_pandas = pd.read_csv(path, dtype=str, keep_default_na=False).to_dict("records")
    by_duckdb = duckdb.sql(f"from read_csv('{path}', all_varchar=true)").pl().to_dicts()
    by_polars = pl.read_csv(path, infer_schema=False).to_dicts()
    for read in (by_pandas, by_duckdb, by_polars):
        assert [{key: value or "" for key, value in row.items()} for row in read] == rows


@pytest.mark.parametrize("table", TABLES)
def test_parquet_read_by_three_programs_equals_the_csv(project: Project, table: str) -> None:
    rows = csv_rows(project, table)
    exported(project, "--format", "parquet")
    path = str(file(project, f"{table}.parquet"))
    same(pl.read_parquet(path).to_dicts(), rows)
    same(duckdb.sql(f"from '{path}'").pl().to_dicts(), rows)
    same(pd.read_parquet(path).astype(object).to_dict("records"), rows)


@pytest.mark.parametrize("table", TABLES)
def test_a_workbook_has_numbers_as_numbers_texts_as_texts_and_no_formula(project: Project, table: str) -> None:
    rows = csv_rows(project, table)
    exported(project, "--format", "xlsx")
    sheet = openpyxl.load_workbook(file(project, "measures.xlsx"))[table]
    head, *lines = sheet.iter_rows()
    assert not [cell for line in (head, *lines) for cell in line if cell.data_type in ("f", "e")]
    for line, row in zip(lines, rows, strict=True):
        for cell, (column, text) in zip(line, row.items(), strict=True):
            read = as_in_csv(cell.value)
            wanted = text.removeprefix("'").replace("\x07", "")
            assert read == wanted or float(read) == pytest.approx(float(wanted), rel=1e-15), column
            assert cell.quotePrefix == text.startswith("'"), column


@pytest.mark.parametrize("table", TABLES)
def test_spss_and_stata_have_the_same_values_and_say_why_an_answer_is_missing(project: Project, table: str) -> None:
    rows = csv_rows(project, table)
    for ending, read in (("sav", pyreadstat.read_sav), ("dta", pyreadstat.read_dta)):
        exported(project, "--format", ending)
        frame, meta = read(str(file(project, f"{table}.{ending}")))
        frame.columns = list(rows[0])
        same(frame.astype(object).to_dict("records"), rows)
        assert meta.file_label.startswith("=Which mood?")


def test_labels_of_values_and_missing_codes_are_in_spss_and_stata(project: Project) -> None:
    exported(project, "--format", "sav")
    frame, meta = pyreadstat.read_sav(str(file(project, "wide.sav")), user_missing=True)
    assert meta.variable_value_labels["v.buys"] == {0: "no", 1: "yes"}
    assert meta.variable_value_labels["v.warmth"] == {1: "cold", 7: "warm"}
    assert meta.variable_value_labels["v.mood"] == {
        1: "calm",
        2: "angry",
        3: "+1",
        -991: "not stated",
        -992: "declined by the model",
        -993: "no usable answer",
        -994: "not asked",
    }
    assert frame["v.mood"].tolist() == [3, 3, -991, -991]
    assert frame["v.pays"].tolist() == [-2.5, -2.5, -993, -993]
    assert meta.missing_ranges["v.mood"] == [{"lo": -994, "hi": -991}]
    assert "And next year?" in meta.column_names_to_labels["next.later"]
    exported(project, "--format", "dta")
    frame, meta = pyreadstat.read_dta(str(file(project, "wide.dta")), user_missing=True)
    assert frame["v_mood"].tolist() == [3, 3, "a", "a"]
    assert meta.variable_value_labels["v_mood"]["a"] == "not stated"


def test_what_each_answer_took_adds_up_to_the_cost_of_the_run(project: Project) -> None:
    frame = troupe.open_run(project.folder / "results").frame()
    assert frame["usd"].sum() == pytest.approx(project.results["usd"])
    assert frame["usd"].sum() > 0
    assert frame["prompt_tokens"].sum() == pytest.approx(project.results["totals"]["prompt_tokens"])
    assert frame["completion_tokens"].sum() == pytest.approx(project.results["totals"]["completion_tokens"])
    assert frame[frame["query"] == "next"]["usd"].iloc[0] != frame["usd"].iloc[0]


def test_a_frame_of_one_measure_has_its_type(project: Project) -> None:
    run = troupe.open_run(project.runs[-1])
    assert len(run.frame("v")) == 28
    later = run.frame("next.later")
    assert (str(later["value"].dtype), later["value"].tolist()) == ("boolean", [False] * 4)
    assert str(run.frame("v.pays")["value"].dtype) == "float64"
    assert run.frame("v.pays")["value"].isna().sum() == 2
    assert run.frame("v.why")["value"].tolist()[0] == HOSTILE
    assert run.frame("next.later", library="polars").schema["value"] == pl.Boolean
    wide = run.frame("v", wide=True)
    assert [column for column in wide if column.startswith("v.")][:2] == ["v.pays", "v.mood"]
    assert not [column for column in wide if column.startswith("next")]
    with pytest.raises(troupe.RunError, match="no measure") as error:
        run.frame("v.moo")
    assert "v.mood" in error.value.hint


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx", "sav", "dta"])
def test_a_file_that_is_written_again_has_the_same_bytes(project: Project, form: str) -> None:
    names = [Path(name) for name in exported(project, "--format", form).out.split()]
    first = {name: (project.folder / name).read_bytes() for name in names}
    exported(project, "--format", form)
    assert {name: (project.folder / name).read_bytes() for name in names} == first
    assert any(name.stem == "codebook" for name in names)


def test_a_file_is_written_where_one_wants_it(project: Project) -> None:
    exported(project, "--measure", "v.mood", "-o", "out/mood.parquet")
    assert pl.read_parquet(project.folder / "out/mood.parquet")["field"].unique().to_list() == ["mood"]
    exported(project, "--wide", "-o", "out/mood.sav")
    assert len(pyreadstat.read_sav(str(project.folder / "out/mood.sav"))[0]) == 4
    said = json.loads(exported(project, "--format", "csv", "-o", "out", "--json").out)
    assert {Path(name).name for name in said["files"]} == {"measures.csv", "wide.csv", "codebook.md", "codebook.json"}
    assert said["rows"] == 32
    refused = project.troupe("export", "--format", "sas")
    assert refused.code == 2
    assert "sav" in refused.err
    assert project.troupe("report", "--format", "spss").out.strip().endswith("measures.sav")


def test_the_codebook_says_what_was_asked_and_what_every_column_and_code_is(project: Project) -> None:
    exported(project)
    book = json.loads(file(project, "codebook.json").read_text())
    measures = {one["measure"]: one for one in book["measures"]}
    assert [code["label"] for code in measures["v.mood"]["codes"]] == ["calm", "angry", "+1"]
    assert {tuple(q["conditions"]): q["text"] for q in measures["v.mood"]["questions"]} == {
        ("9",): "At $9?",
        ("12",): "At $12?",
    }
    assert not measures["v.why"]["has_code"]
    columns = {one["table"]: [column["column"] for column in one["columns"]] for one in book["tables"]}
    assert columns["measures"] == list(csv_rows(project, "measures")[0])
    assert columns["wide"] == list(csv_rows(project, "wide")[0])
    assert all(column["about"] for one in book["tables"] for column in one["columns"])
    page = file(project, "codebook.md").read_text()
    assert "| 3 | +1 |" in page
    assert "declined by the model" in page


def test_without_its_library_a_format_names_the_command_that_installs_it(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = util.find_spec
    for name in ("pandas", "pyarrow"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setattr(
        "tinytroupe_cli.core.optional_libraries.find_spec",
        lambda name: None if name in ("pandas", "pyarrow") else found(name),
    )
    for form in ("parquet", "sav"):
        ended = project.troupe("export", "--format", form)
        assert ended.code == 4
        assert "pip install 'tinytroupe-cli[data]'" in ended.err
    project.write("z.yaml", SURVEY.replace("name: survey", "name: z") + "report: {formats: [json, parquet]}\n")
    ended = project.troupe("run", "z.yaml", "--model", "openai/gpt-4o-mini")
    assert ended.code == 4
    assert "pip install" in ended.err
    assert not (project.folder / "results" / "z").exists()
    assert project.troupe("export", "--format", "xlsx").code == 0
