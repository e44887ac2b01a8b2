"""Parses the number in a person's words: "about $7", "7/7", "twenty-five", "10k".

Words without a number, with a bound ("at most 5"), or with several numbers ("5-7") are not guessed at.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

from tinytroupe_cli.language.number_words import words_as_digits

MAX_CHARACTERS: Final = 300
"""Characters; longer texts are not examined."""
MAX_WORDS: Final = 9
"""Length of a sentence that does not begin with its number."""

_MARKS = re.compile(r"[*_`\"“”„»«]+")
_TOKEN = re.compile(
    r"(?<![\w.,])(?P<sign>[-+]?)(?P<money>[$€£¥]?)(?P<sign2>-?)"
    r"(?P<digits>\d+\.?\d*e[-+]?\d+|\.\d+|\d+(?:[ '.,]\d+)*)"
    r"(?:\s?(?P<scale>k|hundred|thousand|tausend|mille|million|millions|millionen|mln|mio|bn|billion)(?![a-z]))?",
    re.IGNORECASE,
)
_SCALES: Final = {"k": 1e3, "hundred": 1e2, "thousand": 1e3, "tausend": 1e3, "mille": 1e3, "bn": 1e9, "billion": 1e9}
_SOFT: Final = frozenset(
    {
        *("about", "around", "approximately", "approx", "roughly", "circa", "ca", "maybe", "perhaps", "probably"),
        *("exactly", "just", "only", "some", "etwa", "ungefähr", "rund", "environ", "aproximadamente", "unos"),
        *("i", "i'd", "i'll", "i'm", "would", "will", "say", "pay", "give", "rate", "choose", "pick", "guess", "think"),
        *("it", "it's", "its", "is", "a", "an", "my", "the", "that's", "rating", "score", "answer", "price", "amount"),
        *("value", "number", "point", "to", "for", "be", "so", "well", "hmm", "let's", "us", "ok", "okay", "sure"),
        *("usd", "eur", "gbp", "chf", "dollars", "euros"),
    }
)
"""Words before a number that do not change it."""
_UNLIKE = re.compile(
    r"\b(not|no|never|neither|nor|without|than|least|most|under|over|above|below|up to|minimum|maximum|max|min|between|"
    r"nicht|kein\w*|mindestens|höchstens|weniger|mehr|pas|moins|plus|menos|más)\b|n't\b|[<>≤≥]|\bcan't\b"
)
"""Words near a number that negate it or make it a bound."""
_BOUND_AFTER = re.compile(
    r"\s*(\+|or (?:more|less|fewer|higher|lower|above|below|under|over)|and (?:up|above)|at (?:most|least)|"
    r"max\b|min\b|tops\b)"
)
_RATIO = re.compile(r"(-?\d+(?:\.\d+)?)\s*\(?(?:/|out of|of|von|sur|de)\s*(\d+(?:\.\d+)?)(?![\d/])")
_ON_A_SCALE = re.compile(
    r",?\s*\(?(?:on|in) (?:a|the) (?:scale )?(?:of |from )?(-?\d+)\s*(?:-|\u2013|to)\s*(-?\d+)(?: scale)?\)?"
)
_PERCENT = re.compile(r"\s?(%|percent\b|per cent\b|prozent\b|pour cent\b|por ciento\b)")
_MONEY: Final = tuple(
    re.compile(words)
    for words in (
        r"\$|(?<![a-z])usd\b|dollars?\b",
        r"€|(?<![a-z])eur\b|euros?\b",
        r"£|(?<![a-z])gbp\b",
        r"¥|(?<![a-z])(jpy|yen|cny|rmb|yuan)\b",
    )
)
_CENTS = re.compile(r"¢|\b(cents?|pence|pennies|centimes?)\b")

AmbiguousNumber = Literal["unclear"]
UNCLEAR: Final[AmbiguousNumber] = "unclear"


@dataclass(frozen=True, slots=True)
class NumberRange:
    """What the number was asked for."""

    low: float | None = None
    high: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    value: float | None
    """None: ambiguous or unreadable digits."""
    start: int
    end: int


def said_number(words: str, asked: NumberRange) -> float | AmbiguousNumber | None:
    """Return the number, None if there is none, or that it is ambiguous."""
    if len(words) > MAX_CHARACTERS:
        return None
    text = _plain(words)
    if (number := _plain_number(text)) is not None:
        return number
    text = _without_scale(text, asked)
    if isinstance(of_many := _ratio(text, asked), float | str):
        return of_many
    found = _numbers(text)
    if not found:
        return None
    if len({number.value for number in found}) > 1 or found[0].value is None:
        return UNCLEAR
    if not _is_meant(text, found[0], found[-1]) or not _is_of_unit(text, asked):
        return UNCLEAR
    return _in_unit(found[0].value, text[found[-1].end :], asked)


def _plain(words: str) -> str:
    """Normalize fractions, digits, dashes and spaces."""
    text = "".join(_fraction(character) for character in words)
    text = unicodedata.normalize("NFKC", text).casefold().replace("\u2212", "-").replace("\u2019", "'")
    text = re.sub(r"(\d)\s+(0\.\d+)(?!\d)", lambda m: f"{int(m[1]) + float(m[2]):g}", text)
    text = re.sub(r"(?<=\d) (?=0?\.\d)", "", text)
    text = " ".join(_MARKS.sub("", text).split()).strip(" !?").rstrip(" .")
    text = re.sub(r"(?<=[$€£¥]) (?=\d)", "", text)
    text = re.sub(r"(?<=[$€£¥])(\d[\d.,]*)m\b", r"\1 million", text)
    return re.sub(r"\b(?:minus|negative) (?=[\d$€£¥])", "-", words_as_digits(text))


def _fraction(character: str) -> str:
    if unicodedata.category(character) != "No" or "\u2044" not in unicodedata.normalize("NFKC", character):
        return character
    return f" {unicodedata.numeric(character):g} "


def _plain_number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[-+]?\d{1,300}(\.\d+)?(e[-+]?\d{1,2})?", text) else None


def _without_scale(text: str, asked: NumberRange) -> str:
    def left(found: re.Match[str]) -> str:
        return " " if (float(found[1]), float(found[2])) == (asked.low, asked.high) else found[0]

    return _ON_A_SCALE.sub(left, text).strip()


def _ratio(text: str, asked: NumberRange) -> float | AmbiguousNumber | None:
    """Parse "7 out of 7", where the second number is the scale's end."""
    found = _RATIO.search(text)
    if found is None:
        return None
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    if asked.high is None or float(found[2]) != asked.high or _numbers(rest) or _UNLIKE.search(rest):
        return UNCLEAR
    return float(found[1])


