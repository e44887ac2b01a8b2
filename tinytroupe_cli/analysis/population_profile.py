"""Profiles a population: margins, heaping, associations, texts, implausible people, and what stands out.

No model: similarities of texts come from the caller, or from the words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tinytroupe_cli.analysis import associations
from tinytroupe_cli.analysis.age_heaping import age_heaping
from tinytroupe_cli.analysis.implausible import all_rules, rule_breakers
from tinytroupe_cli.analysis.margins_of_people import ValueShares, attribute_profile, level_counts
from tinytroupe_cli.analysis.multiplicity import benjamini_hochberg
from tinytroupe_cli.analysis.person_fields import Column, PersonaFields, columns_of, own_words
from tinytroupe_cli.analysis.profile_result import (
    AgeHeaping,
    Association,
    AssociationKind,
    Implausible,
    NearCopy,
    PopulationProfile,
    TextDiversity,
    UnseenPair,
)
from tinytroupe_cli.analysis.text_diversity import (
    distinct_2,
    embedding_similarities,
    mean_similarity,
    near_copies,
    repeated_phrases,
    vendi_score,
    word_similarities,
)

MAX_ASSOCIATED: Final = 20
"""Fields whose pairs are looked at; the first ones."""
MIN_ASSOCIATED: Final = 10
"""People from which pairs are looked at."""
MAX_COPIES: Final = 20
MIN_EXPECTED: Final = 5
"""Expected people of a combination in `against` from which its absence there is telling."""

Embed = Callable[[Sequence[str]], Sequence[Sequence[float]]]
"""Texts -> a vector each."""


@dataclass(frozen=True, slots=True)
class Against:
    """What a population is held against."""

    source: str = ""
    shares: Mapping[str, ValueShares] = field(default_factory=dict[str, ValueShares])
    """Field -> label -> the share it should have."""
    rows: Sequence[PersonaFields] = ()
    """Real people."""


def population_profile(
    source: str,
    people: Mapping[str, PersonaFields],
    against: Against,
    *,
    embed: Embed | None = None,
    rules: Sequence[str] = (),
    seed: int = 0,
) -> PopulationProfile:
    """Return the profile of people, by id. Raises ExpressionError for a rule that can't be read."""
    columns = columns_of(list(people.values()))
    real = {column.name: column for column in columns_of(against.rows)} if against.rows else {}
    wanted = {column.name: _wanted(column, against, real) for column in columns}
    generator = np.random.default_rng(seed)
    tried = all_rules(rules)
    names = Counter(str(person.get("name", "")) for person in people.values())
    return PopulationProfile(
        source=source,
        against=against.source,
        n=len(people),
        attributes=tuple(attribute_profile(column, wanted[column.name], generator) for column in columns),
        heaping=tuple(_heaping(columns)),
        associations=tuple(_associations(columns, real, generator)),
        unseen=tuple(_unseen(columns, real, list(people))),
        texts=_texts(people, columns, embed),
        names_twice={name: count for name, count in names.items() if name and count > 1},
        implausible=tuple(
            Implausible(rule=rule, people=broken) for rule in tried if (broken := rule_breakers(rule, people))
        ),
        rules=len(tried),
    )


def _wanted(column: Column, against: Against, real: Mapping[str, Column]) -> ValueShares:
    """Return the shares a field should have: as given, else those of the real people."""
    if column.name in against.shares:
        return against.shares[column.name]
    other = real.get(column.name)
    if other is None or "text" in (column.kind, other.kind):
        return {}
    if column.kind != other.kind or (column.kind == "number" and column.name.split(".")[-1] != "age"):
        return {}  # fifths of another range are no target; only ages have bands of their own
    counts = level_counts(other, {})
    return {name: count / counts.total() for name, count in counts.items()}


def _heaping(columns: Sequence[Column]) -> list[AgeHeaping]:
    found: list[AgeHeaping] = []
    for column in columns:
        if column.name.split(".")[-1] == "age":
            ages = age_heaping(number for number in column.numbers if number is not None)
            if ages is not None:
                found.append(
                    AgeHeaping(
                        attribute=column.name,
                        n=ages.n,
                        ending=ages.ending,
                        index=ages.whipple,
                        is_marked=ages.is_marked,
                    )
                )
    return found


