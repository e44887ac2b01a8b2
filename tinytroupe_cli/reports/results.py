"""Everything a run found, as one document: `results.json`, and what every report is rendered from.

A pure function of the plan, the events and the accounts: building it again gives the same
bytes. docs/results.md describes the schema; `results` is its version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field

from tinytroupe_cli.analysis.categories import sorted_outcomes, with_sorted_fields, with_sorted_rows
from tinytroupe_cli.analysis.contradictions import Contradictions, contradictions, marked
from tinytroupe_cli.analysis.descriptive import Summary, summaries
from tinytroupe_cli.analysis.expectations import ExpectationResult, expectations
from tinytroupe_cli.analysis.observations import Observation, measured_rows
from tinytroupe_cli.analysis.tables import Table, tables
from tinytroupe_cli.events.postprocessing import PostEvent
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.events.views import Counts, counts
from tinytroupe_cli.models.port import Frozen, ModelConfig
from tinytroupe_cli.plan.hashing import plan_hash
from tinytroupe_cli.plan.types import Condition, Limits, Models, Plan, PlannedPopulation, WorldPlan
from tinytroupe_cli.reports.artifacts import ToolCount, WrittenDocument, tool_counts, written_documents
from tinytroupe_cli.reports.datasets import DatasetInfo, dataset_info
from tinytroupe_cli.reports.guards import Guards, guards
from tinytroupe_cli.reports.interventions import InterventionSummary, intervention_summaries
from tinytroupe_cli.reports.participants import (
    Participant,
    QuerySummary,
    StimulusSummary,
    participants,
    query_summaries,
    stimulus_summaries,
)
from tinytroupe_cli.reports.postprocessing import Categories, WrittenStory, categories, postprocessing_problems, stories
from tinytroupe_cli.reports.problems import Problem, contradiction_problems, problems
from tinytroupe_cli.reports.provenance import Provenance, Status
from tinytroupe_cli.reports.quotes import Quote, quotes
from tinytroupe_cli.reports.systems import Exchange, SystemSummary, system_summaries
from tinytroupe_cli.reports.turn_quality import TurnQuality, turn_quality
from tinytroupe_cli.reports.usage import RunUsage


class ModelSettings(Frozen):
    """A model by name, with the settings that shape its answers; never its address."""

    use: str
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    reasoning_effort: str | None = None


class PlayedTrial(Frozen):
    """One trial: what it was and how far it came."""

    id: str
    condition: str
    replicate: int
    seed: int
    people: tuple[str, ...]
    status: Literal["finished", "unfinished", "not_begun"]
    turns: int = 0
    silent_turns: int = 0
    talks: int = 0
    refused_turns: int = 0
    failed_turns: int = 0
    faulty_turns: int = 0
    misaddressed: int = 0
    answers: int = 0
    refused_answers: int = 0
    failed_answers: int = 0
    failed_fields: int = 0


class Results(Frozen):
    """What a run found. Every list is in the order of the plan."""

    results: Literal[1] = 1
    """Version of this document; a change that breaks readers raises it."""
    name: str
    title: str = ""
    description: str = ""
    status: Status
    provenance: Provenance
    seed: int
    replicates: int
    design: Literal["within", "between"]
    conditions: tuple[Condition, ...]
    world: WorldPlan
    models: dict[str, ModelSettings]
    """Role -> model: people, judge."""
    limits: Limits
    participants: tuple[Participant, ...]
    populations: tuple[PlannedPopulation, ...] = ()
    """Where some of them were drawn from: margins wanted and drawn."""
    stimuli: tuple[StimulusSummary, ...]
    interventions: tuple[InterventionSummary, ...] = ()
    queries: tuple[QuerySummary, ...]
    trials: tuple[PlayedTrial, ...]
    rows: tuple[Observation, ...]
    """Every planned value, one by one, whatever came of it."""
    summaries: tuple[Summary, ...]
    expectations: tuple[ExpectationResult, ...]
    categories: tuple[Categories, ...] = ()
    stories: tuple[WrittenStory, ...] = ()
    tables: tuple[Table, ...] = ()
    dataset: DatasetInfo | None = None
    documents: tuple[WrittenDocument, ...] = ()
    """What people wrote, and where its files are."""
    tools: tuple[ToolCount, ...] = ()
    """What tools were used for."""
    quotes: tuple[Quote, ...]
    systems: tuple[SystemSummary, ...] = ()
    """What people talked to beside each other, and how it did."""
    problems: tuple[Problem, ...]
    accounts: RunUsage
    sees_images: bool = False
    """Whether people were shown pictures as pictures; else as the words beside them."""
    guards: Guards | None = None
    """Turns whose words were none of the person's; None: nobody looked."""
    contradictions: Contradictions = Contradictions()
    """Answers that exclude each other."""
    weighed: TurnQuality | None = None
    """What weighing turns came to, where that was asked for."""
    totals: dict[str, int] = Field(default_factory=dict)
    """calls, reused calls and tokens over all models."""
    usd: float | None = None
    """What the run cost; None: unknown."""


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
    measured = with_sorted_rows(plan, measured_rows(plan, events), outcomes)
    contrary = contradictions(plan, measured)
    rows = marked(measured, contrary)
    whole = with_sorted_fields(plan, outcomes)
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
        conditions=plan.conditions,
        world=plan.trials[0].world,
        models=_models(plan.models),
        limits=plan.limits,
        participants=tuple(participants(plan)),
        populations=plan.populations,
        stimuli=tuple(stimulus_summaries(plan)),
        interventions=tuple(intervention_summaries(plan, events)),
        queries=tuple(query_summaries(whole)),
        trials=tuple(_played(plan, events)),
        rows=tuple(rows),
        summaries=tuple(summaries(whole, rows)),
        expectations=tuple(expectations(whole, rows)),
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
        totals=_totals(spent),
        usd=spent.usd,
    )


