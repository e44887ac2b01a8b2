from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.core.tokens import estimate_tokens
from tinytroupe_cli.minds.memory.truncation import NOTE_TOKENS, truncate_all, truncate_middle

LONG = "Once " + "upon a time there was a very long story " * 400 + "and here it ends."


def test_texts_that_fit_are_left_alone() -> None:
    assert truncate_all(["Tea?", "Coffee, é{{ x }}."], 100) == ["Tea?", "Coffee, é{{ x }}."]


def test_the_longest_gives_way_and_says_so() -> None:
    short, long = truncate_all(["Is it true?", LONG], 300)
    assert short == "Is it true?"
    assert long.startswith("Once upon a time")
    assert long.endswith("here it ends.")
    assert "words are left out here …]" in long


def test_the_note_counts_what_is_missing() -> None:
    text = truncate_middle(LONG, 300)
    missing = int(text.split("[… about ")[1].split(" ")[0].replace(",", ""))
    stayed = len((text.split("[…")[0] + text.split("…]")[1]).split())
    assert missing + stayed == len(LONG.split())


@given(st.lists(st.text(max_size=3_000), min_size=1, max_size=6), st.integers(400, 3_000))
def test_what_is_fitted_takes_no_more_than_there_is(texts: list[str], most: int) -> None:
    assert sum(map(estimate_tokens, truncate_all(texts, most))) <= most + NOTE_TOKENS


@given(st.text(min_size=300, max_size=3_000))
def test_what_stays_is_the_authors_own_beginning_and_end(text: str) -> None:
    cut = truncate_middle(text, 90)
    if cut != text:
        front, back = cut.split("[… about ")[0].rstrip(), cut.split(" left out here …]")[-1].lstrip()
        assert text.startswith(front)
        assert text.endswith(back)
