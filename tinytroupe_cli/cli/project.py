"""troupe init: creates a small project."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tinytroupe_cli.cli.options import Json
from tinytroupe_cli.cli.terminal import err, out, print_json


class CiName(StrEnum):
    """A service of continuous integration."""

    GITHUB = "github"
    GITLAB = "gitlab"


class TemplateName(StrEnum):
    """A kind of experiment that a project can begin with."""

    INTERVIEW = "interview"
    AD_TEST = "ad-test"
    SURVEY = "survey"
    FOCUS_GROUP = "focus-group"
    AB_TEST = "ab-test"
    CHATBOT_TEST = "chatbot-test"
    PRICE = "price"


CiOption = Annotated[
    CiName | None,
    typer.Option(
        "--ci",
        help="Also write a CI workflow that runs the experiments; in a folder with experiments, write nothing else.",
    ),
]

TemplateOption = Annotated[
    TemplateName | None,
    typer.Option("--template", help="Start from this template; default: three short interviews."),
]


def init(
    folder: Annotated[Path, typer.Argument(help="The folder for the project; it is created if missing.")] = Path(),
    *,
    template: TemplateOption = None,
    ci: CiOption = None,
    as_json: Json = False,
) -> None:
    """Create a project with one experiment, its people and settings. Existing files are kept."""
    from tinytroupe_cli.api.project import CI_SERVICES, init_project

    made = list(init_project(folder, ci.value if ci else None, template=template))
    if as_json:
        print_json({"files": [{"file": str(path), "is_new": is_new} for path, is_new in made]})
        return
    for path, is_new in made:
        err().print(f"  {'wrote' if is_new else 'kept '}  {path}", markup=False)
    if ci and (folder / CI_SERVICES[ci.value], False) in made:
        hint = "to see what belongs in it, run the same command in an empty folder"
        err().print(f"\n{CI_SERVICES[ci.value]} exists and is kept; {hint}.", markup=False)
    if len(made) == 1:
        return
    steps = [] if folder in (Path(), Path.cwd()) else [f"cd {folder}"]
    experiment = next(path for path, _ in made if path.parent == folder / "experiments").relative_to(folder).as_posix()
    steps += ["troupe check experiments/", f"troupe plan {experiment}", f"troupe run {experiment}"]
    err().print("\nWhat next:")
    for step in steps:
        out().print(f"  {step}", markup=False)
