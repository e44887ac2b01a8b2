"""Resolves the parts of an experiment's trials once: people, texts, questions, tools and places.

Every name is resolved and every template read; nothing is filled in yet, as that depends on the trial.
Uses the disk only through `Resolvers`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath

from tinytroupe_cli.compiler.added_blocks import PreparedBlocks, prepare_blocks
from tinytroupe_cli.compiler.blinding import with_blinding
from tinytroupe_cli.compiler.cast.cast_context import CastContext
from tinytroupe_cli.compiler.cast.casting import cast_people
from tinytroupe_cli.compiler.conditions import Arm, all_arms, with_levels
from tinytroupe_cli.compiler.design import PreparedDesign, prepare_design
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.measures.propositions import PreparedProposition, prepare_propositions
from tinytroupe_cli.compiler.measures.queries import PreparedQuery, prepare_queries
from tinytroupe_cli.compiler.memory import plan_memory
from tinytroupe_cli.compiler.quality import plan_safety
from tinytroupe_cli.compiler.resources.documents import FindDocuments, give_documents
from tinytroupe_cli.compiler.resources.systems import PreparedSystem, ProgramLookup, prepare_systems
from tinytroupe_cli.compiler.resources.tools import ResolveTool, give_tools
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.compiler.stimuli.images import FindImage, ImageFiles, no_image
from tinytroupe_cli.compiler.stimuli.intervention_plans import PreparedIntervention, prepare_interventions
from tinytroupe_cli.compiler.stimuli.stimuli import PreparedStimulus, ReadDocument, prepare_stimuli
from tinytroupe_cli.compiler.template_scope import Text, read_text
from tinytroupe_cli.compiler.wording_files import with_wordings_of_texts
from tinytroupe_cli.compiler.wordings import PreparedWordings, prepare_wordings
from tinytroupe_cli.compiler.worlds.places import PreparedPlaces, prepare_places
from tinytroupe_cli.compiler.worlds.tie_files import ReadCsv, no_csv
from tinytroupe_cli.compiler.worlds.ties import PreparedTies, prepare_ties
from tinytroupe_cli.language.positions import Document
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.personas.library import Library
from tinytroupe_cli.plan.types import Limits, MemoryPlan, Models, PlannedDocument, Price
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.loader import Loaded
from tinytroupe_cli.spec.worlds import World

STEPS_IN_A_ROOM = 4
STEPS_IN_AN_INTERVIEW = 1


@dataclass(frozen=True)
class RunSettings:
    """Settings of a run that a plan needs."""

    models: Models
    prices: dict[str, Price]
    limits: Limits
    formats: tuple[str, ...]
    max_words: int
    prompts: str
    """Hash of every prompt text."""
    context: int | None = None
    """Context window of people's model in tokens; None: unknown."""
    safety: tuple[str, ...] = ()
    """Notices that the settings require."""
    systems: Mapping[str, ModelConfig] = field(default_factory=dict[str, ModelConfig])
    """Models of the systems played by a model, by system name."""
    coders: Mapping[str, ModelConfig] = field(default_factory=dict[str, ModelConfig])
    """Models that code texts a second time, by name as written."""
    people_see: bool = False
    """Whether people's model accepts images."""


@dataclass(frozen=True)
class Resolvers:
    """Resolvers of names and paths in an experiment."""

    library: Library
    base_dir: FilePath
    """The experiment's folder."""
    read: ReadDocument
    find_documents: FindDocuments
    resolve_tool: ResolveTool
    read_csv: ReadCsv = no_csv
    """Path of a CSV file as written -> its text; raises a TroupeError that explains why not."""
    read_data: ReadCsv = no_csv
    """Path of a table as written -> its text, as CSV where it is an Excel file; raises a TroupeError."""
    machine: ProgramLookup = field(default_factory=ProgramLookup)
    """Lookups of programs and functions."""
    find_image: FindImage = no_image


@dataclass(frozen=True)
class Parts:
    """The parts of an experiment that trials are made of."""

    experiment: Experiment
    roster: Roster
    library: tuple[PlannedDocument, ...]
    arms: Sequence[Arm]
    design: PreparedDesign
    wordings: PreparedWordings
    blocks: PreparedBlocks
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
    image_files: ImageFiles


def prepare_parts(loaded: Loaded, around: Resolvers, running: RunSettings, findings: Findings) -> Parts:
    """Return the parts; errors are added to the findings."""
    experiment = with_wordings_of_texts(loaded.experiment, around.read_csv, findings)
    experiment = with_blinding(experiment, findings)
    people = _cast(experiment, loaded.document, around, findings)
    roster, library = give_documents(experiment, people, around.find_documents, findings)
    steps = steps_of(experiment.world)
    arms = _arms(experiment, findings)
    ties = prepare_ties(experiment.world, roster, read=around.read_csv, findings=findings)
    connected = ties.connected(roster.ids)
    design = prepare_design(experiment, arms, roster, connected=connected, findings=findings)
    wordings = prepare_wordings(experiment, roster, design, connected=connected, findings=findings)
    files = ImageFiles(around.find_image, running.people_see)
    names = [query.name for query in experiment.extract]
    return Parts(
        experiment=experiment,
        roster=roster,
        library=library,
        arms=arms,
        design=design,
        wordings=wordings,
        blocks=prepare_blocks(experiment, roster, design, wordings, findings),
        stimuli=prepare_stimuli(
            experiment.stimuli, roster, steps=steps, read=around.read, image_files=files, findings=findings
        ),
        image_files=files,
        interventions=prepare_interventions(
            experiment.interventions, roster, steps=steps, read=around.read, image_files=files, findings=findings
        ),
        queries=prepare_queries(experiment.extract, roster, findings),
        propositions=prepare_propositions(experiment.propositions, names, roster, findings),
        systems=prepare_systems(experiment, roster, running.systems, around.machine, findings),
        place=read_text(experiment.world.place, ("world", "place"), findings),
        occasion=read_text(experiment.world.name, ("world", "name"), findings),
        ties=ties,
        places=prepare_places(experiment.world, experiment.personas, findings),
        max_words=running.max_words,
        memory=plan_memory(experiment.memory, running.context, findings),
        safety=plan_safety(experiment, running.safety),
    )


def _cast(experiment: Experiment, document: Document, around: Resolvers, findings: Findings) -> Roster:
    """Return the cast with their tools."""
    casting = CastContext(around.library, around.base_dir, document, experiment.seed, findings)
    roster = cast_people(experiment.personas, experiment.fragments, casting)
    return give_tools(experiment, roster, around.resolve_tool, findings)


def steps_of(world: World) -> int:
    """Return the number of steps: as written, or the default of the world's type."""
    return world.steps or (STEPS_IN_AN_INTERVIEW if world.type == "interviews" else STEPS_IN_A_ROOM)


def _arms(experiment: Experiment, findings: Findings) -> list[Arm]:
    written = experiment.conditions
    conditions = None if written is None else [(condition.name, condition.model_extra or {}) for condition in written]
    factors, _ = with_levels(experiment.factors)
    arms, problems = all_arms(factors, conditions)
    for problem in problems:
        findings.add("E340", problem.message, problem.path, hint=problem.hint)
    if conditions == []:
        findings.add("E340", "there is no condition", ("conditions",))
    return arms
