"""Assembles a trial: minds, a judge, and the contents of its world."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pydantic import JsonValue

from tinytroupe_cli.api.toolbox import Toolbox
from tinytroupe_cli.events.types import Event
from tinytroupe_cli.measurement.coding import InWords, Rate
from tinytroupe_cli.measurement.queries import Respondents
from tinytroupe_cli.measurement.ssr import Ratings
from tinytroupe_cli.measurement.word_rating import rated, value_of
from tinytroupe_cli.minds.embedding import ModelEmbedder
from tinytroupe_cli.minds.guarding import Guarding
from tinytroupe_cli.minds.judge import Judge
from tinytroupe_cli.minds.memory.person_memory import MemorySettings
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.person import PersonMind
from tinytroupe_cli.minds.quality import QualityCheckedMind, QualityThresholds
from tinytroupe_cli.minds.rewriting import Rewriter
from tinytroupe_cli.minds.script.coder import Coder
from tinytroupe_cli.minds.script.mind import ScriptedMind
from tinytroupe_cli.minds.text_index import TextIndex
from tinytroupe_cli.minds.topic_check import JudgeTopicCheck
from tinytroupe_cli.models.port import ChatModel
from tinytroupe_cli.plan.types import Plan, PlannedField, Trial
from tinytroupe_cli.runs.trial import run_trial
from tinytroupe_cli.simulation.abilities import ActionProvider, Systems
from tinytroupe_cli.simulation.actions_offered import own_abilities
from tinytroupe_cli.simulation.interventions import Interventions
from tinytroupe_cli.simulation.ports import Actor, Director, Ports
from tinytroupe_cli.simulation.recall import Recalling
from tinytroupe_cli.simulation.systems.pool import SystemPool
from tinytroupe_cli.simulation.systems.reachable import ReachableSystems
from tinytroupe_cli.simulation.tools.calendar import Calendar, calendar_of
from tinytroupe_cli.simulation.tools.document_lookup import DocumentIndex, consulting
from tinytroupe_cli.simulation.tools.functions import user_tools
from tinytroupe_cli.simulation.tools.word_processor import Enrich, word_processor


@dataclass(frozen=True)
class RunResources:
    """What all trials of a run share: models and connections outside the simulation."""

    plan: Plan
    chat: ChatModel
    toolbox: Toolbox | None = None
    """Users' tools; None if nobody acts."""
    systems: SystemPool | None = None

    @cached_property
    def bookcase(self) -> DocumentIndex:
        """Every document of the plan, indexed once."""
        return DocumentIndex(self.plan.library)


def trial_runner(backstage: RunResources) -> Callable[[Trial], AsyncGenerator[Event, None]]:
    """Return the function that runs a trial of the plan."""

    def play_one(trial: Trial) -> AsyncGenerator[Event, None]:
        minds = build_minds(trial, backstage)
        actors = build_actors(trial, minds, backstage)
        judge = Judge(backstage.chat, backstage.plan.models.judge, trial.seed, trial.id)
        calendar = calendar_of(trial)
        ports = Ports(
            actors,
            abilities=(*_recall(trial, minds), *_abilities(trial, backstage, calendar)),
            reminders=() if calendar is None else (calendar,),
            systems=_systems(trial, backstage),
            director=_director(trial, judge),
        )
        return run_trial(trial, ports, _asks(trial, minds, judge, backstage), midway=fresh_respondents(backstage))

    return play_one


def fresh_respondents(backstage: RunResources) -> Callable[[Trial], Respondents]:
    """Return the function that returns who answers questions about a past, independent of those who play the trial."""

    def asks(trial: Trial) -> Respondents:
        judge = Judge(backstage.chat, backstage.plan.models.judge, trial.seed, trial.id)
        return _asks(trial, build_minds(trial, backstage), judge, backstage)

    return asks


