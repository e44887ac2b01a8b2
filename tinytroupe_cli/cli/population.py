"""troupe persona sample, plan: people sampled from a population, and populations made from a description."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinytroupe_cli.cli.diagnostics import draw_diagnostics
from tinytroupe_cli.cli.options import AuthorModelOption, Json, MaxCallCost
from tinytroupe_cli.cli.terminal import err, out, print_json, printable, relative_path
from tinytroupe_cli.cli.waiting import waiting
from tinytroupe_cli.core.errors import RunError

if TYPE_CHECKING:
    from tinytroupe_cli.api.population_sampling import GenerationProgress


def sample(
    population: Annotated[str, typer.Argument(help="A population, by name or file.")],
    *,
    size: Annotated[int | None, typer.Option("--size", min=1, max=100_000, help="Number of people.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="Random seed for the sample.")] = 0,
    out_path: Annotated[str, typer.Option("--out", metavar="DIR", help="Folder for the people's files.")] = "",
    model: AuthorModelOption = "",
    max_cost: MaxCallCost = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show only the target and drawn margins; create no people.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Sample people from a population; a model describes each of them. Existing files are kept."""
    from tinytroupe_cli.api.estimating import describe_margins
    from tinytroupe_cli.api.model_access import resolve_models
    from tinytroupe_cli.api.population_sampling import people_to_generate, sample_folder, write_sample
    from tinytroupe_cli.api.populations import draw_sample, population_file

    project_dir = Path.cwd()
    path = population_file(population, project_dir)
    if path.suffix == ".json":
        path = _planned(path, project_dir, model, max_cost)
    with waiting("drawing people", is_quiet=as_json):
        drawn = draw_sample(path, project_dir, size=size, seed=seed)
    draw_diagnostics(err(), drawn.warnings)
    for line in describe_margins(drawn.population.margins):
        err().print(printable(line), markup=False)
    margins = [margin.model_dump(mode="json") for margin in drawn.population.margins]
    if dry_run:
        if as_json:
            print_json({"folder": None, "people": [], "margins": margins})
        return
    folder, made = sample_folder(drawn, project_dir, out_path), {}
    if not people_to_generate(drawn, folder, project_dir):
        err().print(f"all {drawn.population.size} already exist", markup=False)
    else:
        ready = resolve_models(model, project_dir, os.environ, ("author",), max_usd=max_cost)
        err().print(f"Writing with {ready.use('author').name} …", style="dim", markup=False)
        made = write_sample(drawn, ready, folder, project_dir, seed=seed, on_progress=print_progress)
    if as_json:
        people = [{"id": person, **draft.fields, "doubts": list(draft.problems)} for person, draft in made.items()]
        print_json({"folder": str(folder), "people": people, "margins": margins})
        return
    out().print(printable(relative_path(folder)), markup=False)


def print_progress(progress: GenerationProgress) -> None:
    """Print who has been generated, and any remaining problems."""
    problems = f" (doubtful: {'; '.join(progress.problems)})" if progress.problems else ""
    line = f"{progress.done:>{len(str(progress.total))}} of {progress.total}  {progress.name}{problems}"
    err().print(printable(line), markup=False, highlight=False)


def plan(
    file: Annotated[Path, typer.Argument(help="A description of a population, such as TinyTroupe's usa.json.")],
    *,
    out_path: Annotated[
        str, typer.Option("--out", metavar="FILE", help="The file to write; default: next to the description.")
    ] = "",
    model: AuthorModelOption = "",
    max_cost: MaxCallCost = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    as_json: Json = False,
) -> None:
    """Create a population file from a description in text and percentages. Edit it before sampling."""
    from tinytroupe_cli.api.population_from_text import population_from_text

    target = Path(out_path) if out_path else file.with_suffix(".yaml")
    if target.exists() and not force:
        raise RunError(
            f"{relative_path(target)} already exists", hint="replace it with --force, or choose another file with --out"
        )
    with waiting("writing the population", is_quiet=as_json):
        text = population_from_text(file, target, project_dir=Path.cwd(), model=model, env=os.environ, max_usd=max_cost)
    err().print(printable(text), markup=False, highlight=False)
    if as_json:
        print_json({"file": str(target)})
        return
    out().print(printable(relative_path(target)), markup=False)


def _planned(path: Path, project_dir: Path, model: str, max_usd: float | None) -> Path:
    """Return the population file of a description, generating it if it does not exist."""
    from tinytroupe_cli.api.population_from_text import population_from_text
    from tinytroupe_cli.api.populations import looks_like_population

    if looks_like_population(path):
        return path
    target = path.with_suffix(".yaml")
    if not target.exists():
        text = population_from_text(path, target, project_dir=project_dir, model=model, env=os.environ, max_usd=max_usd)
        err().print(printable(text), markup=False, highlight=False)
    err().print(
        printable(f"people are drawn from {relative_path(target)}; to change them, edit that file and draw again"),
        markup=False,
    )
    return target
