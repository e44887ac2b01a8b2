"""Answers as numbers with labels: the code of an answer, and what each code stands for."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.fields.field_type import place_of
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.reports.data_tables import Cell, MissingAnswer
from tinytroupe_cli.reports.figures import answer


def code_of(row: Observation, field: PlannedField | None) -> JsonValue:
    """Return an answer as a number: an option's place as written, counted from 1; yes 1 and no 0; a number itself.

    A date is its days since 1970-01-01. None where there is no one number: texts, lists, rankings, and answers that
    are missing.
    """
    if field is None or row.outcome != "stated":
        return None
    kind = type_of(field)
    match kind.shape:
        case "nominal" | "ordinal":
            return place_of(field.options, row.value)
        case "binary":
            return int(row.value) if isinstance(row.value, bool) else None
        case "numeric":
            return kind.as_number(field, row.value)
        case "ranking" | "amounts" | "entries" | "words":
            return None


def coded_cell(row: Observation, field: PlannedField | None) -> Cell:
    """Return an answer's code or, if the answer is missing, why; None where such answers have no code."""
    if row.outcome == "stated" or not has_codes(field):
        return code_of(row, field)
    return MissingAnswer(row.outcome)


def has_codes(field: PlannedField | None) -> bool:
    """Return whether a field's answers have codes."""
    return field is not None and type_of(field).shape in ("nominal", "ordinal", "binary", "numeric")


def label_of(row: Observation, field: PlannedField | None) -> str:
    """Return an answer's words: an option as written, yes or no, and what an end of a scale is called."""
    if field is None or row.outcome != "stated":
        return ""
    match type_of(field).shape:
        case "nominal" | "ordinal" | "binary":
            return answer(row.value)
        case "numeric":
            ends = type_of(field).ends(field) or ()
            return next((end.label for end in ends if end.value == row.value), "")
        case "ranking" | "amounts" | "entries" | "words":
            return ""


def value_labels(field: PlannedField) -> Mapping[float, str]:
    """Return code -> label: of options, of yes and no, of the ends of a scale; empty where codes need none."""
    match type_of(field).shape:
        case "nominal" | "ordinal":
            return {float(place): answer(option) for place, option in enumerate(field.options, start=1)}
        case "binary":
            return {0.0: "no", 1.0: "yes"}
        case "numeric":
            ends = type_of(field).ends(field) or ()
            return {float(end.value): end.label for end in ends if end.label and isinstance(end.value, int | float)}
        case "ranking" | "amounts" | "entries" | "words":
            return {}
