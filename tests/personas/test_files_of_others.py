"""TinyTroupe's published files load unchanged, with the drift that is found in them."""

import json
from pathlib import Path

import pytest

from tinytroupe_cli.personas.fragment import merge
from tinytroupe_cli.personas.library import Library
from tinytroupe_cli.personas.rendering import render_persona

HERE = Path(__file__).parent
FIXTURES = HERE / "fixtures"
LIBRARY = Library(HERE, ())
AGENTS = sorted(FIXTURES.rglob("*.agent.json"))


@pytest.mark.parametrize("path", AGENTS, ids=lambda path: path.name)
def test_an_agent_file_loads_unchanged(path: Path):
    person = LIBRARY.load_persona(path)
    assert person.fields == json.loads(path.read_text())["persona"]
    assert person.warnings == ()


def test_a_fragment_file_merges_into_an_agent_file():
    greta = LIBRARY.load_persona(FIXTURES / "Greta.agent.json")
    merged = merge(greta, LIBRARY.load_fragment(FIXTURES / "Night owl.fragment.json"))
    assert merged.conflicts == ()
    assert merged.persona.fields["preferences"] == {
        "interests": ["Ice swimming", "Minerals"],
        "likes": ["Order", "Snow", "Empty streets"],
        "dislikes": ["Hurry", "Breakfast meetings"],
    }


def test_names_with_spaces_and_accents_are_found_by_path_and_by_pattern():
    found = LIBRARY.find("persona", "fixtures/Grupo ñandú/José Ñuñez (2)", base_dir=HERE)
    assert found == FIXTURES / "Grupo ñandú" / "José Ñuñez (2).agent.json"
    assert LIBRARY.find_all("fixtures/**/*.agent.json", base_dir=HERE) == tuple(AGENTS)


def test_memories_of_a_past_run_are_warned_of_and_empty_ones_are_not(tmp_path: Path):
    persona = {"name": "Ann", "age": 3}
    past = {"episodic_memory": {"memory": [{"content": "I sold a shop."}]}, "semantic_memory": {"memories": []}}
    (tmp_path / "ann.json").write_text(json.dumps({"type": "TinyPerson", "persona": persona, **past}))
    ann = Library(tmp_path, ()).load_persona(tmp_path / "ann.json")
    assert [(one.code, one.is_error) for one in ann.warnings] == [("E210", False)]
    assert ann.fields == persona


def test_what_a_past_run_left_in_the_file_is_not_part_of_the_person():
    jose = LIBRARY.load_persona(FIXTURES / "Grupo ñandú" / "José Ñuñez (2).agent.json")
    assert "mental_faculties" not in jose.fields
    assert "RecallFaculty" not in render_persona(jose.fields)
