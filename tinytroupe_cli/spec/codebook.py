"""Coding of answers in words with a codebook, as it is written."""

from __future__ import annotations

from pydantic import Field

from tinytroupe_cli.core.ids import MAX_NAME_CHARACTERS
from tinytroupe_cli.spec.spec_model import NAME, SpecModel


class HumanCodes(SpecModel):
    """Codes given by people."""

    with_: str = Field(alias="with", min_length=1)
    """A file of human codes, such as a completed data/NAME_to_code.csv: CSV, TSV, JSON, JSON Lines or Excel."""
    key: str = Field(min_length=1)
    """The file's column that identifies the text: `row` of data/NAME_to_code.csv, or the text itself."""
    column: str | None = None
    """The file's column of codes (several are separated by `;`); default: the name after `as`. An empty cell: not
    coded."""


class Coding(SpecModel):
    """Free-text answers, coded by the judge after the last trial; it sees only a text and the codebook."""

    measure: str
    """Query and field, such as choice.why: a text."""
    as_: str = Field(alias="as", pattern=NAME, max_length=MAX_NAME_CHARACTERS)
    """Name of the coded answers, such as reason; with `several`, each code is called NAME_CODE."""
    categories: dict[str, str] = Field(min_length=2, max_length=30)
    """The codebook: code -> when it applies."""
    several: bool = False
    """Whether a text can have several codes; each is then a separate yes-or-no field."""
    double: float = Field(default=0, ge=0, le=1)
    """Share of the texts that is coded twice (at least 50 texts, or all if there are fewer); 0: none."""
    second: str | None = None
    """The model that codes the second time, instead of the judge; `--model` does not change it."""
    humans: HumanCodes | None = None
    """Codes by people, to compare with; 50 or more coded texts also correct the shares of the codes."""
