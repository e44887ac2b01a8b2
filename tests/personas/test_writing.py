"""A written person is read back as they were."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from snapshots import assert_snapshot

from tinytroupe_cli.language.positions import read_yaml
from tinytroupe_cli.personas.persona import persona_from
from tinytroupe_cli.personas.persona_file import blank_yaml, file_stem, persona_yaml

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30) | st.sampled_from(
    [
        "no",
        "1e3",
        "0x1F",
        "null",
        "~",
        "12:30",
        "2026-01-05",
        "- x",
        "a: b",
        "# c",
        "é",
        "{{ x }}",
        "true",
        "True",
        ".5",
    ]
)
people = st.fixed_dictionaries(
    {"name": st.just("Ann")},
    optional={
        "age": st.integers(0, 130),
        "occupation": st.fixed_dictionaries({"title": texts}),
        "skills": st.lists(texts, min_size=1, max_size=3),
        "style": texts,
        "pets": st.lists(st.fixed_dictionaries({"name": texts}), min_size=1, max_size=2),
    },
)


@given(people, st.text(max_size=50))
@example({"name": "Ann", "occupation": {"title": "A\xa0"}}, "")
@example({"name": "Ann", "occupation": {"title": "A\x85"}}, "")
def test_what_is_written_is_read_back_the_same(person: dict[str, Any], heading: str):
    assert read_yaml(persona_yaml(person, heading=heading), "x.yaml").value == person


def test_a_heading_cannot_become_part_of_the_file():
    text = persona_yaml({"name": "Ann"}, heading="a\nname: Mallory\r\x85age: 3\u2028x: y")
    assert read_yaml(text, "x.yaml").value == {"name": "Ann"}


def test_a_blank_person_loads_without_complaint():
    person = persona_from(read_yaml(blank_yaml("Ann: the first"), "x.yaml"))
    assert person.name == "Ann: the first"
    assert person.warnings == ()


def test_how_new_files_read():
    person = {
        "skills": ["plumbing", "whist"],
        "name": "Inês Prata",
        "occupation": {"title": "Retired nurse"},
        "beliefs": ["No bank ever lost sleep over her."],
        "pets": 2,
    }
    written = persona_yaml(person, heading="Inês Prata: retired nurse in Porto who distrusts banks")
    assert_snapshot(f"{written}\n----\n{blank_yaml('Somebody New')}", "personas/new_files.txt")


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Inês Prata", "ines"),
        ("Dr. Bo Li", "bo"),
        ("王伟", "王伟"),
        ("Mrs", "mrs"),
        ("../x", "x"),
        ("🙂", "person"),
        ("O'Neil", "o-neil"),
    ],
)
def test_a_file_is_named_after_the_first_name(name: str, stem: str):
    assert file_stem(name) == stem
