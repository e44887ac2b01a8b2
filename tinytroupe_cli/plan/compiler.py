"""Experiment -> plan: every name resolved, every text rendered, every mistake found.

What is wrong in any part is collected and raised at once. Knows nothing of the disk but
through the library and the reader of documents it is handed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Literal

from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.core.ids import slug
from tinytroupe_cli.core.marks import Path
from tinytroupe_cli.models.port import ModelUse
from tinytroupe_cli.personas.library import Library
from tinytroupe_cli.plan.cast.assignment import assign, replicate_seed
from tinytroupe_cli.plan.cast.casting import Casting, cast_people
from tinytroupe_cli.plan.conditions import Arm, all_arms, levels_in, with_levels
from tinytroupe_cli.plan.equipment.documents import FindDocuments, give_documents
from tinytroupe_cli.plan.equipment.systems import Machine, PreparedSystem, plan_systems, prepare_systems
from tinytroupe_cli.plan.equipment.tools import ResolveTool, give_tools
from tinytroupe_cli.plan.findings import Findings
from tinytroupe_cli.plan.happening.images import FindImage, Pictures, no_image
from tinytroupe_cli.plan.happening.interventions import PreparedIntervention, plan_interventions, prepare_interventions
from tinytroupe_cli.plan.happening.stimuli import PreparedStimulus, ReadDocument, plan_stimuli, prepare_stimuli
from tinytroupe_cli.plan.measures.categories import plan_categories, with_categories
from tinytroupe_cli.plan.measures.expectations import check_expectation, foregone
from tinytroupe_cli.plan.measures.making import plan_products
from tinytroupe_cli.plan.measures.propositions import PreparedProposition, plan_propositions, prepare_propositions
from tinytroupe_cli.plan.measures.queries import PreparedQuery, fields_by_query, plan_queries, prepare_queries
from tinytroupe_cli.plan.measures.rating_models import with_ratings
from tinytroupe_cli.plan.memory import plan_memory
from tinytroupe_cli.plan.overlooked import check_braces, check_factors, check_templates
from tinytroupe_cli.plan.products import PlannedCategories, Products
from tinytroupe_cli.plan.quality import plan_quality, plan_safety
from tinytroupe_cli.plan.roster import Roster
from tinytroupe_cli.plan.scenes import Scene, Text, read_text
from tinytroupe_cli.plan.types import (
    CastMember,
    Limits,
    MemoryPlan,
    Models,
    Pace,
    Plan,
    PlannedDocument,
    Price,
    Trial,
    WorldPlan,
)
from tinytroupe_cli.plan.worlds.places import PreparedPlaces, prepare_places
from tinytroupe_cli.plan.worlds.tie_files import ReadCsv, no_csv
from tinytroupe_cli.plan.worlds.ties import PreparedTies, prepare_ties
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.loader import Loaded
from tinytroupe_cli.spec.worlds import World

MOST_TRIALS = 10_000
START = "2026-01-05T09:00"
PACE = Pace(amount=10, unit="minute")
STEPS_IN_A_ROOM = 4
STEPS_IN_AN_INTERVIEW = 1


@dataclass(frozen=True)
class Running:
    """What a plan needs to know of how it will be run."""

    models: Models
    prices: dict[str, Price]
    limits: Limits
    formats: tuple[str, ...]
    max_words: int
    prompts: str
    """Hash of every prompt text."""
    context: int | None = None
    """Tokens the people's model reads; None: unknown."""
    safety: tuple[str, ...] = ()
    """Notices that the settings ask for."""
    systems: Mapping[str, ModelUse] = field(default_factory=dict[str, ModelUse])
    """Models of the systems that a model plays, by the systems' names."""
    people_see: bool = False
    """Whether people's model takes pictures."""


@dataclass(frozen=True)
class Surroundings:
    """Where the experiment was written: what names and paths in it lead to."""

    library: Library
    near: FilePath
    """The experiment's folder."""
    read: ReadDocument
    find_documents: FindDocuments
    resolve_tool: ResolveTool
    read_csv: ReadCsv = no_csv
    """Path of a CSV file as written -> its text; raises a TroupeError that says why not."""
    machine: Machine = field(default_factory=Machine)
    """What programs and functions there are."""
    find_image: FindImage = no_image


