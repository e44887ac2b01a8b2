"""No key of the language is ignored: setting it, or setting it otherwise, makes another plan."""

from __future__ import annotations

import inspect
import json
import typing
from pathlib import Path
from typing import Any

import pytest
from projects import Project
from pydantic import BaseModel

from tinytroupe_cli.api.planning import Compiled, compile_file
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.language.positions import read_yaml
from tinytroupe_cli.spec.experiment import Experiment

BASE: dict[str, Any] = {
    "troupe": 1,
    "name": "keys",
    "seed": 1,
    "personas": ["lisa", "oscar"],
    "world": {"type": "room", "steps": 3},
    "stimuli": [{"say": "Hello."}],
    "extract": [
        {
            "name": "q",
            "of": "each person",
            "how": "interview",
            "question": "What?",
            "fields": {"f": "text", "n": "number"},
        }
    ],
}
SAMPLES = Path(__file__).parent / "samples/keys.yaml"
CHANGES: dict[str, list[dict[str, Any]]] = read_yaml(SAMPLES.read_text(), "keys.yaml").value
WITHOUT_A_SECOND_VALUE = {
    "Experiment.troupe",  # says which language the file is in; another number is refused
    "DesignSpec.within",  # factors are within people unless they are named in `between`; checked against it
}
TOWN = """\
troupe-population: 1
name: {name}
context: A {name}.
attributes: {{age: {{normal: {{mean: 40, sd: 9, min: 18, max: 90}}}}}}
"""
PIXEL = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4")


def built_keys() -> set[str]:
    """Return every key of the language that is built, as Model.field."""
    found: dict[type[BaseModel], None] = {}

    def walk(kind: Any) -> None:
        for part in typing.get_args(kind):
            walk(part)
        if inspect.isclass(kind) and issubclass(kind, BaseModel) and kind not in found:
            found[kind] = None
            for field in kind.model_fields.values():
                walk(field.annotation)

    walk(Experiment)
    return {f"{kind.__name__}.{name}" for kind in found for name in kind.model_fields}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = tmp_path_factory.mktemp("keys")
    project = Project(here)
    project.write("note.md", "A note.")
    project.write("other.md", "Another.")
    project.write("wordings.yaml", "- {text: What?, wordings: [What?, What is it?]}\n")
    project.write("others.yaml", "- {text: What?, wordings: [What?, What was it?]}\n")
    project.write("one.csv", "lisa,oscar\n")
    project.write("two.csv", "lisa,oscar,friends\n")
    project.write("humans.csv", "id,f,g,n,w,age\nlisa,yes,no,3,1,20\noscar,no,no,4,2,30\n")
    twins = [
        f"oscar-{number},oscar-{21 - number},{'yes' if number % 2 else 'no'},no,3,1,{1 + number % 2}"
        for number in range(1, 21)
    ]
    project.write("twins.csv", "id,id2,f,g,n,w,p\n" + "\n".join(twins))
    project.write("twins2.csv", "id,f\n" + "\n".join(f"oscar-{number},yes" for number in range(1, 21)))
    for name, points in (("forty.csv", "abc"), ("fifty.csv", "aab")):
        answers = [f"{points[at % 3]},{points[at % 2]}" for at in range(50 if name == "fifty.csv" else 40)]
        project.write(name, "\n".join(["one,two", *answers]))
    project.write("codes.csv", "row,text,r,other\nt1,So.,a,b\nt2,No.,b,a\n")
    project.write("more_codes.csv", "row,r\nt1,b\n")
    project.write("others.csv", "id,f\nlisa,yes\noscar,yes\n")
    project.write("fragments/calm.yaml", "beliefs: [Haste makes waste.]\n")
    for name in ("ada", "ben", "bea"):
        project.write(f"people/{name}.yaml", f"name: {name.title()} Moor\nage: 40\n")
    for name in ("town", "village"):
        project.write(f"populations/{name}.yaml", TOWN.format(name=name))
    for name in ("a", "b"):
        (here / f"{name}.png").write_bytes(PIXEL + name.encode())
    return here


def compiled(folder: Path, change: dict[str, Any]) -> str:
    """Return all that follows from an experiment before it is run, as text."""
    path = folder / "x.yaml"
    path.write_text(json.dumps(BASE | change))
    try:
        made: Compiled = compile_file(path, env={"EXAMPLE": "x"}, folder=folder)
    except SpecError as error:
        raise AssertionError([(one.code, one.message) for one in error.diagnostics]) from error
    return repr((made.plan, made.settings))


@pytest.mark.parametrize("key", CHANGES)
def test_a_key_changes_what_is_planned(key: str, folder: Path) -> None:
    without, changed = CHANGES[key]
    assert compiled(folder, without) == compiled(folder, without)
    assert compiled(folder, without) != compiled(folder, changed)


def test_every_key_is_among_them() -> None:
    assert built_keys() == {*CHANGES, *WITHOUT_A_SECOND_VALUE}
    assert not {*CHANGES} & WITHOUT_A_SECOND_VALUE
