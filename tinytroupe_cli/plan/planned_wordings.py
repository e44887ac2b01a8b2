"""The wordings of an experiment's texts, and who meets which, as planned."""

from __future__ import annotations

from typing import Literal

from tinytroupe_cli.models.port import Frozen


class WordedTemplate(Frozen):
    """One text in all its wordings, as templates."""

    place: str
    """Keys that lead to it in the experiment, such as `extract.0.question`."""
    wordings: tuple[str, ...]
    """Wording 1, the original, first."""


class PlannedWordings(Frozen):
    """One wording factor for the whole experiment: version k of every text that has several."""

    count: int
    """Number of versions."""
    cross: Literal["rotate", "all"] = "rotate"
    """rotate: each unit is given one version in all conditions; all: everyone is given every version."""
    drawn: Literal["random", "fixed"] = "random"
    """random: conclusions are about wordings of this kind; fixed: about these only."""
    people: tuple[tuple[str, ...], ...] = ()
    """rotate: ids of the people who were given each version, in cast order."""
    texts: tuple[WordedTemplate, ...] = ()
    """Every text that has several wordings."""
