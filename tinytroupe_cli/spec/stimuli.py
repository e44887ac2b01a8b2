"""Stimuli: what people see, hear and are set to do. One verb each."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from tinytroupe_cli.events.perceptions import VERBS
from tinytroupe_cli.spec.spec_model import SpecModel, only_key
from tinytroupe_cli.spec.wordings import WordedText, Wordings


class Where(SpecModel):
    """Everyone for whom an expression is true."""

    where: str = Field(min_length=1)
    """A condition on the persona, such as `age > 40 and 'nurse' in occupation.title`."""


class AtStep(SpecModel):
    """At one step."""

    step: int = Field(ge=1)
    """The number of the step, counted from 1."""


class Every(SpecModel):
    """At regular steps."""

    every: int = Field(ge=1)
    """Every step that is a multiple of this number: 2 means steps 2, 4, 6, …"""


def kind_of_moment(value: Any) -> str | None:
    """Return which moment it is: a word, or the key only it has."""
    return "<word>" if isinstance(value, str) else only_key(value, ("step", "every"))


Audience = str | list[str] | Where
StimulusTime = Annotated[
    Annotated[Literal["start", "end"], Tag("<word>")]
    | Annotated[AtStep, Tag("<step>")]
    | Annotated[Every, Tag("<every>")],
    Discriminator(kind_of_moment),
]


class _Stimulus(SpecModel):
    source: str = Field(default="the moderator", alias="from", min_length=1)
    """Who or what it comes from."""
    to: Audience = "everyone"
    """Who it reaches: everyone, a name, a list of names, or {where: …}."""
    at: StimulusTime = "start"
    """When: start, {step: 3}, {every: 2}, or end (the last step, before people act)."""


class Say(_Stimulus):
    """Words that people hear."""

    say: WordedText
    """What is said (a template), or {wordings: […]}."""


class Think(_Stimulus):
    """A thought that comes to people."""

    think: WordedText
    """The thought (a template), or {wordings: […]}."""


class Goal(_Stimulus):
    """A goal people now have."""

    goal: WordedText
    """The goal (a template), or {wordings: […]}."""


class Picture(SpecModel):
    """An image."""

    image: str | None = None
    """An image file (PNG, JPEG, WebP or GIF), or a data: URI."""
    text: str | None = None
    """What the image shows, in words, for people whose model does not take images (a template)."""


class Show(_Stimulus):
    """Something that people see."""

    show: str | Picture | Wordings
    """What is seen, in words (a template), {image: …, text: …}, or {wordings: […]}."""


class Read(_Stimulus):
    """A whole document, placed in people's prompts."""

    read: str
    """The document: a path."""


class Move(_Stimulus):
    """A move to another place."""

    move: str
    """The place people are in from now on (a template)."""


class Social(_Stimulus):
    """News about people's relationships."""

    social: WordedText
    """What people learn about each other (a template), or {wordings: […]}."""


def verb_of(value: Any) -> str | None:
    """Return the tag of a stimulus's one verb; None if it has none or several."""
    if isinstance(value, _Stimulus):
        return f"<{type(value).__name__.lower()}>"
    return only_key(value, VERBS)


Stimulus = Annotated[
    Annotated[Say, Tag("<say>")]
    | Annotated[Think, Tag("<think>")]
    | Annotated[Goal, Tag("<goal>")]
    | Annotated[Show, Tag("<show>")]
    | Annotated[Read, Tag("<read>")]
    | Annotated[Move, Tag("<move>")]
    | Annotated[Social, Tag("<social>")],
    Discriminator(verb_of),
]
