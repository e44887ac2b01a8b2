"""Everything a run found, as one document: `results.json`, and what every report is rendered from.

A pure function of the plan, the events and the accounts: building it again gives the same
bytes. docs/results.md describes the schema; `results` is its version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import not_
from typing import Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from tinytroupe_cli.analysis.answer_quality import AnswerCheck, answer_quality
from tinytroupe_cli.analysis.balance_table import BalanceRow, balance_table
from tinytroupe_cli.analysis.baseline_answers import baseline_rows
from tinytroupe_cli.analysis.baseline_result import BaselineResult
from tinytroupe_cli.analysis.baselines import baselines
from tinytroupe_cli.analysis.categories import sorted_outcomes, with_sorted_fields, with_sorted_rows
from tinytroupe_cli.analysis.coded_answers import coded_answers, with_coded_fields, with_coded_rows
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.comparisons import comparisons
from tinytroupe_cli.analysis.contradictions import Contradictions, contradictions, marked
from tinytroupe_cli.analysis.descriptive import Summary, summaries
from tinytroupe_cli.analysis.expectations import ExpectationResult, expectations
from tinytroupe_cli.analysis.fidelity import fidelity
from tinytroupe_cli.analysis.fidelity_result import FidelityResult
from tinytroupe_cli.analysis.method_agreement import MethodAgreement, method_agreements
from tinytroupe_cli.analysis.negative_controls import negative_controls
from tinytroupe_cli.analysis.observations import Observation, measured_rows, with_origins
from tinytroupe_cli.analysis.order_result import OrderEffect
from tinytroupe_cli.analysis.order_tables import order_tables
from tinytroupe_cli.analysis.persona_shuffle import persona_shuffle
from tinytroupe_cli.analysis.rectification_result import RectifiedResult
from tinytroupe_cli.analysis.rectified import rectified
from tinytroupe_cli.analysis.scores import ScoreFigures, score_figures, with_score_rows, with_scores
from tinytroupe_cli.analysis.shuffle_result import ShuffleResult
from tinytroupe_cli.analysis.tables import Table, tables
from tinytroupe_cli.analysis.variance import variances
from tinytroupe_cli.analysis.variance_result import VarianceResult
from tinytroupe_cli.analysis.weights import Weighting, weighed_people
from tinytroupe_cli.events.postprocessing import PostEvent
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.hashing import plan_hash
from tinytroupe_cli.plan.planned_wordings import PlannedWordings
from tinytroupe_cli.plan.types import Condition, Limits, Plan, PlannedPopulation, WorldPlan
from tinytroupe_cli.reports.anchor_results import AnchorCheck, anchor_checks
from tinytroupe_cli.reports.artifacts import ToolCount, WrittenDocument, tool_counts, written_documents
from tinytroupe_cli.reports.codings import CodedMeasure, coded_measures
from tinytroupe_cli.reports.datasets import DatasetInfo, dataset_info
from tinytroupe_cli.reports.guards import Guards, guards
from tinytroupe_cli.reports.intervention_summaries import InterventionSummary, intervention_summaries
from tinytroupe_cli.reports.model_settings import ModelSettings, model_settings
from tinytroupe_cli.reports.participants import (
    Participant,
    QuerySummary,
    StimulusSummary,
    participants,
    query_summaries,
    stimulus_summaries,
)
from tinytroupe_cli.reports.played_trials import PlayedTrial, played_trials
from tinytroupe_cli.reports.postprocessing_results import (
    Categories,
    WrittenStory,
    categories,
    postprocessing_problems,
    stories,
)
from tinytroupe_cli.reports.problems import Problem, contradiction_problems, problems
from tinytroupe_cli.reports.provenance import Provenance, Status
from tinytroupe_cli.reports.quotes import Quote, quotes
from tinytroupe_cli.reports.system_summaries import Exchange, SystemSummary, system_summaries
from tinytroupe_cli.reports.turn_quality import TurnQuality, turn_quality
from tinytroupe_cli.reports.usage import RunUsage
from tinytroupe_cli.spec.baselines import BaselineKind

BaselineRows = dict[BaselineKind, tuple[Observation, ...]]


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
    status: Status
    """Unless it is `finished`, the figures cover part of the plan."""
    provenance: Provenance
    """Where the results come from."""
    seed: int
    """Seed of the experiment."""
    replicates: int
    """Number of replicates."""
    design: Literal["within", "between", "mixed"]
    """`within`: every person experiences every condition; `between`: each person experiences only one; `mixed`: one
    level of some factors and every level of the others."""
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
    methods: dict[str, str] = Field(default_factory=dict)
    """What the experiment's author states in methods.md."""
    participants: tuple[Participant, ...]
    """The people."""
    wordings: PlannedWordings | None = None
    """The wordings of texts that have several, and who was given which; null: every text has one."""
    balance: tuple[BalanceRow, ...] = ()
    """How similar the people in the cells of a between design are, by attribute; not tested."""
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
    """Counts and figures of each field, over all conditions and, if there are several, by condition."""
    comparisons: tuple[ComparisonResult, ...] = ()
    """Differences between levels of factors and groups of people, with intervals and tests."""
    controls: tuple[ComparisonResult, ...] = ()
    """Measures that no condition may change, compared between conditions."""
    baselines: tuple[BaselineResult, ...] = Field(default=(), exclude_if=not_)
    """Each measure beside each baseline; not written without `baseline`."""
    baseline_rows: SkipJsonSchema[BaselineRows] = Field(default_factory=BaselineRows, exclude=True)
    """The answers of each baseline, for data/baselines.csv; never in results.json."""
    persona_shuffle: tuple[ShuffleResult, ...] = Field(default=(), exclude_if=not_)
    """Whether answers follow the persona; not written without `persona_shuffle`."""
    quality: tuple[AnswerCheck, ...] = ()
    """Signs of poor data in the answers: repeated texts, straight-lining, middle answers, too little spread."""
    variance: tuple[VarianceResult, ...] = ()
    """Where each measure's variance is: people, conditions, the model's noise; empty with one answer per person."""
    orders: tuple[OrderEffect, ...] = ()
    """Whether answers depend on the order in which options, scales and items were shown."""
    fidelity: tuple[FidelityResult, ...] = ()
    """Measures compared with human answers."""
    rectified: tuple[RectifiedResult, ...] = ()
    """Estimates about people, from a few human answers and many simulated ones."""
    weights: Weighting | None = None
    """How people are weighted; null: everybody counts the same."""
    codings: tuple[CodedMeasure, ...] = Field(default=(), exclude_if=not_)
    """Free-text answers, coded by `code`."""
    scores: tuple[ScoreFigures, ...] = Field(default=(), exclude_if=not_)
    """Reliability of each score of several items."""
    method_agreement: tuple[MethodAgreement, ...] = Field(default=(), exclude_if=not_)
    """Agreement of questions that were asked directly and rated from words (`method: [direct, ssr]`)."""
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


