"""A function's form read from its source is the one read from the function, and nothing is imported for it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.imports import import_function
from tinytroupe_cli.inputs.functions import resolve_tool
from tinytroupe_cli.inputs.module_source import find_function, local_sources
from tinytroupe_cli.inputs.signatures import signature_of

SOURCE = '''
from __future__ import annotations
import typing
import typing as t
from functools import wraps
from typing import Annotated, Literal, Literal as L, Optional, Union
from inner.shelf import borrowed as lent

Size = Literal["small", "large"]
if True:
    def under_if(word: str) -> str:
        return word

def nothing():
    """Do nothing.

    More about it.
    """

def plain(word: str, count: int, share: float, is_so: bool) -> str:
    "Take all kinds."

def optional(word: str = "x", count: Optional[int] = None, share: float | None = None, *, named: str = "y"): ...
def needed(a: Union[str, None], b: "str", c: "int | None", d: None | bool): ...
def chosen(size: Size, kind: Literal["a", "b"], other: L["c"], third: typing.Literal["d"], fourth: t.Literal["e"]): ...
def annotated(word: Annotated[str, "a word"]): ...
async def waiting(word: str): "Wait."

def keeping(function):
    @wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)
    return inner

@keeping
def decorated(word: str):
    "Look, decorated."

class Shop:
    @staticmethod
    def price(word: str): "A price."

def untyped(word): ...
def many(*words: str): ...
def odd(words: list[str]): ...
def both(word: str | int): ...
def numbers(word: Literal[1, 2]): ...
def first(word: str, /): ...
'''
GOOD = [
    *("under_if", "nothing", "plain", "optional", "needed", "chosen", "annotated", "waiting", "decorated"),
    *("Shop.price", "lent"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "shelf.py").write_text(SOURCE)
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner/__init__.py").write_text("")
    (tmp_path / "inner/shelf.py").write_text('def borrowed(word: str):\n    "Lend."\n')
    for name in ("shelf", "inner", "inner.shelf"):
        sys.modules.pop(name, None)
    return tmp_path


@pytest.mark.parametrize("name", GOOD)
def test_the_source_tells_what_the_function_tells(folder: Path, name: str) -> None:
    read = resolve_tool(f"shelf:{name}", base_dir=folder, may_import=False)
    assert "shelf" not in sys.modules
    imported = signature_of(import_function(f"shelf:{name}", [folder]), f"shelf:{name}")
    sys.path.remove(str(folder))
    if name == "lent":  # people see the name that is defined
        assert read.name == "borrowed"
    assert (read.does, read.form, read.is_known) == (imported.does, imported.form, True)
    assert read.name == imported.name


@pytest.mark.parametrize("name", ["untyped", "many", "odd", "both", "numbers", "first"])
def test_what_people_cannot_be_asked_for_is_refused_from_the_source_too(folder: Path, name: str) -> None:
    with pytest.raises(RunError) as from_source:
        resolve_tool(f"shelf:{name}", base_dir=folder, may_import=False)
    with pytest.raises(RunError) as from_function:
        signature_of(import_function(f"shelf:{name}", [folder]), f"shelf:{name}")
    sys.path.remove(str(folder))
    assert from_source.value.hint == from_function.value.hint
    assert (
        from_source.value.message.split("'")[:4] == from_function.value.message.split("'")[:4] or name in "many first"
    )


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("look = lambda word: word\n", "look"),
        ("from functools import partial\nlook = partial(print)\n", "look"),
        ("globals()['look'] = print\n", "look"),
        ("from os.path import *\n", "look"),
        ("def __getattr__(name): return print\n", "look"),
        ("from elsewhere import Size\ndef look(size: Size): ...\n", "look"),
        ("from _json import scanstring as look\n", "look"),
    ],
)
def test_what_the_source_does_not_tell_stays_unknown(tmp_path: Path, source: str, name: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "dynamic_shelf.py").write_text(source)
    assert not resolve_tool(f"dynamic_shelf:{name}", base_dir=tmp_path, may_import=False).is_known
    assert "dynamic_shelf" not in sys.modules


@pytest.mark.parametrize(
    ("dotted", "message"),
    [
        ("shelf:nowhere", "'shelf' has no 'nowhere'"),
        ("shlf:plain", "there is no module 'shlf'"),
        ("inner.nowhere:plain", "there is no module 'inner.nowhere'"),
        ("broken:plain", "'broken.py' is not valid Python, line 1"),
        ("shelf", "does not name a function"),
    ],
)
def test_what_is_missing_is_named(folder: Path, dotted: str, message: str) -> None:
    (folder / "broken.py").write_text("def plain(:\n")
    with pytest.raises(RunError) as raised:
        find_function(dotted, [folder])
    assert message in raised.value.message


def test_the_files_of_a_module_are_those_of_the_project_that_it_imports(folder: Path) -> None:
    (folder / "inner/shelf.py").write_text("from . import far\nimport json\ndef borrowed(word: str): ...\n")
    (folder / "inner/far.py").write_text("import shelf\n")
    found = [path.relative_to(folder.resolve()).as_posix() for path in local_sources(folder / "shelf.py", [folder])]
    assert found == ["inner/__init__.py", "inner/far.py", "inner/shelf.py", "shelf.py"]
