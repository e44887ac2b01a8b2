from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tinytroupe_cli.core.tokens import estimate_tokens
from tinytroupe_cli.language.chunks import chunks

TEXTS = st.lists(
    st.sampled_from(["# Head", "## Sub", "one two three.", "x" * 90, "字" * 40, "a; b! c? d", "\n", "\n\n", " ", "é"])
).map("".join)


@settings(max_examples=200)
@given(TEXTS, st.integers(2, 60))
@example(text=" \n# Head", most=2)  # what stands before a cut may be blank
def test_no_letter_is_lost_and_no_piece_is_too_long(text: str, most: int) -> None:
    pieces = chunks(text, most)
    assert "".join("".join(piece.text.split()) for piece in pieces) == "".join(text.split())
    assert all(estimate_tokens(piece.text) <= most for piece in pieces)
    assert all(piece.text.strip() for piece in pieces)


def test_a_heading_stays_with_what_follows_it() -> None:
    pieces = chunks("# Plan\n\n## Costs\n\nMuch.\n\n## Risks\n\nFew.", 20)
    assert [(piece.heading, piece.text) for piece in pieces] == [
        ("Plan > Costs", "# Plan\n\n## Costs\n\nMuch."),
        ("Plan > Risks", "## Risks\n\nFew."),
    ]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    pieces = chunks("First comes this sentence. Then comes that one. And quite a third.", 12)
    assert [piece.text for piece in pieces] == [
        "First comes this sentence.",
        "Then comes that one.",
        "And quite a third.",
    ]
