"""The root of the experiment language: a table of its contents."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.core.ids import MAX_NAME_CHARACTERS
from tinytroupe_cli.spec.baselines import BaselineKind
from tinytroupe_cli.spec.blinding import Blinding
from tinytroupe_cli.spec.codebook import Coding
from tinytroupe_cli.spec.controls import ControlSpec
from tinytroupe_cli.spec.derived_data import Dataset, Normalization, Reduction
from tinytroupe_cli.spec.design import ComparisonSpec, ConditionSpec, DesignSpec, Inference, LevelsOfFactor, Weights
from tinytroupe_cli.spec.exclusion_rules import ExclusionRule
from tinytroupe_cli.spec.interventions import Intervention
from tinytroupe_cli.spec.measures import Proposition, Query
from tinytroupe_cli.spec.orders import Order
from tinytroupe_cli.spec.people import CastEntry
from tinytroupe_cli.spec.polls import Polls
from tinytroupe_cli.spec.rectification import Rectifications
from tinytroupe_cli.spec.running import (
    LimitsSpec,
    Memory,
    MethodsSpec,
    ModelChoice,
    PriceSpec,
    Quality,
    ReportSpec,
    Roles,
    SafetyNoticeName,
)
from tinytroupe_cli.spec.scores import ScoreSpec
from tinytroupe_cli.spec.spec_model import SpecModel
from tinytroupe_cli.spec.stimuli import Stimulus
from tinytroupe_cli.spec.stopping import Until
from tinytroupe_cli.spec.systems import System
from tinytroupe_cli.spec.tools import ToolChoice
from tinytroupe_cli.spec.wordings import WordingCount, WordingDesign
from tinytroupe_cli.spec.worlds import World


class Experiment(SpecModel):
    """An experiment as someone wrote it."""

    troupe: Literal[1]
    """Version of the language."""
    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=MAX_NAME_CHARACTERS)
    """A short name in lower case, also used for the results folder."""
    title: str = ""
    """Title of the report."""
    description: str = ""
    """What the experiment is about."""
    seed: int = 0
    """Seed of all random choices."""
    replicates: int = Field(default=1, ge=1)
    """How many times every condition is run."""
    model: str | Roles | None = None
    """One model for all roles, or one per role."""
    prices: dict[str, PriceSpec] = {}
    """Prices of models that LiteLLM has no price for."""
    limits: LimitsSpec | None = None
    """Limits of the whole run."""
    vars: dict[str, JsonValue] = {}
    """Values for templates."""
    factors: dict[str, LevelsOfFactor] = {}
    """What varies: each combination of levels is one condition."""
    conditions: list[ConditionSpec] | None = None
    """An explicit list of conditions; the first is the control."""
    design: Literal["within", "between"] | DesignSpec = "within"
    """within: every person experiences every condition; between: each person experiences only one, assigned at random;
    or a mapping that sets the design of each factor."""
    wordings: WordingCount | WordingDesign | None = None
    """Several wordings of questions and stimuli: how many, who is given which, and what conclusions are about."""
    baseline: BaselineKind | list[BaselineKind] = []
    """What the answers are compared with: single_prompt (one call that predicts how the answers are distributed),
    no_persona (the same experiment without personas), demographics (personas cut to one line), random, majority."""
    persona_shuffle: bool = False
    """Whether the experiment is run once more with each person given another person's persona, to see whether answers
    follow the persona."""
    blinding: Blinding = "blind"
    """Whether people are told that the version they see was chosen by the experiment: blind (no), unblinded (yes), or
    both, as a factor named `blinding`."""
    personas: list[CastEntry] = Field(min_length=1)
    """The people who take part: names of persona files, such as [lisa, oscar], or mappings."""
    fragments: list[str] = []
    """Fragments merged into everyone."""
    tools: list[ToolChoice] | None = None
    """What everyone can use: write_document, calendar, or your own function, such as my_pkg.tools:look_up."""
    documents: list[str] | None = None
    """Documents everyone can consult: paths, folders, patterns."""
    memory: Memory | None = None
    """How people remember."""
    quality: Quality | None = None
    """Checks of each turn before anybody else hears it."""
    safety: list[SafetyNoticeName] | None = None
    """Notices about what people must not write; [] means none, even if config.ini sets some."""
    systems: list[System] = []
    """Software under test, or anything else outside the simulation that people can talk to."""
    world: World = World()
    """Where and when it happens."""
    stimuli: list[Stimulus] = []
    """What people see, hear and are asked to do."""
    interventions: list[Intervention] | None = None
    """What happens when a condition holds."""
    extract: list[Query] = []
    """The questions to answer."""
    poll: Polls | None = None
    """Questions that people in a discussion are asked in private, several times."""
    propositions: list[Proposition] | None = None
    """Claims for the judge."""
    order: Order = Order()
    """Orders in which options, scales and items of queries are shown."""
    compare: Literal["auto"] | list[ComparisonSpec] = "auto"
    """Comparisons to test; auto: each measure by each factor, if there are at least two conditions and six people."""
    inference: Inference | None = None
    """How comparisons are tested."""
    controls: list[ControlSpec] = []
    """Measures that no condition should change, such as a person's age."""
    rectify: Rectifications | None = None
    """Estimates about people from a few human answers and many simulated ones."""
    until: Until | None = None
    """A rule for adding people until a difference is known well enough."""
    weights: Weights | None = None
    """Weights that match known margins."""
    exclude: list[ExclusionRule] = []
    """Leave people out of the figures: repeats (people whose texts mostly repeat other texts word for word),
    straight_lining (people who mostly give all items of a query the same point). All figures of comparisons and answers
    are also reported with everybody."""
    multiverse: dict[str, Annotated[list[JsonValue], Field(min_length=2)]] | None = None
    """Choices that could reasonably have been made differently -> their alternatives; every combination is analyzed.
    Choices are exclude (none, a rule or a list of rules), weights (on, off), estimand (mean or one of those of
    `compare`), adjust (none, a covariate or a list of covariates), test (permutation or a test's name), wordings (all
    or the number of a wording), and any path in the experiment, such as model.people or extract.NAME.samples; each
    combination of their values is a run of its own."""
    reduce: list[Reduction] = []
    """Tables made from events, without a model."""
    code: list[Coding] = []
    """Free-text answers, coded with a codebook."""
    score: list[ScoreSpec] = []
    """Scores of several items, such as Likert items that measure one thing."""
    normalize: list[Normalization] = []
    """Free-text answers, sorted into categories."""
    dataset: Dataset | None = None
    """Training data."""
    expect: list[str] = []
    """Conditions on the results; the run exits with code 1 if one is false."""
    methods: MethodsSpec | None = None
    """What only you can state in methods.md: funding, data protection, fine-tuning, validation with people."""
    report: ReportSpec | None = None
    """What is written at the end."""


__all__ = ["Experiment", "ModelChoice"]
