"""Builds the trials: for each replicate and condition, the participants and what reaches each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from tinytroupe_cli.compiler.blinding import unblinded_by
from tinytroupe_cli.compiler.cast.assignment import replicate_seed
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.measures.propositions import plan_propositions
from tinytroupe_cli.compiler.measures.queries import plan_queries
from tinytroupe_cli.compiler.parts import Parts, steps_of
from tinytroupe_cli.compiler.period_trials import first_that_differs, one_after_another
from tinytroupe_cli.compiler.quality import plan_quality
from tinytroupe_cli.compiler.resources.systems import plan_systems
from tinytroupe_cli.compiler.stimuli.intervention_plans import plan_interventions
from tinytroupe_cli.compiler.stimuli.stimuli import plan_stimuli
from tinytroupe_cli.compiler.template_scope import TemplateScope
from tinytroupe_cli.core.ids import slug
from tinytroupe_cli.plan.types import CastMember, Pace, Trial, WorldPlan
from tinytroupe_cli.spec.worlds import World

START = "2026-01-05T09:00"
PACE = Pace(amount=10, unit="minute")


def trials_of(parts: Parts, findings: Findings) -> Iterator[Trial]:
    """Yield the trials, block by block of people who are added, then replicate by replicate."""
    experiment = parts.experiment
    members = {member.id: member for member in parts.roster.members}
    if parts.design.assignment.sequences:
        yield from _in_sequence(parts, members, findings)
        return
    groups = [parts.design.people_of(arm.condition.name, parts.roster.ids) for arm in parts.arms]
    found: list[Trial] = []
    for replicate in range(1, experiment.replicates + 1):
        for arm, own in zip(parts.arms, groups, strict=True):
            for group, ids in own:
                for wording, own_ids in parts.wordings.divided(ids):
                    scene = TemplateScope(experiment.vars, arm, replicate, wording)
                    for block, added in parts.blocks.divided(own_ids):
                        people = [members[person] for person in added]
                        found.append(_trial(parts, scene, people, findings, group=group, block=block))
    yield from sorted(found, key=lambda trial: trial.block)


def _in_sequence(parts: Parts, members: Mapping[str, CastMember], findings: Findings) -> Iterator[Trial]:
    """Yield a trial for each replicate and each order of conditions that somebody meets."""
    experiment = parts.experiment
    separate: list[list[Trial]] = []
    for replicate in range(1, experiment.replicates + 1):
        for number, sequence in enumerate(parts.design.assignment.sequences, start=1):
            people = [members[person] for person in sequence.people]
            scenes = [TemplateScope(experiment.vars, arm, replicate) for arm in parts.arms]
            trials = {
                scene.arm.condition.name: _trial(parts, scene, people, findings, group=0, block=0) for scene in scenes
            }
            own = [
                trials[condition].model_copy(update={"id": f"r{replicate}-s{number}"})
                for condition in sequence.conditions
            ]
            separate += [own] if people else []
    first = first_that_differs(separate, findings)
    yield from (one_after_another(own, first) for own in separate)


def _trial(
    parts: Parts, scene: TemplateScope, people: Sequence[CastMember], findings: Findings, *, group: int, block: int
) -> Trial:
    world = _world(parts, scene, people, findings)
    condition = scene.arm.condition
    stimuli = plan_stimuli(parts.stimuli, scene, people, findings)
    interventions = plan_interventions(parts.interventions, scene, people, world.steps, findings)
    parts.places.check_moves(parts.stimuli, scene, people, findings)
    parts.places.check_effects(interventions, findings)
    number = f"r{scene.replicate}" + (f"-g{group}" if group else "") + (f"-w{scene.wording}" if scene.wording else "")
    number += f"-b{block}" if block else ""
    return Trial(
        id=f"{slug(condition.name)}-{number}" if condition.levels else number,
        condition=condition.name,
        replicate=scene.replicate,
        group=group,
        block=block,
        wording=scene.wording,
        seed=replicate_seed(parts.experiment.seed, scene.replicate),
        world=world,
        people=tuple(people),
        stimuli=stimuli,
        interventions=interventions,
        queries=(
            *plan_queries(parts.queries, scene, people, world.steps, findings),
            *plan_propositions(parts.propositions, scene, people, world.steps, findings),
        ),
        max_words=parts.max_words,
        memory=parts.memory,
        sees_images=bool(parts.image_files.found) and parts.image_files.people_see,
        quality=plan_quality(parts.experiment.quality),
        safety=parts.safety,
        unblinded=unblinded_by(parts.experiment, scene.arm, parts.design.assignment.between),
        systems=plan_systems(parts.systems, scene, people, findings),
    )


def _world(parts: Parts, scene: TemplateScope, people: Sequence[CastMember], findings: Findings) -> WorldPlan:
    experiment, world = parts.experiment, parts.experiment.world
    place = scene.render(parts.place, findings) if parts.place else ""
    return WorldPlan(
        type=world.type,
        name=scene.render(parts.occasion, findings) if parts.occasion else "",
        place=parts.places.first(place, findings),
        start=_start(world),
        step_length=Pace.model_validate(world.step.model_dump()) if world.step else PACE,
        steps=steps_of(world),
        order=world.order,
        activation=world.acts or _activation(parts),
        ties=parts.ties.planned(people, seed=experiment.seed, replicate=scene.replicate, findings=findings),
        reach_out=world.reach_out,
        places=parts.places.filled(scene, findings),
    )


def _activation(parts: Parts) -> Literal["always", "when_stimulated"]:
    """Return whether people act unprompted: not in a survey, where there is nothing to act on."""
    experiment = parts.experiment
    has_occasion = experiment.stimuli or experiment.interventions or experiment.systems
    has_means = any(member.tools or member.documents for member in parts.roster.members)
    is_survey = experiment.world.type == "interviews" and not has_occasion and not has_means
    return "when_stimulated" if is_survey else "always"


def _start(world: World) -> str:
    if world.start is None:
        return START
    return world.start.isoformat(timespec="seconds" if world.start.second else "minutes")
