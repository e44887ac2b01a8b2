"""Resolves places: where people start and where they can go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.stimuli.stimuli import PreparedStimulus
from tinytroupe_cli.compiler.template_scope import TemplateScope, Text, read_text
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.plan.types import (
    CastMember,
    DeliverStimuli,
    PlannedEffect,
    PlannedEndTrial,
    PlannedIntervention,
    PlannedStateChange,
)
from tinytroupe_cli.spec.people import CastEntry
from tinytroupe_cli.spec.worlds import World

PLACES: Path = ("world", "places")


@dataclass(frozen=True)
class PreparedPlaces:
    """The places of a world; none: there is one place, or those stimuli name."""

    descriptions: dict[str, Text | None] = field(default_factory=dict[str, "Text | None"])

    def first(self, place: str, findings: Findings) -> str:
        """Return the default place: `world.place`, or the first place."""
        if not self.descriptions:
            return place
        if not place:
            return next(iter(self.descriptions))
        self.check(place, ("world", "place"), findings)
        return place

    def filled(self, scene: TemplateScope, findings: Findings) -> dict[str, str]:
        """Return place -> its description, in one condition."""
        return {
            place: scene.render(text, findings).strip() if text else "" for place, text in self.descriptions.items()
        }

    def check_moves(
        self,
        stimuli: Iterable[PreparedStimulus],
        scene: TemplateScope,
        people: Sequence[CastMember],
        findings: Findings,
    ) -> None:
        """Report moves to unknown places."""
        if self.descriptions:
            for stimulus in stimuli:
                for planned in stimulus.planned(scene, people, findings) if stimulus.verb == "move" else ():
                    self.check(planned.text, stimulus.text.path, findings)

    def check_effects(self, interventions: Sequence[PlannedIntervention], findings: Findings) -> None:
        """Report interventions that move people to unknown places."""
        if not self.descriptions:
            return
        for index, intervention in enumerate(interventions):
            for at, effect in enumerate(intervention.then):
                for place in _destinations(effect):
                    self.check(place, ("interventions", index, "then", at), findings)

    def check(self, place: str, path: Path, findings: Findings) -> None:
        """Report a name that is not a place."""
        if place not in self.descriptions:
            hint = NearNames(place, self.descriptions, label="places")
            findings.add("E397", f"there is no place '{place}'", path, hint=hint)


def _destinations(effect: PlannedEffect) -> Iterator[str]:
    match effect:
        case DeliverStimuli():
            yield from (stimulus.text for stimulus in effect.stimuli if stimulus.verb == "move")
        case PlannedStateChange():
            yield from (str(change.value) for change in effect.changes if change.field == "place")
        case PlannedEndTrial():
            pass


def prepare_places(world: World, entries: Sequence[CastEntry], findings: Findings) -> PreparedPlaces:
    """Resolve the places, and check that the cast starts in them."""
    descriptions: dict[str, Text | None] = {}
    if isinstance(world.places, dict):
        for place, text in world.places.items():
            descriptions[place] = read_text(text, (*PLACES, place), findings)
    for index, place in enumerate(world.places if isinstance(world.places, list) else ()):
        if place in descriptions:
            findings.add("E396", f"the place '{place}' appears twice", (*PLACES, index))
        descriptions[place] = None
    if world.places is not None and not world.places:
        findings.add("E396", "the list of places is empty", PLACES, hint="add a place, or remove 'places'")
    places = PreparedPlaces(descriptions)
    for index, entry in enumerate(entries):
        if not isinstance(entry, str) and entry.place and descriptions:
            places.check(entry.place, ("personas", index, "place"), findings)
    return places
