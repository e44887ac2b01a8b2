"""What is wrong with words put into a person's mouth, as far as that can be told without a model.

Knows texts alone: whose they are, and who heard them, is for the caller to say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tinytroupe_cli.events.event import FAULT_WORDS, Fault
from tinytroupe_cli.minds.assistant_talk import is_assistant_talk, is_refusal
from tinytroupe_cli.minds.repetition import (
    MAX_REPEATED,
    MIN_WORDS,
    is_same_line,
    phrase_overlap,
    repeated_in,
    sentences_of,
    share_in,
    without_quotations,
    words_of,
)

__all__ = ["SEVERITY", "Fault", "fault_of", "is_echo"]

SEVERITY: Final[dict[Fault, int]] = {fault: rank for rank, fault in enumerate(FAULT_WORDS)}
ECHO: Final = 0.85
"""Likeness, from 0 to 1, from which a text is a repetition of another."""
MIN_QUESTION_WORDS: Final = 5
"""Words; shorter questions, such as `how are you?`, people do give back."""
COPIED: Final = 15
"""Words from which a reply that is nothing but a piece of the question is that, and no choice among what it offered."""

_AGAIN = re.compile(
    r"(?<!n't )(?<!not )(?<!never )(?:\brepeat (?:that|it|this|what|after|your|the|please|for)\b|\bplease,? repeat\b|"
    r"\bsay (?:it|that|this)(?: all)? (?:again|once more)|\bonce (?:more|again),? please|\bword for word\b|"
    r"\bread (?:it|this|that|the \w+)? ?(?:out|aloud|back)\b|\b(?:didn't|did not) (?:hear|catch)\b|"
    r"\bwhat did you (?:just )?say\b|"
    r"\bwiederhol(?:e|en|t|st)?\b|\bsag\w* (?:\w+ ){0,4}noch (?:ein)?mal\b|\bwortwörtlich\b|"
    r"\brépét\w*|\bredi(?:s|tes)\b|\brepit[ae]\w*|\brepet[ií]r\w*|再说一遍|重复|もう一度|繰り返)",
    re.IGNORECASE,
)
"""They are asked to say something again."""
_INSTRUCTIONS: Final = (
    "in my own words, briefly",
    "in your own words, briefly",
    "the next line of this transcript",
    "the next line of the transcript",
    "one sentence that goes through my head",
    "one sentence that goes through your head",
    "what I say aloud, in the first person",
    "what you say aloud, in the first person",
    "empty to stay silent",
    "say something new each time, and don't repeat the question",
    "in a few words",
)
_ANNOUNCED = re.compile(
    r"\W*(?:(?:sure|certainly|of course|okay|ok)\W+)?(?:here(?:'s| is)|this is)? ?(?:the|my|a possible)? ?"
    r"next line (?:of|in) (?:the|this) (?:transcript|conversation|interview)\b|"
    r"\W*\[?(?:insert|your) (?:answer|reply|response|words|name)(?: here)?\]?\W*$|\W*<[a-z_ ]+>\W*$",
    re.IGNORECASE,
)
_FIRST_PERSON: Final = {"i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "am": "are"}


def fault_of(
    words: str, *, own: Sequence[str], others: Sequence[str], asked: Sequence[str], most: float = MAX_REPEATED
) -> Fault | None:
    """Return the worst that is wrong with what somebody says; None: nothing.

    `own` is what they said earlier; `others` what other people said in their hearing, without what an outside voice
    has just put to them; `asked` what was last put to them: questions and instructions. `most` is the share of
    sequences of four words from which one earlier text is repeated.

    Nobody is blamed for saying again what they were asked to repeat, for quoting, or for short things such as `yes,
    thank you`. Said again unasked, though, the same line of three words or more is a repeat.
    """
    if is_assistant_talk(words):
        return "assistant_talk"
    if is_refusal(words):
        return "refusal"
    if is_instruction(words):
        return "instruction"
    if any(_AGAIN.search(text) for text in asked):
        return None
    if any(_is_given_back(words, text) for text in asked if text not in others or _questions(text)):
        return "question_back"
    is_asked = any(_questions(text) for text in asked)  # two questions can have the same short answer
    if repeated_in(words, own, most=most) or (not is_asked and is_same_line(words, own)):
        return "repeats_self"
    return "repeats_other" if repeated_in(without_quotations(words), others, most=most) else None


def is_instruction(words: str) -> bool:
    """Return whether a reply is how it was to be given: "in my own words, briefly"."""
    return _ANNOUNCED.match(words) is not None or any(is_echo(words, instruction) for instruction in _INSTRUCTIONS)


def is_echo(text: str, instruction: str) -> bool:
    """Return whether an answer only repeats how it was to be given, as small models do: "in my own words, briefly"."""
    return phrase_overlap(text.strip(" .").casefold(), instruction.casefold(), least=ECHO) > ECHO


def _is_given_back(words: str, asked: str) -> bool:
    """Say whether a reply is (nearly) what was asked, with `I` for `you` or without, a sentence or long piece of it."""
    spoken = _as_asked(words)
    if len(spoken) < MIN_QUESTION_WORDS:
        return False
    questions = [_as_asked(part) for part in _questions(asked)]
    if any(phrase_overlap(spoken, question, least=ECHO) >= ECHO for question in (*questions, _as_asked(asked))):
        return True
    is_question = words.strip().endswith(("?", "\uff1f"))
    if is_question and len(spoken) >= MIN_WORDS and any(share_in(spoken, question) >= ECHO for question in questions):
        return True
    is_choice = "which" in asked.casefold()  # its options may be sentences
    if (
        not is_choice
        and len(spoken) >= MIN_WORDS
        and any(spoken == _as_asked(sentence) for sentence in sentences_of(asked))
    ):
        return True
    rest = _as_asked(without_quotations(words))
    return len(rest) >= COPIED and share_in(rest, _as_asked(asked)) >= ECHO


def _questions(text: str) -> list[str]:
    asked = text[: max(text.rfind("?"), text.rfind("\uff1f")) + 1]  # the pattern tries every start in what follows
    return [sentences_of(part)[-1] for part in re.findall(r"[^?\uff1f]+[?\uff1f]", asked) if sentences_of(part)]


def _as_asked(text: str) -> list[str]:
    return [_FIRST_PERSON.get(word, word) for word in words_of(text)]
