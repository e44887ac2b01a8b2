"""What each prompt is filled in with; pyright checks the callers."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Variables(BaseModel):
    """A prompt's variables: all named, none left over."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PersonSystem(Variables):
    """Fills in `person/system`."""

    name: str
    portrait: str
    max_words: int


class PersonPerceived(Variables):
    """Fills in `person/perceived`."""

    sense: str
    source: str
    to: str
    text: str


class PersonPresent(Variables):
    """Fills in `person/present`."""

    name: str
    date: str
    occasion: str
    place: str
    listeners: tuple[str, ...]
    abilities: tuple[str, ...]
    feeling: str
    goal: str
    attention: str
    context: str
    said: tuple[str, ...]


class PersonRecalled(Variables):
    """Fills in `person/recalled`."""

    memories: tuple[str, ...]


class MemoryConsolidate(Variables):
    """Fills in `memory/consolidate`."""

    name: str
    most: int


class PersonForm(Variables):
    """Fills in `person/form`."""

    name: str
    act: str
    does: str
    about: str


class PersonAgain(Variables):
    """Fills in `quality/again`."""

    name: str
    attempt: str
    reason: str


class PersonTalk(Variables):
    """Fills in `person/talk`."""

    exchanges: tuple[tuple[str, str], ...]
    message: str


class PersonAnswer(Variables):
    """Fills in `person/answer`."""

    name: str
    question: str


class JudgeQuery(Variables):
    """Fills in `judge/query`."""

    transcript: str
    pieces: int
    about: str
    question: str


class JudgeQueryNotes(Variables):
    """Fills in `judge/query_notes`."""

    piece: str
    number: int
    pieces: int
    about: str
    question: str


class JudgeQuality(Variables):
    """Fills in `judge/quality`."""

    name: str
    portrait: str
    past: str
    attempt: str
    qualities: tuple[tuple[str, str], ...]


class SafetyNotice(Variables):
    """Fills in the notices of `safety/…`, which have nothing to fill in."""


class JudgeClaim(Variables):
    """Fills in `judge/claim`."""

    personas: tuple[tuple[str, str], ...]
    evidence: str
    pieces: int
    about: str
    claim: str
    is_scored: bool


class JudgeNotes(Variables):
    """Fills in `judge/notes`."""

    personas: tuple[tuple[str, str], ...]
    evidence: str
    number: int
    pieces: int
    about: str
    claim: str


class ReadyClaim(Variables):
    """Fills in the claims that come with the package."""

    who: str


class ReadyClaimOfTask(Variables):
    """Fills in `claims/task_completion`."""

    who: str
    task: str


class PopulationToWrite(Variables):
    """Fills in `author/population`."""

    context: str
    asked: tuple[tuple[str, str], ...]


class PopulationToPlan(Variables):
    """Fills in `author/plan`."""

    title: str
    about: str
    tables: tuple[tuple[str, str], ...]


class Questions(Variables):
    """Fills in `author/questions`."""

    name: str
    portrait: str
    expectation: str
    count: int


class DrawnToWrite(Variables):
    """Fills in `author/drawn`."""

    facts: str
    letters: str
    temper: str
    faults: str


class PersonaToWrite(Variables):
    """Fills in `author/persona`."""

    sentence: str
    name: str


class CategoriesToPropose(Variables):
    """Fills in `judge/categories`."""

    texts: str
    most: int


class TextsToSort(Variables):
    """Fills in `judge/sort`."""

    texts: tuple[str, ...]
    categories: tuple[str, ...]
    otherwise: str


class StoryToTell(Variables):
    """Fills in `author/story`."""

    people: str
    happened: str
    so_far: str
    words: int
    is_end: bool
    style: str


class NotesForStory(Variables):
    """Fills in `author/notes`."""

    happened: str
    words: int


class TextToEnrich(Variables):
    """Fills in `author/enrich`."""

    text: str
    requirements: str
    context: str
    before: str


class TextToRestyle(Variables):
    """Fills in `author/restyle`."""

    text: str
    style: str
    context: str
    before: str


class ScriptSystem(Variables):
    """Fills in `script/system`."""

    name: str
    portrait: str


class ScriptTranscript(Variables):
    """Fills in `script/transcript`."""

    name: str
    past: tuple[str, ...]
    scene: str
    news: tuple[str, ...]


class ScriptScene(Variables):
    """Fills in `script/scene`."""

    name: str
    date: str
    occasion: str
    place: str
    listeners: tuple[str, ...]
    feeling: str
    goal: str
    attention: str
    context: str
    memories: tuple[str, ...]
    said: tuple[str, ...]


class ScriptPerceived(Variables):
    """Fills in `script/perceived`."""

    name: str
    sense: str
    source: str
    to: str
    text: str


class ScriptAct(Variables):
    """Fills in `script/act`."""

    name: str
    line: str
    abilities: tuple[str, ...]
    listeners: tuple[str, ...]


class ScriptMood(Variables):
    """Fills in `script/mood`."""

    name: str
    line: str


class ScriptCode(Variables):
    """Fills in `script/code`."""

    name: str
    question: str
    words: str
    items: str
    fault: str


class ScriptVerdict(Variables):
    """Fills in `script/verdict`."""

    question: str
    words: str
    about: str


class ScriptAside(Variables):
    """Fills in `script/aside`."""

    name: str
    memories: tuple[str, ...]
