"""troupe doctor: shows the configuration, where each value comes from, and what is missing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tinytroupe_cli.cli.options import Json
from tinytroupe_cli.cli.terminal import out, print_json, printable
from tinytroupe_cli.cli.waiting import waiting
from tinytroupe_cli.core.clock import WallClock

if TYPE_CHECKING:
    from tinytroupe_cli.api.offers import Offer


def doctor(*, as_json: Json = False) -> None:
    """Show versions, settings and where they come from, names of API keys, models, folders, and what is missing."""
    from tinytroupe_cli.api.diagnosis import diagnose

    with waiting("looking for models", is_quiet=as_json):
        found = diagnose(Path.cwd(), os.environ)
        offered = _offers() if found.keys else []
    if as_json:
        print_json({**found.model_dump(mode="json"), "offers": [offer.model_dump(mode="json") for offer in offered]})
        return
    console = out()
    for title, rows in found.sections({offer.variable: offer.use + _of(offer) for offer in offered}):
        console.print(title, style="bold", markup=False)
        for name, value in rows:
            console.print(f"  {name:<24} {printable(value)}".rstrip(), markup=False)
        console.print()
    console.print("Missing" if found.missing else "Nothing is missing.", style="bold", markup=False)
    for line in found.missing:
        console.print(f"  {printable(line)}", markup=False)
    console.print("\nNo telemetry: only calls to the model you choose leave this machine.", markup=False)


def _offers() -> list[Offer]:
    from tinytroupe_cli.api.offers import offers_for_quickstart

    return offers_for_quickstart(os.environ, Path.cwd(), today=WallClock().date().date())


def _of(offer: Offer) -> str:
    return f" for {offer.experiment}" if offer.usd else ""
