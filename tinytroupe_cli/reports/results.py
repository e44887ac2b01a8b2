"""Everything a run found, as one document: `results.json`, and what every report is rendered from.

A pure function of the plan, the events and the accounts: building it again gives the same
bytes. docs/results.md describes the schema; `results` is its version.
"""

from __future__ import annotations

from operator import not_
from typing import Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from tinytroupe_cli.analysis.answer_quality import AnswerCheck
from tinytroupe_cli.analysis.balance_table import BalanceRow
from tinytroupe_cli.analysis.baseline_result import BaselineResult
from tinytroupe_cli.analysis.best_worst_results import BestWorstFigures
from tinytroupe_cli.analysis.calibration_result import Calibration
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.consensus import Consensus
from tinytroupe_cli.analysis.contradictions import Contradictions
from tinytroupe_cli.analysis.crossover_result import CrossoverCheck
from tinytroupe_cli.analysis.descriptive import Summary
from tinytroupe_cli.analysis.exclusions import Exclusions
from tinytroupe_cli.analysis.expectations import ExpectationResult
from tinytroupe_cli.analysis.fidelity_result import FidelityResult
from tinytroupe_cli.analysis.fitted_temperature import FittedTemperature
from tinytroupe_cli.analysis.method_agreement import MethodAgreement
from tinytroupe_cli.analysis.multiverse_result import Multiverse
from tinytroupe_cli.analysis.observations import Observation, is_none
from tinytroupe_cli.analysis.order_result import OrderEffect
from tinytroupe_cli.analysis.poll_result import PollResult
from tinytroupe_cli.analysis.price_ladders import LadderFigures
from tinytroupe_cli.analysis.rectification_result import RectifiedResult
from tinytroupe_cli.analysis.scores import ScoreFigures
from tinytroupe_cli.analysis.shuffle_result import ShuffleResult
from tinytroupe_cli.analysis.stopping_result import StoppingResult
from tinytroupe_cli.analysis.tables import Table
from tinytroupe_cli.analysis.variance_result import VarianceResult
from tinytroupe_cli.analysis.weights import Weighting
from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.planned_assignment import OrderOfConditions
from tinytroupe_cli.plan.planned_comparisons import PlannedInference
from tinytroupe_cli.plan.planned_wordings import PlannedWordings
from tinytroupe_cli.plan.preregistration import Deviation
from tinytroupe_cli.plan.types import Condition, Limits, PlannedPopulation, WorldPlan
from tinytroupe_cli.reports.anchor_results import AnchorCheck
from tinytroupe_cli.reports.answer_costs import AnswerCost, AnswerKey
from tinytroupe_cli.reports.artifacts import ToolCount, WrittenDocument
from tinytroupe_cli.reports.codings import CodedMeasure
from tinytroupe_cli.reports.datasets import DatasetInfo
from tinytroupe_cli.reports.guards import Guards
from tinytroupe_cli.reports.intervention_summaries import InterventionSummary
from tinytroupe_cli.reports.model_settings import ModelSettings
from tinytroupe_cli.reports.participants import (
    Participant,
    QuerySummary,
    StimulusSummary,
)
from tinytroupe_cli.reports.played_trials import PlayedTrial
from tinytroupe_cli.reports.postprocessing_results import (
    Categories,
    WrittenStory,
)
from tinytroupe_cli.reports.problems import Problem
from tinytroupe_cli.reports.provenance import EndStatus, Provenance
from tinytroupe_cli.reports.quotes import Quote
from tinytroupe_cli.reports.system_summaries import SystemSummary
from tinytroupe_cli.reports.turn_quality import TurnQuality
from tinytroupe_cli.reports.usage import RunUsage
from tinytroupe_cli.spec.baselines import BaselineKind

AnswerCosts = dict[AnswerKey, AnswerCost]
BaselineRows = dict[BaselineKind, tuple[Observation, ...]]

Inconclusive = Literal["pass", "fail"]
"""What an inconclusive expectation counts as."""


