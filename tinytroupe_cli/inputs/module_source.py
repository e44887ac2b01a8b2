"""Finds the source of a Python function without importing anything: what a module holds, by its syntax tree.

Importing a module runs it, which is done only during a run that may run code.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import Final

from tinytroupe_cli.core.bounded_files import MAX_TEXT_BYTES, UnreadableFileError, read_bounded
from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.imports import SHAPE

MAX_FILES: Final = 2_000
_MAX_REDIRECTIONS: Final = 8
"""How many `from … import …` are followed to the definition."""
_DYNAMIC: Final = {"globals", "exec", "eval", "setattr", "vars"}

Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class FoundFunction:
    """A function, as far as it can be known without running its module."""

    definition: Definition | None
    """None: the name is made when the module runs."""
    tree: ast.Module | None = None
    """The module of the definition."""
    file: Path | None = None
    """The module that was named; None: it has no source, such as an extension."""


def find_function(dotted: str, folders: Sequence[Path]) -> FoundFunction:
    """Find `my_package.bot:reply`; the given folders are searched first.

    Raises `RunError` that names the missing part, like an import.
    """
    module, colon, name = dotted.partition(":")
    if not colon or not module or not name:
        raise RunError(f"'{dotted}' does not name a function", hint=f"write {SHAPE}")
    file = source_file(module, folders)
    if file is None:
        return FoundFunction(None)
    found = _resolved(file, name.split("."), module, folders, _MAX_REDIRECTIONS)
    return FoundFunction(found.definition, found.tree, file)


def source_file(module: str, folders: Sequence[Path]) -> Path | None:
    """Return a module's file; None if it has no source. Raises `RunError` if there is no such module."""
    spec = _spec(module, folders)
    if spec is None:
        where = ", ".join(str(folder) for folder in folders)
        raise RunError(f"there is no module '{module}'", hint=f"searched {where} and this Python environment")
    is_source = spec.has_location and spec.origin is not None and spec.origin.endswith(".py")
    return Path(spec.origin) if is_source and spec.origin else None


def local_sources(file: Path, folders: Sequence[Path]) -> list[Path]:
    """Return a module of the user's and all modules in the folders that it imports, directly or not."""
    roots = [folder.resolve() for folder in folders]
    found: dict[Path, None] = {}
    waiting = [file]
    while waiting and len(found) < MAX_FILES:
        path = waiting.pop().resolve()
        if path in found or not any(path.is_relative_to(root) for root in roots):
            continue
        found[path] = None
        waiting += _packages_of(path, roots)
        waiting += _imported(path, folders)
    return sorted(found)


def _packages_of(path: Path, roots: Sequence[Path]) -> Iterator[Path]:
    """Yield the files of the packages that are imported on the way to a module."""
    for folder in path.parents:
        if folder in roots or not (folder / "__init__.py").is_file():
            return
        yield folder / "__init__.py"


def _imported(path: Path, folders: Sequence[Path]) -> Iterator[Path]:
    try:
        tree = _parsed(path)
    except RunError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.ImportFrom):
            yield from _relative(path, node)
            continue
        else:
            continue
        for name in names:
            spec = _spec(name, folders, is_local=True)
            if spec is not None and spec.origin:
                yield Path(spec.origin)


def _relative(path: Path, node: ast.ImportFrom) -> Iterator[Path]:
    start = path.parents[node.level - 1] if node.level <= len(path.parents) else path.parent
    base = start.joinpath(*(node.module or "").split("."))
    for place in (base, *(base / alias.name for alias in node.names)):
        yield from (file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file())


def _spec(module: str, folders: Sequence[Path], *, is_local: bool = False) -> ModuleSpec | None:
    """Find a module part by part, so that no package on the way is imported."""
    importlib.invalidate_caches()
    spec: ModuleSpec | None = None
    places: Sequence[str] | None = None
    name = ""
    for part in module.split("."):
        if not part.isidentifier() or (name and places is None):
            return None
        name = f"{name}.{part}" if name else part
        spec = PathFinder.find_spec(name, places if places is not None else [str(folder) for folder in folders])
        if spec is None and not is_local:
            finders = (finder for finder in sys.meta_path if hasattr(finder, "find_spec"))
            spec = next((found for finder in finders if (found := finder.find_spec(name, places))), None)
        if spec is None:
            return None
        found = spec.submodule_search_locations
        places = list(found) if found is not None else None
    return spec