def has_failed_expectation(results: Results) -> bool:
    """Say whether an expectation is broken or could not be evaluated."""
    return any(expected.outcome != "held" for expected in results.expectations)


def _models(models: Models) -> dict[str, ModelSettings]:
    vectors = {"embeddings": _settings(models.embeddings)} if models.embeddings else {}
    vectors |= {"ratings": _settings(models.ratings)} if models.ratings else {}
    return {"people": _settings(models.people), "judge": _settings(models.judge), **vectors}


def _settings(use: ModelConfig) -> ModelSettings:
    return ModelSettings(
        use=use.use,
        temperature=use.temperature,
        top_p=use.top_p,
        max_tokens=use.max_tokens,
        reasoning_effort=use.reasoning_effort,
    )


def _played(plan: Plan, events: Mapping[str, Sequence[Event]]) -> list[PlayedTrial]:
    tallies = {trial.id: counts(events.get(trial.id, ())) for trial in plan.trials}
    return [
        PlayedTrial(
            id=trial.id,
            condition=trial.condition,
            replicate=trial.replicate,
            seed=trial.seed,
            people=tuple(member.id for member in trial.people),
            status=_status(tallies[trial.id], events.get(trial.id, ())),
            turns=tallies[trial.id].turns,
            silent_turns=tallies[trial.id].silent,
            talks=tallies[trial.id].talks,
            refused_turns=tallies[trial.id].refused_turns,
            failed_turns=tallies[trial.id].failed_turns,
            faulty_turns=tallies[trial.id].faulty_turns,
            misaddressed=tallies[trial.id].misaddressed,
            answers=tallies[trial.id].answers,
            refused_answers=tallies[trial.id].refused_answers,
            failed_answers=tallies[trial.id].failed_answers,
            failed_fields=tallies[trial.id].failed_fields,
        )
        for trial in plan.trials
    ]


def _status(tally: Counts, events: Sequence[Event]) -> Literal["finished", "unfinished", "not_begun"]:
    if tally.is_finished:
        return "finished"
    return "unfinished" if events else "not_begun"


def _totals(accounts: RunUsage) -> dict[str, int]:
    usage = accounts.usage
    return {
        "calls": accounts.calls,
        "reused_calls": accounts.reused,
        "prompt_tokens": usage.prompt,
        "cached_tokens": usage.cached,
        "completion_tokens": usage.completion,
        "reasoning_tokens": usage.reasoning,
    }
