"""What a model made of the run once its trials were over, as results: categories and stories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tinytroupe_cli.analysis.discussion_polls import poll_moment
from tinytroupe_cli.events.postprocessing import (
    AnswersCategorized,
    AnswersCoded,
    AnswersForecast,
    PollTaken,
    PostEvent,
    PostStepFailed,
    StoryWritten,
)
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.outputs import PlannedCategories
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.reports.problems import Problem


class SortedText(Frozen):
    """One free-text answer and its category."""

    text: str
    """The answer."""
    category: str | None
    """Its category; null: it fits none, or could not be categorized."""
    why: str = ""
    """Why it could not be categorized; otherwise empty."""


class Categories(Frozen):
    """Free-text answers, categorized by `normalize`."""

    measure: str
    """The free-text answers, as `query.field`."""
    name: str
    """The categorized answers, as `query.field`; they have their own `rows` and `summaries`."""
    is_proposed: bool
    """The judge proposed the categories; otherwise the experiment gives them."""
    categories: tuple[str, ...] = ()
    """The categories."""
    texts: tuple[SortedText, ...] = ()
    """Each different answer with its category."""


class WrittenStory(Frozen):
    """The story of one trial."""

    trial: str
    """Id of the trial."""
    condition: str
    """Name of the condition; empty: several, one after another."""
    text: str
    """The story."""


def categories(plan: Plan, after: Sequence[PostEvent]) -> list[Categories]:
    """Return the categorized answers, in the order written; empty if it failed."""
    found = {event.name: event for event in after if isinstance(event, AnswersCategorized)}
    return [_categories(planned, found.get(planned.measure)) for planned in plan.outputs.categories]


def stories(plan: Plan, after: Sequence[PostEvent]) -> list[WrittenStory]:
    """Return the stories that were written, in the order of trials."""
    stories_by_trial = {event.trial: event.text for event in after if isinstance(event, StoryWritten)}
    return [
        WrittenStory(trial=trial.id, condition=trial.condition, text=stories_by_trial[trial.id])
        for trial in plan.trials
        if trial.id in stories_by_trial
    ]


def postprocessing_problems(after: Sequence[PostEvent]) -> Iterator[Problem]:
    """Yield what could not be made."""
    for event in after:
        match event:
            case PostStepFailed(what="story"):
                yield Problem(kind=event.reason, trial=event.name, text=f"the story: {event.text}")
            case PostStepFailed():
                query, _, field = event.name.partition(".")
                yield Problem(kind=event.reason, query=query, field=field, text=event.text)
            case AnswersCoded():
                yield from _uncoded(event)
            case PollTaken():
                yield from _unanswered(event)
            case AnswersForecast(pmf=()):
                query, _, field = event.name.partition(".")
                text = f"the forecast of a single prompt: {event.why}"
                yield Problem(kind="bad_output", query=query, field=field, text=text)
            case AnswersCategorized():
                query, _, field = event.name.partition(".")
                for text, why in event.faults.items():
                    yield Problem(kind="bad_output", query=query, field=field, text=f"{why} (sorting “{text}”)")
            case _:
                continue


def _uncoded(event: AnswersCoded) -> Iterator[Problem]:
    """Yield the texts that could not be coded, or not with all codes."""
    query, _, field = event.name.partition(".")
    for text, codes in event.texts.items():
        why = codes.why or "; ".join(f"{code}: {fault}" for code, fault in codes.faults.items())
        if why:
            said = f"{why} (coding “{text}”)"
            yield Problem(kind=codes.reason or "bad_output", query=query, field=field, text=said)


def _unanswered(event: PollTaken) -> Iterator[Problem]:
    """Yield the private interviews that were declined or failed."""
    query, _, field = event.name.partition(".")
    for answer in event.answers:
        if answer.outcome in ("refused", "failed"):
            yield Problem(
                kind=answer.reason or ("refused" if answer.outcome == "refused" else "bad_output"),
                trial=event.trial,
                person=answer.person,
                query=query,
                field=field,
                moment=poll_moment(answer.moment),
                text=answer.why,
            )


def _categories(planned: PlannedCategories, found: AnswersCategorized | None) -> Categories:
    texts = found.texts if found else {}
    faults = found.faults if found else {}
    return Categories(
        measure=f"{planned.query}.{planned.field}",
        name=planned.measure,
        is_proposed=bool(planned.most),
        categories=found.categories if found else planned.categories,
        texts=(
            *(SortedText(text=text, category=category) for text, category in texts.items()),
            *(SortedText(text=text, category=None, why=why) for text, why in faults.items()),
        ),
    )
