"""Finds the figures that a plan's description tells. The words are in templates/."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from tinytroupe_cli.analysis.weights import Weighting, weighed_people
from tinytroupe_cli.events.perceptions import PERCEPTIONS
from tinytroupe_cli.plan.periods import parts_of
from tinytroupe_cli.plan.tie_graph import components, neighbors
from tinytroupe_cli.plan.types import CastMember, Plan, PlannedField, PlannedQuery, PlannedStimulus, Trial
from tinytroupe_cli.preview.estimate.estimate import Estimate, EstimateRange
from tinytroupe_cli.preview.filters import shown

BelongingKind: TypeAlias = Literal["document", "write_document", "calendar", "function"]
Thing: TypeAlias = tuple[BelongingKind, str | int]
"""What a person has: its kind and what tells it from others of that kind."""

MAX_PEOPLE: Final = 12
MAX_CONDITIONS: Final = 16
MAX_GROUPS: Final = 6
MAX_NAMES: Final = 3
"""Of people whom the opening names."""
MAX_LABELS: Final = 4
"""Of conditions that the opening names."""


def weights(plan: Plan) -> Weighting | None:
    """Return how people are weighted; None: everybody counts the same."""
    weighed = weighed_people(plan)
    return weighed.weighting if weighed else None


@dataclass(frozen=True, slots=True)
class Ties:
    """How a trial's people are tied at the start."""

    count: int
    people: int
    mean: float
    """Ties per person."""
    components: list[int]
    """Sizes of the groups of people between whom there is a way, largest first."""
    loners: int


@dataclass(frozen=True, slots=True)
class Belonging:
    """A document or tool, and whose it is."""

    kind: BelongingKind
    detail: str | int
    """The document's name; how documents are enriched; minutes of reminders; the function."""
    owners: list[str]
    is_everyones: bool


@dataclass(frozen=True, slots=True)
class AskedQuery:
    """Numbers of queries, by who answers them."""

    interview: int
    transcript: int
    people: int
    """People they are about."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of all roles."""

    read: EstimateRange
    written: EstimateRange


def written_people(plan: Plan) -> list[CastMember]:
    """Return everyone who is not drawn from a population, once."""
    return [member for member in plan.cast if member.drawn is None]


def facts(member: CastMember) -> list[str]:
    """Return a person's age and occupation, as far as they are known."""
    occupation = member.persona.get("occupation")
    title = occupation.get("title") if isinstance(occupation, dict) else occupation
    return [shown(part) for part in (member.persona.get("age"), title) if isinstance(part, int | str)]


def names(plan: Plan) -> list[str]:
    """Return everyone's name, once."""
    return list(dict.fromkeys(member.name for member in plan.cast))


def ties(trial: Trial) -> Ties:
    """Count a trial's ties."""
    count, people = len(trial.world.ties), len(trial.people)
    sizes = [len(group) for group in components(neighbors_in(trial))]
    return Ties(count, people, 2 * count / people, sizes, sizes.count(1))


def neighbors_in(trial: Trial) -> dict[str, dict[str, str]]:
    """Return person -> those they are tied to -> what the tie is called."""
    return neighbors((member.id for member in trial.people), trial.world.ties)


def places(trial: Trial) -> dict[str, int]:
    """Return place -> people who are there at first."""
    at: dict[str, int] = dict.fromkeys(trial.world.places, 0)
    for member in trial.people:
        place = member.place or trial.world.place
        at[place] = at.get(place, 0) + 1
    return at


def belongings(trial: Trial) -> list[Belonging]:
    """Return each document and tool once."""
    owners: dict[Thing, list[str]] = {}
    for member in trial.people:
        for thing in dict.fromkeys(_things(member)):
            owners.setdefault(thing, []).append(member.id)
    everyone = len(trial.people)
    return [Belonging(*thing, people, len(people) == everyone) for thing, people in owners.items()]


def shows_source(stimulus: PlannedStimulus) -> bool:
    """Return whether it is told where a stimulus comes from."""
    return PERCEPTIONS[stimulus.verb].shows_source


def questions(query: PlannedQuery) -> list[str]:
    """Return a query's texts, each once."""
    return list(dict.fromkeys(query.questions.values()))


def first_part(plan: Plan) -> Trial:
    """Return the first period of a plan's first trial, with the orders of options that anybody is shown."""
    part = parts_of(plan.trials[0])[0].trial
    shown = [(query.name, order.field) for query in part.queries for order in query.orders]
    starts = {place: dict[str, int]() for place in shown}
    for query in (each for trial in plan.trials for each in trial.queries):
        for order in query.orders:
            starts[query.name, order.field] |= order.starts
    queries = (
        query.model_copy(
            update={
                "orders": tuple(
                    order.model_copy(update={"starts": starts[query.name, order.field]}) for order in query.orders
                )
            }
        )
        for query in part.queries
    )
    return part.model_copy(update={"queries": tuple(queries)})


def people_asked(plan: Plan, query: PlannedQuery) -> int:
    """Return how many people a query is about: in all wordings, blocks and orders where there are several."""
    if plan.wordings is None and plan.stopping is None and not plan.assignment.sequences:
        return len(query.people)
    own = (candidate.people for trial in plan.trials for candidate in trial.queries if candidate.name == query.name)
    return len({person for people in own for person in people})


def asked_fields(query: PlannedQuery) -> list[PlannedField]:
    """Return the fields that are asked for."""
    return [field for field in query.fields if not field.is_auxiliary]


def asked(plan: Plan) -> AskedQuery:
    """Count the queries of all trials, each once. A score is computed, not asked."""
    queries = list({query.name: query for trial in plan.trials for query in trial.queries}.values())
    return AskedQuery(
        interview=sum(query.procedure == "interview" for query in queries),
        transcript=sum(query.procedure in ("observe", "judge") for query in queries),
        people=len({member.id for trial in plan.trials for member in trial.people}),
    )


def polled(plan: Plan) -> dict[str, int]:
    """Return measure -> how often polls ask each person for it, beside the end."""
    steps = plan.trials[0].world.steps
    times = {poll.measure: len(list(poll.moments(steps))) for poll in plan.outputs.polls}
    return {measure: number for measure, number in times.items() if number}


def all_tokens(estimate: Estimate) -> Tokens:
    """Add up the tokens of all roles."""
    return Tokens(
        read=sum((role.prompt for role in estimate.roles), start=EstimateRange()),
        written=sum((role.completion for role in estimate.roles), start=EstimateRange()),
    )


def _things(member: CastMember) -> Iterator[Thing]:
    for name in member.documents:
        yield "document", name
    for tool in member.tools:
        match tool.kind:
            case "write_document":
                yield tool.kind, tool.enrich
            case "calendar":
                yield tool.kind, tool.remind
            case "function":
                yield tool.kind, tool.function
