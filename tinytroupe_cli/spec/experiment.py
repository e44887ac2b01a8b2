"""The root of the experiment language: a table of its contents."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.spec.design import ComparisonSpec, ConditionSpec, Levels, Weights
from tinytroupe_cli.spec.interventions import Intervention
from tinytroupe_cli.spec.measures import Proposition, Query
from tinytroupe_cli.spec.people import CastEntry
from tinytroupe_cli.spec.products import Dataset, Normalization, Reduction
from tinytroupe_cli.spec.running import (
    LimitsSpec,
    Memory,
    ModelChoice,
    PriceSpec,
    Quality,
    ReportSpec,
    Roles,
    SafetyNotice,
)
from tinytroupe_cli.spec.spec_model import SpecModel
from tinytroupe_cli.spec.stimuli import Stimulus
from tinytroupe_cli.spec.systems import System
from tinytroupe_cli.spec.tools import ToolChoice
from tinytroupe_cli.spec.worlds import World


class Experiment(SpecModel):
    """An experiment as someone wrote it."""

    troupe: Literal[1]
    """Version of the language."""
    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    """A short name in lower case; names the results folder."""
    title: str = ""
    """What the report is called."""
    description: str = ""
    """What it is about."""
    seed: int = 0
    """All chance comes from it."""
    replicates: int = Field(default=1, ge=1)
    """How often everything is played anew."""
    model: str | Roles | None = None
    """A model for all parts, or one per role."""
    prices: dict[str, PriceSpec] = {}
    """Prices of models that LiteLLM has none for."""
    limits: LimitsSpec | None = None
    """Bounds of the whole run."""
    vars: dict[str, JsonValue] = {}
    """Values for templates."""
    factors: dict[str, Levels] = {}
    """What is varied: each combination of levels is one condition."""
    conditions: list[ConditionSpec] | None = None
    """The conditions, written out; the first is the control."""
    design: Literal["within", "between"] = "within"
    """within: everyone meets every condition; between: each person meets one."""
    baseline: Literal["single_prompt"] | None = None
    """An extra condition without simulation."""
    personas: list[CastEntry] = Field(min_length=1)
    """The cast."""
    fragments: list[str] = []
    """Merged into everyone in the cast."""
    tools: list[ToolChoice] | None = None
    """What everyone can use: write_document, calendar, or a function of your own, my_pkg.tools:look_up."""
    documents: list[str] | None = None
    """What everyone can consult: paths, folders, patterns."""
    memory: Memory | None = None
    """How people remember."""
    quality: Quality | None = None
    """Checks of what people do, before they do it."""
    safety: list[SafetyNotice] | None = None
    """What people are told not to write; [] for nothing, whatever config.ini says."""
    systems: list[System] = []
    """Software under test, or anything outside the simulation that people can talk to."""
    world: World = World()
    """Where it plays."""
    stimuli: list[Stimulus] = []
    """What people see, hear and are set to do."""
    interventions: list[Intervention] | None = None
    """What happens when something holds."""
    extract: list[Query] = []
    """What is found out."""
    propositions: list[Proposition] | None = None
    """Claims to be judged."""
    compare: list[ComparisonSpec] | None = None
    """Statistical comparisons."""
    weights: Weights | None = None
    """Weights to known margins."""
    reduce: list[Reduction] = []
    """Tables made from what happened, without a model."""
    normalize: list[Normalization] = []
    """Answers in words, sorted into categories."""
    dataset: Dataset | None = None
    """Training data."""
    expect: list[str] = []
    """Thresholds: a false one makes the run exit 1."""
    report: ReportSpec | None = None
    """What is written at the end."""


__all__ = ["Experiment", "ModelChoice"]
