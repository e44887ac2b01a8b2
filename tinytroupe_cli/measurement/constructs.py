"""Which construct a scale is about (intent, trust, stress, …) and which way round it is counted.

Read from the field's labels; failing these, from its name; failing that, from the question. Plain patterns of English
words: what matches none of them has no construct.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.plan.types import PlannedField

_PATTERNS = {
    "recommendation": r"recommend|\bnps\b|refer .*friend",
    "agreement": r"\b(dis)?agree",
    "satisfaction": r"satisf|\bhappy with\b|\bpleased with\b",
    "intent": r"\b(buy|purchas|order\b|orders\b|subscrib|sign up|pay for|would (not )?(get|use|take|try))",
    "trust": r"trust|credib|believab|\breliab|\bhonest",
    "stress": r"stress|anxi|\btense|overwhelm|\bcalm|\brelaxed|burn-?out",
    "concern": r"concern|worr|risk|danger|\bharm|\bsafe|\bafraid|\bfear|\bscar(y|ed)",
    "interest": r"interest|curio|\bclick|scroll|attention|appeal|attract|engag(ed|ing)",
    "enthusiasm": r"enthusias|excite|thrill|\bbored|annoy|delight",
    "importance": r"important|importance|\bmatters?\b|priorit",
    "familiarity": r"familiar|know about|\baware|knowledge",
    "ease": r"\beas(y|e|ier)\b|difficult|hard to|complicated|usab",
    "quality": r"quality|\bpoor\b|excellent|\bgood\b|\bbad\b",
    "frequency": r"\boften\b|frequen|\brarely\b|\bsometimes\b|\balways\b",
    "likelihood": r"likel|probab|\bchance|certain(ly)? (to|not)",
    "attitude": (
        r"\bagainst\b|\bin favou?r\b|\bclearly for\b|warm|support|oppos|\blik(e|es|ed|ing)\b|\blove|\bhate|attitude"
        r"|opinion|feel about|sentiment|approv|\bwant|welcom|\buseful|\bhelpful|benefi"
    ),
}
"""Construct -> how it is recognised, the more special ones first."""

_LOW = re.compile(
    r"\b(no|not|never|none|nothing|nobody|little|least|worst|worse|low|against|oppos\w*|bad|poor|terrible|awful|hate\w*"
    r"|hard|difficult\w*|harmless|safe\w*|calm|relaxed|bored\w*|annoyed|rarely|cold|past|wouldn't|don't|isn't"
    r"|dis(agree|satisf|trust|like|interest)\w*|un(likely|important|satisf|interest|happy|familiar|concern|worried)\w*)\b"
)
"""Words of the end that a construct's statements begin with."""


@dataclass(frozen=True, slots=True)
class Construct:
    """What a scale is about."""

    name: str
    is_reversed: bool = False
    """Whether the scale's lowest point is the construct's highest: "very easy" to "very difficult"."""


def construct_of(labels: Sequence[str], name: str, question: str) -> Construct | None:
    """Find the construct of a scale with these labels, lowest first."""
    labels = [text.casefold() for text in labels]
    name, question = name.replace("_", " ").casefold(), question.casefold()
    found = _first(" / ".join(labels)) or _first(name) or _first(question)
    if found is None:
        return None
    if found == "likelihood":  # likely to do what?
        special = [text for text in (_first(name), _first(question)) if text in ("recommendation", "intent")]
        found = special[0] if special else found
    if len(labels) > 1:
        is_low_first, is_low_last = (bool(_LOW.search(text)) for text in (labels[0], labels[-1]))
        return Construct(found, is_reversed=is_low_last and not is_low_first)
    return Construct(found, is_reversed=bool(_LOW.search(name)))


def labels_of(field: PlannedField) -> tuple[str, ...]:
    """Return a Likert field's labels, or those a scale's ends have."""
    if field.options:
        return tuple(map(label, field.options))
    return tuple(filter(None, (field.low_label.strip(" ."), field.high_label.strip(" ."))))


def _first(text: str) -> str | None:
    return next((name for name, pattern in _PATTERNS.items() if re.search(pattern, text)), None)
