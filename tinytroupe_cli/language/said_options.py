"""Finds the option in a person's words: "Angry.", "angry, because …", "I'd go with angry".

Words that could name two options, or that negate one ("neither calm nor angry"), are not guessed at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

MAX_CHARACTERS: Final = 2_000
"""Characters; longer texts are not examined."""
MAX_WORDS: Final = 12
"""Length of a sentence with its option somewhere inside."""
MIN_BEGINNING: Final = 3
"""Letters that can identify an option."""

_EDGES: Final = " \t\n\r.!?,;:*_`\"'“”„\u2018\u2019«»()[]"
_LEADS = re.compile(
    r"^(?:(?:my |the |final )*(?:answer|option|choice|response|pick|rating|mood)\b(?: is| would be)?[:=\s]*|"
    r"(?:i(?:'d| would| will|'ll)? )?(?:say|choose|pick|select|answer|go (?:with|for)|think|feel|guess)\b[:,\s]*|"
    r"(?:i'm|i am|it's|it is|that's|i'd be|well|hmm|honestly|definitely|probably|maybe|rather|just|very|so)\b[:,\s]*|"
    r"\(?\d{1,2}[.)]\s+|\(?[a-z]\)\s+|[-•\u2013—]\s+)"
)
_SEPARATOR = re.compile(
    r"\s*[.,;:!?(\[\n]|\s+[-\u2013—]|\s*—|\s+(?:because|since|as|for|but|though|although|i|it|this|that|and)\b"
)
_REASON = re.compile(r"[.;:!?(\[—](?!\S)|[([]|\s[-\u2013]\s|\b(?:because|since|as|though|although)\b")
_BESIDE = re.compile(r"[,/\n]|\b(?:and|or|but)\b|&")
_NUMBERED_LINE = re.compile(r"\s+\(?\d{1,2}[.)]\s+")
_LINKS = re.compile(r"^(?:and|or|but|also|maybe|perhaps|partly|then|both)\s+")
_UNLIKE = re.compile(
    r"\b(not|neither|nor|never|no|without|rather than|instead|than|unless|if|except|anything but|hardly|barely|"
    r"less|nicht|kein\w*|weder|pas|ni)\b|n't\b|\bun(?=\w)"
)
_YES: Final = ("yes", "y", "yeah", "yep", "yup", "true", "ja", "oui", "sí", "si")
_NO: Final = ("no", "n", "nope", "nah", "false", "nein", "non")


def said_options(words: str, options: Sequence[str]) -> tuple[int, ...]:
    """Return the indices of the options that may be meant: one if clear, none, or several."""
    exact = tuple(at for at, option in enumerate(options) if option.strip() == words.strip())
    if exact or len(words) > MAX_CHARACTERS:
        return exact if len(exact) == 1 else ()
    plain = [_plain(option) for option in options]
    text = _plain(words)
    for variant in dict.fromkeys((text, _without_lead(text))):
        for found in (_equal(variant, plain), _leading(variant, plain), _begun(variant, plain)):
            if found:
                return found
    return _mentioned(text, plain)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    folded = re.sub(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}", lambda m: " " if m[0] == "_" else "", folded)
    return re.sub(r"[ \t\r\f\v]+", " ", folded).strip(_EDGES) or folded.strip()


def _without_lead(text: str) -> str:
    for _ in range(4):
        shorter = _LEADS.sub("", text, count=1).strip(_EDGES)
        if not shorter or shorter == text:
            break
        text = shorter
    return text


def _equal(text: str, options: Sequence[str]) -> tuple[int, ...]:
    equal = tuple(at for at, option in enumerate(options) if option == text)
    if equal:
        return equal
    truth = "yes" if text in _YES else "no" if text in _NO else None
    return tuple(at for at, option in enumerate(options) if option == truth)


def _leading(text: str, options: Sequence[str]) -> tuple[int, ...]:
    """Return the option that a text begins with, and whether it names another one."""
    heads = [(len(name), at) for at, name in enumerate(options) for name in _names(name) if _begins(text, name)]
    if not heads:
        return ()
    length, first = max(heads)
    head = _REASON.split(_NUMBERED_LINE.sub("\n", text[length:]), maxsplit=1)[0]
    pieces = [_LINKS.sub("", piece.strip(_EDGES)).strip(_EDGES) for piece in _BESIDE.split(head)]
    others = {at for piece in pieces if piece for at in _equal(piece, options)}
    return tuple(sorted({first, *others}))


def _names(option: str) -> tuple[str, ...]:
    return _YES if option == "yes" else _NO if option == "no" else (option,)


def _begins(text: str, option: str) -> bool:
    return bool(option) and text.startswith(option) and bool(_SEPARATOR.match(text, len(option)))


def _begun(text: str, options: Sequence[str]) -> tuple[int, ...]:
    if len(text) < MIN_BEGINNING:
        return ()
    return tuple(at for at, option in enumerate(options) if option.startswith(text))


def _mentioned(text: str, options: Sequence[str]) -> tuple[int, ...]:
    """Return the options in a short sentence without negation; yes and no don't count: "no idea"."""
    if len(text.split()) > MAX_WORDS:
        return ()
    found: list[int] = []
    rest = text
    for at in sorted(range(len(options)), key=lambda at: -len(options[at])):
        option = options[at]
        if len(option) < MIN_BEGINNING or option in {"yes", "no"}:
            continue
        shorter = re.sub(rf"(?<![\w-]){re.escape(option)}(?![\w-])", " ", rest)
        if shorter != rest:
            found.append(at)
            rest = shorter
    if not found or _UNLIKE.search(rest):
        return ()
    words = set(text.split())
    named = {word for at in found for word in options[at].split()}
    scattered = [at for at, option in enumerate(options) if named < set(option.split()) <= words]
    return tuple(sorted({*found, *scattered}))
