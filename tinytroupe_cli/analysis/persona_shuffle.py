"""Whether answers follow the persona: correlations of answers given with another's persona, and their intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue

from tinytroupe_cli.analysis.measure_values import measured_options, number_of
from tinytroupe_cli.analysis.observations import Observation, measured_rows
from tinytroupe_cli.analysis.scores import with_score_rows, with_scores
from tinytroupe_cli.analysis.shuffle_result import ShuffleResult
from tinytroupe_cli.analysis.units import MIN_UNITS, CellValues, cell_values, units_of
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.plan.baseline_measures import baseline_measures
from tinytroupe_cli.plan.baseline_trials import persona_givers, shuffled_trials
from tinytroupe_cli.plan.types import Plan


def persona_shuffle(
    plan: Plan, rows: Sequence[Observation], events: Mapping[str, Sequence[Event]]
) -> Iterator[ShuffleResult]:
    """Yield each measure's correlations with the persona's own and the seat's other answers; none without a shuffle."""
    trials = shuffled_trials(plan)
    if not trials:
        return
    played = with_scores(plan.model_copy(update={"trials": trials}))
    shuffled = with_score_rows(played, measured_rows(played, events))
    givers = {trial.condition: dict[str, str]() for trial in trials}
    for trial in trials:
        givers[trial.condition] |= persona_givers([member.id for member in trial.people], plan.seed)
    for (query, _), field in baseline_measures(with_scores(plan)).items():
        for option in measured_options(field):
            yield _result(plan, (query, field, option), (rows, shuffled), givers)


def _result(
    plan: Plan,
    measure: tuple[str, PlannedField, JsonValue],
    both: tuple[Sequence[Observation], Sequence[Observation]],
    givers: Mapping[str, Mapping[str, str]],
) -> ShuffleResult:
    query, field, option = measure
    blank = ShuffleResult(measure=f"{query}.{field.name}", option=option, alpha=plan.inference.alpha)
    units, number = units_of(plan, "people"), number_of(field, option)
    own, other = (
        cell_values([row for row in rows if (row.query, row.field) == (query, field.name)], units, number)
        for rows in both
    )
    triples = _triples(own, other, givers)
    people = len({seat for seat, *_ in triples})
    if people < MIN_UNITS:
        return blank.model_copy(update={"why_not": f"fewer than {MIN_UNITS} people have all the answers"})
    # A run without a shuffle loads no numpy.
    from tinytroupe_cli.analysis.shuffle_figures import shuffle_figures  # noqa: PLC0415

    seed = Stream(plan.seed, "analysis", "shuffle", blank.measure).integer()
    found = shuffle_figures(triples, draws=plan.inference.resamples, seed=seed, alpha=plan.inference.alpha)
    update = {"people": people, "is_deterministic": _is_deterministic(both[0], blank.measure, plan.replicates), **found}
    return blank.model_copy(update=update)


def _triples(
    own: CellValues, other: CellValues, givers: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, str, float, float, float]]:
    """Return seat, condition, the answer there, the mean answer of the persona's owner, and that of the seat's."""
    return [
        (seat, condition, value, own[giver, condition], own[seat, condition])
        for (seat, condition), value in other.items()
        if (giver := givers[condition][seat], condition) in own and (seat, condition) in own
    ]


def _is_deterministic(rows: Sequence[Observation], measure: str, replicates: int) -> bool:
    """Return whether all replicates are equal, so that asking again tells nothing."""
    found: dict[tuple[str, str, int], set[str]] = {}
    for row in rows:
        if f"{row.query}.{row.field}" == measure and row.outcome == "stated":
            found.setdefault((row.person, row.condition, row.sample), set()).add(repr((row.value, row.pmf)))
    return replicates > 1 and bool(found) and all(len(values) == 1 for values in found.values())
