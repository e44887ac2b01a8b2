"""Runs the calls that follow the trials: sorting and coding answers, checking anchors, forecasts, writing stories.

Its results are logged in `after.jsonl`, which reports read. The file is rewritten in every session until it is
complete; known answers come from the call store.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from tinytroupe_cli.analysis.observations import Observation, measured_rows
from tinytroupe_cli.core.files import write_whole
from tinytroupe_cli.events.postprocessing import (
    AnchorsChecked,
    AnswersForecast,
    PostEvent,
    PostprocessingEnded,
    PostStepFailed,
    StoryWritten,
    encode_all,
)
from tinytroupe_cli.events.transcripts import as_text, transcript
from tinytroupe_cli.events.types import Event, Intervened, MemoryConsolidated, Recalled, StateSet, TurnScored
from tinytroupe_cli.fields.planned_field import PlannedRating
from tinytroupe_cli.measurement.anchor_checks import check_anchors
from tinytroupe_cli.measurement.forecasts import PlannedForecast, forecast, forecasts
from tinytroupe_cli.measurement.normalization import sort_answers
from tinytroupe_cli.measurement.text_coding import code_answers
from tinytroupe_cli.minds.categorizer import Categorizer
from tinytroupe_cli.minds.embedding import ModelEmbedder
from tinytroupe_cli.minds.forecaster import Forecaster
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.storyteller import Storyteller
from tinytroupe_cli.minds.text_coder import TextCoder
from tinytroupe_cli.models.port import ChatModel
from tinytroupe_cli.plan.baseline_trials import trial_name
from tinytroupe_cli.plan.outputs import PlannedStory
from tinytroupe_cli.plan.types import Plan, Trial
from tinytroupe_cli.runs.folder import RunFolder
from tinytroupe_cli.runs.polling import Asks, take_poll

_BEHIND_THE_SCENES = (StateSet, TurnScored, Intervened, Recalled, MemoryConsolidated)
"""Kinds of events that no person experienced."""


async def run_postprocessing(plan: Plan, folder: RunFolder, chat: ChatModel, asks: Asks) -> None:
    """Make the outputs the plan asks for, concurrently; raises errors that stop a run, and keeps finished outputs.

    `asks` returns who answers the polls of a trial.
    """
    events = {trial.id: folder.events(trial.id) for trial in plan.trials}
    work = _work(plan, events, chat)
    work += [
        take_poll(plan, trial, poll, events[trial.id], asks) for poll in plan.outputs.polls for trial in plan.trials
    ]
    if not work or any(isinstance(event, PostprocessingEnded) for event in folder.after()):
        for pending in work:
            pending.close()
        return
    tasks: list[asyncio.Task[PostEvent]] = []
    try:
        async with asyncio.TaskGroup() as group:
            tasks += [group.create_task(pending) for pending in work]
    except ExceptionGroup as errors:  # callers stop a run by the error itself
        raise errors.exceptions[0] from errors
    finally:
        made = [task.result() for task in tasks if _is_good(task)]
        whole: list[PostEvent] = [*made, PostprocessingEnded()] if len(made) == len(work) else made
        write_whole(folder.after_file, encode_all(whole))


def needs_postprocessing(plan: Plan) -> bool:
    """Return whether something is made of a run's answers or trials once all of them are there."""
    made = plan.outputs
    return bool(made.categories or made.codings or made.polls or made.story or _ratings(plan) or any(forecasts(plan)))


def _work(plan: Plan, events: Mapping[str, Sequence[Event]], chat: ChatModel) -> list[Coroutine[Any, Any, PostEvent]]:
    sorter = Categorizer(chat, plan.models.judge, plan.seed)
    rows = measured_rows(plan, events) if plan.outputs.categories else []
    work: list[Coroutine[Any, Any, PostEvent]] = []
    for planned in plan.outputs.categories:
        measure = (planned.query, planned.field)
        answers = [row.value for row in rows if (row.query, row.field) == measure and row.outcome == "stated"]
        work.append(sort_answers(planned, answers, sorter))
    if plan.outputs.codings:
        work += _codings(plan, measured_rows(plan, events), chat)
    work += [_anchors(name, rating, plan, chat) for name, rating in _ratings(plan).items()]
    work += [_forecast(planned, plan, chat) for planned in forecasts(plan)]
    story = plan.outputs.story
    narrated = [trial for trial in plan.trials if story is not None and trial.id in story.trials]
    work += [_narrate(plan, trial, story, events[trial.id], chat) for trial in narrated if story is not None]
    return work


def _codings(plan: Plan, rows: Sequence[Observation], chat: ChatModel) -> Iterator[Coroutine[Any, Any, PostEvent]]:
    coder = TextCoder(chat, plan.models.judge, plan.seed)
    for planned in plan.outputs.codings:
        answers: dict[str, list[str]] = {}
        for row in rows:
            if (row.query, row.field) == (planned.query, planned.field) and row.outcome == "stated":
                answers.setdefault(row.condition, []).append(str(row.value))
        second = None if planned.second is None else TextCoder(chat, planned.second, plan.seed)
        yield code_answers(planned, answers, coder, plan.seed, second=second)


def _ratings(plan: Plan) -> dict[str, PlannedRating]:
    """Return the ratings from words, by measure."""
    return {
        f"{query.name}.{field.name}": field.rating
        for trial in plan.trials
        for query in trial.queries
        for field in query.fields
        if field.rating is not None
    }


async def _anchors(name: str, rating: PlannedRating, plan: Plan, chat: ChatModel) -> AnchorsChecked:
    use = plan.models.ratings
    sets = await check_anchors(rating, ModelEmbedder(chat, use)) if use is not None else ()
    return AnchorsChecked(name=name, sets=sets)


async def _forecast(planned: PlannedForecast, plan: Plan, chat: ChatModel) -> AnswersForecast:
    trial = planned.trial
    named = trial_name("single_prompt", trial.id)
    return await forecast(planned, Forecaster(chat, plan.models.people, trial.seed, named).shares)


async def _narrate(
    plan: Plan, trial: Trial, story: PlannedStory, events: Sequence[Event], chat: ChatModel
) -> StoryWritten | PostStepFailed:
    author = Storyteller(chat, plan.models.author, trial.seed, trial.id)
    lived = [event for event in events if not isinstance(event, _BEHIND_THE_SCENES)]
    lines = [line for line in transcript(lived, with_private=True) if not line.is_trouble]
    story_text = await author.write_story(as_text(lines), people=_people(trial), words=story.words, style=story.style)
    if isinstance(story_text, NoAnswer):
        return PostStepFailed(what="story", name=trial.id, reason=story_text.reason, text=story_text.text)
    return StoryWritten(trial=trial.id, text=story_text)


def _people(trial: Trial) -> str:
    lines = [", ".join(part for part in (member.name, *_facts(member.persona)) if part) for member in trial.people]
    place = [f"Place: {trial.world.place}"] if trial.world.place else []
    return "\n".join([*lines, *place])


def _facts(persona: Mapping[str, JsonValue]) -> list[str]:
    work = persona.get("occupation")
    title = work.get("title", "") if isinstance(work, dict) else work
    return [str(fact) for fact in (persona.get("age"), title) if fact]


def _is_good(task: asyncio.Task[PostEvent]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None
