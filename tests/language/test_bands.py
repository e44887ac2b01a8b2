"""Ages and other numbers in bands, as tables of surveys have them."""

from __future__ import annotations

import pytest

from tinytroupe_cli.language.bands import middle
from tinytroupe_cli.language.evaluation import evaluate, look_up
from tinytroupe_cli.language.expressions import ExpressionError, parse


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("25-34", 29.5),
        ("25–34", 29.5),  # noqa: RUF001
        ("25 to 34 years", 29.5),
        ("65+", 70),
        ("65 and over", 70),
        ("under 18", 13),
        ("18 or younger", 13),
        ("42", 42),
        ("42 years old", 42),
        ("forty", None),
        ("34-25", None),
        ("room 101", None),
    ],
)
def test_a_band_is_its_middle(text: str, number: float | None) -> None:
    assert middle(text) == number


def holds(expression: str, age: object) -> object:
    return evaluate(parse(expression), lambda name: look_up(name.path, {"age": age}))  # pyright: ignore[reportArgumentType]


def test_a_band_is_compared_by_its_middle_and_equal_to_itself_as_written() -> None:
    assert holds("age > 28", "25-34") is True
    assert holds("age > 30", "25-34") is False
    assert holds("40 <= age", "65+") is True
    assert holds("age == '25-34'", "25-34") is True


def test_other_text_is_still_no_number() -> None:
    with pytest.raises(ExpressionError, match="can't order text and a number"):
        holds("age > 28", "forty")