def build_results(
    plan: Plan,
    events: Mapping[str, Sequence[Event]],
    accounts: RunUsage | None = None,
    provenance: Provenance | None = None,
    *,
    seconds: Mapping[Exchange, float] | None = None,
    after: Sequence[PostEvent] = (),
) -> Results:
    """Build the results of a plan from the events of its trials (by trial id; those not begun may be left out).

    `after` is what was made of the run once they were over.
    """
    spent = accounts or RunUsage()
    origin = provenance or Provenance()
    outcomes = sorted_outcomes(after)
    measured = with_coded_rows(
        plan, with_sorted_rows(plan, measured_rows(plan, events), outcomes), coded_answers(after)
    )
    contrary = contradictions(plan, measured)
    weighed = weighed_people(plan)
    weights: Mapping[str, float] = weighed.weights if weighed else {}
    whole = with_scores(with_coded_fields(with_sorted_fields(plan, outcomes)))
    rows = with_origins(whole, with_score_rows(whole, marked(measured, contrary)), weights)
    compared = comparisons(whole, rows)
    others = baseline_rows(plan, rows, events, after)
    held = fidelity(whole, rows, whole.fidelity, others)
    return Results(
        name=plan.name,
        title=plan.title,
        description=plan.description,
        status=origin.status,
        provenance=origin.model_copy(
            update={"hashes": {"plan": plan_hash(plan), "prompts": plan.prompts, **origin.hashes}}
        ),
        seed=plan.seed,
        replicates=plan.replicates,
        design=plan.design,
        unblinded={trial.condition: trial.unblinded for trial in plan.trials if trial.unblinded},
        conditions=plan.conditions,
        world=plan.trials[0].world,
        models=model_settings(plan.models),
        limits=plan.limits,
        methods=plan.methods,
        participants=tuple(participants(plan, weights)),
        wordings=plan.wordings,
        balance=tuple(balance_table(plan)),
        populations=plan.populations,
        stimuli=tuple(stimulus_summaries(plan)),
        interventions=tuple(intervention_summaries(plan, events)),
        queries=tuple(query_summaries(whole)),
        trials=tuple(played_trials(plan, events)),
        rows=tuple(rows),
        summaries=tuple(summaries(whole, rows)),
        comparisons=tuple(compared),
        controls=tuple(negative_controls(whole, rows)),
        baselines=tuple(baselines(whole, rows, others, compared, held)),
        baseline_rows={kind: tuple(own) for kind, own in others.items()},
        persona_shuffle=tuple(persona_shuffle(plan, rows, events)),
        quality=tuple(answer_quality(whole, rows)),
        variance=tuple(variances(whole, rows)),
        orders=tuple(order_tables(plan, rows)),
        fidelity=tuple(held),
        rectified=tuple(rectified(whole, rows, whole.rectifications)),
        weights=weighed.weighting if weighed else None,
        codings=tuple(coded_measures(plan, after)),
        scores=tuple(score_figures(whole, rows)),
        method_agreement=tuple(method_agreements(whole, rows)),
        anchor_checks=tuple(anchor_checks(after)),
        expectations=tuple(expectations(whole, rows, compared)),
        categories=tuple(categories(plan, after)),
        stories=tuple(stories(plan, after)),
        tables=tuple(tables(plan, events)),
        dataset=dataset_info(plan, events),
        documents=tuple(written_documents(plan, events)),
        tools=tuple(tool_counts(plan, events)),
        quotes=tuple(quotes(plan, events, rows)),
        systems=tuple(system_summaries(plan, events, seconds or {})),
        problems=(*problems(plan, events, origin), *contradiction_problems(contrary), *postprocessing_problems(after)),
        accounts=spent,
        sees_images=any(trial.sees_images for trial in plan.trials),
        guards=guards(plan, events, spent),
        contradictions=contrary,
        weighed=turn_quality(plan, events, spent),
        totals=spent.totals,
        usd=spent.usd,
    )


def has_failed_expectation(results: Results) -> bool:
    """Return whether an expectation does not hold for the figures as they are, or could not be evaluated."""
    return any(not expected.holds for expected in results.expectations)
