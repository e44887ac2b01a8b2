"""ladder: whether a person would buy at each of several prices; counted as the highest price that is accepted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pydantic import JsonValue

from tinytroupe_cli.fields.answer_parts import first_invalid, numbered, part_keys, stated_parts
from tinytroupe_cli.fields.field_type import AddFinding, AnswerProcedure, FieldType, as_plain_number, listed, one_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.fields.reading import Answers, InvalidAnswer, Reading, Value, read_option
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.said_values import is_same, label
from tinytroupe_cli.spec.measures import Ladder


class LadderType(FieldType[Ladder]):
    """A price ladder."""

    kind = "ladder"
    shape = "numeric"
    scale = "number"
    noun = "a price ladder"
    spec = Ladder
    ordering = "scales"
    has_numbers = True
    is_one_value = False
    counted_as = "highest accepted price, 0 if none"

    def plan(self, name: str, written: Ladder, path: Path, report: AddFinding) -> PlannedField:
        """Return the field as planned."""
        prices = tuple(written.ladder)
        for index, (lower, higher) in enumerate(pairwise(prices), start=1):
            if lower >= higher:
                hint = "write the prices from lowest to highest, each once"
                report(
                    "E334",
                    f"the price {label(higher)} is not above the one before it, {label(lower)}",
                    (*path, "ladder", index),
                    hint=hint,
                )
        if prices[0] <= 0:
            report("E334", f"a price must be above 0, got {label(prices[0])}", (*path, "ladder", 0))
        return PlannedField(name=name, kind="ladder", options=prices, low=0, high=prices[-1], unit=written.unit)

    def listing(self, field: PlannedField) -> Sequence[JsonValue]:
        """Return the lowest and the highest price."""
        return field.options[0], field.options[-1]

    def request(self, field: PlannedField, options: Sequence[JsonValue], procedure: AnswerProcedure) -> str:
        """List the prices in the direction shown."""
        del procedure
        return f"yes or no at each of these prices: {numbered(_told_prices(field, options))}"

    def keys(self, field: PlannedField, key: str, options: Sequence[JsonValue]) -> dict[str, JsonValue]:
        """Return yes or no for each price."""
        del options
        return {part: one_of((True, False)) for part in part_keys(key, "price", len(field.options))}

    def read(self, field: PlannedField, answers: Answers, key: str, options: Sequence[JsonValue]) -> Reading:
        """Read yes or no at every price, and return the prices with yes, lowest first."""
        prices = _shown(field, options)
        parts = stated_parts(answers, part_keys(key, "price", len(prices)), key, [label(price) for price in prices])
        if isinstance(parts, InvalidAnswer):
            return parts
        readings = [read_option(part, (True, False)) for part in parts]
        values = [reading.value for reading in readings if isinstance(reading, Value)]
        if (invalid := first_invalid(readings)) is not None:
            return invalid
        if all(value is None for value in values):
            return Value(None)
        if None in values:
            return InvalidAnswer("some prices were left open")
        accepted = [price for price, is_accepted in zip(prices, values, strict=True) if is_accepted]
        return Value([price for price in field.options if price in accepted])

    def as_keyed(self, field: PlannedField, value: JsonValue, options: Sequence[JsonValue]) -> JsonValue:
        """Return yes or no for each price, in the direction shown."""
        return [label(price in value) for price in _shown(field, options)] if isinstance(value, list) else value

    def aloud(self, field: PlannedField, options: Sequence[JsonValue], *, is_named: bool) -> str:
        """List the prices."""
        del is_named
        return f"yes or no at each of these prices: {', '.join(_told_prices(field, options))}"

    def is_answer(self, field: PlannedField, value: JsonValue, wanted: JsonValue) -> bool:
        """Return whether the highest accepted price is at least this price."""
        number, least = self.as_number(field, value), as_plain_number(wanted)
        return number is not None and least is not None and number >= least

    def as_number(self, field: PlannedField, value: JsonValue, option: JsonValue = None) -> float | None:
        """Return the highest accepted price, 0 if none is; of a number, as in human answers, itself."""
        del field, option
        if not isinstance(value, list):
            return as_plain_number(value)
        prices = [price for entry in value if (price := as_plain_number(entry)) is not None]
        return max(prices, default=0)

    def not_an_answer(self, field: PlannedField, value: JsonValue) -> str:
        """Refuse what is not one of the prices."""
        is_price = any(is_same(value, price) for price in field.options)
        return "" if is_price else f"'{field.name}' has the prices {listed(field.options)}"

    def told(self, field: PlannedField, value: JsonValue) -> str:
        """Write the accepted prices."""
        if not isinstance(value, list):
            return ""
        unit = f" {field.unit}" if field.unit else ""
        return f"yes at {', '.join(label(price) for price in value)}{unit}" if value else "no at every price"

    def phrase(self, field: PlannedField) -> str:
        """List the prices."""
        return f"yes or no at {listed(field.options)}{f' {field.unit}' if field.unit else ''}"

    def characters(self, field: PlannedField) -> tuple[int, int]:
        """Return those of yes or no for each price."""
        return 2 * len(field.options), 10 * len(field.options)


def is_contradictory(field: PlannedField, value: JsonValue) -> bool:
    """Return whether a lower price is refused and a higher one accepted."""
    return isinstance(value, list) and list(field.options[: len(value)]) != value


def _shown(field: PlannedField, options: Sequence[JsonValue]) -> Sequence[JsonValue]:
    """Return all prices in the direction in which the lowest and highest are shown."""
    is_down = bool(options) and not is_same(options[0], field.options[0])
    return field.options[::-1] if is_down else field.options


def _told_prices(field: PlannedField, options: Sequence[JsonValue]) -> list[str]:
    unit = f" {field.unit}" if field.unit else ""
    return [f"{label(price)}{unit}" for price in _shown(field, options)]
