"""What was planned: pure data, printable, hashable, JSON.

A trial is one self-contained document: running it needs the trial and a model port alone.
Everything is resolved here: personas merged, texts rendered, names turned into ids.
"""

from __future__ import annotations

from operator import not_
from typing import Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.events.perceptions import Verb
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.models.port import Frozen, ModelConfig
from tinytroupe_cli.plan.cast_members import CastMember, PlannedMargin, PlannedPopulation, PlannedTool, PopulationDraw
from tinytroupe_cli.plan.human_data import PlannedFidelity
from tinytroupe_cli.plan.outputs import PlannedOutputs
from tinytroupe_cli.plan.planned_assignment import PlannedAssignment, PlannedPeriod
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison, PlannedInference
from tinytroupe_cli.plan.planned_controls import PlannedControl
from tinytroupe_cli.plan.planned_effects import (
    DeliverStimuli,
    PlannedChange,
    PlannedEffect,
    PlannedEndTrial,
    PlannedIntervention,
    PlannedStateChange,
    PlannedStimulus,
)
from tinytroupe_cli.plan.planned_files import PlannedDocument, PlannedImage
from tinytroupe_cli.plan.planned_multiverse import PlannedMultiverse
from tinytroupe_cli.plan.planned_orders import PlannedOrder
from tinytroupe_cli.plan.planned_rectification import PlannedRectification
from tinytroupe_cli.plan.planned_sets import PlannedSets
from tinytroupe_cli.plan.planned_stopping import PlannedStopping
from tinytroupe_cli.plan.planned_systems import PlannedSystem
from tinytroupe_cli.plan.planned_temperature import PlannedTemperatureFit
from tinytroupe_cli.plan.planned_weights import PlannedWeights
from tinytroupe_cli.plan.planned_wordings import PlannedWordings
from tinytroupe_cli.plan.world import Pace, PaceUnit, Tie, WorldPlan
from tinytroupe_cli.spec.baselines import BaselineKind, ExtraKind
from tinytroupe_cli.spec.exclusion_rules import ExclusionRule

__all__ = [
    "CastMember",
    "Condition",
    "DeliverStimuli",
    "Limits",
    "MemoryPlan",
    "Models",
    "Pace",
    "PaceUnit",
    "Plan",
    "PlannedChange",
    "PlannedDocument",
    "PlannedEffect",
    "PlannedEndTrial",
    "PlannedField",
    "PlannedImage",
    "PlannedIntervention",
    "PlannedMargin",
    "PlannedPopulation",
    "PlannedQuery",
    "PlannedStateChange",
    "PlannedStimulus",
    "PlannedTool",
    "PopulationDraw",
    "Price",
    "QualityPlan",
    "Tie",
    "Trial",
    "Unblinded",
    "Verb",
    "WorldPlan",
]


Unblinded = Literal["", "assigned", "every_version"]


class PlannedQuery(Frozen):
    """An extraction query or proposition of one trial."""

    name: str
    procedure: Literal["observe", "interview", "judge", "score"] = Field(
        validation_alias="how", serialization_alias="how"
    )
    """judge: the questions are claims, and the first field is the verdict; score: made of other
    answers, never asked."""
    people: tuple[str, ...]
    """Whom it is about, in cast order; empty: the whole world."""
    questions: dict[str, str]
    """Person id -> the question, rendered for them; the key is `` for the whole world."""
    fields: tuple[PlannedField, ...]
    samples: int = 1
    include_personas: bool = False
    """Who the people are is part of what the judge reads."""
    orders: tuple[PlannedOrder, ...] = ()
    """Orders of options, scales and items. What is not named: options at random, the rest as written."""
    sets: tuple[PlannedSets, ...] = Field(default=(), exclude_if=not_)
    """maxdiff: the sets of each field."""
    period: int = Field(default=0, exclude_if=not_)
    """Number of the period after which it is asked, from 1; 0: it is asked at the end of the trial."""


class MemoryPlan(Frozen):
    """How the people of a trial remember."""

    recall: Literal["semantic", "full", "off"] = "semantic"
    consolidate: bool = True
    window: int = Field(default=30, ge=1)
    """Most of their latest moments they keep word for word."""
    tokens: int = 32_000
    """Maximum number of tokens in a prompt and its reply together."""


class QualityPlan(Frozen):
    """What a turn must be like to be taken."""

    least: dict[str, float] = Field(default_factory=dict)
    """Quality -> least score from 0 to 9; empty: the judge is not asked."""
    guards: bool = True
    """Whether its words are looked through for repeats, refusals and the like."""
    repetition: float = 0.6
    """Largest share of its sequences of four words that one earlier text may have had."""
    attempts: int = 2
    on_fail: Literal["keep_best", "fail"] = "keep_best"


