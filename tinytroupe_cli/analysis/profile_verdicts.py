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
    for rule in profile.implausible:
        yield f"{_who(rule.people)}: {rule.rule}"


def _unseen(profile: PopulationProfile) -> Iterator[str]:
    for combination in profile.unseen[:MAX_NAMED]:
        (first, second), (level, other) = combination.attributes, combination.levels
        pair = f"{first} {level} with {second} {other}"
        yield f"{_who(combination.people)}: {pair}, which nobody in {profile.against} has"
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
    for attribute in profile.attributes:
        if attribute.p is not None and attribute.p < ALPHA:
            known = [level for level in attribute.levels if level.wanted is not None]
            level = max(known, key=lambda level: abs(level.share - (level.wanted or 0.0)))
            yield (
                f"{attribute.attribute}: {level.count} of {attribute.n} are {level.level}, "
                f"{100 * level.share:.0f}% where {100 * (level.wanted or 0.0):.0f}% are wanted"
            )


def _concentrated(profile: PopulationProfile) -> Iterator[str]:
    for attribute in profile.attributes:
        if attribute.n >= MIN_PEOPLE and attribute.levels and not _has_target(attribute):
            level = attribute.levels[0]
            if level.share >= CONCENTRATED:
                yield f"{attribute.attribute}: {level.count} of {attribute.n} are {level.level}"


def _heaping(profile: PopulationProfile) -> Iterator[str]:
    for heap in profile.heaping:
        if heap.is_marked:
            expected = number(round(heap.n / 5))
            yield (
                f"{heap.attribute}: {heap.ending} of {heap.n} end in 0 or 5, where about {expected} are expected "
                f"(Whipple's index {heap.index:.0f})"
            )


def _missing(profile: PopulationProfile) -> Iterator[str]:
    for attribute in profile.attributes:
        if attribute.kind != "text" and attribute.missing > MISSING * profile.n:
            yield f"{attribute.missing} of {profile.n} have no {attribute.attribute}"


def _associations(profile: PopulationProfile) -> Iterator[str]:
    tested = profile.associations
    if not tested:
        return
    shown = [association for association in tested if association.p_corrected < ALPHA]
    if not shown:
        pairs = count(len(tested), "pair")
        yield f"no association between fields could be shown ({pairs}); real people's fields are often associated"
    for association in shown[:MAX_NAMED]:
        beside = "" if association.wanted is None else f"; {number(association.wanted)} in {profile.against}"
        figure = f"{_FIGURES[association.kind]} {number(association.value)}{beside}"
        yield f"{association.attributes[0]} and {association.attributes[1]} are associated ({figure})"
    if len(shown) > MAX_NAMED:
        yield f"{len(shown) - MAX_NAMED} more of {len(tested)} pairs are associated"


_FIGURES: Final = {"cramers_v": "Cramér's V", "spearman": "Spearman's ρ", "eta": "correlation ratio η"}  # noqa: RUF001


def _has_target(profile: AttributeProfile) -> bool:
    return any(level.wanted is not None for level in profile.levels)


def _who(people: tuple[str, ...]) -> str:
    more = f" and {len(people) - MAX_NAMED} more" if len(people) > MAX_NAMED else ""
    return f"{', '.join(people[:MAX_NAMED])}{more}"
