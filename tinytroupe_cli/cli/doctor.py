"""troupe doctor: what is configured, where each value comes from, what is missing; ready to paste."""

from __future__ import annotations

import os
from pathlib import Path

from tinytroupe_cli.cli.options import Json
from tinytroupe_cli.cli.terminal import harmless, out, print_json


def doctor(*, as_json: Json = False) -> None:
    """Show versions, settings with their origins, keys (names only), models, folders, and what is missing."""
    from tinytroupe_cli.api.diagnosis import diagnose

    found = diagnose(Path.cwd(), os.environ)
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    console = out()
    for title, rows in found.sections():
        console.print(title, style="bold", markup=False)
        for name, value in rows:
            console.print(f"  {name:<24} {harmless(value)}".rstrip(), markup=False)
        console.print()
    console.print("Missing" if found.missing else "Nothing is missing.", style="bold", markup=False)
    for line in found.missing:
        console.print(f"  {harmless(line)}", markup=False)
    console.print("\nNo telemetry: nothing leaves this machine but calls to the model you choose.", markup=False)
