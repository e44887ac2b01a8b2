"""Whether a run may run the code its experiment names: by flag, by the user's own settings, or as agreed before.

Agreement is remembered for one project and for exactly these files.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import platformdirs

from tinytroupe_cli.api.compiled import Compiled
from tinytroupe_cli.api.settings import own_config_path
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.files import write_private
from tinytroupe_cli.core.json_files import read_remembered
from tinytroupe_cli.inputs.code_uses import CodeUse, code_fingerprint, code_uses
from tinytroupe_cli.personas.search_path import project_boundary
from tinytroupe_cli.plan.baseline_trials import with_extra_trials

__all__ = ["CodeRequest", "code_request", "may_import", "refuse_unasked_code", "remember_code"]


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """Code that an experiment would run and that is not allowed yet."""

    experiment: str
    project: Path
    uses: tuple[CodeUse, ...]
    fingerprint: str

    def refusal(self) -> RunError:
        """Return the error that says what would run and how to allow it."""
        what = "; ".join(use.sentence for use in self.uses)
        hint = (
            "read the code first, then add --allow-code; to always allow it in a folder, write "
            f"allow_code = FOLDER under [trust] in {own_config_path()}"
        )
        return RunError(f"'{self.experiment}' runs code with your permissions: {what}", hint=hint)


def code_request(compiled: Compiled) -> CodeRequest | None:
    """Return what has to be agreed to before this experiment runs; None: it runs no code, or it may."""
    base_dir = compiled.path.absolute().parent
    uses = code_uses(with_extra_trials(compiled.plan), base_dir)
    project = project_boundary(base_dir)
    if not uses or may_import(compiled.settings.allow_code, project):
        return None
    fingerprint = code_fingerprint(uses)
    if fingerprint in _remembered().get(str(project), []):
        return None
    return CodeRequest(str(compiled.path), project, uses, fingerprint)


def may_import(allowed: Sequence[str], project: Path) -> bool:
    """Return whether settings allow the code of a project: everywhere, or in a folder it lies in."""
    folders = [Path(folder).expanduser() for folder in allowed if folder != "*"]
    return "*" in allowed or any(project.is_relative_to(folder.resolve()) for folder in folders)


def refuse_unasked_code(compiled: Compiled) -> None:
    """Raise `RunError` if the experiment would run code that nobody has allowed."""
    request = code_request(compiled)
    if request is not None:
        raise request.refusal()


def remember_code(request: CodeRequest) -> None:
    """Remember that the user agreed to this code in this project."""
    known = _remembered()
    known[str(request.project)] = sorted({*known.get(str(request.project), []), request.fingerprint})
    write_private(_file(), json.dumps(known, indent=1) + "\n")


def _file() -> Path:
    return Path(platformdirs.user_state_dir("troupe", appauthor=False)) / "allowed_code.json"


def _remembered() -> dict[str, list[str]]:
    """Return fingerprints by project; an unreadable file counts as none, so that the user is asked again."""
    return {
        project: [str(each) for each in cast("list[Any]", listed)]
        for project, listed in read_remembered(_file()).items()
        if isinstance(listed, list)
    }
