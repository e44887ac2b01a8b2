from __future__ import annotations

import io

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.text.paragraph import Paragraph

from tinytroupe_cli.reports.docx_files import docx_file

TIME = "2026-01-05T09:00"


def written(content: str, title: str = "A plan") -> WordDocument:
    return Document(io.BytesIO(docx_file(title, content, author="Lisa Carter", time=TIME)))


def styled(content: str) -> list[tuple[str, str]]:
    """Return the paragraphs below the title: style and text."""
    return [(one.style.name or "" if one.style else "", one.text) for one in written(content).paragraphs[1:]]


def looks(paragraph: Paragraph) -> list[tuple[str, str]]:
    """Return the runs of a paragraph: text and its marks."""
    marks = ("bold", "italic", "strike")
    return [
        (run.text, " ".join([mark for mark in marks if getattr(run.font, mark)] + [run.font.name or ""]).strip())
        for run in paragraph.runs
    ]


def numbers(document: WordDocument) -> list[str]:
    """Return the numbers Word shows before the items of ordered lists."""
    numbering = document.part.numbering_part.element
    shown: list[str] = []
    count: dict[int, int] = {}
    for properties in document.element.xpath(".//w:p/w:pPr[w:numPr]"):
        number = properties.numPr.numId.val
        [start] = numbering.num_having_numId(number).xpath("./w:lvlOverride[@w:ilvl='0']/w:startOverride/@w:val")
        count[number] = count.get(number, int(start) - 1) + 1
        shown.append(f"{count[number]}.")
    return shown


def test_lists_are_nested_as_they_were_written() -> None:
    assert styled("- fruit\n  - apples\n    - red\n      - dark\n- bread\n\n1. first\n   1. half\n2. second") == [
        ("List Bullet", "fruit"),
        ("List Bullet 2", "apples"),
        ("List Bullet 3", "red"),
        ("List Bullet 3", "dark"),
        ("List Bullet", "bread"),
        ("List Number", "first"),
        ("List Number 2", "half"),
        ("List Number", "second"),
    ]


def test_an_item_of_several_paragraphs_has_one_bullet() -> None:
    assert styled("- one\n\n  more of it\n  - two\n\n    and more\n\nafter") == [
        ("List Bullet", "one"),
        ("List Continue", "more of it"),
        ("List Bullet 2", "two"),
        ("List Continue 2", "and more"),
        ("Normal", "after"),
    ]


def test_every_numbered_list_begins_where_it_was_written_to_begin() -> None:
    document = written("1. a\n   1. b\n   2. c\n2. d\n   1. e\n\nbetween\n\n1. f\n2. g\n\n# Later\n\n3. h\n4. i")
    assert numbers(document) == ["1.", "1.", "2.", "2.", "1.", "1.", "2.", "3.", "4."]


def test_marks_in_each_other_and_in_links_are_kept() -> None:
    [_, line] = written("See **[the *new* terms](https://x.test/a)**, ***both***, ~~gone~~, `a*b*`.").paragraphs
    assert looks(line) == [
        ("See ", ""),
        ("the ", "bold"),
        ("new", "bold italic"),
        (" terms", "bold"),
        (" (https://x.test/a)", "bold"),
        (", ", ""),
        ("both", "bold italic"),
        (", ", ""),
        ("gone", "strike"),
        (", ", ""),
        ("a*b*", "Courier New"),
        (".", ""),
    ]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("[**terms**](https://x.test)", "terms (https://x.test)"),
        ("<https://x.test>", "https://x.test"),
        ("[https://x.test/a_b_c](https://x.test/a_b_c)", "https://x.test/a_b_c"),
        ("<lisa@x.test>", "lisa@x.test"),
        ("![a van](van.png)", "a van (van.png)"),
        ("one  \ntwo\nthree", "one\ntwo three"),
        ("5 \\* 3 &amp; more, snake_case_name", "5 * 3 & more, snake_case_name"),
        ("a <b>bold</b> word", "a <b>bold</b> word"),
        ("<div>kept</div>", "<div>kept</div>"),
        ("---", "* * *"),
    ],
)
def test_what_is_no_list_or_table_is_a_paragraph_of_plain_text(content: str, text: str) -> None:
    assert styled(content) == [("Normal", text)]


def test_tables_keep_bars_in_cells_marks_and_empty_cells() -> None:
    document = written("what | costs\n--- | ---:\nvan \\| bus | **90**\n`a\\|b` |\n\nafter")
    [table] = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["what", "costs"],
        ["van | bus", "90"],
        ["a|b", ""],
    ]
    assert table.style is not None
    assert table.style.name == "Table Grid"
    assert looks(table.cell(1, 1).paragraphs[0]) == [("90", "bold")]
    assert document.paragraphs[-1].text == "after"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("```py\na = 1\n\n  # b\n```", "a = 1\n\n  # b"),
        ("~~~\na\n~~~", "a"),
        ("````\n```\na\n```\n````", "```\na\n```"),
        ("    a\n    b", "a\nb"),
        ("```\nunended", "unended"),
    ],
)
def test_code_is_kept_as_it_stands(content: str, code: str) -> None:
    [_, block] = written(content).paragraphs
    assert looks(block) == [(code, "Courier New")]


def test_code_in_a_list_does_not_end_it() -> None:
    assert styled("1. run\n\n   ```\n   a\n   ```\n2. look") == [
        ("List Number", "run"),
        ("Normal", "a"),
        ("List Number", "look"),
    ]


def test_headings_and_quotes_keep_their_marks() -> None:
    document = written("## A **bold** aim ##\n\n> said\n> *she*\n>\n> twice")
    assert [(one.style.name if one.style else "", one.text) for one in document.paragraphs[1:]] == [
        ("Heading 2", "A bold aim"),
        ("Quote", "said she"),
        ("Quote", "twice"),
    ]
    assert looks(document.paragraphs[1])[1] == ("bold", "bold")


@pytest.mark.parametrize("content", ["# A PLAN\n\ntext", "\n\n# A plan #\n\ntext"])
def test_a_heading_that_repeats_the_title_is_left_out(content: str) -> None:
    assert styled(content) == [("Normal", "text")]


def test_characters_that_word_can_not_hold_are_left_out() -> None:
    assert styled("a\x00\x0bb &#12;c\n\n```\n\x01d\n```") == [("Normal", "ab c"), ("Normal", "d")]


def test_the_same_text_is_the_same_bytes() -> None:
    content = "1. a\n2. b\n\n| x | y |\n|---|---|\n| 1 | 2 |"
    first, second = (docx_file("A", content, author="B", time=TIME) for _ in range(2))
    assert first == second
