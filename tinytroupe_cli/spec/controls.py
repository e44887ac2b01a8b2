"""Controls: what no condition may change."""

from __future__ import annotations

from tinytroupe_cli.spec.spec_model import SpecModel


class ControlSpec(SpecModel):
    """A measure that no condition should change, such as a person's age; if it differs, every comparison is marked."""

    measure: str
    """Query and field, such as person.birthplace."""
