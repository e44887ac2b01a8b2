"""Compares a run with its baselines: what would have been found without the simulation, or with less of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tinytroupe_cli.analysis.baseline_result import BaselineResult, DistanceToPeople
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.fidelity_result import FidelityResult
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.plan.baseline_measures import baseline_measures
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.spec.baselines import BaselineKind


def baselines(
    plan: Plan,
    rows: Sequence[Observation],
    others: Mapping[BaselineKind, Sequence[Observation]],
    compared: Sequence[ComparisonResult],
    held: Sequence[FidelityResult],
) -> list[BaselineResult]:
    """Return every measure of the simulation beside every baseline; `others` are the baselines' rows.

    `compared` are the simulation's comparisons, `held` its measures beside human answers.
    """
    if not others:
        return []
    # A run without baselines loads no numpy.
    from tinytroupe_cli.analysis.baseline_results import baseline_results  # noqa: PLC0415

    found = baseline_results(plan, rows, others, compared, baseline_measures(plan))
    return [result.model_copy(update={"people": tuple(_to_people(result, held))}) for result in found]


def _to_people(result: BaselineResult, held: Sequence[FidelityResult]) -> Iterator[DistanceToPeople]:
    """Yield how far both are from each set of human answers, by the distance that verdicts on fidelity are about."""
    for fidelity in held:
        figure = next((figure for figure in fidelity.figures if figure.name == fidelity.primary), None)
        if fidelity.measure != result.measure or figure is None or figure.value is None:
            continue
        made = {"random": figure.uniform, "majority": figure.majority}
        distance = made.get(result.baseline, figure.baselines.get(result.baseline))
        if distance is not None:
            yield DistanceToPeople(
                data=fidelity.data,
                column=fidelity.column,
                figure=figure.name,
                simulated=figure.value,
                baseline=distance,
                skill=1 - figure.value / distance if distance else None,
            )
