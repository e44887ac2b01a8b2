"""What private polls of a discussion found, as results.json has it."""

from __future__ import annotations

from operator import not_

from pydantic import Field, JsonValue

from tinytroupe_cli.models.port import Frozen


class Stance(Frozen):
    """One person's private answer at one moment."""

    trial: str
    """Id of the trial."""
    person: str
    """Id of the person."""
    moment: str
    """`start`, `after step N`, `end`, or `alone`."""
    outcome: str
    """As for rows."""
    value: JsonValue = None
    """The answer."""
    score: float | None = None
    """The answer as a number; null: it is not one."""
    why: str = ""
    """Why there is no answer."""


class GroupFigure(Frozen):
    """A figure of groups, each of which counts once."""

    value: float
    """Mean over groups."""
    low: float | None = None
    """Lower end of its interval; null: fewer than six groups."""
    high: float | None = None
    """Upper end."""
    p: float | None = None
    """p-value of sign flips over groups, for a difference."""
    people: int = Field(default=0, exclude_if=not_)
    """For a difference: people who answered both times, the only ones it covers."""
    groups: int = Field(default=0, exclude_if=not_)
    """For a difference: the groups they are in."""


class PollRound(Frozen):
    """The answers at one moment."""

    moment: str
    """`start`, `after step N`, `end`, or `alone`: as if people had been alone with the same stimuli."""
    stated: int
    """Answers."""
    missing: int
    """People without an answer."""
    mean: GroupFigure | None = None
    """Mean of the groups' means, or of their shares of yes; null: a choice."""
    shares: dict[str, float] = Field(default_factory=dict)
    """Answer -> its share, of a choice."""
    dispersion: GroupFigure | None = None
    """How far people of a group differ: the standard deviation within groups or, for a choice or yes or no, the share
    of pairs with different answers."""


class FirstSpeaker(Frozen):
    """Whether groups end where their first speaker began."""

    groups: int
    """Groups with a first speaker whose stance at the start is known."""
    effect: float | None = None
    """Slope of the others' mean at the end on the first speaker's stance at the start; for a choice or yes or no, how
    much more often others end with the first speaker's answer than with that of another group's."""
    p: float | None = None
    """p-value, by permuting first speakers over groups."""
    why_not: str = ""
    """Why there is no test."""


class PollResult(Frozen):
    """A measure that people in a discussion were asked for several times, in private."""

    measure: str
    """The measure, as `query.field`."""
    groups: int
    """Discussions that count as one each: people who could reach each other, over all their trials."""
    people: int
    """People."""
    rounds: tuple[PollRound, ...] = ()
    """The moments, in order; `alone` is last."""
    changed: GroupFigure | None = None
    """Share of people whose answer at the end is not the one at the start."""
    change: GroupFigure | None = None
    """Mean change from start to end; null: a choice."""
    drift: GroupFigure | None = None
    """Dispersion at the end minus that of the same people asked alone, for those who answered both times; below 0: the
    discussion made them more alike."""
    first_speaker: FirstSpeaker | None = None
    """Whether groups end where their first speaker began."""
    words: dict[str, float] = Field(default_factory=dict)
    """Person -> share of their group's spoken words, mean over trials."""
    largest_share: float | None = None
    """Share of words of the person in each group who said most, mean over groups."""
    equal_share: float | None = None
    """What it would be if everyone said equally much."""
    stances: tuple[Stance, ...] = ()
    """Every answer."""
    why_not: str = ""
    """Why there are no intervals, or no figures."""
