"""Merging has laws; these are they."""

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tinytroupe_cli.language.positions import read_json, read_yaml
from tinytroupe_cli.personas.fragment import Conflict, Merged, fragment_from, merge, merge_fields
from tinytroupe_cli.personas.persona import persona_from

scalars = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from([1.0, 2.5, "a", "b", "é {{ x }}"])
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
mappings = st.dictionaries(st.sampled_from("abcd"), values, max_size=4)


def merged(current: dict[str, Any], addition: dict[str, Any]) -> tuple[dict[str, Any], list[Conflict]]:
    clashes: list[Conflict] = []
    return merge_fields(current, addition, clashes), clashes


def test_new_keys_are_added_nulls_replaced_mappings_merged_and_lists_joined_without_repeats():
    person = {"name": "Ann", "health": None, "likes": ["tea", "rain"], "work": {"title": "Baker"}}
    fragment = {"health": "Fit.", "likes": ["rain", "jazz"], "work": {"place": "Oslo"}, "beliefs": ["x"]}
    assert merged(person, fragment) == (
        {
            "name": "Ann",
            "health": "Fit.",
            "likes": ["tea", "rain", "jazz"],
            "work": {"title": "Baker", "place": "Oslo"},
            "beliefs": ["x"],
        },
        [],
    )


def test_equal_numbers_are_equal_but_one_is_not_true():
    assert merged({"a": 1}, {"a": 1.0}) == ({"a": 1}, [])
    assert merged({"a": [1]}, {"a": [1.0, True]})[0] == {"a": [1, True]}
    assert merged({"a": 1}, {"a": True})[1] == [Conflict(("a",), 1, True)]


def test_items_that_are_mappings_repeat_whatever_the_order_of_their_keys():
    one, other = {"name": "Bo", "friends": ["Cy"]}, {"friends": ["Cy"], "name": "Bo"}
    assert merged({"a": [one]}, {"a": [other]})[0] == {"a": [one]}


def test_a_null_takes_nothing_away():
    assert merged({"a": "tea"}, {"a": None}) == ({"a": "tea"}, [])


@given(mappings, mappings)
def test_merging_twice_is_merging_once(current: dict[str, Any], addition: dict[str, Any]):
    once, _ = merged(current, addition)
    twice, _ = merged(once, addition)
    assert twice == once


@given(mappings, mappings)
def test_no_key_is_lost_and_the_persons_own_come_first(current: dict[str, Any], addition: dict[str, Any]):
    result, _ = merged(current, addition)
    assert list(result) == [*current, *(key for key in addition if key not in current)]


@given(mappings, mappings)
def test_what_clashes_stays_as_it_was(current: dict[str, Any], addition: dict[str, Any]):
    result, clashes = merged(current, addition)
    for clash in clashes:
        here: Any = result
        for key in clash.path:
            here = here[key]
        assert here == clash.current


@given(mappings, mappings)
def test_neither_side_is_changed(current: dict[str, Any], addition: dict[str, Any]):
    before = copy.deepcopy((current, addition))
    merged(current, addition)
    assert (current, addition) == before


@settings(max_examples=400)
@given(mappings, mappings, mappings)
def test_without_conflicts_grouping_makes_no_difference(a: dict[str, Any], b: dict[str, Any], c: dict[str, Any]):
    left_first, clashes_1 = merged(a, b)
    left, clashes_2 = merged(left_first, c)
    right_first, clashes_3 = merged(b, c)
    right, clashes_4 = merged(a, right_first)
    if not (clashes_1 or clashes_2 or clashes_3 or clashes_4):
        assert left == right


def a_merge(person: str, *fragments: str) -> Merged:
    result = Merged(persona_from(read_yaml(person, "ann.yaml")))
    for number, fragment in enumerate(fragments, start=1):
        result = merge(result.persona, fragment_from(read_yaml(fragment, f"f{number}.yaml")))
    return result


def test_a_conflict_names_both_files_and_lines():
    result = a_merge("name: Ann\nwork:\n  title: Baker\n", "beliefs: [x]\nwork:\n  title: Nurse\n")
    (conflict,) = result.conflicts
    assert (conflict.span.source, conflict.span.line, conflict.text) == ("f1.yaml", 3, "  title: Nurse")
    ((span, line),) = conflict.also
    assert (span.source, span.line, line) == ("ann.yaml", 3, "  title: Baker")
    assert "`work.title`" in conflict.message
    assert "set: {work.title: …}" in conflict.hint
    assert result.persona.fields["work"] == {"title": "Baker"}


def test_a_conflict_between_fragments_names_the_fragment_that_was_first():
    result = a_merge("name: Ann\nhealth: null\n", "health: Fit.\n", "health: Frail.\n")
    (conflict,) = result.conflicts
    assert conflict.span.source == "f2.yaml"
    assert conflict.also[0][0].source == "f1.yaml"


def test_a_text_against_a_list_is_a_conflict_about_shape():
    (conflict,) = a_merge("name: Ann\nlikes: tea\n", "likes: [jazz]\n").conflicts
    assert "same shape" in conflict.hint


def test_every_conflict_is_reported_at_once():
    assert len(a_merge("name: Ann\nage: 3\nhealth: Fit.\n", "name: Bo\nage: 4\nhealth: Ill.\n").conflicts) == 3


def test_a_merged_person_knows_the_files_they_came_from():
    person = a_merge("name: Ann\n", "a: [1]\n", "b: [2]\n", "a: [1]\n").persona
    assert person.sources == ("ann.yaml", "f1.yaml", "f2.yaml", "f3.yaml")


def test_positions_in_json_are_found_too():
    person = persona_from(
        read_json('{"type": "TinyPerson",\n "persona": {"name": "Ann",\n  "age": 3}}', "ann.agent.json")
    )
    fragment = fragment_from(read_json('{"type": "Fragment", "persona": {\n "age": 4}}', "old.fragment.json"))
    (conflict,) = merge(person, fragment).conflicts
    assert conflict.span.line == 2
    assert conflict.also[0][0].line == 3