def _associations(
    columns: Sequence[Column], real: Mapping[str, Column], generator: np.random.Generator
) -> list[Association]:
    """Return every pair of fields with labels or numbers, the strongest first."""
    usable = [column for column in columns if column.kind != "text"][:MAX_ASSOCIATED]
    found: list[Association] = []
    for first, second in combinations(usable, 2):
        pair = _pair(first, second)
        if pair is None or len(pair.second) < MIN_ASSOCIATED:
            continue
        others = (real[first.name], real[second.name]) if {first.name, second.name} <= real.keys() else None
        other = _pair(*others) if others else None
        found.append(
            Association(
                attributes=(first.name, second.name),
                kind=pair.kind,
                n=len(pair.second),
                value=pair.value(pair.second),
                p=associations.permutation_p(pair.value, pair.second, generator),
                p_corrected=1.0,
                wanted=other.value(other.second) if other is not None and other.kind == pair.kind else None,
            )
        )
    corrected = benjamini_hochberg([association.p for association in found])
    tested = [
        association.model_copy(update={"p_corrected": p}) for association, p in zip(found, corrected, strict=True)
    ]
    return sorted(tested, key=lambda one: (one.p_corrected, -abs(one.value)))


@dataclass(frozen=True, slots=True)
class _Pair:
    kind: AssociationKind
    value: Callable[[NDArray[np.generic]], float]
    """The second field, perhaps permuted -> the figure."""
    second: NDArray[np.generic]


def _pair(first: Column, second: Column) -> _Pair | None:
    """Return two fields over the people who have both; None where one has a single value."""
    if "text" in (first.kind, second.kind):
        return None
    pairs = zip(first.values, second.values, strict=True)
    both = [at for at, (left, right) in enumerate(pairs) if not (left is None or right is None)]
    if first.kind == "number" and second.kind == "labels":
        first, second = second, first
    ones, others = (_coded(column, both) for column in (first, second))
    if len(set(ones.tolist())) < 2 or len(set(others.tolist())) < 2:  # noqa: PLR2004 - a constant goes with nothing
        return None
    match first.kind, second.kind:
        case "labels", "labels":
            codes = ones.astype(np.int64)
            return _Pair("cramers_v", lambda drawn: associations.cramers_v(codes, drawn.astype(np.int64)), others)
        case "labels", _:
            codes = ones.astype(np.int64)
            return _Pair("eta", lambda drawn: associations.eta(codes, drawn.astype(np.float64)), others)
        case _:
            return _Pair("spearman", lambda drawn: associations.spearman(ones, drawn.astype(np.float64)), others)


def _coded(column: Column, rows: Sequence[int]) -> NDArray[np.float64]:
    if column.kind == "number":
        return np.array([number for at in rows if (number := column.numbers[at]) is not None])
    labels = [str(column.labels[at]) for at in rows]
    places = {name: place for place, name in enumerate(dict.fromkeys(labels))}
    return np.array([float(places[name]) for name in labels])


def _unseen(columns: Sequence[Column], real: Mapping[str, Column], ids: Sequence[str]) -> list[UnseenPair]:
    """Return combinations of labels that people have and `against` should have, but doesn't."""
    usable = [column for column in columns if column.kind == "labels" and column.name in real]
    found: list[UnseenPair] = []
    for first, second in combinations(usable, 2):
        others = list(zip(real[first.name].labels, real[second.name].labels, strict=True))
        known = [pair for pair in others if None not in pair]
        ones, twos = Counter(left for left, _ in known), Counter(two for _, two in known)
        here: dict[tuple[str, str], list[str]] = {}
        for person, label, two in zip(ids, first.labels, second.labels, strict=True):
            if label is not None and two is not None:
                here.setdefault((label, two), []).append(person)
        for (level, two), people in here.items():
            is_telling = bool(known) and ones[level] * twos[two] / len(known) >= MIN_EXPECTED
            if is_telling and (level, two) not in known:
                found.append(
                    UnseenPair(attributes=(first.name, second.name), levels=(level, two), people=tuple(people))
                )
    return found


def _texts(people: Mapping[str, PersonaFields], columns: Sequence[Column], embed: Embed | None) -> TextDiversity | None:
    names = [column.name for column in columns if column.kind == "text"]
    said = {person: text for person, fields in people.items() if (text := own_words(fields, names))}
    ids, texts = list(said), list(said.values())
    if len(texts) < 2:  # noqa: PLR2004 - a pair
        return None
    similarities = embedding_similarities(embed(texts)) if embed else word_similarities(texts)
    copies = near_copies(similarities)
    return TextDiversity(
        n=len(texts),
        by="embeddings" if embed else "words",
        mean_similarity=mean_similarity(similarities),
        near_copies=tuple(
            NearCopy(people=(ids[first], ids[second]), similarity=value) for first, second, value in copies[:MAX_COPIES]
        ),
        near_copied=len({at for first, second, _ in copies for at in (first, second)}),
        distinct_2=distinct_2(texts),
        vendi=vendi_score(similarities),
        phrases=repeated_phrases(texts),
    )
