"""Texts in several wordings, and who meets which."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tinytroupe_cli.spec.spec_model import SpecModel

MAX_WORDINGS = 200
WordingCount = Annotated[int, Field(ge=2, le=MAX_WORDINGS)]


class Wordings(SpecModel):
    """One text in several wordings; wording k is part of version k of the whole experiment."""

    wordings: list[str] = Field(min_length=2, max_length=MAX_WORDINGS)
    """The wordings, all with the same meaning; each is a template."""


class WordingDesign(SpecModel):
    """How many wordings there are, who is given which, and what conclusions are about."""

    count: WordingCount | None = None
    """Number of wordings; default: as many as are listed."""
    cross: Literal["rotate", "all"] = "rotate"
    """rotate: each person is given one wording in all conditions, assigned evenly, at no extra cost; all: everyone is
    given every wording, each time in a separate run."""
    drawn: Literal["random", "fixed"] = Field(default="random", alias="as")
    """random: conclusions are about wordings of this kind; fixed: about these wordings only."""
    source: str | None = Field(default=None, alias="from", min_length=1)
    """A YAML file of wordings, such as wordings.yaml of an earlier run: a list of {text: …, wordings: […]}."""


class WordingsOfText(SpecModel):
    """An entry of a file of wordings."""

    text: str
    """The text as it is in the experiment."""
    wordings: list[str] = Field(min_length=2, max_length=MAX_WORDINGS)
    """Its wordings, all with the same meaning; each is a template."""
    dropped: list[str] = []
    """Paraphrases that failed the check, and why; they are not used."""


class TextToWord(SpecModel):
    """A text whose other wordings a model will write."""

    text: str


WordedText = str | Wordings
"""A text, or the same in several wordings."""


def first_wording(written: WordedText | TextToWord) -> str:
    """Return a text in its first wording."""
    match written:
        case Wordings():
            return written.wordings[0]
        case TextToWord():
            return written.text
        case str():
            return written
