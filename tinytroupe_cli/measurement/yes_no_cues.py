"""Tells a plain yes or no in a sentence: what vectors of sentences are weakest at.

By English words alone: praise that is negated in form only ("I couldn't agree more"), a word of the construct that is
negated ("I wouldn't recommend it"), and how the sentence opens ("No,", "Of course"), in this order.
"""

from __future__ import annotations

import re

_I = re.IGNORECASE
_NOT = r"(?:n['\u2019]t| not|not)"
_PRAISE = re.compile(
    rf"(?:could|can){_NOT} (?:agree more|wait|fault|complain|be (?:happier|better|more \w+)|ask for more|stop)\b"
    r"|\bno (?:doubt|problems?|complaints?|hesitation|objections?|regrets?)\b|\bnever (?:let|had a problem)\b"
    r"|\bwithout (?:a |any )?(?:doubt|question|hesitation)\b",
    _I,
)
_OPENING = r"^\W*(?:oh |well,? |hmm,? |honestly,? |to be honest,? )?"
_YES = re.compile(
    rf"{_OPENING}(?:yeah|yep|yup|sure|of course|definitely|absolutely|certainly|for sure|always)\b(?! no)"
    r"|\byes\b|\bof course\b",
    _I,
)
_NO = re.compile(
    rf"{_OPENING}(?:no|nope|nah|never|(?:absolutely|definitely|certainly|of course|probably|maybe|perhaps) not"
    r"|not at all|not really|hardly|zero|none)\b(?! (?:more|wonder|idea|matter|one))"
    r"|\bforget it\b|\bno way\b|\bsay no\b",
    _I,
)
_BOTH = re.compile(r"\byes\b.*\bno\b", _I)
_NEGATION = (
    r"(?:\b(?:no|not|never|nobody|neither|nor|hardly|cannot|doubt|rarely|refuse|can['\u2019]t say|far from)\b"
    r"|n['\u2019]t\b)"
)
_CONSTRUCTS = {
    "intent": (
        r"buy(?:ing)?|order(?:ing)?|get it|take it|pay(?:ing)?|want|need|try|see myself|go for|intention|use it|keen"
    ),
    "attitude": r"want|like|order|need|for me|keen|my thing|use|appeal(?:s|ing)?|love|interested|see myself|buy",
    "agreement": r"agree|convinced|good idea|think so|support|for it|right|should|sense|believe",
    "satisfaction": r"happy|satisfied|pleased|good|works?|impressed|like|worth|help(?:ed|ful)?|enjoy(?:ed)?|understood",
    "likelihood": r"likely|do|will|would|going to|happen|expect|think so",
    "recommendation": r"recommend(?:ing)?|likely|tell|would|will|mention",
    "frequency": r"do|often|much|bother|use",
    "importance": r"matters?|care|important|big deal|bothers?|mind",
    "trust": r"trust|believe|comfortable|rely|confidence|faith|sure|let|give|share",
    "stress": r"stress(?:ed|ful)?|worr(?:y|ied)|pressure|tense|anxious|busy|problems?",
    "interest": r"interest(?:ed|ing)?|grab|for me|click|like|want|care|appeal(?:s|ing)?",
    "enthusiasm": r"like|excited|keen|thrilled|love|care",
    "quality": r"good|works?|well|like",
    "ease": r"easy|simple|clear|work",
    "concern": (
        r"worr(?:y|ied)|afraid|concern(?:ed)?|dangerous|danger|risky|risk|sleep|scared|bothers?|fear|care|problems?"
    ),
    "familiarity": r"know|heard|familiar|used|idea|understand",
}
"""Construct -> words that, negated, place a sentence at its low end."""
_PRAISE_IS_LOW = ("stress", "concern", "frequency")


def cue(sentence: str, construct: str) -> int:
    """Return 1 for a yes, -1 for a no, 0 where a sentence gives neither away; always 0 without a known construct."""
    words = _CONSTRUCTS.get(construct)
    if words is None:
        return 0
    if construct not in _PRAISE_IS_LOW and _PRAISE.search(sentence):
        return 1
    if re.search(rf"{_NEGATION}(?:[^\w.;!?]+\w+){{0,4}}?[^\w.;!?]+(?:{words})\b", sentence, _I):
        return -1
    if _NO.search(sentence):
        return -1
    return 1 if _YES.search(sentence) and not _BOTH.search(sentence) else 0
