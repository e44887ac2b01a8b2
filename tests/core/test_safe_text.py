"""Text from outside is made fit to be stored, and no more is changed than must be."""

from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.core.safe_text import safe_text, safe_value


def test_half_a_pair_and_nul_are_replaced_and_two_halves_are_joined():
    assert safe_text("dollars \ud83d") == "dollars \ufffd"
    assert safe_text("\ud83d\ude00") == "😀"
    assert safe_text("a\0b") == "a\ufffdb"
    assert safe_text(None) == ""
    assert safe_text(12) == "12"


def test_every_text_of_a_value_is_made_safe():
    assert safe_value({"\ud83d": ["a\0", 1, None, {"b": "\udc00"}]}) == {
        "\ufffd": ["a\ufffd", 1, None, {"b": "\ufffd"}]
    }


@given(st.text(alphabet=st.characters(min_codepoint=1, exclude_categories=["Cs"])))
def test_any_other_text_stays_as_it_is(text):
    assert safe_text(text) == text


@given(st.text(alphabet=st.characters(categories=None)))
def test_what_comes_out_can_be_written_as_utf_8(text):
    assert safe_text(text).encode().decode() == safe_text(text)
