"""Statements that stand for the points of a field's scale, so that words can be rated by how near they are.

Fifteen-odd constructs have statements of their own (`anchors.yaml`); which of them a field asks about is read from its
labels, its name and its question, in this order. Knows fields; knows nothing of vectors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from tinytroupe_cli.core.said_values import label
from tinytroupe_cli.plan.types import PlannedField

Anchors = tuple[tuple[str, ...], ...]

MOST_POINTS = 11
"""A scale with more points than this, or with fractions, is rated on this many at equal distances."""
_WRITTEN = 7
"""Points the statements are written for."""

_CHOSEN = {2: (0, 6), 3: (0, 3, 6), 4: (0, 2, 4, 6), 5: (0, 1, 3, 5, 6), 6: (0, 1, 2, 4, 5, 6)}
"""Number of points -> which of the seven statements stand for them."""

_PATTERNS: tuple[tuple[str, str], ...] = (
    ("recommendation", r"recommend|\bnps\b|refer .*friend"),
    ("agreement", r"\b(dis)?agree"),
    ("satisfaction", r"satisf|\bhappy with\b|\bpleased with\b"),
    ("intent", r"\b(buy|purchas|order|subscrib|sign up|pay for|would (not )?(get|use|take|try))"),
    ("trust", r"trust|credib|believ|\breliab|\bhonest"),
    ("stress", r"stress|anxi|tense|overwhelm|calm|relaxed|burn-?out|pressure"),
    ("concern", r"concern|worr|risk|danger|harm|\bsafe|\bafraid|\bfear|\bscar"),
    ("interest", r"interest|curio|click|scroll|attention|appeal|attract|engag"),
    ("enthusiasm", r"enthusias|excit|thrill|bored|annoy|delight"),
    ("importance", r"important|importance|\bmatters?\b|priorit"),
    ("familiarity", r"familiar|know about|aware|knowledge"),
    ("ease", r"\beas(y|e|ier)\b|difficult|hard to|complicated|simple to|usab"),
    ("quality", r"quality|\bpoor\b|excellent|\bgood\b|\bbad\b|rating\b"),
    ("frequency", r"\boften\b|frequen|\brarely\b|\bsometimes\b|\balways\b"),
    ("likelihood", r"likel|probab|chance|certain(ly)? (to|not)"),
    (
        "attitude",
        r"\bagainst\b|\bin favou?r\b|\bclearly for\b|warm|support|oppos|\blik(e|es|ed|ing)\b|lov|hate|attitude"
        r"|opinion|feel about|sentiment|approv|want|welcom|accept",
    ),
)
"""Construct -> how it is recognised, the more special ones first."""

_LOW = re.compile(
    r"\b(no|not|never|none|nothing|nobody|little|least|worst|worse|low|against|oppos\w*|bad|poor|terrible|awful|hate\w*"
    r"|hard|difficult\w*|harmless|safe\w*|calm|relaxed|bored\w*|annoyed|rarely|cold|wouldn't|don't|isn't"
    r"|dis(agree|satisf|trust|like|interest)\w*|un(likely|important|satisf|interest|happy|familiar|concern|worried)\w*)\b"
)
"""Words at the low end of the constructs as their statements are ordered."""


def anchors_for(field: PlannedField, question: str) -> Anchors | None:
    """Return at least four sets of statements for a scale or Likert field, lowest point first; None: nothing to go by.

    Each set has as many statements as the field has points, up to 7; for 8 to 11 points, and longer scales, it has 7.
    """
    if field.kind not in ("scale", "likert"):
        return None
    points = points_of(field)
    ends = _ends(field)
    found = _construct(_labels(field), field.name, question)
    if found:
        sets = _statements()[found.name]
        return tuple(_for_points(one[::-1] if found.is_reversed else one, points) for one in sets)
    if field.kind == "likert":
        return _from_labels(_labels(field))
    return tuple(_for_points(one, points) for one in _between(*ends)) if all(ends) else None


def points_of(field: PlannedField) -> int:
    """Return on how many points a field is rated."""
    if field.kind == "likert":
        return len(field.options)
    low, high = bounds(field)
    steps = high - low
    return int(steps) + 1 if steps.is_integer() and low.is_integer() and steps < MOST_POINTS else MOST_POINTS


def bounds(field: PlannedField) -> tuple[float, float]:
    """Return a scale's least and greatest value."""
    return float(1 if field.low is None else field.low), float(7 if field.high is None else field.high)


@dataclass(frozen=True, slots=True)
class _Construct:
    name: str
    is_reversed: bool
    """Whether the field counts from the construct's high end."""


def _construct(labels: Sequence[str], name: str, question: str) -> _Construct | None:
    """Find what is asked about, and which way round it is counted."""
    said = " / ".join(labels).casefold()
    name, question = name.replace("_", " ").casefold(), question.casefold()
    found = _first(said) or _first(name) or _first(question)
    if not found:
        return None
    if found == "likelihood":  # likely to do what?
        others = (
            other for text in (name, question) for other in [_first(text)] if other in ("recommendation", "intent")
        )
        found = next(others, found)
    if labels and labels[0] != labels[-1]:
        lows = [bool(_LOW.search(one.casefold())) for one in (labels[0], labels[-1])]
        return _Construct(found, is_reversed=lows == [False, True])
    return _Construct(found, is_reversed=bool(_LOW.search(name)))


def _first(text: str) -> str | None:
    return next((name for name, pattern in _PATTERNS if re.search(pattern, text)), None)


def _labels(field: PlannedField) -> tuple[str, ...]:
    return tuple(map(label, field.options)) if field.kind == "likert" else tuple(filter(None, _ends(field)))


def _ends(field: PlannedField) -> tuple[str, str]:
    return field.low_label.strip(" ."), field.high_label.strip(" .")


def _for_points(seven: Sequence[str], points: int) -> tuple[str, ...]:
    chosen: Iterable[int] = _CHOSEN.get(points, range(_WRITTEN))
    return tuple(seven[at] for at in chosen)


def _from_labels(labels: Sequence[str]) -> Anchors:
    """Make statements of labels that stand for themselves."""
    forms = ("{}.", "I'd say: {}.", "For me it's {}.", "{}, that's how it is.")
    return tuple(tuple(form.format(one) for one in labels) for form in forms)


def _between(low: str, high: str) -> Anchors:
    """Make statements for seven points between two ends that are described in words."""
    forms = (
        ("Absolutely {}.", "{}.", "Rather {}.", "Neither the one nor the other."),
        ("I'm convinced: {}.", "I'd say: {}.", "I lean towards: {}.", "I can see both sides."),
        ("Yes, {}, without a doubt.", "Mostly {}.", "Perhaps {}.", "It depends, somewhere in between."),
        ("Only {}.", "More or less {}.", "A little more {}.", "A bit of both."),
    )
    return tuple(
        (*(form.format(low) for form in three), middle, *(form.format(high) for form in three[::-1]))
        for *three, middle in forms
    )


@cache
def _statements() -> dict[str, list[list[str]]]:
    return yaml.safe_load(Path(__file__).with_name("anchors.yaml").read_text(encoding="utf-8"))