def build_minds(trial: Trial, backstage: RunResources) -> dict[str, PersonMind]:
    """Return the people's minds, by id."""
    remembers = MemorySettings(**trial.memory.model_dump())
    embedding_model = backstage.plan.models.embeddings
    embedder = ModelEmbedder(backstage.chat, embedding_model, trial.id) if embedding_model else None
    texts = TextIndex()
    mind = ScriptedMind if backstage.plan.models.people.turns == "script" else PersonMind
    return {
        member.id: mind(
            person=member.id,
            name=member.name,
            persona=member.persona,
            use=backstage.plan.models.people,
            chat=backstage.chat,
            seed=trial.seed,
            trial=trial.id,
            max_words=trial.max_words,
            remembers=remembers,
            embedder=embedder,
            safety=trial.safety,
            accepts_images=trial.sees_images,
            guarding=Guarding(trial.quality.guards, trial.quality.repetition) if trial.quality else Guarding(),
            unblinded=trial.unblinded,
            texts=texts,
            is_one_line=trial.baseline == "demographics",
        )
        for member in trial.people
    }


def _asks(trial: Trial, minds: Mapping[str, PersonMind], judge: Judge, backstage: RunResources) -> Respondents:
    """Return who answers measures: small models answer in words, which are coded and rated."""
    models, chat = backstage.plan.models, backstage.chat
    speakers = {person: mind for person, mind in minds.items() if isinstance(mind, ScriptedMind)}
    coder = Coder(chat, models.people, trial.seed, trial.id)
    in_words = InWords(speakers, coder, _rate(trial, coder, backstage)) if len(speakers) == len(minds) else None
    reader = Coder(chat, models.judge, trial.seed, trial.id, role="judge")
    is_small = models.judge.turns == "script"
    return Respondents(
        minds, judge, in_words, _ratings(trial, backstage), _rate(trial, reader, backstage) if is_small else None
    )


def _ratings(trial: Trial, backstage: RunResources) -> Ratings | None:
    use = backstage.plan.models.ratings
    if use is None:
        return None
    topics = JudgeTopicCheck(backstage.chat, backstage.plan.models.judge, trial.seed, trial.id)
    return Ratings(ModelEmbedder(backstage.chat, use, trial.id), topics)


def _rate(trial: Trial, coder: Coder, backstage: RunResources) -> Rate | None:
    use = backstage.plan.models.ratings
    if use is None:
        return None
    embedder = ModelEmbedder(backstage.chat, use, trial.id)

    async def rate(words: str, field: PlannedField, question: str) -> JsonValue | None:
        rating = await rated(words, field, question, embedder, choose=coder.choose)
        return None if rating is None else value_of(rating, field)

    return rate


def _recall(trial: Trial, minds: Mapping[str, PersonMind]) -> tuple[ActionProvider, ...]:
    return () if trial.memory.recall == "off" else (Recalling(minds),)


def build_actors(trial: Trial, minds: Mapping[str, PersonMind], backstage: RunResources) -> Mapping[str, Actor]:
    """Return who takes the turns: the people or, where turns are scored, their checked versions."""
    asked = trial.quality
    if asked is None or not (asked.least or asked.guards):
        return minds
    standards = QualityThresholds(asked.least, asked.attempts, asked.on_fail)
    return {person: QualityCheckedMind(mind, backstage.plan.models.judge, standards) for person, mind in minds.items()}


def _abilities(trial: Trial, backstage: RunResources, calendar: Calendar | None) -> tuple[ActionProvider, ...]:
    toolbox = backstage.toolbox
    offered = (
        consulting(trial, backstage.bookcase),
        word_processor(trial, _enrich(backstage)),
        calendar,
        user_tools(trial, toolbox.functions, store=toolbox.store, clock=toolbox.clock) if toolbox else None,
        *own_abilities(trial),
    )
    return tuple(abilities for abilities in offered if abilities is not None)


def _enrich(backstage: RunResources) -> Enrich:
    """Return the function that expands people's documents, using the author's model."""

    async def enriched(title: str, content: str, wish: str) -> str | NoAnswer:
        author = Rewriter(backstage.chat, backstage.plan.models.author, f"The text is a document called '{title}'.")
        return await author.enrich(content, wish)

    return enriched


def _systems(trial: Trial, backstage: RunResources) -> Systems | None:
    if not trial.systems or backstage.systems is None:
        return None
    return ReachableSystems(trial, backstage.systems.of(trial))


def _director(trial: Trial, judge: Judge) -> Director | None:
    return Interventions(trial, judge) if trial.interventions else None
