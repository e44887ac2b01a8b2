"""Profiles a population: people's files, a table, a population file or the people of a run. No model is asked."""

from __future__ import annotations

import glob
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.analysis.person_fields import PersonaFields, single_values
from tinytroupe_cli.analysis.population_profile import Against, Embed, population_profile
from tinytroupe_cli.analysis.profile_result import PopulationProfile
from tinytroupe_cli.analysis.profile_verdicts import verdicts
from tinytroupe_cli.api.local_models import local_encoder
from tinytroupe_cli.api.populations import draw_sample, looks_like_population
from tinytroupe_cli.core.errors import NothingToDo, RunError
from tinytroupe_cli.inputs.data_tables import read_data
from tinytroupe_cli.language.expressions import ExpressionError
from tinytroupe_cli.personas.library import standard_library
from tinytroupe_cli.personas.margins import margins
from tinytroupe_cli.personas.people_tables import read_table
from tinytroupe_cli.runs.folder import RunFolder
from tinytroupe_cli.runs.run_lookup import open_folder

__all__ = ["PopulationProfile", "profile_people"]

TABLES: Final = (".csv", ".tsv", ".tab", ".jsonl", ".ndjson", ".xlsx")
PERSONAS: Final = (".yaml", ".yml", ".json")
SAMPLE: Final = 200
"""People drawn from a population file without rows."""
EMBEDDER: Final = "local/all-minilm-l6-v2"


def profile_people(
    source: str,
    project_dir: Path,
    *,
    against: str = "",
    rules: Sequence[str] = (),
    seed: int = 0,
    by_words: bool = False,
) -> PopulationProfile:
    """Profile the people of a file, of files that match a pattern, of a folder or of a run.

    Texts are compared with a local embedding model if it is on this machine, else, or with `by_words`, by their words.
    Raises RunError for files that can't be read and rules that can't be understood, NothingToDo where there is nobody.
    """
    people = _people(source, project_dir)
    if not people:
        raise NothingToDo(
            f"no people in '{source}'", hint="name a table, persona files, a population file or a run's folder"
        )
    held = _against(against, project_dir, people) if against else Against()
    try:
        found = population_profile(
            source, people, held, embed=None if by_words else _embedder(), rules=rules, seed=seed
        )
    except ExpressionError as error:
        raise RunError(f"a rule can't be read: {error.message}", hint=error.hint) from error
    return found.model_copy(update={"verdicts": verdicts(found)})


def _people(source: str, project_dir: Path) -> dict[str, PersonaFields]:
    path = project_dir / source
    if path.is_dir():
        files = [] if RunFolder(path).plan_file.exists() else _persona_files(f"{path}/*")
        if not files:
            return {member.id: member.persona for member in open_folder(path).plan().cast}
        return _of_files(files, project_dir)
    if path.suffix.lower() in TABLES:
        return {f"row {line}": record for line, record in _table(source, project_dir)}
    if path.is_file() and looks_like_population(path):
        return _drawn(path, project_dir)
    files = [path] if path.is_file() else _persona_files(str(path))
    return _of_files(files, project_dir)


def _persona_files(pattern: str) -> list[Path]:
    found = [Path(name) for name in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207 - an absolute pattern
    return [path for path in found if path.suffix.lower() in PERSONAS and path.is_file()]


def _of_files(files: Sequence[Path], project_dir: Path) -> dict[str, PersonaFields]:
    library = standard_library(project_dir)
    return {path.stem: library.load_persona(path).fields for path in files}


def _table(source: str, project_dir: Path) -> list[tuple[int, Mapping[str, JsonValue]]]:
    ending = Path(source).suffix.lower()
    table = read_table(read_data(source, base_dir=project_dir), ".csv" if ending == ".xlsx" else ending)
    if table.trouble:
        first = table.trouble[0]
        raise RunError(f"{source}{first.place}: {first.message}", hint=first.hint)
    return [(line, dict(record)) for line, record in table.records]


def _drawn(path: Path, project_dir: Path) -> dict[str, PersonaFields]:
    population = standard_library(project_dir).load_population(path)
    size = len(population.rows.people) if population.rows else SAMPLE
    return {person: draw.facts for person, draw in draw_sample(path, project_dir, size=size, seed=0).people}


def _against(source: str, project_dir: Path, people: Mapping[str, PersonaFields]) -> Against:
    path = project_dir / source
    if path.suffix.lower() in TABLES:
        return Against(source, rows=[record for _, record in _table(source, project_dir)])
    if not path.is_file():
        hint = "name a file of margins in YAML (gender: {female: 0.5, male: 0.5}) or a table of people"
        raise RunError(f"no file '{source}'", hint=hint)
    library = standard_library(project_dir)
    if looks_like_population(path):
        flat = [dict(single_values(person)) for person in people.values()]
        found: dict[str, dict[str, float]] = {}
        for margin in margins(library.load_population(path), flat):  # pyright: ignore[reportArgumentType] - single values
            if not margin.is_mean:
                found.setdefault(margin.attribute, {})[margin.level] = margin.wanted
        return Against(source, shares=found)
    return Against(source, shares=_shares(library.read(path).value, source))


def _shares(value: JsonValue, source: str) -> dict[str, dict[str, float]]:
    """Return margins as they are written: field -> label -> share, scaled to 1."""
    found: dict[str, dict[str, float]] = {}
    for name, levels in value.items() if isinstance(value, dict) else ():
        written = levels if isinstance(levels, dict) else {}
        shares = {str(level): float(share) for level, share in written.items() if isinstance(share, int | float)}
        if len(shares) < max(1, len(written)) or sum(shares.values()) <= 0:
            raise RunError(
                f"{source}: '{name}' expects shares of labels", hint=f"write {name}: {{one: 0.5, other: 0.5}}"
            )
        found[name] = {level: share / sum(shares.values()) for level, share in shares.items()}
    if not found:
        raise RunError(f"{source} has no margins", hint="for example, gender: {female: 0.5, male: 0.5}")
    return found


def _embedder() -> Embed | None:
    """Return the local embedding model if its files are here."""
    encode = local_encoder(EMBEDDER)
    return None if encode is None else lambda texts: [encode(text) for text in texts]