def _parsed(path: Path) -> ast.Module:
    try:
        return ast.parse(read_bounded(path, MAX_TEXT_BYTES), str(path))
    except UnreadableFileError as error:
        raise RunError(f"'{path}' {error.message}", hint=error.hint) from error
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
        raise RunError(f"'{path.name}' is not valid Python{line}: {type(error).__name__}: {error}") from error


def _resolved(
    file: Path, parts: Sequence[str], module: str, folders: Sequence[Path], redirections: int
) -> FoundFunction:
    tree = _parsed(file)
    body: Sequence[ast.stmt] = tree.body
    for number, part in enumerate(parts):
        is_last = number == len(parts) - 1
        bound = [node for node in _statements(body) if part in _names(node)]
        node = bound[-1] if bound else None
        if node is None:
            if _is_dynamic(tree) or number:
                return FoundFunction(None)
            names = [name for each in _statements(body) for name in _names(each) if not name.startswith("_")]
            raise RunError(f"'{module}' has no '{part}'", hint=did_you_mean(part, names, label="it has", most=12))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and is_last:
            return FoundFunction(node, tree)
        if isinstance(node, ast.ClassDef) and not is_last:
            body = node.body
            continue
        if isinstance(node, ast.ImportFrom) and not number and redirections:
            return _redirected(node, parts, (file, folders), redirections)
        _refuse_constant(node, f"{module}:{'.'.join(parts)}")
        break
    return FoundFunction(None)


def _redirected(
    node: ast.ImportFrom, parts: Sequence[str], place: tuple[Path, Sequence[Path]], redirections: int
) -> FoundFunction:
    """Follow `from other import name`; a function that can't be followed is known only when its module runs."""
    (name, *rest), (file, folders) = parts, place
    original = next(alias.name for alias in node.names if (alias.asname or alias.name) == name)
    if node.level:
        base = file.parents[node.level - 1].joinpath(*(node.module or "").split("."))
        source = next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file()), None)
    else:
        spec = _spec(node.module or "", folders)
        source = Path(spec.origin) if spec and spec.origin and spec.origin.endswith(".py") else None
    if source is None:
        return FoundFunction(None)
    return _resolved(source, [original, *rest], node.module or ".", folders, redirections - 1)


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run with the module, also those under `if` and `try`."""
    for node in body:
        yield node
        for name in ("body", "orelse", "finalbody", "handlers"):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            for inner in getattr(node, name, ()):
                yield from _statements(inner.body if isinstance(inner, ast.ExceptHandler) else [inner])


def _names(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [node.name]
        case ast.Import():
            return [alias.asname or alias.name.split(".")[0] for alias in node.names]
        case ast.ImportFrom():
            return [alias.asname or alias.name for alias in node.names]
        case ast.Assign() | ast.AnnAssign() | ast.AugAssign() | ast.For() | ast.With():
            stored = (each for each in ast.walk(node) if isinstance(each, ast.Name))
            return [each.id for each in stored if isinstance(each.ctx, ast.Store)]
        case _:
            return []


def _is_dynamic(tree: ast.Module) -> bool:
    """Return whether a module may bind names that its text does not show."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            return True
        if isinstance(node, ast.FunctionDef) and node.name == "__getattr__":
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _DYNAMIC:
            return True
    return False


def _refuse_constant(node: ast.stmt, dotted: str) -> None:
    values = (ast.Constant, ast.List, ast.Dict, ast.Tuple, ast.Set, ast.JoinedStr)
    if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, values):
        raise RunError(f"'{dotted}' is not a function", hint=f"write {SHAPE}")
