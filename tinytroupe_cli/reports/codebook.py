"""The codebook of a run's data: every measure, column and code, written from the experiment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from operator import not_
from typing import Final

from pydantic import Field, JsonValue

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.reports.codings import text_of_codes
from tinytroupe_cli.reports.data_columns import attributes_of_people, factors_of
from tinytroupe_cli.reports.data_tables import MISSING_WORDS, ColumnKind, DataTable, MissingAnswer, text_value
from tinytroupe_cli.reports.measures_table import measures_table
from tinytroupe_cli.reports.participants import QuestionText
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.value_labels import has_codes, value_labels
from tinytroupe_cli.reports.variable_names import STATA_LETTERS, missing_codes, variable_names
from tinytroupe_cli.reports.wide_table import wide_table

MAX_VALUES: Final = 20
"""Different values of an attribute that are listed."""


class CodeLabel(Frozen):
    """A code and what it stands for."""

    code: float
    """The number in `code`."""
    label: str
    """The option, yes or no, or the end of a scale."""


class MeasureEntry(Frozen):
    """One measure."""

    measure: str
    """The measure, as `query.field`."""
    type: str
    """Type of the field."""
    procedure: str
    """`interview`, `observe`, `judge` or `score`: who answers."""
    coded_from: str = Field(default="", exclude_if=not_)
    """The texts that the judge codes or sorts, as `query.field`: nobody was asked this. Not written for others."""
    answers: str
    """What an answer can be, in words."""
    unit: str = ""
    """Unit of a number."""
    questions: tuple[QuestionText, ...] = ()
    """Each wording of the question, with its conditions; empty: nobody was asked."""
    codes: tuple[CodeLabel, ...] = ()
    """Codes that have a label."""
    has_code: bool = False
    """Whether its answers have codes; texts, lists and rankings have none."""


class MissingEntry(Frozen):
    """A reason why an answer is missing."""

    outcome: str
    """The word in `outcome`."""
    meaning: str
    """What it means."""
    spss: int
    """The user-missing value in .sav files."""
    stata: str
    """The extended missing value in .dta files."""


class FactorEntry(Frozen):
    """A factor."""

    factor: str
    """Name of the factor."""
    levels: tuple[JsonValue, ...]
    """Its levels."""


class AttributeEntry(Frozen):
    """An attribute of people."""

    attribute: str
    """Dotted name; the column is `person.` and this name."""
    people: int
    """People who have it."""
    values: dict[str, int] = Field(default_factory=dict)
    """Value -> people, the most frequent first; at most 20."""
    more: int = 0
    """Further values."""


class ColumnEntry(Frozen):
    """A column of a table."""

    column: str
    """Name in CSV, Parquet, Excel and data frames."""
    type: ColumnKind
    """text, number, integer (whole numbers), truth (true or false), mixed (several kinds)."""
    about: str
    """What it holds."""
    spss: str
    """Name in .sav files."""
    stata: str
    """Name in .dta files."""


class TableEntry(Frozen):
    """A table."""

    table: str
    """Name of the file without its ending: `measures` or `wide`."""
    about: str
    """What its rows are."""
    rows: int
    """Number of rows."""
    columns: tuple[ColumnEntry, ...]
    """The columns."""


class Codebook(Frozen):
    """Everything needed to read a run's data without the experiment."""

    codebook: int = 1
    """Version of this document."""
    name: str
    """Name of the experiment."""
    title: str
    """Title of the experiment."""
    run: str
    """The run."""
    measures: tuple[MeasureEntry, ...]
    """The measures, in the order asked."""
    missing: tuple[MissingEntry, ...]
    """Why answers can be missing."""
    factors: tuple[FactorEntry, ...]
    """The factors."""
    attributes: tuple[AttributeEntry, ...]
    """The attributes of people."""
    tables: tuple[TableEntry, ...]
    """The tables and their columns."""


def codebook(results: Results) -> Codebook:
    """Return the codebook of a run."""
    tables = (measures_table(results), wide_table(results))
    codes = missing_codes(tables)
    return Codebook(
        name=results.name,
        title=results.title,
        run=results.provenance.run,
        measures=tuple(_measures(results)),
        missing=tuple(
            MissingEntry(
                outcome=reason.value,
                meaning=MISSING_WORDS[reason],
                spss=codes[reason],
                stata=f".{STATA_LETTERS[reason]}",
            )
            for reason in MissingAnswer
        ),
        factors=tuple(_factors(results)),
        attributes=tuple(_attributes(results)),
        tables=tuple(_table(table) for table in tables),
    )


def codebook_json(results: Results) -> bytes:
    """Write codebook.json."""
    return codebook(results).model_dump_json(indent=2).encode() + b"\n"


def _measures(results: Results) -> Iterator[MeasureEntry]:
    sources = {**text_of_codes(results.codings), **{one.name: one.measure for one in results.categories}}
    for query in results.queries:
        for field in query.fields:
            measure = f"{query.query}.{field.name}"
            coded_from = sources.get(measure, "")
            yield MeasureEntry(
                measure=measure,
                type=field.kind,
                procedure="judge" if coded_from else query.procedure,
                coded_from=coded_from,
                answers=type_of(field).phrase(field),
                unit=field.unit,
                questions=() if coded_from else query.questions,
                codes=tuple(CodeLabel(code=code, label=label) for code, label in value_labels(field).items()),
                has_code=has_codes(field),
            )


def _factors(results: Results) -> Iterator[FactorEntry]:
    for factor in factors_of(results):
        levels = {
            repr(condition.levels[factor]): condition.levels[factor]
            for condition in results.conditions
            if factor in condition.levels
        }
        yield FactorEntry(factor=factor, levels=tuple(levels.values()))


def _attributes(results: Results) -> Iterator[AttributeEntry]:
    for key in attributes_of_people(results):
        values = [
            text_value(person.attributes[key]) or "" for person in results.participants if key in person.attributes
        ]
        counts = Counter(values).most_common()
        yield AttributeEntry(
            attribute=key, people=len(values), values=dict(counts[:MAX_VALUES]), more=max(0, len(counts) - MAX_VALUES)
        )


def _table(table: DataTable) -> TableEntry:
    names = zip(table.columns, variable_names(table.names, "spss"), variable_names(table.names, "stata"), strict=True)
    columns = tuple(
        ColumnEntry(column=column.name, type=column.kind or "text", about=column.about, spss=spss, stata=stata)
        for column, spss, stata in names
    )
    return TableEntry(table=table.name, about=table.title, rows=len(table.rows), columns=columns)
