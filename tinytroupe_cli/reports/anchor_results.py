"""How the statements of ratings from words did, as results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tinytroupe_cli.events.postprocessing import AnchorsChecked, AnchorSetCheck, PostEvent
from tinytroupe_cli.measurement.anchor_checks import faults_of
from tinytroupe_cli.models.port import Frozen


class AnchorCheck(Frozen):
    """The statements of a measure, each set rated using the others."""

    measure: str
    """The measure, as `query.field`."""
    sets: tuple[AnchorSetCheck, ...] = ()
    """The sets; empty: they could not be checked."""
    doubtful: tuple[str, ...] = ()
    """What is doubtful about them, in words."""


def anchor_checks(after: Sequence[PostEvent]) -> Iterator[AnchorCheck]:
    """Yield how the statements of each measure did, in the order of the plan."""
    for event in after:
        if isinstance(event, AnchorsChecked):
            doubtful = [f"set {checked.number}: {fault}" for checked in event.sets for fault in faults_of(checked)]
            yield AnchorCheck(measure=event.name, sets=event.sets, doubtful=tuple(doubtful))