class Results(Frozen):
    """What a run found. Every list is in the order of the plan."""

    results: Literal[1] = 1
    """Version of the schema."""
    name: str
    """Name of the experiment."""
    title: str = ""
    """Title, as written."""
    description: str = ""
    """Description, as written."""
    status: EndStatus
    """Unless it is `finished`, the figures cover part of the plan."""
    provenance: Provenance
    """Where the results come from."""
    seed: int
    """Seed of the experiment."""
    replicates: int
    """Number of replicates."""
    inference: PlannedInference = PlannedInference()
    """How figures are tested, and the level of their intervals."""
    design: Literal["within", "between", "mixed"]
    """`within`: every person experiences every condition; `between`: each person experiences only one; `mixed`: one
    level of some factors and every level of the others."""
    order_of_conditions: OrderOfConditions = Field(default="", exclude_if=not_)
    """How the orders in which people experienced the conditions were made: `shuffled`, `latin` (a Latin square) or
    `williams` (a Williams design); not written unless they experience them one after another (`design.order`)."""
    unblinded: dict[str, Literal["assigned", "every_version"]] = Field(default_factory=dict, exclude_if=not_)
    """Condition -> what people were told about how their version was picked: at random for each person, or that
    everybody is given every version; not written where nobody was told."""
    conditions: tuple[Condition, ...]
    """The conditions; the first is the control."""
    world: WorldPlan
    """The world."""
    models: dict[str, ModelSettings]
    """Role -> model: people, judge and, if used, embeddings and ratings."""
    limits: Limits
    """Limits of the run."""
    formats: tuple[str, ...] = ()
    """The formats of reports and data that the run writes, beside results.json."""
    methods: dict[str, str] = Field(default_factory=dict)
    """What the experiment's author states in methods.md."""
    participants: tuple[Participant, ...]
    """The people."""
    correction: Literal["holm", "max_t", "benjamini_hochberg", "none"] = "holm"
    """How the p-values of each family of comparisons are corrected."""
    wordings: PlannedWordings | None = None
    """The wordings of texts that have several, and who was given which; null: every text has one."""
    balance: tuple[BalanceRow, ...] = ()
    """How similar the people in the cells of a between design are, by attribute; not tested. Everybody
    who was assigned counts, including those whom `exclude` leaves out."""
    balance_by_chance: float | None = None
    """Share of the differences in `balance` that this assignment puts above 0.1 by chance alone; with blocks or groups,
    from assigning the same people again (up to 400 times). Null: nothing is assigned."""
    populations: tuple[PlannedPopulation, ...] = ()
    """The populations people were drawn from."""
    stimuli: tuple[StimulusSummary, ...]
    """What reached people."""
    interventions: tuple[InterventionSummary, ...] = ()
    """The interventions, with each time they fired."""
    queries: tuple[QuerySummary, ...]
    """What was asked."""
    trials: tuple[PlayedTrial, ...]
    """The trials, and how far each got."""
    rows: tuple[Observation, ...]
    """One row per trial, query, person, sample and field, whatever the outcome; nothing is dropped."""
    summaries: tuple[Summary, ...]
    """Counts and figures of each field, over all conditions and, if there are several, by condition; without people
    whom `exclude` leaves out."""
    exclusions: Exclusions | None = None
    """Who was left out of the figures and why, and the figures with everybody; null: the experiment has no
    `exclude`."""
    comparisons: tuple[ComparisonResult, ...] = ()
    """Differences between levels of factors and groups of people, with intervals and tests."""
    multiverse: Multiverse | None = None
    """The comparisons under every combination of choices; null: the experiment has no `multiverse`."""
    deviations: tuple[Deviation, ...] = ()
    """How the run differs from the experiment's lock (`provenance.lock`)."""
    consensus: tuple[Consensus, ...] = ()
    """How far the replicates agree on each difference; empty with one replicate."""
    stopping: StoppingResult | None = Field(default=None, exclude_if=is_none)
    """How people were added until an interval was narrow enough (`until`); not written if everyone took part from the
    start."""
    controls: tuple[ComparisonResult, ...] = ()
    """Measures that no condition may change, compared between conditions."""
    baselines: tuple[BaselineResult, ...] = Field(default=(), exclude_if=not_)
    """Each measure beside each baseline; not written without `baseline`."""
    without_baselines: dict[str, str] = Field(default_factory=dict, exclude_if=not_)
    """Measure -> why no baseline is compared by it; not written without `baseline`."""
    baseline_rows: SkipJsonSchema[BaselineRows] = Field(default_factory=BaselineRows, exclude=True)
    """The answers of each baseline, for data/baselines.csv; never in results.json."""
    answer_costs: SkipJsonSchema[AnswerCosts] = Field(default_factory=AnswerCosts, exclude=True)
    """What each answer took, for data files; filled in only when these are written, and never in results.json."""
    persona_shuffle: tuple[ShuffleResult, ...] = Field(default=(), exclude_if=not_)
    """Whether answers follow the persona; not written without `persona_shuffle`."""
    quality: tuple[AnswerCheck, ...] = ()
    """Signs of poor data in the answers: repeated texts, straight-lining, middle answers, too little spread."""
    variance: tuple[VarianceResult, ...] = ()
    """Where each measure's variance is: people, conditions, the model's noise; empty with one condition and one answer
    per person."""
    calibrations: tuple[Calibration, ...] = Field(default=(), exclude_if=not_)
    """Calibrations of the same instrument and model by `troupe calibrate`, as they were when this file was written."""
    orders: tuple[OrderEffect, ...] = ()
    """Whether answers depend on the order in which options, scales and items were shown."""
    crossover: tuple[CrossoverCheck, ...] = Field(default=(), exclude_if=not_)
    """Whether answers depend on the period and on the condition before; not written unless people experience conditions
    one after another (`design.order`)."""
    fidelity: tuple[FidelityResult, ...] = ()
    """Measures compared with human answers."""
    rectified: tuple[RectifiedResult, ...] = ()
    """Estimates about people, from a few human answers and many simulated ones."""
    weights: Weighting | None = None
    """How people are weighted; null: everybody counts the same."""
    polls: tuple[PollResult, ...] = Field(default=(), exclude_if=not_)
    """Measures that people in a discussion were asked for several times, in private."""
    codings: tuple[CodedMeasure, ...] = Field(default=(), exclude_if=not_)
    """Free-text answers, coded by `code`."""
    scores: tuple[ScoreFigures, ...] = Field(default=(), exclude_if=not_)
    """Reliability of each score of several items."""
    ladders: tuple[LadderFigures, ...] = Field(default=(), exclude_if=not_)
    """The demand at each price of each price ladder, over all conditions and for each."""
    best_worst: tuple[BestWorstFigures, ...] = Field(default=(), exclude_if=not_)
    """The choices of each best-worst task, over all conditions and for each."""
    method_agreement: tuple[MethodAgreement, ...] = Field(default=(), exclude_if=not_)
    """Agreement of questions that were asked directly and rated from words (`method: [direct, ssr]`)."""
    temperatures: tuple[FittedTemperature, ...] = Field(default=(), exclude_if=not_)
    """Temperatures of ratings from words that were fitted to human answers."""
    anchor_checks: tuple[AnchorCheck, ...] = Field(default=(), exclude_if=not_)
    """Checks of the statements that free-text answers are rated by (E515)."""
    expectations: tuple[ExpectationResult, ...]
    """The result of each line of `expect`."""
    categories: tuple[Categories, ...] = ()
    """Free-text answers, categorized by `normalize`."""
    stories: tuple[WrittenStory, ...] = ()
    """Stories written by `report.story`."""
    tables: tuple[Table, ...] = ()
    """Tables made by `reduce`."""
    dataset: DatasetInfo | None = None
    """Training data made by `dataset`; null: none."""
    documents: tuple[WrittenDocument, ...] = ()
    """Documents people wrote."""
    tools: tuple[ToolCount, ...] = ()
    """Uses of tools."""
    quotes: tuple[Quote, ...]
    """People's own words."""
    systems: tuple[SystemSummary, ...] = ()
    """Exchanges with systems."""
    problems: tuple[Problem, ...]
    """Everything that went wrong."""
    accounts: RunUsage
    """Calls, tokens, cost and time."""
    sees_images: bool = False
    """People were shown images as images, not only as the text that describes them."""
    guards: Guards | None = None
    """Turns with faulty words; null: guards were off (`quality: {guards: false}`)."""
    contradictions: Contradictions = Contradictions()
    """Answers about one person that exclude each other."""
    weighed: TurnQuality | None = None
    """Scores of turns; null: no quality was scored."""
    totals: dict[str, int] = Field(default_factory=dict)
    """Calls and tokens over all models."""
    usd: float | None = None
    """Cost of the run in US dollars; null: unknown, which is not zero."""


def confidence_level(results: Results) -> str:
    """Return the confidence level of intervals, as reports write it."""
    return f"{number(100 * (1 - results.inference.alpha))}%"


def has_failed_expectation(results: Results, inconclusive: Inconclusive | None = None) -> bool:
    """Return whether an expectation fails."""
    return any(is_failed(expected, inconclusive) for expected in results.expectations)


def is_failed(expected: ExpectationResult, inconclusive: Inconclusive | None = None) -> bool:
    """Return whether an expectation does not hold for the figures as they are, or could not be evaluated.

    `inconclusive`: what those count as whose threshold is inside an interval; None: what their figures say.
    """
    if expected.outcome == "inconclusive" and inconclusive is not None:
        return inconclusive == "fail"
    return not expected.holds
