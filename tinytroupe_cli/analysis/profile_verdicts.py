"""What stands out in a population, one sentence each, by rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tinytroupe_cli.analysis.profile_result import AttributeProfile, PopulationProfile
from tinytroupe_cli.core.number_format import count, number

CONCENTRATED: Final = 0.6
"""Share of one label from which a field is concentrated, where no shares are wanted."""
MIN_PEOPLE: Final = 10
MISSING: Final = 0.05
ALPHA: Final = 0.05
MAX_NAMED: Final = 3


def verdicts(profile: PopulationProfile) -> tuple[str, ...]:
    """Return the sentences, the gravest first."""
    return tuple(
        line
        for part in (_implausible, _unseen, _copies, _names, _margins, _concentrated, _heaping, _missing, _associations)
        for line in part(profile)
    )


def _implausible(profile: PopulationProfile) -> Iterator[str]:
    for one in profile.implausible:
        yield f"{_who(one.people)}: {one.rule}"


def _unseen(profile: PopulationProfile) -> Iterator[str]:
    for one in profile.unseen[:MAX_NAMED]:
        (first, second), (level, other) = one.attributes, one.levels
        yield f"{_who(one.people)}: {first} {level} with {second} {other}, which nobody in {profile.against} has"
    if len(profile.unseen) > MAX_NAMED:
        yield f"{len(profile.unseen) - MAX_NAMED} more combinations that nobody in {profile.against} has"


def _copies(profile: PopulationProfile) -> Iterator[str]:
    texts = profile.texts
    if texts is None:
        return
    if texts.near_copied:
        yield f"{texts.near_copied} of {texts.n} people are described in nearly the same words as somebody else"
    for phrase, people in texts.phrases.items():
        yield f"“{phrase}” is in the descriptions of {people} of {texts.n}"


def _names(profile: PopulationProfile) -> Iterator[str]:
    for name, people in profile.names_twice.items():
        yield f"{people} people are called {name}"


def _margins(profile: PopulationProfile) -> Iterator[str]:
    for one in profile.attributes:
        if one.p is not None and one.p < ALPHA:
            known = [level for level in one.levels if level.wanted is not None]
            level = max(known, key=lambda level: abs(level.share - (level.wanted or 0.0)))
            yield (
                f"{one.attribute}: {level.count} of {one.n} are {level.level}, "
                f"{100 * level.share:.0f}% where {100 * (level.wanted or 0.0):.0f}% are wanted"
            )


def _concentrated(profile: PopulationProfile) -> Iterator[str]:
    for one in profile.attributes:
        if one.n >= MIN_PEOPLE and one.levels and not _has_target(one):
            level = one.levels[0]
            if level.share >= CONCENTRATED:
                yield f"{one.attribute}: {level.count} of {one.n} are {level.level}"


def _heaping(profile: PopulationProfile) -> Iterator[str]:
    for one in profile.heaping:
        if one.is_marked:
            expected = number(round(one.n / 5))
            yield (
                f"{one.attribute}: {one.ending} of {one.n} end in 0 or 5, where about {expected} are expected "
                f"(Whipple's index {one.index:.0f})"
            )


def _missing(profile: PopulationProfile) -> Iterator[str]:
    for one in profile.attributes:
        if one.kind != "text" and one.missing > MISSING * profile.n:
            yield f"{one.missing} of {profile.n} have no {one.attribute}"


def _associations(profile: PopulationProfile) -> Iterator[str]:
    tested = profile.associations
    if not tested:
        return
    shown = [one for one in tested if one.p_corrected < ALPHA]
    if not shown:
        pairs = count(len(tested), "pair")
        yield f"no association between fields could be shown ({pairs}); real people's fields are often associated"
    for one in shown[:MAX_NAMED]:
        beside = "" if one.wanted is None else f"; {number(one.wanted)} in {profile.against}"
        figure = f"{_FIGURES[one.kind]} {number(one.value)}{beside}"
        yield f"{one.attributes[0]} and {one.attributes[1]} are associated ({figure})"
    if len(shown) > MAX_NAMED:
        yield f"{len(shown) - MAX_NAMED} more of {len(tested)} pairs are associated"


_FIGURES: Final = {"cramers_v": "Cramér's V", "spearman": "Spearman's ρ", "eta": "correlation ratio η"}  # noqa: RUF001


def _has_target(one: AttributeProfile) -> bool:
    return any(level.wanted is not None for level in one.levels)


def _who(people: tuple[str, ...]) -> str:
    more = f" and {len(people) - MAX_NAMED} more" if len(people) > MAX_NAMED else ""
    return f"{', '.join(people[:MAX_NAMED])}{more}"
