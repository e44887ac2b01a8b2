"""Builds the results of a run from its plan and its events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tinytroupe_cli.analysis.answer_quality import answer_quality
from tinytroupe_cli.analysis.balance_table import balance_table, share_marked
from tinytroupe_cli.analysis.baseline_answers import baseline_rows
from tinytroupe_cli.analysis.baseline_comparison import baselines
from tinytroupe_cli.analysis.best_worst_results import best_worst_tasks
from tinytroupe_cli.analysis.calibration_result import Calibration
from tinytroupe_cli.analysis.categories import sorted_outcomes, with_sorted_fields, with_sorted_rows
from tinytroupe_cli.analysis.coded_answers import coded_answers, with_coded_fields, with_coded_rows
from tinytroupe_cli.analysis.comparisons import comparisons, with_evidence
from tinytroupe_cli.analysis.consensus import consensus
from tinytroupe_cli.analysis.contradictions import Contradictions, contradictions, marked
from tinytroupe_cli.analysis.crossover_checks import crossover_checks, with_carry_over
from tinytroupe_cli.analysis.descriptive import summaries
from tinytroupe_cli.analysis.discussion_polls import poll_results
from tinytroupe_cli.analysis.exclusions import (
    ExcludedPerson,
    excluded_people,
    exclusions,
    with_marks,
    without_people,
)
from tinytroupe_cli.analysis.expectations import expectations
from tinytroupe_cli.analysis.fidelity import fidelity
from tinytroupe_cli.analysis.fitted_temperature import (
    FittedTemperature,
    fitted_temperatures,
    with_temperatures,
    without_fitted_people,
)
from tinytroupe_cli.analysis.looks import LookedAt
from tinytroupe_cli.analysis.method_agreement import method_agreements
from tinytroupe_cli.analysis.multiverse import multiverse
from tinytroupe_cli.analysis.multiverse_result import BranchesOfRuns
from tinytroupe_cli.analysis.negative_controls import negative_controls
from tinytroupe_cli.analysis.observations import Observation, measured_rows, with_origins
from tinytroupe_cli.analysis.order_tables import order_tables
from tinytroupe_cli.analysis.persona_shuffle import persona_shuffle
from tinytroupe_cli.analysis.price_ladders import price_ladders
from tinytroupe_cli.analysis.rectified import rectified
from tinytroupe_cli.analysis.scores import score_figures, with_score_rows, with_scores
from tinytroupe_cli.analysis.tables import tables
from tinytroupe_cli.analysis.variance import variances
from tinytroupe_cli.analysis.weights import Weighed, weighed_people
from tinytroupe_cli.events.postprocessing import PostEvent
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.plan.baseline_measures import measures_left_out
from tinytroupe_cli.plan.hashing import plan_hash
from tinytroupe_cli.plan.periods import parts_of
from tinytroupe_cli.plan.preregistration import confirmatory
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.reports.anchor_results import anchor_checks
from tinytroupe_cli.reports.artifacts import tool_counts, written_documents
from tinytroupe_cli.reports.codings import coded_measures
from tinytroupe_cli.reports.datasets import dataset_info
from tinytroupe_cli.reports.guards import guards
from tinytroupe_cli.reports.intervention_summaries import intervention_summaries
from tinytroupe_cli.reports.model_settings import model_settings
from tinytroupe_cli.reports.participants import (
    participants,
    query_summaries,
    stimulus_summaries,
)
from tinytroupe_cli.reports.played_trials import played_trials
from tinytroupe_cli.reports.postprocessing_results import (
    categories,
    postprocessing_problems,
    stories,
)
from tinytroupe_cli.reports.problems import Problem, contradiction_problems, problems
from tinytroupe_cli.reports.provenance import Provenance
from tinytroupe_cli.reports.quotes import quotes
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.system_summaries import ExchangeKey, system_summaries
from tinytroupe_cli.reports.turn_quality import turn_quality
from tinytroupe_cli.reports.usage import RunUsage
from tinytroupe_cli.spec.baselines import BaselineKind

BaselineAnswers = Mapping[BaselineKind, Sequence[Observation]]


def build_results(
    plan: Plan,
    events: Mapping[str, Sequence[Event]],
    accounts: RunUsage | None = None,
    provenance: Provenance | None = None,
    *,
    seconds: Mapping[ExchangeKey, float] | None = None,
    after: Sequence[PostEvent] = (),
    calibrations: Sequence[Calibration] = (),
    branches: BranchesOfRuns | None = None,
) -> Results:
    """Build the results of a plan from the events of its trials (by trial id; those not begun may be left out).

    `after` is what was made of the run once they were over; `branches`, what other runs of its multiverse found.
    """
    spent, origin = accounts or RunUsage(), provenance or Provenance()
    measured = _measured(plan, events, after)
    return Results(
        **_design(plan, measured),
        **_statistics(measured, origin, branches, measured.baseline_answers(events, after)),
        **_postprocessed(plan, after, measured.everyone),
        **_logged(plan, events),
        status=origin.status,
        deviations=origin.deviations,
        provenance=origin.with_hashes(plan=plan_hash(plan), prompts=plan.prompts),
        persona_shuffle=tuple(persona_shuffle(plan, measured.rows, events)),
        calibrations=tuple(calibrations),
        orders=tuple(
            order_tables(without_people(plan, [person.person for person in measured.excluded]), measured.rows)
        ),
        polls=tuple(poll_results(measured.plan, measured.rows, events, after)),
        quotes=tuple(quotes(plan, events, measured.everyone)),
        systems=tuple(system_summaries(plan, events, seconds or {})),
        problems=(*problems(plan, events, origin), *measured.problems, *postprocessing_problems(after)),
        accounts=spent,
        guards=guards(plan, events, spent),
        weighed=turn_quality(plan, events, spent),
        totals=spent.totals,
        usd=spent.usd,
    )


@dataclass(frozen=True, slots=True)
class _Measured:
    """A plan and all answers to it, those that were made of other answers included."""

    planned: Plan
    """As it was planned."""
    whole: Plan
    """With the fields that categories, codes and scores make."""
    plan: Plan
    """The same without the people who are excluded."""
    everyone: Sequence[Observation]
    excluded: Sequence[ExcludedPerson]
    contradictions: Contradictions
    weighed: Weighed | None
    temperatures: Sequence[FittedTemperature]

    @property
    def rows(self) -> Sequence[Observation]:
        """Return the rows of people who are not excluded."""
        return [row for row in self.everyone if not row.excluded]

    def baseline_answers(self, events: Mapping[str, Sequence[Event]], after: Sequence[PostEvent]) -> BaselineAnswers:
        """Return the answers of each baseline, without those in the places of people who are excluded."""
        plan = without_people(self.planned, [person.person for person in self.excluded])
        return baseline_rows(plan, self.rows, events, after)

    @property
    def problems(self) -> Iterator[Problem]:
        return contradiction_problems(self.contradictions)


def _measured(plan: Plan, events: Mapping[str, Sequence[Event]], after: Sequence[PostEvent]) -> _Measured:
    outcomes = sorted_outcomes(after)
    rated = measured_rows(plan, events)
    temperatures = fitted_temperatures(plan, rated)
    rated = with_temperatures(plan, rated, temperatures)
    answered = with_coded_rows(plan, with_sorted_rows(plan, rated, outcomes), coded_answers(after))
    contrary = contradictions(plan, answered)
    whole = with_scores(with_coded_fields(with_sorted_fields(plan, outcomes)))
    everyone = with_score_rows(whole, marked(answered, contrary))
    excluded = excluded_people(whole, everyone, plan.exclude)
    kept = without_people(whole, [person.person for person in excluded])
    weighed = weighed_people(kept)
    marks = with_marks(with_origins(whole, everyone, weighed.weights if weighed else {}), excluded)
    return _Measured(plan, whole, kept, marks, excluded, contrary, weighed, temperatures)


def _design(plan: Plan, measured: _Measured) -> dict[str, Any]:
    """Return what was planned: the fields of `Results` that need no event."""
    return {
        "name": plan.name,
        "title": plan.title,
        "description": plan.description,
        "seed": plan.seed,
        "replicates": plan.replicates,
        "inference": plan.inference,
        "design": plan.design,
        "order_of_conditions": plan.assignment.order,
        "unblinded": {
            part.trial.condition: trial.unblinded
            for trial in plan.trials
            for part in parts_of(trial)
            if trial.unblinded
        },
        "conditions": plan.conditions,
        "world": plan.trials[0].world,
        "models": model_settings(plan.models),
        "limits": plan.limits,
        "formats": tuple(name for name in dict.fromkeys(plan.formats) if name != "json"),
        "methods": plan.methods,
        "participants": tuple(participants(plan, measured.weighed.weights if measured.weighed else {})),
        "correction": plan.inference.correction,
        "wordings": plan.wordings,
        "balance": tuple(balance_table(plan)),
        "balance_by_chance": share_marked(plan) if len(plan.assignment.cells) > 1 else None,
        "populations": plan.populations,
        "stimuli": tuple(stimulus_summaries(plan)),
        "queries": tuple(query_summaries(measured.whole)),
        "sees_images": any(trial.sees_images for trial in plan.trials),
    }


def _logged(plan: Plan, events: Mapping[str, Sequence[Event]]) -> dict[str, Any]:
    """Return what the log of events alone tells."""
    return {
        "interventions": tuple(intervention_summaries(plan, events)),
        "trials": tuple(played_trials(plan, events)),
        "tables": tuple(tables(plan, events)),
        "dataset": dataset_info(plan, events),
        "documents": tuple(written_documents(plan, events)),
        "tools": tuple(tool_counts(plan, events)),
    }


def _statistics(
    measured: _Measured, origin: Provenance, branches: BranchesOfRuns | None, others: BaselineAnswers
) -> dict[str, Any]:
    """Return the answers, and the fields of `Results` that are calculated from them."""
    plan, rows = measured.plan, measured.rows
    checks = tuple(crossover_checks(plan, rows))
    compared = with_carry_over(comparisons(plan, rows), checks)
    if origin.lock is not None:
        compared = with_evidence(compared, confirmatory(origin.lock, origin.deviations))
    held = fidelity(plan, rows, without_fitted_people(plan), others)
    return {
        "rows": tuple(measured.everyone),
        "summaries": tuple(summaries(plan, rows)),
        "exclusions": exclusions(measured.whole, measured.everyone, measured.excluded) if plan.exclude else None,
        "comparisons": tuple(compared),
        "crossover": checks,
        "consensus": tuple(consensus(plan, rows, compared)),
        "multiverse": multiverse(measured.whole, measured.everyone, branches),
        "stopping": LookedAt(plan, plan.stopping, rows).result() if plan.stopping else None,
        "controls": tuple(negative_controls(plan, rows)),
        "quality": tuple(answer_quality(measured.whole, measured.everyone)),
        "variance": tuple(variances(plan, rows)),
        "temperatures": tuple(measured.temperatures),
        "fidelity": tuple(held),
        "baselines": tuple(baselines(plan, rows, others, compared, held)),
        "without_baselines": measures_left_out(plan) if plan.baselines else {},
        "baseline_rows": {kind: tuple(own) for kind, own in others.items()},
        "rectified": tuple(rectified(plan, rows, plan.rectifications)),
        "weights": measured.weighed.weighting if measured.weighed else None,
        "scores": tuple(score_figures(plan, rows)),
        "ladders": tuple(price_ladders(plan, rows)),
        "best_worst": tuple(best_worst_tasks(plan, rows)),
        "method_agreement": tuple(method_agreements(plan, rows)),
        "expectations": tuple(expectations(plan, rows, compared)),
        "contradictions": measured.contradictions,
    }


def _postprocessed(plan: Plan, after: Sequence[PostEvent], rows: Sequence[Observation]) -> dict[str, Any]:
    """Return what was made of the run once its trials were over."""
    return {
        "codings": tuple(coded_measures(plan, after, rows)),
        "anchor_checks": tuple(anchor_checks(after)),
        "categories": tuple(categories(plan, after)),
        "stories": tuple(stories(plan, after)),
    }
