"""How people were added until an interval was narrow enough, as results.json has it."""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue

from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.planned_stopping import StoppingMethod


class PairAtLook(Frozen):
    """The difference between two levels at one look."""

    option: JsonValue = None
    """The option whose share or place is compared; null if the measure is compared as a whole."""
    levels: tuple[JsonValue, JsonValue]
    """The levels; the estimate is the second minus the first."""
    n: tuple[int, int]
    """People with an answer at each level; the same people in a within design."""
    estimate: float | None = None
    """The second value minus the first; null: no answers."""
    low: float | None = None
    """Lower end of its interval; null: fewer than six people on one side, or no bounds."""
    high: float | None = None
    """Upper end."""


class LookResult(Frozen):
    """One look at the intervals, after a block of people."""

    people: int
    """People who had taken part."""
    half_width: float | None = None
    """Half the width of the widest interval; null: one of them could not be made."""
    pairs: tuple[PairAtLook, ...]
    """Every pair of levels, of each option."""


class StoppingResult(Frozen):
    """The rule, the looks, and why the run stopped."""

    measure: str
    """The measure, as `query.field`."""
    by: str
    """The factor."""
    method: StoppingMethod
    """confidence_sequence, or alpha_spending with a fixed number of looks."""
    half_width: float
    """Half-width at which the run stops, in the measure's unit; of a share, from 0 to 1."""
    planned: tuple[int, ...]
    """Numbers of people at which the intervals were to be looked at; the last one is the limit."""
    alpha: float
    """Level of each interval: the significance level, divided by the number of pairs."""
    looks: tuple[LookResult, ...]
    """The looks, in order."""
    stopped: Literal["narrow", "limit", ""]
    """narrow: every interval was narrow enough; limit: everyone had taken part; empty: the run is not complete."""
    people: int
    """People who took part."""
    not_needed: int
    """People of the plan who did not take part, and are not counted as missing."""
