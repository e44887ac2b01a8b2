"""Compiles experiments in a folder with a few people: `compiled_text(a_folder(tmp_path), "personas: [lisa]")`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Never

from tinytroupe_cli.compiler.compile import compile_plan
from tinytroupe_cli.compiler.parts import Resolvers, RunSettings
from tinytroupe_cli.compiler.resources.documents import FoundDocuments
from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.personas.library import Library
from tinytroupe_cli.plan.types import Limits, Models, Plan
from tinytroupe_cli.spec.loader import load_experiment

USE = ModelConfig(name="openai/fake")
RUNNING = RunSettings(Models(people=USE, judge=USE, author=USE), {}, Limits(), ("json",), 80, "")
NAMES = ("Lisa Carter", "Oscar Weber", "Amara Okafor", "Tomas Novak")


def a_folder(folder: Path) -> Path:
    """Make a project with Lisa, Oscar, Amara and Tomas."""
    (folder / ".git").mkdir()
    (folder / "personas").mkdir()
    for name in NAMES:
        (folder / f"personas/{name.split()[0].lower()}.json").write_text(json.dumps({"name": name, "age": 40}))
    return folder


def compiled_text(here: Path, text: str) -> tuple[Plan, tuple[Diagnostic, ...]]:
    """Compile an experiment that lies in a folder; returns its plan and its warnings."""

    def read(name: str) -> str:
        if not (here / name).is_file():
            raise RunError(f"no file '{name}'")
        return (here / name).read_text()

    def no_tool(name: str) -> Never:
        raise RunError(f"no tool '{name}'")

    around = Resolvers(
        Library(here, ()),
        here,
        read=lambda name: [read(name)],
        find_documents=lambda _: FoundDocuments(()),
        resolve_tool=no_tool,
        read_csv=read,
    )
    return compile_plan(load_experiment(f"troupe: 1\nname: small\n{text}", "small.yaml", env={}), around, RUNNING)
