"""What was asked, and who took part: the plan, as a reader wants it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from operator import not_

from pydantic import Field, JsonValue

from tinytroupe_cli.analysis.units import units_of
from tinytroupe_cli.events.perceptions import Verb
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.personas.edits import attributes_of
from tinytroupe_cli.plan.periods import parts_of
from tinytroupe_cli.plan.planned_assignment import PlannedAssignment
from tinytroupe_cli.plan.types import CastMember, Plan, PlannedField, PlannedStimulus, Trial


class Participant(Frozen):
    """A person of the cast. `age`, `work` and `place` are empty if the persona does not give them."""

    id: str
    """Id of the person."""
    name: str
    """Full name."""
    age: str = ""
    """Age."""
    work: str = ""
    """Occupation."""
    place: str = ""
    """Where they live."""
    sources: tuple[str, ...] = ()
    """Files the persona was made from."""
    documents: tuple[str, ...] = Field(default=(), exclude_if=not_)
    """Names of the documents they could read; not written where there are none."""
    attributes: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    """Every single value of the persona by its dotted name, such as `occupation.title`; lists are left out."""
    assigned: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    """Factor -> the one level they experienced, for factors that vary between people."""
    unit: str = ""
    """Unit of analysis they belong to: themselves, or the first of the people who could reach each other."""
    weight: float | None = None
    """Weight of the person (the mean weight is 1); null: there are no weights."""
    block: str = ""
    """Block they were assigned within; empty: no blocks."""
    sequence: tuple[str, ...] = Field(default=(), exclude_if=not_)
    """Names of the conditions in the order in which they experienced them; not written unless they experience them one
    after another (`design.order`)."""
    group: int = 0
    """Number of their room, or of their connected part of a network if whole parts are assigned; 0: neither."""


class StimulusSummary(Frozen):
    """A stimulus, and the conditions it belongs to."""

    step: int
    """Number of the step; if people experience conditions one after another, in a condition that comes first."""
    verb: Verb
    """The verb, such as say."""
    source: str
    """Who or what it comes from."""
    to: tuple[str, ...]
    """Names of those it reaches; empty: everyone."""
    text: str
    """The text."""
    conditions: tuple[str, ...]
    """Names of the conditions."""
    images: tuple[str, ...] = ()
    """Images that came with it, in the run's folder `images/`."""


class QuestionText(Frozen):
    """A wording of a question, and the conditions in which it was used."""

    text: str
    """The wording."""
    conditions: tuple[str, ...]
    """Names of the conditions."""


class QuerySummary(Frozen):
    """A query, over all trials."""

    query: str
    """Name of the query."""
    procedure: str = Field(validation_alias="how", serialization_alias="how")
    """`observe`: a judge read the transcript; `interview`: the person was asked, in character; `judge`: a proposition,
    whose questions are claims."""
    is_of_people: bool
    """About each person; otherwise about the whole world."""
    samples: int
    """How many times it was asked."""
    questions: tuple[QuestionText, ...]
    """Each wording."""
    fields: tuple[PlannedField, ...]
    """The fields."""


def participants(plan: Plan, weights: Mapping[str, float]) -> list[Participant]:
    """Return everybody who takes part in any trial, in cast order; `weights` are empty where there are none."""
    places, units = _places(plan.assignment), units_of(plan, "people").of
    return [
        _participant(member).model_copy(
            update={**places.get(member.id, {}), "unit": units[member.id], "weight": weights.get(member.id)}
        )
        for member in plan.cast
    ]


def _places(assignment: PlannedAssignment) -> dict[str, dict[str, object]]:
    """Return person -> what they were assigned to."""
    found: dict[str, dict[str, object]] = defaultdict(dict)
    for cell in assignment.cells:
        for person in cell.people:
            found[person]["assigned"] = cell.levels
    for block, people in assignment.blocks.items():
        for person in people:
            found[person]["block"] = block
    for sequence in assignment.sequences:
        for person in sequence.people:
            found[person]["sequence"] = sequence.conditions
    for number, group in enumerate(assignment.groups, start=1):
        for person in group:
            found[person]["group"] = number
    return found


def stimulus_summaries(plan: Plan) -> list[StimulusSummary]:
    """Return all that reached people, each wording once, in the order of steps."""
    found: dict[tuple[int, Verb, str, tuple[str, ...], str, tuple[str, ...]], dict[str, None]] = {}
    for part in (part for trial in plan.trials for part in parts_of(trial)):
        for stimulus in part.trial.stimuli:
            put = stimulus.model_copy(update={"step": stimulus.step - part.later})
            found.setdefault(_identity(put, part.trial), {})[part.trial.condition] = None
    made = [
        StimulusSummary(
            step=step, verb=verb, source=source, to=to, text=text, conditions=tuple(conditions), images=images
        )
        for (step, verb, source, to, text, images), conditions in found.items()
    ]
    return sorted(made, key=lambda put: put.step)


def query_summaries(plan: Plan) -> list[QuerySummary]:
    """Return every query with each wording of its question once."""
    queries = {query.name: query for trial in plan.trials for query in trial.queries}
    return [
        QuerySummary(
            query=query.name,
            procedure=query.procedure,
            is_of_people=bool(query.people),
            samples=query.samples,
            questions=tuple(_questions(plan, query.name)),
            fields=query.fields,
        )
        for query in queries.values()
    ]


def _participant(member: CastMember) -> Participant:
    persona = member.persona
    return Participant(
        id=member.id,
        name=member.name,
        age=_word(persona.get("age")),
        work=_work(persona.get("occupation")),
        place=next((word for key in _PLACES if (word := _word(persona.get(key)))), ""),
        sources=member.sources,
        documents=member.documents,
        attributes={key: value for key, value in attributes_of(persona) if key != "name"},
    )


_PLACES = ("residence", "country_of_residence", "nationality")


def _work(occupation: JsonValue) -> str:
    if not isinstance(occupation, dict):
        return _word(occupation)
    title, organization = _word(occupation.get("title")), _word(occupation.get("organization"))
    return ", ".join(part for part in (title, organization) if part)


def _word(value: JsonValue) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _identity(stimulus: PlannedStimulus, trial: Trial) -> tuple[int, Verb, str, tuple[str, ...], str, tuple[str, ...]]:
    names: Mapping[str, str] = {member.id: member.name for member in trial.people}
    to = () if stimulus.to_everyone else tuple(names.get(person, person) for person in stimulus.to)
    return stimulus.step, stimulus.verb, stimulus.source, to, stimulus.text, stimulus.images


def _questions(plan: Plan, name: str) -> Iterator[QuestionText]:
    found: dict[str, dict[str, None]] = {}
    for trial in (part.trial for whole in plan.trials for part in parts_of(whole)):
        for query in trial.queries:
            for text in query.questions.values() if query.name == name else ():
                found.setdefault(text, {})[trial.condition] = None
    yield from (QuestionText(text=text, conditions=tuple(conditions)) for text, conditions in found.items())
