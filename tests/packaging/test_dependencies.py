"""What the package imports is declared, not left to come with something else."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
OWN = "tinytroupe_cli"


def imported() -> set[str]:
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in (CHECKOUT / OWN).rglob("*.py"))
    names = {name.partition(".")[0] for tree in trees for node in ast.walk(tree) for name in names_of(node)}
    return names - sys.stdlib_module_names - {OWN}


def names_of(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=str(module), level=0):
            yield module
        case _:
            pass


def canonical(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement, maxsplit=1)[0]).lower()


def test_every_imported_package_is_declared() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = (one for name in ("local", "data", "polars", "pytest") for one in project["optional-dependencies"][name])
    declared = {canonical(one) for one in [*project["dependencies"], *extras]}
    packages = packages_distributions()
    undeclared = {name for name in imported() if not declared & {canonical(one) for one in packages.get(name, [name])}}
    assert not undeclared
