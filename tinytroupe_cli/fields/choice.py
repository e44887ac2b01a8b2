"""choice: one of several options, in an order of the person's own."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from tinytroupe_cli.fields.field_type import AddFinding, listed, quoted, unique_options
from tinytroupe_cli.fields.options import OneOfType
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.fields.reading import Answers, Reading, read_option, stated_answer
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.spec.measures import Choice


class ChoiceType(OneOfType[Choice]):
    """One of several options."""

    kind = "choice"
    shape = "nominal"
    scale = "share"
    noun = "a choice"
    spec = Choice
    ordering = "options"

    def plan(self, name: str, written: Choice, path: Path, report: AddFinding) -> PlannedField:
        """Return the field as planned."""
        options = unique_options(written.choice, (*path, "choice"), report)
        return PlannedField(name=name, kind="choice", options=options)

    def read(self, field: PlannedField, answers: Answers, key: str, options: Sequence[JsonValue]) -> Reading:
        """Find the option that is meant."""
        del field
        return read_option(stated_answer(answers, key), options)

    def aloud(self, field: PlannedField, options: Sequence[JsonValue], *, is_named: bool) -> str:
        """List the options."""
        del field, is_named
        return f"one of {quoted(options)}"

    def phrase(self, field: PlannedField) -> str:
        """List the options."""
        return f"one of {listed(field.options)}"