def _numbers(text: str) -> list[_Found]:
    found: list[_Found] = []
    for token in _TOKEN.finditer(text):
        value = _value(token["digits"], is_money=bool(token["money"]) or bool(re.search("[€£]|eur|chf|kr", text)))
        if value is not None:
            scale = (token["scale"] or "").lower()
            value *= _SCALES.get(scale, 1e6) if scale else 1
            value = -value if "-" in (token["sign"], token["sign2"]) else value
        if re.match(r"(st|nd|rd|th)\b|[:/.,-]\d|[a-z]\w*\d|m\b", text[token.end() :]):
            value = None  # an ordinal, a time or a date, a name, metres or millions
        found.append(_Found(value, token.start(), token.end()))
    return found if found or not re.search(r"\d", text) else [_Found(None, 0, 0)]


def _value(digits: str, *, is_money: bool) -> float | None:
    """Parse digits with separators: 1,200.50 or 1.200,50; None if ambiguous."""
    if re.fullmatch(r"\d+|\d*\.?\d+e[-+]?\d+|\d+\.?e[-+]?\d+", digits):
        return _finite(digits)
    if re.fullmatch(r"\d{1,3}([,' ])\d{3}(\1\d{3})*(\.\d+)?", digits):
        return _finite(re.sub(r"[,' ]", "", digits))
    if re.fullmatch(r"\d{1,3}(([. ])\d{3}(\2\d{3})*,\d+|(\.\d{3}){2,})", digits):
        return _finite(re.sub(r"[. ]", "", digits).replace(",", "."))
    if is_money and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", digits):
        return None
    if re.fullmatch(r"\d*\.\d+", digits):
        return _finite(digits)
    return _finite(digits.replace(",", ".")) if re.fullmatch(r"\d+,\d{1,2}", digits) else None


def _finite(digits: str) -> float | None:
    if len(digits) > MAX_CHARACTERS:
        return None
    value = float(digits)
    return value if abs(value) != float("inf") else None


def _is_meant(text: str, first: _Found, last: _Found) -> bool:
    """Return whether the words around a number leave it as it is."""
    before, after = text[: first.start].strip(" ~≈=:-($€£¥"), text[last.end :]
    if _BOUND_AFTER.match(after.lstrip(" a-z$€£¥") if after[:1].isalpha() else after):
        return False
    if all(word.strip(" ,.:;") in _SOFT for word in before.split()):
        return True
    return len(text.split()) <= MAX_WORDS and not _UNLIKE.search(text)


def _is_of_unit(text: str, asked: NumberRange) -> bool:
    """Return whether no other currency is named than the one that was asked for."""
    unit = asked.unit.casefold()
    if _CENTS.search(text):
        return bool(_CENTS.search(unit))
    is_money = any(words.search(unit) for words in _MONEY)
    return not is_money or all(words.search(unit) for words in _MONEY if words.search(text))


def _in_unit(value: float, after: str, asked: NumberRange) -> float | AmbiguousNumber:
    if not _PERCENT.match(after):
        return value
    if re.search(r"%|percent|per cent|prozent", asked.unit.casefold()) or (not asked.unit and asked.high == 100):  # noqa: PLR2004
        return value
    return value / 100 if asked.high == 1 and not asked.unit else UNCLEAR
