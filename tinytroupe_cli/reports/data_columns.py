"""Columns that every table of answers has: factors, and attributes of people."""

from __future__ import annotations

from collections.abc import Iterator

from tinytroupe_cli.reports.csv_files import free_name
from tinytroupe_cli.reports.data_tables import Column
from tinytroupe_cli.reports.results import Results


def factors_of(results: Results) -> list[str]:
    """Return the factors of a run."""
    return list(dict.fromkeys(factor for condition in results.conditions for factor in condition.levels))


def attributes_of_people(results: Results) -> list[str]:
    """Return every dotted name of a single value of a person, in the order of the cast."""
    return list(dict.fromkeys(key for person in results.participants for key in person.attributes))


def before_people(results: Results, taken: set[str]) -> Iterator[Column]:
    """Yield a column for each factor; `taken` are names that other columns have."""
    for factor in factors_of(results):
        yield Column(free_name(factor, "factor", taken), f"Level of the factor {factor}")


def person_columns(results: Results) -> Iterator[Column]:
    """Yield a column for each attribute of people."""
    for key in attributes_of_people(results):
        yield Column(f"person.{key}", f"{key} of the person")
