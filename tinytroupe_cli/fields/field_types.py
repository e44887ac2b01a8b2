"""All types of fields."""

from __future__ import annotations

from typing import Any, Final

from tinytroupe_cli.fields.budget import BudgetType
from tinytroupe_cli.fields.choice import ChoiceType
from tinytroupe_cli.fields.date import DateType
from tinytroupe_cli.fields.field_type import FieldType
from tinytroupe_cli.fields.ladder import LadderType
from tinytroupe_cli.fields.likert import LikertType
from tinytroupe_cli.fields.maxdiff import MaxDiffType
from tinytroupe_cli.fields.number import NumberType
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.fields.rank import RankType
from tinytroupe_cli.fields.scale import ScaleType
from tinytroupe_cli.fields.text import TextType
from tinytroupe_cli.fields.text_list import TextListType
from tinytroupe_cli.fields.yes_no import YesNoType
from tinytroupe_cli.spec.measures import FieldKind, FieldSpec

FIELD_TYPES: Final[dict[FieldKind, FieldType[Any]]] = {
    field_type.kind: field_type
    for field_type in (
        YesNoType(),
        ChoiceType(),
        LikertType(),
        ScaleType(),
        NumberType(),
        DateType(),
        TextType(),
        TextListType(),
        RankType(),
        LadderType(),
        BudgetType(),
        MaxDiffType(),
    )
}


def type_of(field: PlannedField) -> FieldType[Any]:
    """Return a planned field's type."""
    return FIELD_TYPES[field.kind]


def type_of_written(written: FieldSpec) -> FieldType[Any]:
    """Return the type of a field in an experiment's file."""
    if isinstance(written, str):
        return FIELD_TYPES[written]
    return next(field_type for field_type in FIELD_TYPES.values() if field_type.spec is type(written))
