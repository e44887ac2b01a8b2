"""Values set on one person of a cast."""

from typing import Any

import pytest

from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.language.positions import read_yaml
from tinytroupe_cli.personas.fragment import fragment_from, merge
from tinytroupe_cli.personas.origins import Origin
from tinytroupe_cli.personas.persona import Persona, persona_from

ANN = "name: Ann\nage: 3\noccupation: {title: Baker, organization: home}\nlikes: [tea]\nhealth: null\n"


def with_set(written: str) -> Persona:
    document = read_yaml(f"personas:\n  - use: ann\n    set:\n      {written}\n", "ad.yaml")
    changes: dict[str, Any] = document.value["personas"][0]["set"]
    person = persona_from(read_yaml(ANN, "ann.yaml"))
    return person.with_set(changes, document=document, path=("personas", 0, "set"))


def refused(written: str) -> Diagnostic:
    with pytest.raises(SpecError) as raised:
        with_set(written)
    (found,) = raised.value.diagnostics
    return found


def test_a_value_is_replaced_and_its_neighbours_stay():
    person = with_set("occupation.title: Architect")
    assert person.fields["occupation"] == {"title": "Architect", "organization": "home"}


def test_missing_mappings_on_the_way_are_made():
    assert with_set("a.b.c: 1").fields["a"] == {"b": {"c": 1}}
    assert with_set("health.teeth: good").fields["health"] == {"teeth": "good"}


def test_a_list_is_replaced_as_a_whole():
    assert with_set("likes: [jazz]").fields["likes"] == ["jazz"]


def test_a_name_can_be_set_but_not_to_nothing():
    assert with_set("name: Bo").name == "Bo"
    assert refused("name: 42").code == "E208"


def test_nothing_can_be_set_inside_a_list_or_a_text():
    found = refused("likes.first: jazz")
    assert found.message == "`likes` is a list, so it has no field `first`"
    assert (found.span.source, found.span.line) == ("ad.yaml", 4)
    assert found.hint == "set `likes` itself"


def test_a_later_conflict_points_to_where_the_value_was_set():
    fragment = fragment_from(read_yaml("occupation: {title: Nurse}\n", "nurse.yaml"))
    (conflict,) = merge(with_set("occupation.title: Architect"), fragment).conflicts
    ((span, line),) = conflict.also
    assert (span.source, span.line) == ("ad.yaml", 4)
    assert line.strip() == "occupation.title: Architect"


def test_the_person_in_the_file_is_not_changed():
    person = persona_from(read_yaml(ANN, "ann.yaml"))
    document = read_yaml("set: {occupation.title: Nurse}", "ad.yaml")
    person.with_set(document.value["set"], document=document, path=("set",))
    assert person.fields["occupation"] == {"title": "Baker", "organization": "home"}


def test_another_name_leaves_everything_else():
    document = read_yaml("as: Bo\n", "ad.yaml")
    person = persona_from(read_yaml(ANN, "ann.yaml"))
    renamed = person.renamed("Bo", Origin(document, ("as",)))
    assert renamed.name == "Bo"
    assert {**renamed.fields, "name": "Ann"} == person.fields
    with pytest.raises(SpecError):
        person.renamed("Bo\nCy", Origin(document, ("as",)))
