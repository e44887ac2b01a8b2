"""A finding is drawn so that the caret stands under what is meant, whatever the line holds."""

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tinytroupe_cli.cli.diagnostics import as_json, draw_diagnostics, render_diagnostic
from tinytroupe_cli.core.diagnostics import Diagnostic, Span


def drawn(finding, **options):
    stream = io.StringIO()
    draw_diagnostics(Console(file=stream, highlight=False, soft_wrap=True, width=60, **options), [finding])
    return stream.getvalue()


def cells(text):
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def a_finding(text="  - sya: hi", column=5, length=3, **changes):
    given = {"code": "E104", "message": "unknown verb 'sya'", "hint": "did you mean 'say'?", **changes}
    return Diagnostic(span=Span("ad.yaml", 14, column, length), text=text, **given)


def marked(text, column, length):
    """Return what stands above the caret, and the carets."""
    _, line, caret = render_diagnostic(a_finding(text, column, length, hint="")).plain.splitlines()
    line, caret = line.removeprefix("   14 | "), caret.removeprefix("      | ")
    at = cells(caret) - caret.count("^")
    above, position = "", 0
    for character in line:
        if at <= position < at + caret.count("^"):
            above += character
        position += cells(character)
    return above, caret.count("^")


def test_it_says_where_what_and_what_next():
    assert drawn(a_finding()) == (
        "ad.yaml:14:5  E104  unknown verb 'sya'\n"
        "   14 |   - sya: hi\n"
        "      |     ^^^  did you mean 'say'?\n"
    )  # fmt: skip


def test_without_colour_it_is_word_for_word_the_same():
    coloured = drawn(a_finding(), force_terminal=True, color_system="truecolor")
    assert "\x1b[" in coloured
    assert "".join(part.partition("m")[2] for part in ("m" + coloured).split("\x1b[")) == drawn(a_finding())


def test_a_warning_says_so_in_words():
    assert drawn(a_finding(is_error=False)).startswith("ad.yaml:14:5  E104  warning: unknown verb")


@pytest.mark.parametrize(
    ("text", "column", "length", "word"),
    [
        ("title: 漢字 x: sya", 14, 3, "sya"),
        ("a:\tsya", 4, 3, "sya"),
        ("漢字: sya", 1, 2, "漢字"),
        ("é: sya", 4, 3, "sya"),
        ("say: hi", 8, 1, ""),
    ],
)
def test_the_caret_stands_under_the_word(text, column, length, word):
    above, carets = marked(text, column, length)
    assert above == word
    assert carets == max(cells(word), 1)


@given(
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=300),
    st.text("sya漢", min_size=1, max_size=5),
)
def test_the_caret_stands_under_the_word_in_any_line(before, word):
    text = f"{before}{word} and more words behind it that make it longer"
    assert marked(text, len(before) + 1, len(word))[0] == word


def test_a_long_line_is_cut_around_the_caret():
    _, line, caret = drawn(a_finding("x" * 500 + "sya" + "y" * 500, 501)).splitlines()
    assert len(line) < 130
    assert line.count("…") == 2
    assert line[caret.index("^") :].startswith("sya")


def test_a_files_own_text_can_t_command_the_terminal_or_the_drawing():
    text = "[red]x[/red] \x1b[31mred \x9b2J \u202egnp sya"
    shown = drawn(a_finding(text, len(text) - 2, message="[bold]a[/bold] \x1b]0;b\x07"))
    assert "[red]x[/red]" in shown
    assert "[bold]a[/bold]" in shown
    assert not [character for character in shown if character in "\x1b\x07\x9b\u202e"]


def test_what_has_no_line_is_drawn_by_its_name():
    finding = Diagnostic("E106", "'steps' expects a whole number", Span("--set world.steps", line=0), hint="write 2")
    assert drawn(finding) == "--set world.steps  E106  'steps' expects a whole number\n      write 2\n"


def test_other_places_are_drawn_below():
    other = (Span("ad.yaml", 3, 1, 5), "title: a")
    assert drawn(a_finding(also=(other,))).endswith("  and ad.yaml:3:1\n    3 | title: a\n      | ^^^^^\n")


def test_as_json_it_has_the_same_parts():
    other = (Span("b.yaml", 3, 1, 5), "title: a")
    assert as_json(a_finding(also=(other,))) == {
        "code": "E104",
        "severity": "error",
        "message": "unknown verb 'sya'",
        "file": "ad.yaml",
        "line": 14,
        "column": 5,
        "length": 3,
        "text": "  - sya: hi",
        "hint": "did you mean 'say'?",
        "also": ["b.yaml:3:1"],
    }
