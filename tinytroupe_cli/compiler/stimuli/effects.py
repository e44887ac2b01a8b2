"""Resolves effects: what reaches or changes people when an intervention fires."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pydantic import JsonValue

from tinytroupe_cli.compiler.audiences import audience
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.compiler.stimuli.images import ImageFiles
from tinytroupe_cli.compiler.stimuli.stimuli import PreparedStimulus, ReadDocument, prepare_stimulus
from tinytroupe_cli.compiler.template_scope import TemplateScope, Text, read_text
from tinytroupe_cli.events.types import MENTAL_STATE_FIELDS
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.personas.edits import available_fields, invalid_reason
from tinytroupe_cli.plan.types import (
    CastMember,
    DeliverStimuli,
    PlannedChange,
    PlannedEffect,
    PlannedEndTrial,
    PlannedStateChange,
    PlannedStimulus,
)
from tinytroupe_cli.spec.interventions import Change, Effect, SetState
from tinytroupe_cli.spec.interventions import EndTrial as End


@dataclass(frozen=True)
class PreparedDelivery:
    """Something that will reach people; several deliveries if a document comes in parts."""

    stimuli: tuple[PreparedStimulus, ...]

    def planned(
        self, scene: TemplateScope, people: Sequence[CastMember], steps: int, findings: Findings
    ) -> PlannedEffect:
        """Return it for one trial, rendered again for each step where it speaks of the step."""
        found: list[PlannedStimulus] = []
        for stimulus in self.stimuli:
            if "step" in stimulus.text.names:
                every = replace(stimulus, steps=tuple(range(1, steps + 1)))
                found += every.planned(scene, people, findings)
            else:
                once = replace(stimulus, steps=(1,)).planned(scene, people, findings)
                found += [planned_stimulus.model_copy(update={"step": 0}) for planned_stimulus in once]
        return DeliverStimuli(stimuli=tuple(found))


@dataclass(frozen=True)
class PreparedChange:
    """Fields to set on people; texts among the values are templates."""

    to: tuple[str, ...]
    values: tuple[tuple[str, Text | JsonValue], ...]

    def planned(
        self, scene: TemplateScope, people: Sequence[CastMember], steps: int, findings: Findings
    ) -> PlannedEffect:
        """Return it for one trial."""
        reached = [member for member in people if member.id in self.to]
        changes = (
            change
            for field, value in self.values
            for change in _changes(field, value, _Cast(scene, reached, steps, findings))
        )
        return PlannedStateChange(changes=tuple(changes))


@dataclass(frozen=True)
class PreparedEnd:
    """The trial's end."""

    def planned(
        self, scene: TemplateScope, people: Sequence[CastMember], steps: int, findings: Findings
    ) -> PlannedEffect:
        """Return it for one trial."""
        del scene, people, steps, findings
        return PlannedEndTrial()


PreparedEffect = PreparedDelivery | PreparedChange | PreparedEnd


def prepare_effect(
    effect: Effect, path: Path, *, roster: Roster, read: ReadDocument, image_files: ImageFiles, findings: Findings
) -> PreparedEffect | None:
    """Resolve an effect; return None if it is invalid."""
    match effect:
        case End():
            return PreparedEnd()
        case SetState(set=change):
            return _change(change, (*path, "set"), roster, findings)
        case stimulus:
            if "at" in stimulus.model_fields_set:
                hint = "remove it: the effect happens when the intervention fires"
                findings.add("E373", "an effect can't have `at`", (*path, "at"), hint=hint)
            prepared = prepare_stimulus(
                stimulus, path, (1,), roster=roster, read=read, image_files=image_files, findings=findings
            )
            return PreparedDelivery(tuple(prepared)) if prepared else None


def persona_fields(effect: Effect) -> Iterator[str]:
    """Yield the first keys of the persona fields an effect sets."""
    if isinstance(effect, SetState):
        yield from (dotted.split(".")[0] for dotted in effect.set.model_extra or {})


def _change(change: Change, path: Path, roster: Roster, findings: Findings) -> PreparedChange:
    to = audience(change.to, roster, (*path, "to"), findings)
    values: list[tuple[str, Text | JsonValue]] = [
        (name, text)
        for name in MENTAL_STATE_FIELDS
        if (written := getattr(change, name)) is not None and (text := read_text(written, (*path, name), findings))
    ]
    for dotted, value in (change.model_extra or {}).items():
        _check_field(dotted, value, [member for member in roster.members if member.id in to], path, findings)
        text = read_text(value, (*path, dotted), findings) if isinstance(value, str) else value
        values.append((dotted, text))
    if not values and not change.model_extra:
        findings.add(
            "E374", "nothing is set", path, hint=f"set {', '.join(MENTAL_STATE_FIELDS)} or a field of the persona"
        )
    return PreparedChange(to, tuple(values))


def _check_field(dotted: str, value: JsonValue, people: Sequence[CastMember], path: Path, findings: Findings) -> None:
    if dotted == "name":
        findings.add("E208", "a person's name can't be changed during a trial", (*path, dotted), key=True)
        return
    for member in people:
        if problem := invalid_reason(member.persona, dotted, value):
            hint = available_fields(member.persona, dotted)
            findings.add("E208", f"{problem} (for {member.name})", (*path, dotted), key=True, hint=hint)
            return


@dataclass(frozen=True)
class _Cast:
    scene: TemplateScope
    people: Sequence[CastMember]
    steps: int
    findings: Findings


def _changes(field: str, value: Text | JsonValue, cast: _Cast) -> Iterator[PlannedChange]:
    """Yield a field's change: once, or once for each person and step that its text mentions."""
    if not cast.people:
        return
    ids = tuple(member.id for member in cast.people)
    if not isinstance(value, Text):
        yield PlannedChange(people=ids, field=field, value=value)
        return
    steps = range(1, cast.steps + 1) if "step" in value.template.names else (0,)
    for step in steps:
        if value.is_personal:
            for member in cast.people:
                text = cast.scene.render(value, cast.findings, person=member, step=step)
                yield PlannedChange(step=step, people=(member.id,), field=field, value=text)
        else:
            text = cast.scene.render(value, cast.findings, step=step, is_for_people=True)
            yield PlannedChange(step=step, people=ids, field=field, value=text)
