"""A list written as one text is a list; a sentence with commas is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.language.said_lists import said_entries


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("- a handle\n- a lid", ("a handle", "a lid")),
        ("1. a handle\n2. a lid", ("a handle", "a lid")),
        ("1. a handle 2. a lid", ("a handle", "a lid")),
        ("a handle\na lid", ("a handle", "a lid")),
        ("a handle, a lid, and a spout", ("a handle", "a lid", "a spout")),
        ("a handle; a lid", ("a handle", "a lid")),
        ('["a handle", "a lid"]', ("a handle", "a lid")),
        ("- a handle", ("a handle",)),
    ],
)
def test_what_is_clearly_a_list_is_read_as_one(text, entries):
    assert said_entries(text) == entries


@pytest.mark.parametrize(
    "text", ["a handle", "It is dear, and I don't need it.", "too dear, but I like it", "[oops", "[" * 1200, ""]
)
def test_what_may_be_a_sentence_is_no_list(text):
    assert said_entries(text) is None


@given(st.text())
def test_no_text_raises(text):
    entries = said_entries(text)
    assert entries is None or all(isinstance(entry, str) for entry in entries)
