"""Offers models: of the providers whose keys are set, and downloads of local ones that a run needs."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tinytroupe_cli.cli.terminal import err, printable
from tinytroupe_cli.core.clock import WallClock
from tinytroupe_cli.core.errors import EnvironmentProblem

if TYPE_CHECKING:
    from tinytroupe_cli.api.planning import Compiled


def offer_lines(all_compiled: Sequence[Compiled]) -> list[str]:
    """Return a line for each provider whose key is set, with what these experiments would cost there.

    None where a model is configured: a named model needs no offer.
    """
    from tinytroupe_cli.api.offers import is_unconfigured, offers

    plans = [compiled.plan for compiled in all_compiled if is_unconfigured(compiled)]
    if not plans:
        return []
    return [offer.line for offer in offers(os.environ, plans, today=WallClock().date().date(), project_dir=Path.cwd())]


def get_models(all_compiled: Sequence[Compiled], *, agreed: bool, is_quiet: bool) -> bool:
    """Offer other models, and to download missing ones; return whether one of these was unknown before."""
    for line in () if is_quiet else offer_lines(all_compiled):
        err().print(printable(line), markup=False)
    was_unknown = [_offer_models(run, agreed=agreed) for compiled in all_compiled for run in compiled.runs]
    return any(was_unknown)


def _offer_models(compiled: Compiled, *, agreed: bool) -> bool:
    """Offer to download missing models; raises `EnvironmentProblem` if the user declines.

    Return whether one of them was unknown before.
    """
    from tinytroupe_cli.api import local_models
    from tinytroupe_cli.api.preparing import keys_set
    from tinytroupe_cli.api.pulling import download_offer
    from tinytroupe_cli.cli.model import print_download_notice, pull_with_progress

    models = compiled.plan.models
    author = [models.author] if compiled.plan.populations or compiled.plan.outputs.story else []
    coders = [one.second for one in compiled.plan.outputs.codings if one.second is not None]
    missing = local_models.missing_local_models(
        [models.people, models.judge, *author, *models.embedding_models, *coders]
    )
    if not missing:
        return False
    origin = compiled.origins["people"]
    if agreed or sys.stdin.isatty():
        print_download_notice([entry.name for entry in missing], origin)
        agreed = agreed or typer.confirm("Download now?", default=True, err=True)
    if not agreed:
        keys = " and ".join(keys_set(os.environ))
        hint = f"`troupe model pull {missing[0].name}`, or run with --yes, or name a provider's model with --model"
        offer = f"{download_offer(missing, os.environ)} (the {origin})"
        raise EnvironmentProblem(offer, hint=hint + (f" ({keys} is set)" if keys else ""))
    for entry in missing:
        pull_with_progress(entry.name)
    return not all(entry.bytes for entry in missing)
