"""Ages and other numbers in bands, as tables of surveys have them."""

from __future__ import annotations

import pytest

from tinytroupe_cli.language.bands import band, middle
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


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("18-34", (18, 34, 34.9), (17.9, 35)),
        ("55+", (55, 90), (54, 54.9)),
        ("under 18", (3, 17.5), (18,)),
        ("over 65", (66,), (65,)),
        ("18 or younger", (18,), (19,)),
        ("≥ 65", (65,), (64,)),
        ("1.5-2.5", (1.5, 2.5), (1.4, 2.6)),
    ],
)
def test_a_band_holds_numbers_of_its_own(text: str, inside: tuple[float, ...], outside: tuple[float, ...]) -> None:
    found = band(text)
    assert found is not None
    assert all(found.holds(number) for number in inside)
    assert not any(found.holds(number) for number in outside)


@pytest.mark.parametrize("text", ["female", "34-18", "42", ""])
def test_other_words_are_no_band(text: str) -> None:
    assert band(text) is None