class Trial(Frozen):
    """One play of the experiment: a condition, a replicate, people in a world."""

    id: str
    condition: str
    """Name of its condition; empty: its people meet all conditions, one in each of its periods."""
    replicate: int
    seed: int
    """The replicate's seed: the same in all its conditions."""
    group: int = 0
    """Number of the room that these people are in, where the cast is divided into rooms; 0: it is not."""
    block: int = 0
    """Number of the block in which its people are added, from 1; 0: all take part from the start."""
    wording: int = 0
    """Number of the version of the texts, from 1; 0: they have one."""
    periods: tuple[PlannedPeriod, ...] = Field(default=(), exclude_if=not_)
    """The conditions that its people meet one after another; none: it is a trial of one condition."""
    world: WorldPlan
    people: tuple[CastMember, ...]
    stimuli: tuple[PlannedStimulus, ...]
    queries: tuple[PlannedQuery, ...]
    interventions: tuple[PlannedIntervention, ...] = ()
    sees_images: bool = False
    """Whether people's model takes pictures; else they are told what is to be seen."""
    quality: QualityPlan | None = None
    safety: tuple[str, ...] = ()
    """Notices that people are given, by their prompts' names."""
    unblinded: Unblinded = ""
    """What people are told about how their version was picked: it was assigned to them at random, or everybody is given
    every version; empty: nothing."""
    max_words: int = 80
    """About how many words a person says in a turn at the most."""
    memory: MemoryPlan = MemoryPlan()
    systems: tuple[PlannedSystem, ...] = ()
    """What people can talk to beside each other."""
    baseline: ExtraKind | None = None
    """The baseline it is part of, or the shuffle of personas; None: it is part of the experiment."""


class Condition(Frozen):
    """One combination of factor levels."""

    name: str
    """Name, made of its levels unless written."""
    levels: dict[str, JsonValue]
    """Factor -> name of the level, or its value if levels have no names."""


class Models(Frozen):
    """Which model plays which part."""

    people: ModelConfig
    judge: ModelConfig
    author: ModelConfig
    embeddings: ModelConfig | None = None
    ratings: ModelConfig | None = None
    """Turns words into vectors where scales are rated from them; the same as `embeddings` where that was named."""

    @property
    def embedding_models(self) -> tuple[ModelConfig, ...]:
        """Return the models that turn texts into vectors, each once."""
        return tuple(dict.fromkeys(use for use in (self.embeddings, self.ratings) if use is not None))


class Price(Frozen):
    """USD per million tokens."""

    input: float
    output: float
    cached: float | None = None


class Limits(Frozen):
    """Limits of the whole run; null: no limit."""

    usd: float | None = None
    """Cost in US dollars."""
    tokens: int | None = None
    """Tokens read and written."""
    calls: int | None = None
    """Calls to models."""
    minutes: float | None = None
    """Wall time."""


class Plan(Frozen):
    """An experiment, compiled."""

    plan: Literal[1] = 1
    """Version of this document."""
    name: str
    title: str = ""
    description: str = ""
    seed: int
    replicates: int
    design: Literal["within", "between", "mixed"] = "within"
    assignment: PlannedAssignment = PlannedAssignment()
    """Who meets what."""
    wordings: PlannedWordings | None = None
    """None: every text has one wording."""
    factors: dict[str, tuple[JsonValue, ...]] = Field(default_factory=dict)
    """Factor -> its levels' names (or values), in the order written."""
    conditions: tuple[Condition, ...]
    models: Models
    prices: dict[str, Price] = Field(default_factory=dict)
    limits: Limits = Limits()
    library: tuple[PlannedDocument, ...] = ()
    """Every document somebody can consult, once."""
    trials: tuple[Trial, ...]
    populations: tuple[PlannedPopulation, ...] = ()
    expect: tuple[str, ...] = ()
    comparisons: tuple[PlannedComparison, ...] | None = None
    """None: each measure by each factor, where there are two conditions and six units."""
    inference: PlannedInference = PlannedInference()
    stopping: PlannedStopping | None = None
    """None: all people of the plan take part."""
    controls: tuple[PlannedControl, ...] = ()
    """What no condition may change."""
    baselines: tuple[BaselineKind, ...] = ()
    """What the answers are compared with. Their trials are derived from `trials` and are none of them."""
    persona_shuffle: bool = False
    """Whether each condition is played once more with personas shuffled; derived likewise."""
    fidelity: tuple[PlannedFidelity, ...] = ()
    """Measures that are held against human answers."""
    rectifications: tuple[PlannedRectification, ...] = ()
    """Measures that a few human answers rectify."""
    temperature_fits: tuple[PlannedTemperatureFit, ...] = Field(default=(), exclude_if=not_)
    """Measures rated from words whose temperature is fitted to human answers."""
    weights: PlannedWeights | None = None
    """None: everybody counts the same."""
    exclude: tuple[ExclusionRule, ...] = ()
    """Rules by which people are left out of figures."""
    multiverse: PlannedMultiverse | None = None
    """Choices whose combinations are all analyzed."""
    images: tuple[PlannedImage, ...] = ()
    """Every picture, once."""
    methods: dict[str, str] = Field(default_factory=dict)
    """What the user states in methods.md: key -> text."""
    formats: tuple[str, ...] = ("json", "markdown", "methods")
    outputs: PlannedOutputs = Field(
        default=PlannedOutputs(), validation_alias="products", serialization_alias="products"
    )
    """What is made of it once it is played."""
    prompts: str = ""
    """Hash of every prompt text the run will use."""

    @property
    def cast(self) -> list[CastMember]:
        """Return everyone who takes part in any trial, in cast order."""
        members = {member.id: member for trial in self.trials for member in trial.people}
        order = [person for person in self.assignment.people if person in members]
        return [members[person] for person in dict.fromkeys([*order, *members])]

    @property
    def fields(self) -> dict[tuple[str, str], PlannedField]:
        """Return query and field name -> every field asked in any trial, in the order written."""
        return {
            (query.name, field.name): field
            for trial in self.trials
            for query in trial.queries
            for field in query.fields
        }

    def is_between(self, factor: str) -> bool:
        """Return whether each person meets only one level of a factor."""
        return self.design == "between" or factor in self.assignment.between
