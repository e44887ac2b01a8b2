"""Whether a text says again what another said: by sequences of words, by whole sentences, or as a whole.

Scripts that leave no spaces between words are compared by characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

MAX_REPEATED: Final = 0.6
"""Share of a text's sequences that one earlier text may have had. Measured: 0.6 finds every word-for-word repeat of a
1.5B model and no turn a reader would have passed."""
MIN_WORDS: Final = 6
"""Shorter things, such as `yes, thank you`, may be said again; the same in characters is twice as many."""
LONG_SENTENCE: Final = 8
"""Words from which one sentence said again is a repeat, whatever is said besides."""
SHORT: Final = 20
"""Words up to which another number makes another answer: `yes, I'd buy it at 6 dollars`."""
MIN_LINE: Final = 3
"""Words from which a whole line, said again exactly, is a repeat: a 1.5B model said "I'll be there." in every turn."""
_ANSWERS: Final = frozenset(
    ("yes", "no", "yeah", "yep", "nope", "okay", "ok", "sure", "thanks", "thank", "hello", "hi", "good", "sorry", "bye")
)
"""First words of lines that are said again as often as there is occasion."""
GRAM: Final = 4
CHARACTERS_A_WORD: Final = 2
KEPT_TEXTS: Final = 1_000
"""Texts that are kept taken apart; a turn is compared with the few earlier texts that it may repeat."""

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese."""
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[\w'\u0300-\u036f\u0900-\u0dff])+")
_SENTENCE_END = re.compile(r"[.!?…\n\u3002\uff01\uff1f]+")
_QUOTED = re.compile(r"[\"“„«「][^\"“”„«»「」]*[\"“”»」]")


def repeated_in(words: str, earlier: Sequence[str], *, most: float = MAX_REPEATED) -> str | None:
    """Return the earlier text that is said again, word for word or nearly; None where none is.

    `most` is the largest share of the sequences of four words that one earlier text may have had.
    """
    said = parts_of(words)
    if len(said.words) < MIN_WORDS * said.scale:
        return None
    return next((text for text in earlier if _is_said_again(said, parts_of(text), most=most)), None)


def _is_said_again(said: TextParts, before: TextParts, *, most: float) -> bool:
    if len(said.words) <= SHORT * said.scale and said.numbers - before.numbers:
        return False
    return not said.sentences.isdisjoint(before.sentences) or share_in(said.words, before.words) >= most


def is_same_line(words: str, earlier: Sequence[str]) -> bool:
    """Return whether a line of three words or more is exactly one that was said before, marks and capitals aside.

    Answers, thanks and greetings may be said again.
    """
    spoken = words_of(words)
    if len(spoken) < MIN_LINE * _scale(spoken) or spoken[0] in _ANSWERS:
        return False
    return any(spoken == words_of(text) for text in earlier)


def share_in(spoken: Sequence[str], before: Sequence[str]) -> float:
    """Return the share of a text's sequences of words that another text has, from 0 to 1."""
    length = GRAM * _scale(spoken)
    grams, known = grams_of(tuple(spoken), length), _known_grams(tuple(before), length)
    return sum(gram in known for gram in grams) / len(grams) if grams else 0.0


def phrase_overlap(first: Sequence[str], second: Sequence[str], *, least: float = 0.0) -> float:
    """Return how alike two texts are as wholes, from 0 to 1; 0 if it is quickly seen to be below `least`."""
    if 2 * min(len(first), len(second)) < least * (len(first) + len(second)):
        return 0.0
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= least else 0.0


def without_quotations(text: str) -> str:
    """Return a text without what it quotes; a text that is nothing but a quotation is only taken out of its marks."""
    rest = _QUOTED.sub(" ", text)
    return rest if words_of(rest) else text.strip(' \n"“”„«»「」')


def words_of(text: str) -> list[str]:
    """Return a text's words, in small letters and without marks; of scripts without spaces its characters."""
    return list(parts_of(text).words)


def sentences_of(text: str) -> list[str]:
    """Return a text's sentences without their marks."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


@dataclass(frozen=True, slots=True)
class TextParts:
    """What a text is compared by."""

    words: tuple[str, ...]
    scale: int
    """Units that stand for one word: characters in scripts that leave no spaces."""
    sentences: frozenset[str]
    """The long ones."""
    numbers: frozenset[str]


@lru_cache(maxsize=KEPT_TEXTS)
def parts_of(text: str) -> TextParts:
    """Take a text apart."""
    words = _words(text)
    numbers = frozenset(word for word in words if word.isdigit())
    return TextParts(words, _scale(words), _long_sentences(text), numbers)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", text).replace("\u2019", "'").casefold()))


def _long_sentences(text: str) -> frozenset[str]:
    parts = [_words(sentence) for sentence in sentences_of(text)]
    return frozenset(" ".join(part) for part in parts if len(part) >= LONG_SENTENCE * _scale(part))


def grams_of(words: tuple[str, ...], length: int) -> list[tuple[str, ...]]:
    """Return the sequences of so many words, in order."""
    return [words[at : at + length] for at in range(len(words) - length + 1)]


@lru_cache(maxsize=KEPT_TEXTS)
def _known_grams(words: tuple[str, ...], length: int) -> frozenset[tuple[str, ...]]:
    return frozenset(grams_of(words, length))


def _scale(words: Sequence[str]) -> int:
    """Return how many units stand for one word: characters in scripts that leave no spaces."""
    characters = sum(len(word) == 1 and re.match(rf"[{_UNSPACED}]", word) is not None for word in words)
    return CHARACTERS_A_WORD if 2 * characters > len(words) else 1
