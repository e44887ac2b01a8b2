"""troupe persona sample, plan: people drawn from a population, and a population from a description."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinytroupe_cli.cli.diagnostics import draw_diagnostics
from tinytroupe_cli.cli.options import Json
from tinytroupe_cli.cli.terminal import err, harmless, near, out, print_json
from tinytroupe_cli.core.errors import RunError

if TYPE_CHECKING:
    from tinytroupe_cli.api.sampling import Progress

Model = Annotated[str, typer.Option("--model", help="The model that writes, such as openai/gpt-5-mini.")]


def sample(
    population: Annotated[str, typer.Argument(help="A population: a name or a file.")],
    *,
    size: Annotated[int | None, typer.Option("--size", min=1, max=100_000, help="How many people.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="Another seed draws others.")] = 0,
    out_path: Annotated[str, typer.Option("--out", metavar="DIR", help="Folder for their files.")] = "",
    model: Model = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the margins, and write nobody.")] = False,
    as_json: Json = False,
) -> None:
    """Draw people from a population by code, and have a model write each; files that are there stay as they are."""
    from tinytroupe_cli.api.asking import models_in_force
    from tinytroupe_cli.api.populations import describe_margins, draw_sample, population_file
    from tinytroupe_cli.api.sampling import sample_folder, still_to_write, write_sample

    here = Path.cwd()
    path = population_file(population, here)
    if path.suffix == ".json":
        path = _planned(path, here, model)
    drawn = draw_sample(path, here, size=size, seed=seed)
    draw_diagnostics(err(), drawn.warnings)
    for line in describe_margins(drawn.population.margins):
        err().print(harmless(line), markup=False)
    if dry_run:
        return
    folder = sample_folder(drawn, here, out_path)
    if not still_to_write(drawn, folder, here):
        err().print(f"all {drawn.population.size} are there already", markup=False)
    else:
        ready = models_in_force(model, here, os.environ, ("author",))
        err().print(f"Writing with {ready.use('author').use} …", style="dim", markup=False)
        written = write_sample(drawn, ready, folder, here, seed=seed, told=_tell)
        if as_json:
            print_json([{"id": person, **one.fields, "doubts": list(one.doubts)} for person, one in written.items()])
            return
    out().print(harmless(near(folder)), markup=False)


def _tell(progress: Progress) -> None:
    """Say who has been written, and what is doubtful about them."""
    doubts = f" (doubtful: {'; '.join(progress.doubts)})" if progress.doubts else ""
    line = f"{progress.done:>{len(str(progress.total))}} of {progress.total}  {progress.name}{doubts}"
    err().print(harmless(line), markup=False, highlight=False)


def plan(
    file: Annotated[Path, typer.Argument(help="A description of a population, such as TinyTroupe's usa.json.")],
    *,
    out_path: Annotated[str, typer.Option("--out", metavar="FILE", help="Where to write it; default beside it.")] = "",
    model: Model = "",
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Make a population file of a description in words and percentages; edit it before you draw from it."""
    from tinytroupe_cli.api.describing import population_of

    target = Path(out_path) if out_path else file.with_suffix(".yaml")
    if target.exists() and not force:
        raise RunError(f"{near(target)} is already there", hint="`--force` replaces it; `--out` names another file")
    text = population_of(file, target, here=Path.cwd(), model=model, env=os.environ)
    err().print(harmless(text), markup=False, highlight=False)
    out().print(harmless(near(target)), markup=False)


def _planned(path: Path, here: Path, model: str) -> Path:
    """Return the population file made of a description, made now if it isn't there."""
    from tinytroupe_cli.api.describing import population_of
    from tinytroupe_cli.api.populations import looks_like_population

    if looks_like_population(path):
        return path
    target = path.with_suffix(".yaml")
    if not target.exists():
        text = population_of(path, target, here=here, model=model, env=os.environ)
        err().print(harmless(text), markup=False, highlight=False)
    err().print(harmless(f"drawn from {near(target)}; edit it and draw again if it isn't what you meant"), markup=False)
    return target
