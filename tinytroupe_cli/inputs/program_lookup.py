"""Checks users' programs and functions before anything runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tinytroupe_cli.compiler.resources.systems import ProgramLookup
from tinytroupe_cli.core.imports import import_function
from tinytroupe_cli.inputs.module_source import find_function
from tinytroupe_cli.personas.search_path import project_folders
from tinytroupe_cli.simulation.systems.processes import find_program


def program_lookup(base_dir: Path) -> ProgramLookup:
    """Return the lookup of programs and functions for an experiment in a folder; it imports and starts nothing."""

    def program(name: str) -> None:
        if "{{" not in name and "${env:" not in name:
            find_program(name, base_dir)

    def function(dotted: str) -> None:
        find_function(dotted, project_folders(base_dir))

    return ProgramLookup(program, function)


def user_function(dotted: str, base_dir: Path) -> Callable[..., Any]:
    """Import a user's function: from the experiment's folder up to the project's root, else from this Python."""
    return import_function(dotted, project_folders(base_dir))
