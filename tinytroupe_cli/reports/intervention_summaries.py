"""Which interventions there were, and when, why and how each fired."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tinytroupe_cli.events.transcripts import sentence, transcript
from tinytroupe_cli.events.types import Event, Intervened, Perceived, StateSet, TrialBegan, TrialStoppedEarly
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.reaction_words import condition_words
from tinytroupe_cli.plan.types import Plan


class Firing(Frozen):
    """One time an intervention fired."""

    trial: str
    """Id of the trial."""
    condition: str
    """Name of the condition."""
    step: int
    """Number of the step."""
    why: str
    """Why its condition held; for a claim, in the judge's words."""
    did: tuple[str, ...]
    """What happened, one sentence each."""
    images: tuple[str, ...] = ()
    """Images it showed, in the run's folder `images/`."""


class InterventionSummary(Frozen):
    """An intervention, over all trials."""

    name: str
    """Name of the intervention."""
    when: str
    """Its condition in words, as it reads in the first trial."""
    limit: int
    """How many times it may fire in a trial."""
    firings: tuple[Firing, ...]
    """Each time it fired."""


def intervention_summaries(plan: Plan, events: Mapping[str, Sequence[Event]]) -> list[InterventionSummary]:
    """Return every intervention with its firings, in the order written."""
    planned = {
        intervention.name: intervention for trial in reversed(plan.trials) for intervention in trial.interventions
    }
    names = dict.fromkeys(intervention.name for trial in plan.trials for intervention in trial.interventions)
    fired = [
        (name, firing) for trial in plan.trials for name, firing in _firings(trial.condition, events.get(trial.id, ()))
    ]
    return [
        InterventionSummary(
            name=name,
            when=condition_words(planned[name].when),
            limit=planned[name].limit,
            firings=tuple(firing for other, firing in fired if other == name),
        )
        for name in names
    ]


def _firings(condition: str, events: Sequence[Event]) -> Iterator[tuple[str, Firing]]:
    for at, event in enumerate(events):
        if isinstance(event, Intervened):
            began = [event for event in events if isinstance(event, TrialBegan)]
            effects = list(_effects(events[at + 1 :]))
            lines = transcript([*began, *effects], with_private=True)
            images = (name for effect in effects if isinstance(effect, Perceived) for name in effect.images)
            firing = Firing(
                trial=event.trial,
                condition=condition,
                step=event.step,
                why=event.justification,
                did=tuple(sentence(line) for line in lines),
                images=tuple(dict.fromkeys(images)),
            )
            yield event.name, firing


def _effects(after: Sequence[Event]) -> Iterator[Event]:
    """Yield what an intervention did: it is told right behind its firing, before anyone acts."""
    for event in after:
        if not isinstance(event, Perceived | StateSet | TrialStoppedEarly):
            return
        yield event