@dataclass(frozen=True)
class _Parts:
    """Everything of an experiment that the trials are made of."""

    experiment: Experiment
    roster: Roster
    library: tuple[PlannedDocument, ...]
    arms: Sequence[Arm]
    stimuli: Sequence[PreparedStimulus]
    interventions: Sequence[PreparedIntervention]
    queries: Sequence[PreparedQuery]
    propositions: Sequence[PreparedProposition]
    systems: Sequence[PreparedSystem]
    place: Text | None
    occasion: Text | None
    ties: PreparedTies
    places: PreparedPlaces
    max_words: int
    memory: MemoryPlan
    safety: tuple[str, ...]
    pictures: Pictures


def compile_plan(loaded: Loaded, around: Surroundings, running: Running) -> tuple[Plan, tuple[Diagnostic, ...]]:
    """Return the plan and what is worth a warning. Raises SpecError with everything that is wrong."""
    findings = Findings(loaded.document)
    findings.keep(*loaded.warnings)
    parts = _prepare(loaded, around, running, findings)
    _check_size(parts, findings)
    categories = plan_categories(parts.experiment.normalize, fields_by_query(parts.queries), findings)
    _check_expectations(parts, categories, findings)
    trials = tuple(_trials(parts, findings)) if len(parts.arms) * parts.experiment.replicates <= MOST_TRIALS else ()
    products = plan_products(
        parts.experiment, parts.roster, parts.arms, trials, categories=categories, findings=findings
    )
    _check_overlooked(parts, loaded, findings)
    findings.raise_errors()
    return _plan(parts, trials, products, running), findings.warnings


def _prepare(loaded: Loaded, around: Surroundings, running: Running, findings: Findings) -> _Parts:
    experiment = loaded.experiment
    casting = Casting(around.library, around.near, loaded.document, experiment.seed, findings)
    roster = cast_people(experiment.personas, experiment.fragments, casting)
    roster = give_tools(experiment, roster, around.resolve_tool, findings)
    roster, library = give_documents(experiment, roster, around.find_documents, findings)
    steps = _steps(experiment.world)
    pictures = Pictures(around.find_image, running.people_see)
    return _Parts(
        experiment=experiment,
        roster=roster,
        library=library,
        arms=_arms(experiment, findings),
        stimuli=prepare_stimuli(
            experiment.stimuli, roster, steps=steps, read=around.read, pictures=pictures, findings=findings
        ),
        pictures=pictures,
        interventions=prepare_interventions(
            experiment.interventions, roster, steps=steps, read=around.read, pictures=pictures, findings=findings
        ),
        queries=prepare_queries(experiment.extract, roster, findings),
        propositions=prepare_propositions(
            experiment.propositions, [query.name for query in experiment.extract], roster, findings
        ),
        systems=prepare_systems(experiment, roster, running.systems, around.machine, findings),
        place=read_text(experiment.world.place, ("world", "place"), findings),
        occasion=read_text(experiment.world.name, ("world", "name"), findings),
        ties=prepare_ties(experiment.world, roster, read=around.read_csv, findings=findings),
        places=prepare_places(experiment.world, experiment.personas, findings),
        max_words=running.max_words,
        memory=plan_memory(experiment.memory, running.context, findings),
        safety=plan_safety(experiment, running.safety),
    )


def _plan(parts: _Parts, trials: tuple[Trial, ...], products: Products, running: Running) -> Plan:
    experiment = parts.experiment
    return Plan(
        name=experiment.name,
        title=experiment.title,
        description=experiment.description.strip(),
        seed=experiment.seed,
        replicates=experiment.replicates,
        design=experiment.design,
        factors=levels_in(parts.arms),
        conditions=tuple(arm.condition for arm in parts.arms),
        models=with_ratings(running.models, trials),
        prices=running.prices,
        limits=running.limits,
        library=parts.library,
        images=tuple(parts.pictures.found.values()),
        trials=trials,
        populations=parts.roster.populations,
        expect=tuple(experiment.expect),
        formats=running.formats,
        products=products,
        prompts=running.prompts,
    )


def _trials(parts: _Parts, findings: Findings) -> Iterator[Trial]:
    experiment = parts.experiment
    names = [arm.condition.name for arm in parts.arms]
    for replicate in range(1, experiment.replicates + 1):
        groups = assign(parts.roster.ids, names, design=experiment.design, seed=experiment.seed, replicate=replicate)
        for arm in parts.arms:
            group = frozenset(groups[arm.condition.name])
            people = [member for member in parts.roster.members if member.id in group]
            yield _trial(parts, Scene(experiment.vars, arm, replicate), people, findings)


