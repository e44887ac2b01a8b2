"""What could complete a word of a command: names of files, and a few keys of small files.

Asked at each press of Tab: it reads as little as possible, runs and imports nothing that a file names, and writes
nothing. Whatever can't be read has no names.
"""

from __future__ import annotations

import configparser
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import yaml

from tinytroupe_cli.core.json_files import json_object
from tinytroupe_cli.personas.file_names import FOLDERS, named_files
from tinytroupe_cli.personas.search_path import project_folders, starters_folder, user_folder

if TYPE_CHECKING:
    from tinytroupe_cli.personas.formats import Kind

__all__ = [
    "experiment_files",
    "experiment_measures",
    "local_model_names",
    "people_of_run",
    "person_names",
    "run_folders",
    "run_measures",
    "run_splits",
    "trials_of_run",
]

MAX_EXPERIMENT_BYTES: Final = 100_000
MAX_JSON_BYTES: Final = 8_000_000
"""Larger plans take too long to read."""
MAX_FOLDER: Final = 300
"""Files of a folder that are looked at."""
_ENDINGS: Final = (".yaml", ".yml")
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def experiment_files(begun: str) -> list[str]:
    """Return experiments in the folder of a word that is begun, and in the folders there."""
    parent = begun.rpartition("/")[0]
    folder = Path(f"{parent}/" if parent or begun.startswith("/") else ".")
    found = [path for pattern in ("*", "*/*") for path in _some(folder.glob(pattern)) if path.suffix in _ENDINGS]
    return [path.as_posix() for path in sorted(found) if _is_shown(path, folder) and _is_experiment(path)]


def run_folders(begun: str) -> list[str]:
    """Return what RUN can be: the results folder, its experiments, and once one is begun its runs, newest first."""
    results = _results_folder()
    named = [folder for folder in sorted(_some(results.glob("*"))) if any(folder.glob("*/manifest.json"))]
    inside = [folder for folder in named if begun.startswith(f"{folder.as_posix()}/")]
    runs = [run for folder in inside for run in sorted(folder.iterdir(), reverse=True) if _is_run(run)]
    return [folder.as_posix() for folder in ([results] if named else []) + named + runs]


def person_names(kind: Kind) -> list[tuple[str, str]]:
    """Return the names of people or fragments that can be used here, each with its file."""
    found: dict[str, str] = {}
    for place in (*project_folders(Path()), user_folder(), starters_folder()):
        for name, path in named_files(place / FOLDERS[kind], kind):
            found.setdefault(name, path.name)
    return sorted(found.items())


def people_of_run(run: Path) -> list[tuple[str, str]]:
    """Return the people in a run: id and name."""
    people = (person for trial in _trials(run) for person in _dicts(trial.get("people")))
    return sorted({str(person.get("id", "")): str(person.get("name", "")) for person in people}.items())


def trials_of_run(run: Path) -> list[str]:
    """Return the trials of a run."""
    return [str(trial.get("id", "")) for trial in _trials(run)]


def run_measures(run: Path, *, with_options: bool = False) -> list[str]:
    """Return the measures of a run; with their options, as in choice.ad=loud, if asked for."""
    queries = [query for trial in _trials(run) for query in _dicts(trial.get("queries"))]
    found: dict[str, None] = {}
    for query in queries:
        for field in _dicts(query.get("fields")):
            measure = f"{query.get('name', '')}.{field.get('name', '')}"
            options = field.get("options") if with_options else None
            found |= dict.fromkeys([measure, *(f"{measure}={option}" for option in _items(options))])
    return list(found)


def run_splits(run: Path) -> list[str]:
    """Return what the answers of a run can be split by: factors, attributes of people, the options of a question."""
    factors = _dict(_plan(run).get("factors"))
    personas = [_dict(person.get("persona")) for trial in _trials(run) for person in _dicts(trial.get("people"))]
    scalars = {key for one in personas for key, value in one.items() if isinstance(value, str | int | float)}
    return [*factors, *(f"person.{key}" for key in sorted(scalars - {"name"})), "options"]


def experiment_measures(paths: Iterable[Path], *, with_options: bool = False) -> list[str]:
    """Return the measures that experiments ask for, as written in their files."""
    found: list[str] = []
    for path in paths:
        for query in _dicts(_dict(_yaml(path)).get("extract")):
            for name, form in _dict(query.get("fields")).items():
                measure = f"{query.get('name', '')}.{name}"
                options = _dict(form).get("choice") if with_options else None
                found += [measure, *(f"{measure}={option}" for option in _items(options))]
    return found


def local_model_names() -> list[tuple[str, str]]:
    """Return the models that can run on this machine, with their titles."""
    from tinytroupe_cli.models.local_catalog import CATALOG  # noqa: PLC0415 - other words need no catalog

    return [(entry.name, entry.title) for entry in CATALOG.values()]


def _plan(run: Path) -> dict[str, Any]:
    """Return the plan of a run, or of the newest run in a folder or of an experiment."""
    if run.suffix in _ENDINGS:
        run = _results_folder() / str(_dict(_yaml(run)).get("name", ""))
    runs = [run] if _is_run(run) else [each for depth in ("*", "*/*") for each in _some(run.glob(depth))]
    newest = max(filter(_is_run, runs), key=lambda each: str(_json(each / "manifest.json").get("started")), default=run)
    return _json(newest / "plan.json")


def _trials(run: Path) -> list[dict[str, Any]]:
    return _dicts(_plan(run).get("trials"))


def _results_folder() -> Path:
    config = configparser.ConfigParser(interpolation=None)
    with suppress(configparser.Error, OSError, ValueError):
        config.read("config.ini", encoding="utf-8")
    return Path(config.get("run", "results", fallback="") or "results")


def _is_run(folder: Path) -> bool:
    return (folder / "manifest.json").is_file()


def _is_shown(path: Path, folder: Path) -> bool:
    inside = path.relative_to(folder).parts
    return not any(part.startswith(".") for part in inside) and inside[0] not in {"results", "node_modules"}


def _is_experiment(path: Path) -> bool:
    text = _text(path, MAX_EXPERIMENT_BYTES)
    return text.startswith("troupe:") or "\ntroupe:" in text


def _yaml(path: Path) -> object:
    try:
        return yaml.load(_text(path, MAX_EXPERIMENT_BYTES), Loader=_LOADER)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _json(path: Path) -> dict[str, Any]:
    return json_object(_text(path, MAX_JSON_BYTES))


def _text(path: Path, most: int) -> str:
    """Return a file's text; nothing if it is too long, no ordinary file or can't be read."""
    with suppress(OSError, UnicodeDecodeError):
        if path.is_file() and path.stat().st_size <= most:
            return path.read_text(encoding="utf-8")
    return ""


def _some(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the first paths: a folder may hold very many."""
    with suppress(OSError):
        for _, path in zip(range(MAX_FOLDER), paths, strict=False):
            yield path


def _dict(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _dicts(value: object) -> list[dict[str, Any]]:
    return [_dict(each) for each in _items(value)]


def _items(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []
