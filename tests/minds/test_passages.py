from __future__ import annotations

import pytest

from tinytroupe_cli.minds.passage_index import PassageIndex

PLAN = """\
# Clinic proposal

We propose a small clinic on wheels.

## Costs

The van costs 90,000 dollars. A nurse costs 55,000 dollars a year.

## Risks

Liability for mistakes lies with the operator. Insurers want a licence.
"""


def a_library() -> PassageIndex:
    passages = PassageIndex()
    passages.add("plan.md", PLAN, most=40)
    passages.add("memo.txt", "The mayor likes the van but fears for parking in the old town.")
    return passages


def test_what_is_asked_is_found_with_its_source_position_and_heading() -> None:
    found = a_library().search("Who is liable for mistakes?", 1)
    assert [(one.source, one.position, one.of, one.heading) for one in found] == [
        ("plan.md", 3, 3, "Clinic proposal > Risks")
    ]
    assert "lies with the operator" in found[0].text


def test_words_in_another_form_are_found() -> None:
    assert a_library().search("costing nurses", 1)[0].heading == "Clinic proposal > Costs"


@pytest.mark.parametrize("query", ["", "   ", "what is it", "submarines", '") OR (', "NEAR(", "the * of"])
def test_what_is_not_there_is_not_found(query: str) -> None:
    assert a_library().search(query, 3) == []


def test_kindred_words_are_found_where_the_very_words_are_not() -> None:
    passages = PassageIndex()
    passages.add("law", "Liability lies with the operator.")
    passages.add("sea", "A submarine is a boat.")
    assert [one.source for one in passages.search("Who is liable?", 3)] == ["law"]
    assert [one.source for one in passages.search("liable boats", 3)] == ["sea"]


def test_a_search_can_be_kept_to_some_sources() -> None:
    library = a_library()
    assert {one.source for one in library.search("van", 9)} == {"plan.md", "memo.txt"}
    assert {one.source for one in library.search("van", 9, within=["memo.txt"])} == {"memo.txt"}


def test_chinese_japanese_and_accented_words_are_found() -> None:
    library = PassageIndex()
    library.add("zh", "患者需要医生的帮助。")
    library.add("ja", "会議は明日の午後です。")
    library.add("fr", "Le café est fermé.")
    assert [one.source for one in library.search("医生", 3)] == ["zh"]
    assert [one.source for one in library.search("会議", 3)] == ["ja"]
    assert [one.source for one in library.search("CAFE fermé?", 3)] == ["fr"]
    assert library.search("午前", 3) == []


def test_what_was_added_later_is_found_too() -> None:
    library = a_library()
    assert library.search("submarine", 1) == []
    library.add("late.txt", "A submarine was seen.")
    assert library.search("submarine", 1)[0].source == "late.txt"
    assert [one.text for one in library.of("late.txt")] == ["A submarine was seen."]
