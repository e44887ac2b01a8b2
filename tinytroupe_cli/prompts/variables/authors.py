"""What the prompts of the author are filled in with: personas, populations, stories, texts."""

from __future__ import annotations

from tinytroupe_cli.prompts.variables.strict import Variables


class AuthorPopulation(Variables):
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


class AuthorDrawn(Variables):
    """Fills in `author/drawn`."""

    facts: str
    letters: str
    temper: str
    faults: str


class AuthorPersona(Variables):
    """Fills in `author/persona`."""

    sentence: str
    name: str


class AuthorStory(Variables):
    """Fills in `author/story`."""

    people: str
    happened: str
    so_far: str
    words: int
    is_end: bool
    style: str


class AuthorNotes(Variables):
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
