"""A portrait loses nothing, and reads well."""

from typing import Any

from builders import a_persona
from hypothesis import given
from hypothesis import strategies as st
from snapshots import assert_snapshot

from tinytroupe_cli.language.positions import read_yaml
from tinytroupe_cli.personas.library import Library
from tinytroupe_cli.personas.rendering import one_line, render_persona
from tinytroupe_cli.personas.search_path import starters_folder

texts = st.text(min_size=1, max_size=20) | st.sampled_from(['say "no"', "{{ x }}", "é — ñ", "two\nlines", "ends."])
leaves = texts | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False, allow_infinity=False)
keys = st.sampled_from(["title", "name", "description", "organization", "occupation", "likes", "Name", "x y"])
anything = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4))
people = st.dictionaries(keys, anything, max_size=5)


def every_leaf(value: Any) -> list[str]:
    match value:
        case dict():
            return [leaf for part in value.values() for leaf in every_leaf(part)]
        case list():
            return [leaf for part in value for leaf in every_leaf(part)]
        case None | "" | bool():
            return []
        case _:
            return [str(value)]


@given(people)
def test_no_value_is_lost(person: dict[str, Any]):
    text = render_persona(person)
    assert all(leaf in text for leaf in every_leaf(person))


@given(people)
def test_it_is_the_same_every_time(person: dict[str, Any]):
    assert render_persona(person) == render_persona(dict(person))


@given(st.dictionaries(keys, anything, max_size=5))
def test_a_table_cell_is_one_line(person: dict[str, Any]):
    assert len(one_line(person).splitlines()) <= 1


def test_long_and_awkward_text_arrives_unchanged():
    text = 'He said "{{ name }}" — l\'été, 5 < 6 & {% raw %}\n\n  indented\n' + "word " * 2000
    assert text in render_persona(a_persona(memoir=text))
    assert text in render_persona(a_persona(memoirs=[text, "short"]))


def test_empty_things_say_nothing_but_zero_and_no_do():
    assert render_persona({"name": "Ann", "a": None, "b": [], "c": {"d": [""]}, "children": 0, "married": False}) == (
        "Name: Ann\nChildren: 0\nMarried: no"
    )


def test_sentences_in_a_list_are_not_joined_with_semicolons():
    assert render_persona({"beliefs": ["One is.", "Two isn't", "three"]}) == "Beliefs: One is. Two isn't; three"


def test_how_a_portrait_reads():
    lisa = Library(starters_folder(), (starters_folder(),)).load_persona(starters_folder() / "personas" / "lisa.yaml")
    drifted = read_yaml(
        """
name: José Ñúñez
country_of_residence: null
style: {speech: slow, gestures: [hands, hat]}
relationships: {Rosa: his wife, children: [Luz, Óscar]}
occupation: {title: Dairy farmer, organization: "", description: Thirty cows., herd: {cows: 30}}
behaviors: {general: [], routines: [up at four, asleep at nine]}
spouse: {name: Rosa, age: 58}
friends:
  - {Name: Paco, Description: a neighbour}
  - {name: Ana, since: 1999, shares: [tractor, jokes]}
  - plain words
projects:
  - {title: Cheese, resources: []}
lists: [[a, b], [c]]
""",
        "jose.yaml",
    )
    assert_snapshot(f"{render_persona(lisa.fields)}\n\n{render_persona(drifted.value)}\n", "personas/portraits.txt")
