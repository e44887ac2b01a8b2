"""Creates a project from the starter files or a template."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from tinytroupe_cli.api.experiment_files import experiments_in
from tinytroupe_cli.api.template_files import template_files
from tinytroupe_cli.api.versions import version_of
from tinytroupe_cli.core.errors import NothingToDo, RunError
from tinytroupe_cli.core.files import write_whole
from tinytroupe_cli.personas.library import starters_folder
from tinytroupe_cli.spec.json_schema import experiment_schema

__all__ = ["CI_SERVICES", "init_project"]

CiService = Literal["github", "gitlab"]
CI_SERVICES: Final[dict[CiService, str]] = {"github": ".github/workflows/troupe.yml", "gitlab": ".gitlab-ci.yml"}
"""Service of continuous integration -> the file it reads."""

STARTERS = ("experiments/quickstart.yaml", "personas/lisa.yaml", "fragments/picky_customer.yaml")
SETTINGS = "config.ini"
SCHEMA = ".troupe/experiment.schema.json"
HEADER = f"# yaml-language-server: $schema=../{SCHEMA}\n"


def init_project(
    folder: Path, ci: CiService | None = None, *, template: str | None = None
) -> Iterator[tuple[Path, bool]]:
    """Write a project's files to a folder; yields each file and whether it is new. Existing files are kept.

    `ci`: also a workflow for this service; in a folder that has experiments, only that, unless there is a `template`.
    `template`: one of `TEMPLATES`; None: the quickstart. Raises `RunError` for an unknown one.
    """
    if folder.exists() and not folder.is_dir():
        raise RunError(f"'{folder}' is a file", hint="name a folder")
    is_workflow_alone = ci is not None and template is None and _has_experiments(folder)
    contents = {} if is_workflow_alone else _project_files(template)
    if ci:
        contents[CI_SERVICES[ci]] = _workflow(ci, folder, is_new=bool(contents))
    for name, text in contents.items():
        path = folder / name
        is_new = not path.exists()
        if is_new:
            write_whole(path, text)
        yield path, is_new


def _project_files(template: str | None) -> dict[str, str]:
    contents = template_files(template) if template else {name: _starter(name) for name in STARTERS}
    for name in [each for each in contents if each.startswith("experiments/")]:
        contents[name] = HEADER + contents[name]
    contents[SETTINGS] = _starter(SETTINGS)
    contents[".gitignore"] = "results/\n.cache/\n"
    contents[SCHEMA] = json.dumps(experiment_schema(), indent=2, ensure_ascii=False) + "\n"
    return contents


def _starter(name: str) -> str:
    return (starters_folder() / name).read_text(encoding="utf-8")


def _has_experiments(folder: Path) -> bool:
    try:
        return bool(experiments_in([folder])) if folder.is_dir() else False
    except NothingToDo:
        return False


def _workflow(ci: CiService, folder: Path, *, is_new: bool) -> str:
    """Return the workflow of a service, for this version of troupe and the experiments of a folder."""
    text = (Path(__file__).parent / "ci_workflows" / f"{ci}.yml").read_text(encoding="utf-8")
    experiments = "experiments/" if is_new or (folder / "experiments").is_dir() else "."
    return text.replace("@VERSION@", version_of("tinytroupe-cli")).replace("@EXPERIMENTS@", experiments)