def _trial(parts: _Parts, scene: Scene, people: Sequence[CastMember], findings: Findings) -> Trial:
    world = _world(parts, scene, people, findings)
    condition = scene.arm.condition
    stimuli = plan_stimuli(parts.stimuli, scene, people, findings)
    interventions = plan_interventions(parts.interventions, scene, people, world.steps, findings)
    parts.places.check_moves(parts.stimuli, scene, people, findings)
    parts.places.check_effects(interventions, findings)
    number = f"r{scene.replicate}"
    return Trial(
        id=f"{slug(condition.name)}-{number}" if condition.levels else number,
        condition=condition.name,
        replicate=scene.replicate,
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
        sees_images=bool(parts.pictures.found) and parts.pictures.people_see,
        quality=plan_quality(parts.experiment.quality),
        safety=parts.safety,
        systems=plan_systems(parts.systems, scene, people, findings),
    )


def _world(parts: _Parts, scene: Scene, people: Sequence[CastMember], findings: Findings) -> WorldPlan:
    experiment, world = parts.experiment, parts.experiment.world
    place = scene.fill(parts.place, findings) if parts.place else ""
    return WorldPlan(
        type=world.type,
        name=scene.fill(parts.occasion, findings) if parts.occasion else "",
        place=parts.places.first(place, findings),
        start=_start(world),
        pace=Pace.model_validate(world.step.model_dump()) if world.step else PACE,
        steps=_steps(world),
        order=world.order,
        acts=world.acts or _acts(parts),
        ties=parts.ties.planned(people, seed=experiment.seed, replicate=scene.replicate, findings=findings),
        reach_out=world.reach_out,
        places=parts.places.filled(scene, findings),
    )


def _acts(parts: _Parts) -> Literal["always", "when_stimulated"]:
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


def _steps(world: World) -> int:
    return world.steps or (STEPS_IN_AN_INTERVIEW if world.type == "interviews" else STEPS_IN_A_ROOM)


def _arms(experiment: Experiment, findings: Findings) -> list[Arm]:
    written = experiment.conditions
    conditions = None if written is None else [(one.name, one.model_extra or {}) for one in written]
    factors, _ = with_levels(experiment.factors)
    arms, problems = all_arms(factors, conditions)
    for problem in problems:
        findings.add("E340", problem.message, problem.path, hint=problem.hint)
    if conditions == []:
        findings.add("E340", "there is no condition", ("conditions",))
    return arms


def _check_overlooked(parts: _Parts, loaded: Loaded, findings: Findings) -> None:
    """Find what is written and changes nothing; said once all else can be read."""
    if findings.errors:
        return
    experiment, value = parts.experiment, loaded.document.value
    factors, idle = with_levels(experiment.factors)
    places: dict[str, Path] = {factor: ("factors", factor) for factor in factors}
    for index, condition in enumerate(experiment.conditions or ()):
        for factor in condition.model_extra or {}:
            places.setdefault(factor, ("conditions", index, factor))
    check_factors(value, places, idle, findings)
    check_templates(value, frozenset(findings.read_as_template), findings)
    visible = {name: f"vars.{name}" for name in experiment.vars}
    visible |= {factor: factor for factor in places}
    visible |= {name: name for name in ("person", "condition", "vars", "step", "replicate")}
    check_braces(value, visible, findings)


def _check_size(parts: _Parts, findings: Findings) -> None:
    experiment, people = parts.experiment, len(parts.roster.members)
    trials = len(parts.arms) * experiment.replicates
    if trials > MOST_TRIALS:
        findings.add("E341", f"this makes {trials:,} trials; {MOST_TRIALS:,} are the most", ("replicates",))
    if experiment.design == "between" and parts.roster.is_complete and people < len(parts.arms):
        message = f"{people} people can't fill {len(parts.arms)} conditions"
        hint = "add people, or let everyone meet every condition: design: within"
        findings.add("E342", message, ("design",), hint=hint)


def _check_expectations(parts: _Parts, categories: Sequence[PlannedCategories], findings: Findings) -> None:
    fields = {
        **with_categories(fields_by_query(parts.queries), categories),
        **{one.name: {field.name: field for field in one.fields} for one in parts.propositions},
    }
    conditions = [arm.condition for arm in parts.arms]
    for index, text in enumerate(parts.experiment.expect):
        errors = check_expectation(text, fields, conditions)
        for error in errors:
            findings.add_inside("E350", error, ("expect", index), text)
        if not errors and (known := foregone(text, fields)):
            findings.add_inside("E351", known[0], ("expect", index), text, is_error=not known[1])
