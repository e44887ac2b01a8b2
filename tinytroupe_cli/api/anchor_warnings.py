"""Warns of statements that a local embedding model does not tell apart (E515), for `troupe check`.

Nothing is downloaded: where the model isn't local and here already, a run's report has the same check.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from tinytroupe_cli.api.planning import Compiled
from tinytroupe_cli.core.diagnostics import Diagnostic, Span
from tinytroupe_cli.fields.planned_field import PlannedRating
from tinytroupe_cli.models.local_catalog import CATALOG
from tinytroupe_cli.models.local_files import LocalFiles, user_models_folder
from tinytroupe_cli.models.port import Embedder

if TYPE_CHECKING:
    from tinytroupe_cli.models.sentence_model import SentenceModel


def anchor_warnings(compiled: Compiled) -> Iterator[Diagnostic]:
    """Yield a warning for each measure whose own statements are doubtful; those that ship are tested with troupe."""
    use = compiled.plan.models.ratings
    model = _local(use.name) if use is not None else None
    if model is None:
        return
    from tinytroupe_cli.measurement.anchor_checks import check_anchors, faults_of  # noqa: PLC0415 - few plans rate

    for name, rating in _own(compiled).items():
        for anchor_set in asyncio.run(check_anchors(rating, model)):
            yield from (_warning(compiled, name, anchor_set.number, fault) for fault in faults_of(anchor_set))


def _warning(compiled: Compiled, name: str, number: int, fault: str) -> Diagnostic:
    message = f"{name}: set {number} of its anchors: {fault}"
    hint = "word the points more plainly, so that neighbors are alike and the ends are not"
    return Diagnostic("E515", message, Span(str(compiled.path)), is_error=False, hint=hint)


def _own(compiled: Compiled) -> dict[str, PlannedRating]:
    return {
        f"{query.name}.{field.name}": field.rating
        for trial in compiled.plan.trials
        for query in trial.queries
        for field in query.fields
        if field.rating is not None and not field.rating.about
    }


@dataclass(frozen=True)
class _Local:
    model: SentenceModel

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return a vector for each text."""
        return [self.model.encode(text).numbers for text in texts]


@cache
def _local(name: str) -> Embedder | None:
    entry = CATALOG.get(name.removeprefix("local/")) if name.startswith("local/") else None
    files = LocalFiles(user_models_folder())
    if entry is None or entry.does == "chat" or not files.is_present(entry):
        return None
    from tinytroupe_cli.models.sentence_model import SentenceModel  # noqa: PLC0415 - few plans rate

    return _Local(SentenceModel(files.path(entry)))
