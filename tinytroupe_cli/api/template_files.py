"""The templates of `troupe init --template`: a folder of files each, and the starters' people that they use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.language.positions import read_yaml
from tinytroupe_cli.personas.library import starters_folder

__all__ = ["TEMPLATES", "template_files"]

_FOLDER: Final = Path(__file__).parent / "project_templates"
TEMPLATES: Final = ("interview", "ad-test", "survey", "focus-group", "ab-test", "chatbot-test", "price")
"""Names of templates, simplest first; each is a folder in `project_templates/`."""


def template_files(name: str) -> dict[str, str]:
    """Return path in the project -> text: the template's experiment, then all that it uses; raises `RunError`.

    People and fragments are the starters', whose copies users can edit.
    """
    if name not in TEMPLATES:
        raise RunError(f"there is no template '{name}'", hint=did_you_mean(name, TEMPLATES, label="templates"))
    folder = _FOLDER / name
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    contents = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}
    experiment = next(text for path, text in contents.items() if path.startswith("experiments/"))
    for starter in dict.fromkeys(_starters(experiment)):
        contents[starter] = (starters_folder() / starter).read_text(encoding="utf-8")
    return contents


def _starters(experiment: str) -> Iterator[str]:
    """Yield the files of the people and fragments that an experiment names."""
    document = cast("dict[str, Any]", read_yaml(experiment, "experiment").value)
    for person in document["personas"]:
        written: dict[str, Any] = {"use": person} if isinstance(person, str) else person
        if "use" in written:
            yield f"personas/{written['use']}.yaml"
        yield from (f"fragments/{name}.yaml" for name in written.get("fragments", ()))
