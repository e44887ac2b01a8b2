"""The `single_prompt` baseline: one call per measure, condition and replicate, for the distribution of the answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.events.perceptions import PERCEPTIONS
from tinytroupe_cli.events.postprocessing import AnswersForecast
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.measurement.cast_margins import cast_margins
from tinytroupe_cli.measurement.verbalized import labeled_answer, probabilities
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.plan.baseline_measures import baseline_fields, can_be_forecast
from tinytroupe_cli.plan.types import CastMember, Plan, PlannedQuery, PlannedStimulus, Trial
from tinytroupe_cli.prompts.catalog import BaselineForecast

MAX_EVENTS: Final = 40
"""Stimuli that are told; with people's own texts there can be one for each person."""
Predict = Callable[[BaselineForecast, str], Awaitable[Sequence[JsonValue] | NoAnswer]]
"""Puts the prompt to a model, with what was wrong with its last reply."""


@dataclass(frozen=True, slots=True)
class PlannedForecast:
    """One call."""

    measure: str
    trial: Trial
    """The first trial of the condition and replicate."""
    asked: BaselineForecast


def forecasts(plan: Plan) -> Iterator[PlannedForecast]:
    """Yield every call of the baseline; none where the plan has no such baseline."""
    if "single_prompt" not in plan.baselines:
        return
    cells: dict[tuple[str, int], list[Trial]] = {}
    for trial in plan.trials:
        cells.setdefault((trial.condition, trial.replicate), []).append(trial)
    for trials in cells.values():
        people = list({member.id: member for trial in trials for member in trial.people}.values())
        for query in trials[0].queries:
            for field in filter(can_be_forecast, baseline_fields(query)):
                asked = _prompt(trials[0], query, field, people)
                yield PlannedForecast(f"{query.name}.{field.name}", trials[0], asked)


async def forecast(planned: PlannedForecast, predict: Predict) -> AnswersForecast:
    """Ask for the distribution, once more if the shares don't add up."""
    blank = AnswersForecast(name=planned.measure, condition=planned.trial.condition, replicate=planned.trial.replicate)
    written = await predict(planned.asked, "")
    found = written if isinstance(written, NoAnswer) else probabilities(written)
    if isinstance(found, str):
        written = await predict(planned.asked, found)
        found = written if isinstance(written, NoAnswer) else probabilities(written)
    if isinstance(found, NoAnswer):
        return blank.model_copy(update={"why": found.text or found.reason.replace("_", " ")})
    return blank.model_copy(update={"why": found} if isinstance(found, str) else {"pmf": found})


def _prompt(trial: Trial, query: PlannedQuery, field: PlannedField, people: Sequence[CastMember]) -> BaselineForecast:
    answers = type_of(field).answers(field)
    questions = Counter(query.questions[person] for person in query.people)
    named = f" ({field.name.replace('_', ' ')})" if len(query.fields) > 1 else ""
    return BaselineForecast(
        count=len(people),
        margins=tuple(cast_margins(people)),
        occasion=trial.world.name,
        place=trial.world.place,
        events=tuple(_events(trial)),
        is_unblinded=bool(trial.unblinded),
        is_observed=query.procedure == "observe",
        question=questions.most_common(1)[0][0].strip() + named,
        answers=tuple(
            (f"answer_{place}", labeled_answer(field, value)) for place, value in enumerate(answers, start=1)
        ),
    )


def _events(trial: Trial) -> list[str]:
    """Return what reaches people, each text once."""
    names = {member.id: member.name for member in trial.people}
    lines = list(dict.fromkeys(_event(stimulus, names) for stimulus in trial.stimuli))
    more = len(lines) - MAX_EVENTS
    return [*lines[:MAX_EVENTS], *([f"and {more} more of this kind"] if more > 0 else [])]


def _event(stimulus: PlannedStimulus, names: dict[str, str]) -> str:
    to = "everyone" if stimulus.to_everyone else ", ".join(names[person] for person in stimulus.to)
    words = PERCEPTIONS[stimulus.verb].design_phrase.format(source=stimulus.source, to=to)
    return f"{words}: {stimulus.text}"
