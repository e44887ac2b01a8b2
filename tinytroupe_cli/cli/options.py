"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

from tinytroupe_cli.cli.completions import EXPERIMENTS, MODELS, RUNS
from tinytroupe_cli.core.errors import RunError

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
RunArgument = Annotated[
    Path,
    typer.Argument(help="A run's folder; results/ or results/NAME means the newest run in it.", autocompletion=RUNS),
]
ExperimentArgument = Annotated[Path, typer.Argument(help="An experiment file.", autocompletion=EXPERIMENTS)]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Override a value in the experiment, as in --set world.steps=2; repeatable."
    ),
]
AuthorModelOption = Annotated[
    str, typer.Option("--model", help="Model that writes the text, such as openai/gpt-5-mini.", autocompletion=MODELS)
]
ModelOption = Annotated[str | None, typer.Option("--model", help="Model to use for every role.", autocompletion=MODELS)]
Seed = Annotated[int | None, typer.Option("--seed", help="Override the experiment's seed.")]
Replicates = Annotated[int | None, typer.Option("--replicates", min=1, help="Override the experiment's replicates.")]
MaxCost = Annotated[
    float | None,
    typer.Option("--max-cost", min=0, help="Maximum total cost of this command's experiments, in USD."),
]
ResultsFolder = Annotated[str | None, typer.Option("--results", metavar="DIR", help="Folder to write runs to.")]
Offline = Annotated[bool, typer.Option("--offline", help="Use stored answers only; make no model calls.")]

MaxCallCost = Annotated[
    float | None, typer.Option("--max-cost", min=0, help="Maximum cost in USD of this command's calls.")
]
Yes = Annotated[
    bool,
    typer.Option("--yes", "-y", help="Download a missing model and make paid calls without asking."),
]
AllowCode = Annotated[
    bool, typer.Option("--allow-code", help="Allow the experiment to run its own functions and programs.")
]
AllowPath = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-path", metavar="DIR", help="Allow reading files in a folder outside the project; repeatable."
    ),
]
AllowAddress = Annotated[
    list[str] | None,
    typer.Option("--allow-address", metavar="HOST", help="Allow connections to systems at this host; repeatable."),
]


def permissions(
    allow_path: Sequence[str] | None = None, allow_address: Sequence[str] | None = None, *, allow_code: bool = False
) -> dict[str, JsonValue]:
    """Return the settings that the flags set; folders are those of the current folder."""
    return {
        "trust.allow_code": allow_code or None,
        "trust.allow_paths": [str(Path(folder).absolute()) for folder in allow_path or ()],
        "trust.allow_addresses": list(allow_address or ()),
    }


def parse_overrides(sets: Iterable[str] | None) -> dict[str, str]:
    """Parse `--set a.b=value` options; raises `RunError` for one without a key or `=`."""
    overrides: dict[str, str] = {}
    for entry in sets or ():
        key, equals, value = entry.partition("=")
        if not equals or not key.strip():
            raise RunError(f"--set expects KEY=VALUE, got '{entry}'", hint="for example, --set world.steps=2")
        overrides[key.strip()] = value
    return overrides
