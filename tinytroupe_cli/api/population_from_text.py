"""Makes a population file from a description in words and percentages."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from tinytroupe_cli.api.model_access import NullCallStore, ResolvedModels, open_models, resolve_models
from tinytroupe_cli.core.errors import BadOutput, NothingToDo, RunError
from tinytroupe_cli.core.files import write_whole
from tinytroupe_cli.core.ids import slug
from tinytroupe_cli.language.positions import read_yaml
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.population_planner import PopulationPlan, plan_population
from tinytroupe_cli.personas.demographics import MAX_TABLES, DemographicTable, population_yaml, tables_in
from tinytroupe_cli.personas.library import standard_library
from tinytroupe_cli.personas.population_parser import population_from

__all__ = ["population_from_text"]

_ALSO = ("occupation", "personality", "preferences", "beliefs")


def population_from_text(
    file: Path,
    target: Path,
    *,
    project_dir: Path,
    model: str,
    env: Mapping[str, str],
    max_usd: float | None = None,
) -> str:
    """Write the population file of a description, and return its text.

    Raises NothingToDo if the file does not exist, RunError if it has no percentages.
    """
    if not file.is_file():
        raise NothingToDo(f"there is no file '{file}'")
    value: Any = standard_library(project_dir).read(file).value
    described = cast("dict[str, Any]", value) if isinstance(value, dict) else {"content": value}
    tables = list(tables_in(described.get("content", described)))[:MAX_TABLES]
    if not tables:
        raise RunError(f"there are no percentages in '{file}'", hint="write a population file: docs/people.md")
    title = str(described.get("title") or file.stem)
    about = " ".join(str(described.get("description") or "").split())
    ready = resolve_models(model, project_dir, env, ("author",), max_usd=max_usd)
    plan = asyncio.run(_plan(ready, title, about, tables))
    if isinstance(plan, NoAnswer):
        raise BadOutput(f"{ready.use('author').name} gave no usable plan: {plan.text[:200]}", text=plan.text)
    source = str(described.get("source") or "")
    text = _text(plan, file, about=(title, source and f"Source: {source}"))
    population_from(read_yaml(text, str(target)), lambda path: ("", path))  # raises SpecError, should we ever be wrong
    write_whole(target, text)
    return text


async def _plan(
    ready: ResolvedModels, title: str, about: str, tables: list[DemographicTable]
) -> PopulationPlan | NoAnswer:
    async with open_models(ready, NullCallStore()) as chat:
        return await plan_population(chat, ready.use("author"), title, about, tables)


def _text(plan: PopulationPlan, file: Path, *, about: tuple[str, ...]) -> str:
    generated_fields = tuple(field for field in _ALSO if field not in plan.fields)
    made = f"Made from {file.name}. The figures are from that file; a model named the fields. Edit freely."
    return population_yaml(slug(file.stem), plan.context, plan.fields, generated_fields, about=(*about, made))
