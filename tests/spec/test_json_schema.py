"""Editors know the language: the schema is made from the same models."""

import json
from pathlib import Path

import jsonschema
import pytest

from tinytroupe_cli.language.positions import read_yaml
from tinytroupe_cli.spec.json_schema import experiment_schema

ROOT = Path(__file__).parents[2]
SCHEMA = experiment_schema()
EXAMPLES = [*sorted((ROOT / "experiments").glob("*.yaml")), Path(__file__).parent / "samples" / "everything.txt"]


def problems(value):
    return list(jsonschema.Draft7Validator(SCHEMA).iter_errors(value))


def objects():
    yield "experiment", SCHEMA
    yield from SCHEMA["definitions"].items()


def test_it_is_a_schema_of_draft_7_as_editors_read_it():
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    text = json.dumps(SCHEMA)
    assert not [word for word in ("prefixItems", "$defs", "unevaluated", "dependentSchemas") if word in text]


def test_every_key_has_a_description():
    keys = [(name, key, part) for name, one in objects() for key, part in one.get("properties", {}).items()]
    assert len(keys) > 100
    assert [
        (name, key) for name, key, part in keys if not part.get("description", "").endswith((".", "…", "]", "}"))
    ] == []


def test_every_part_has_a_description():
    assert [name for name, one in objects() if not one.get("description") and name != "JsonValue"] == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_experiment_that_loads_is_valid(path):
    assert problems(read_yaml(path.read_text(), path.name).value) == []


@pytest.mark.parametrize(
    "part",
    [
        {"wrld": {}},
        {"world": {"stepps": 4}},
        {"world": {"steps": "four"}},
        {"stimuli": [{"sya": "hi"}]},
        {"design": "btween"},
        {"extract": [{"name": "a", "question": "b", "fields": {"a": {"choise": [1, 2]}}}]},
        {"troupe": 2},
        {"personas": []},
    ],
)
def test_a_mistake_is_seen_while_typing(part):
    small = {"troupe": 1, "name": "ad", "personas": ["lisa"]}
    assert problems(small) == []
    assert problems({**small, **part})


def test_keys_of_the_users_own_are_allowed_at_every_level():
    own = {"troupe": 1, "name": "ad", "personas": ["lisa"], "x-a": 1, "world": {"x-b": []}, "limits": {"x-c": None}}
    assert problems(own) == []
