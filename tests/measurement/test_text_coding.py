"""Which texts are coded twice, and what counts as a quote."""

from __future__ import annotations

import pytest

from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.measurement.text_coding import has_words, to_code_twice

TEXT = "It\u2019s  cheap, and I said \u201cwhy not\u201d."


@pytest.mark.parametrize("quote", ["it's cheap", "IT\u2019S CHEAP,", 'said "why not"', '"cheap"', "It\u2019s cheap."])
def test_words_that_stand_in_a_text_are_a_quote(quote: str) -> None:
    assert has_words(TEXT, quote)


@pytest.mark.parametrize("quote", ["it is cheap", "", "...", "costs little", "cheap and"])
def test_other_words_are_none(quote: str) -> None:
    assert not has_words(TEXT, quote)


def test_at_least_fifty_texts_or_all_are_coded_twice() -> None:
    few = {"a": [f"text {n}" for n in range(20)], "b": [f"other {n}" for n in range(20)]}
    assert len(to_code_twice(few, 0.1, Stream(1, "x"))) == 40
    assert to_code_twice(few, 0, Stream(1, "x")) == []


def test_each_condition_has_its_share_of_those_coded_twice() -> None:
    many = {"a": [f"text {n}" for n in range(300)], "b": [f"other {n}" for n in range(100)]}
    chosen = to_code_twice(many, 0.2, Stream(1, "x"))
    assert len(chosen) == 80
    assert sum(text.startswith("text") for text in chosen) == 60
    assert chosen == to_code_twice(many, 0.2, Stream(1, "x"))
    assert chosen != to_code_twice(many, 0.2, Stream(2, "x"))
