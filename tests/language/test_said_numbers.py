"""A number is read from the words around it, and none is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.language.said_numbers import UNCLEAR, NumberRange, said_number

ANY = NumberRange()
DOLLARS = NumberRange(0, 2000, "USD")
SEVEN = NumberRange(1, 7)


@pytest.mark.parametrize(
    ("words", "asked", "number"),
    [
        ("about $7", DOLLARS, 7),
        ("I'd pay around 40 dollars", DOLLARS, 40),
        ("$1,200.50", DOLLARS, 1200.5),
        ("1.200,50 €", ANY, 1200.5),
        ("1,234,567", ANY, 1_234_567),
        ("1'200", ANY, 1200),
        ("1 200 €", ANY, 1200),
        ("7USD", DOLLARS, 7),
        ("-$7", ANY, -7),
        ("minus five", ANY, -5),
        ("7/7", SEVEN, 7),
        ("5 of 7", SEVEN, 5),
        ("7 out of 7", SEVEN, 7),
        ("7 (out of 7)", SEVEN, 7),
        ("7 on a scale of 1 to 7", SEVEN, 7),
        ("7 (very likely)", SEVEN, 7),
        ("Rating: 7", SEVEN, 7),
        ("**7**", SEVEN, 7),
        ("\uff17", SEVEN, 7),
        ("seven", SEVEN, 7),
        ("zero", ANY, 0),
        ("twenty-five", ANY, 25),
        ("two hundred and five", ANY, 205),
        ("twenty five thousand", ANY, 25_000),
        ("two and a half", ANY, 2.5),
        ("½", ANY, 0.5),
        ("2½", ANY, 2.5),
        ("10k", ANY, 10_000),
        ("2 million", ANY, 2_000_000),
        ("1e3", ANY, 1000),
        (".5", ANY, 0.5),
        ("70%", NumberRange(unit="%"), 70),
        ("70 percent", NumberRange(0, 100), 70),
        ("70%", NumberRange(0, 1), 0.7),
        ("I would pay $7, not more", DOLLARS, 7),
    ],
)
def test_a_number_in_words_is_read(words, asked, number):
    assert said_number(words, asked) == pytest.approx(number)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("between 5 and 7", SEVEN),
        ("5-7", SEVEN),
        ("5 \u2013 7", SEVEN),
        ("five or six", SEVEN),
        ("3, maybe 4", SEVEN),
        ("7/10", SEVEN),
        ("at most 7", DOLLARS),
        ("max 7", DOLLARS),
        ("min. 7", DOLLARS),
        ("less than 7", DOLLARS),
        ("7 or more", SEVEN),
        ("7+", SEVEN),
        ("I wouldn't pay $7", DOLLARS),
        ("70%", ANY),
        ("70%", DOLLARS),
        ("€7", DOLLARS),
        ("7 euros", DOLLARS),
        ("50 cents", DOLLARS),
        ("1.200 €", ANY),
        ("nineteen ninety nine", ANY),
        ("7th", ANY),
        ("10:30", ANY),
        ("2026-11-26", ANY),
        ("5m", ANY),
    ],
)
def test_what_could_be_another_number_is_unclear(words, asked):
    assert said_number(words, asked) == UNCLEAR


@pytest.mark.parametrize("words", ["", "a lot", "NaN", "Infinity", "a couple", "9" * 5000])
def test_what_names_no_number_is_none(words):
    assert said_number(words, ANY) is None


@given(st.integers(-(10**12), 10**12), st.sampled_from(["{}", "about {}", "{} or so", "I'd say {}.", "({})"]))
def test_any_whole_number_is_read_as_itself(number, words):
    assert said_number(words.format(number), ANY) == number


@given(st.floats(0.01, 10**6).map(lambda one: round(one, 2)))
def test_a_price_with_thousands_marked_is_read_as_itself(price):
    assert said_number(f"${price:,.2f}", DOLLARS) == pytest.approx(price)


@given(st.text() | st.text(alphabet="0123456789.,-+ e%$€/½'kmone"))
def test_no_words_raise(words):
    found = said_number(words, SEVEN)
    assert found is None or found == UNCLEAR or abs(found) < float("inf")
