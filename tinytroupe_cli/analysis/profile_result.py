"""What a population is like, as `troupe population profile --json` prints it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tinytroupe_cli.models.port import Frozen

AttributeKind = Literal["labels", "number", "text"]
AssociationKind = Literal["cramers_v", "spearman", "eta"]


class LevelShare(Frozen):
    """One label, or one band of a number."""

    level: str
    """The label; of a number, ten years or a fifth of its range."""
    count: int
    """People."""
    share: float
    """Share of the people who have the attribute."""
    low: float
    """Lower end of its Wilson interval at 95 %."""
    high: float
    """Upper end."""
    wanted: float | None = None
    """The share it should have; null: not known."""


class AttributeProfile(Frozen):
    """One field of people."""

    attribute: str
    """Its dotted name."""
    kind: AttributeKind
    """labels: at most 20 different values, each of two people on average at least; number; text: other words."""
    n: int
    """People who have it."""
    missing: int
    """People who do not."""
    mean: float | None = None
    """number: the mean."""
    sd: float | None = None
    """number: the standard deviation."""
    levels: tuple[LevelShare, ...] = ()
    """Margins; most frequent first, at most 16."""
    srmse: float | None = None
    """Standardized root mean square error against the wanted shares; null: none are known."""
    chi2: float | None = None
    """Pearson's statistic against the wanted shares."""
    p: float | None = None
    """Its p-value, from samples of as many people with the wanted shares."""


class AgeHeaping(Frozen):
    """Ages that end in 0 or 5, and whether there are more of them than there should be."""

    attribute: str
    """The field."""
    n: int
    """People between 23 and 62."""
    ending: int
    """Of them, how many have an age that ends in 0 or 5."""
    index: float
    """Whipple's index: 100 for no heaping, 500 where every age ends in 0 or 5."""
    is_marked: bool
    """The Wilson interval of the share lies above a fifth."""


class Association(Frozen):
    """How strongly two fields go together."""

    attributes: tuple[str, str]
    """The two fields."""
    kind: AssociationKind
    """cramers_v: two fields of labels; spearman: two numbers; eta: labels and a number."""
    n: int
    """People who have both."""
    value: float
    """0 to 1; Spearman's correlation -1 to 1."""
    p: float
    """p-value, by permuting one of the fields over the people."""
    p_corrected: float
    """p-value corrected for the number of pairs (Benjamini and Hochberg, 1995)."""
    wanted: float | None = None
    """The same figure among the people of `--against`; null: not known."""


class UnseenPair(Frozen):
    """Two labels that people have together, and nobody of `--against` does."""

    attributes: tuple[str, str]
    """The two fields."""
    levels: tuple[str, str]
    """The two labels; each of them alone occurs there."""
    people: tuple[str, ...]
    """Who has both."""


class NearCopy(Frozen):
    """Two people described in nearly the same words."""

    people: tuple[str, str]
    """The two."""
    similarity: float
    """Cosine of their texts."""


class TextDiversity(Frozen):
    """How different people's descriptions are."""

    n: int
    """People with words of their own."""
    by: Literal["embeddings", "words"]
    """What similarity is computed from: a local embedding model, or the sets of words."""
    mean_similarity: float
    """Mean cosine over all pairs."""
    near_copies: tuple[NearCopy, ...]
    """Pairs with a cosine above 0.92, the most similar first, at most 20."""
    near_copied: int
    """People in any such pair."""
    distinct_2: float
    """Different pairs of neighboring words, divided by all of them (Li et al., 2016)."""
    vendi: float
    """Vendi score: the effective number of different descriptions, 1 to n (Friedman and Dieng, 2023)."""
    phrases: dict[str, int] = Field(default_factory=dict[str, int])
    """Four words in a row that most people share -> how many people have them."""


class Implausible(Frozen):
    """A rule that people break."""

    rule: str
    """The expression that is true of them."""
    people: tuple[str, ...]
    """Who."""


class PopulationProfile(Frozen):
    """The whole profile."""

    source: str
    """What was profiled."""
    against: str = ""
    """What it was held against."""
    n: int
    """Number of people."""
    attributes: tuple[AttributeProfile, ...]
    """Every single-valued field, and texts."""
    heaping: tuple[AgeHeaping, ...] = ()
    """Fields of ages."""
    associations: tuple[Association, ...] = ()
    """Every pair of fields that have labels or numbers; strongest first."""
    unseen: tuple[UnseenPair, ...] = ()
    """Combinations that `--against` doesn't have."""
    texts: TextDiversity | None = None
    """How different people are in words; null: fewer than two have any."""
    names_twice: dict[str, int] = Field(default_factory=dict[str, int])
    """Names that more than one person has -> how many."""
    implausible: tuple[Implausible, ...] = ()
    """Rules that somebody breaks."""
    rules: int = 0
    """Rules that were tried."""
    verdicts: tuple[str, ...] = ()
    """What stands out, one sentence each; the first lines that are printed."""
