"""Distinguishes a model's refusal from a person's words.

Two rules: a stock phrase and nothing else is a refusal wherever it stands, for held to a shape a model can decline
in no other place. Prose where a shape was asked for is one as soon as it begins as refusals do.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

MAX_CHARACTERS: Final = 2_000
"""Characters examined; refusals are short, or begin with the refusal."""

_SORRY = (
    r"(?:(?:I['\u2019]m|I am|we['\u2019]re|we are)?\s*(?:very |really |so |truly )?(?:sorry|afraid)|(?:my )?apologies|"
    r"I apologi[sz]e|unfortunately)[,.!;:—-]*\s*(?:but |that |however,? )*"
)
_CANNOT = (
    r"(?:I|we)(?:['\u2019]m|['\u2019]re| am| are)? ?(?:just |simply )?"
    r"(?:can['\u2019]?t|cannot|can not|won['\u2019]?t(?: be able)?|will not(?: be able)?|must decline|have to decline|"
    r"(?:not |un)(?:able|willing)|not (?:comfortable|allowed|permitted|going))(?: to| with)? "
)
_REQUEST = (
    r"(?:(?:that|this|the|your|such an?) )?(?:kind of |type of )?(?:specific |particular )?"
    r"(?:requests?|question|task|topic|content|prompt|conversation|scenario|role-?play)"
)
_AT_ALL = rf"(?: you)?(?: (?:with|to|for|on|in) (?:{_REQUEST}|that|this|it))?"
_STOCK = (
    rf"(?:{_SORRY}{_CANNOT}(?:help|assist){_AT_ALL}|"
    rf"{_CANNOT}assist{_AT_ALL}|"
    rf"(?:{_SORRY})?{_CANNOT}(?:help|comply|assist|fulfil+|complete|process|accommodate|engage)(?:ing)?"
    rf"(?: you)?(?: with| to| in)? {_REQUEST}|"
    rf"(?:{_SORRY})?I must (?:respectfully )?decline {_REQUEST})[.!]*"
)
"""Without an apology or the word "request", "I can't help with that" is something people say."""
_PROSE = (
    rf"\W*(?:{_SORRY})?{_CANNOT}(?:"
    r"(?:assist|comply|fulfil+|accommodate|role-?play|pretend to be|impersonat|generat|simulat|engag|participat)\w*\b|"
    r"(?:provid|creat|produc|offer|writ|giv|express|shar)\w* (?:that|this|an? (?:answer|response)|any|information|"
    r"content|"
    r"assistance|help|advice|(?:personal )?opinions?|such)\b|"
    r"(?:adopt|play|tak)\w* (?:on )?(?:that|this|the|a) (?:persona|role|character)|"
    rf"(?:help|continu|proceed|support|discuss|complet|process|answer|respond|do|say)\w*{_AT_ALL}"
    r"(?:\s*[.!,;:—\n]|\s*$)|"
    rf"(?:help|continu|proceed|support|discuss|complet|process|answer|respond)\w*(?: you)?"
    rf"(?: with| to| in)? {_REQUEST}\b)|"
    rf"\W*(?:{_SORRY})?I must (?:respectfully )?decline\b|"
    rf"\W*(?:{_SORRY})?(?:this|that|it|your|the)(?: request| content| prompt| question)? "
    r"(?:violates|goes against|is against|is inappropriate)\b"
)
_MACHINE = (
    r"(?s)\W*(?:(?:sorry|I['\u2019]m sorry|unfortunately),? (?:but )?)?"
    r"(?:as|being|since I['\u2019]m|because I['\u2019]m|I['\u2019]m|I am) (?:just |only )?"
    r"an? (?:AI|(?:large )?language|artificial intelligence)(?:[- ](?:language |chat)?(?:model|assistant|bot|system))*"
    r"(?=[,.;:]|\s(?:and|so|which|that|trained|developed|created|made|designed|without|I|we|can|cannot|do)\b).{0,100}?"
    r"\b(?:can['\u2019]?t|cannot|can not|do not|don['\u2019]t|unable|not able|am not|"
    r"won['\u2019]t|will not|does not|doesn['\u2019]t)\b"
)
_IN_OTHER_LANGUAGES = (
    r"\W*(?:(?:es )?tut mir (?:sehr )?leid,? (?:aber |doch )?(?:ich kann|dabei kann ich|das kann ich|diese anfrage)|"
    r"ich kann (?:dir |ihnen )?(?:bei|dabei|damit|mit) .{0,40}nicht (?:helfen|weiterhelfen|behilflich)|"
    r"als (?:KI|sprachmodell|künstliche)\b|"
    r"(?:je suis |nous sommes )?désolée?s?,? (?:mais )?je ne (?:peux|suis) pas|"
    r"je ne peux pas (?:vous |t['\u2019])?(?:aider|répondre|fournir)|"
    r"en tant qu['\u2019](?:IA|intelligence|assistant|un modèle|modèle)|"
    r"lo siento,? (?:pero )?no puedo (?:ayudar|asistir|cumplir|proporcionar|responder)|"
    r"no puedo (?:ayudar|asistir)\w* con|como (?:una )?(?:IA|modelo de lenguaje)\b|"
    r"(?:很|非常)?抱歉[,\uff0c].{0,4}(?:我)?(?:无法|不能)|我(?:无法|不能)(?:协助|提供|回答|满足)|作为(?:一个)?(?:AI|人工智能)|"
    r"申し訳(?:ありません|ございません)が)"
)


def is_stock_refusal(text: str) -> bool:
    """Return whether a text is the phrase models decline with and nothing else.

    With a word of their own in it, a person may have said it; "as an AI model, I can't" nobody says.
    """
    words = text.strip()
    if not words or len(words) > MAX_CHARACTERS:
        return False
    return _compiled(_STOCK).fullmatch(words) is not None or _compiled(_MACHINE).match(words) is not None


def is_refusal_in_prose(text: str) -> bool:
    """Return whether prose that came where JSON was asked for declines."""
    words = text.strip()[:MAX_CHARACTERS]
    return is_stock_refusal(words) or any(_compiled(pattern).match(words) for pattern in (_PROSE, _IN_OTHER_LANGUAGES))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern when it is first needed: together they take 20 ms, and `troupe check` needs none."""
    return re.compile(pattern, re.IGNORECASE)
