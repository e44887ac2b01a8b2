"""What a world itself lets people do: go to other places, tie themselves to others, show pictures around."""

from __future__ import annotations

from collections.abc import Iterator

from tinytroupe_cli.plan.types import DeliverStimuli, PlannedStimulus, Trial
from tinytroupe_cli.simulation.abilities import ActionProvider
from tinytroupe_cli.simulation.image_views import Showing
from tinytroupe_cli.simulation.places import Moving
from tinytroupe_cli.simulation.ties import TieFormation


def own_abilities(trial: Trial) -> tuple[ActionProvider, ...]:
    """Return the abilities of a trial's world."""
    found: list[ActionProvider] = []
    if len(trial.world.places) > 1:
        found.append(Moving(trial))
    if trial.world.reach_out != "nobody":
        found.append(TieFormation(trial))
    if any(stimulus.images for stimulus in (*trial.stimuli, *_stepping_in(trial))):
        found.append(Showing(trial))
    return tuple(found)


def _stepping_in(trial: Trial) -> Iterator[PlannedStimulus]:
    for intervention in trial.interventions:
        for effect in intervention.then:
            if isinstance(effect, DeliverStimuli):
                yield from effect.stimuli
