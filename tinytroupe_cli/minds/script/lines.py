"""A past as lines of a transcript, and a reply as a person's next line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tinytroupe_cli.minds.memory.episodic import DialogueStyle
from tinytroupe_cli.minds.repetition import words_of

BETWEEN: Final = "\n\n"
"""Between two lines of a transcript: without an empty line, small models take a line for a part of the one before."""
MAX_STOPS: Final = 4
"""Stop sequences that every provider takes."""
_STAGE_DIRECTION: Final = re.compile(r"^\s*(?:\([^()]{1,80}\)|\*[^*]{1,80}\*|\[[^\[\]]{1,80}\])\s*")
_FULL_STOPS: Final = ".!?…\u3002\uff01\uff1f"
_ENDS: Final = f"{_FULL_STOPS}\"'\u201d\u2019)"
_OPENING: Final = re.compile(
    r"^(?:sure|certainly|of course|okay|ok)[,.!:]? (?:here(?:'s| is)[^:\n]{0,80}:)\s*"
    r"|^here(?:'s| is) (?:the|my) (?:next )?(?:line|reply|response|answer)[^:\n]{0,60}:\s*",
    re.IGNORECASE,
)


def script_style(name: str) -> DialogueStyle:
    """Return how the past of a person of this name is written."""

    def did(parts: Mapping[str, str]) -> str:
        return BETWEEN.join(_did(name, parts))

    return DialogueStyle("script", did, nothing="", between=BETWEEN, you=name)


def _did(name: str, parts: Mapping[str, str]) -> Iterator[str]:
    if parts.get("words"):
        yield f"{name}: {parts['words']}"
    elif parts.get("thought"):
        yield f"({name} thinks: {parts['thought']})"
    elif "act" not in parts:
        yield f"({name} says nothing.)"
    if parts.get("act"):
        yield f"({name} does this: {parts['act']} {parts.get('argument', '')}".rstrip() + ")"


def stops(name: str, speakers: Sequence[str]) -> tuple[str, ...]:
    """Return the texts at which somebody's line ends: where they begin again, and where the latest speakers would."""
    others = [speaker for speaker in dict.fromkeys(reversed(speakers)) if speaker != name]
    return (f"\n{name}:", *(f"\n{other}:" for other in others[: MAX_STOPS - 1]))


def line_of(
    reply: str, name: str, *, speakers: Sequence[str] = (), asked: Sequence[str] = (), is_cut_off: bool = False
) -> str:
    """Return the line a reply holds: one paragraph without labels, stage directions and openings of an assistant's."""
    text = _before_others(_unlabeled(reply.strip(), name), (name, *speakers))
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n|\n(?=\S)", text) if part.strip()]
    line = next((found for part in paragraphs if (found := _plain(part, name))), "")
    line = _without_question(line, asked)
    return _whole_sentences(line) if is_cut_off else line


def _plain(paragraph: str, name: str) -> str:
    text = _OPENING.sub("", paragraph)
    text = _unlabeled(text, name)
    while (shorter := _STAGE_DIRECTION.sub("", text)) != text:
        text = shorter
    text = _without_introduction(text, name).strip()
    text = _unquoted(text)
    return "" if text.strip(".… -\u2013—") == "" or _is_silence(text) else text


def _unquoted(text: str) -> str:
    """Take off quotation marks around the whole, or one that is never closed."""
    if not text or text[0] not in '"“':
        return text
    if text[-1] in '"”' and not re.search('["“”]', text[1:-1]):
        return text[1:-1].strip()
    return text if re.search('["“”]', text[1:]) else text[1:].strip()


def _without_question(line: str, asked: Sequence[str]) -> str:
    """Take off what gives the question back at the beginning, where something else follows."""
    known = {" ".join(words_of(sentence)) for text in asked for sentence in _sentences(text)}
    sentences = _sentences(line)
    while len(sentences) > 1 and " ".join(words_of(sentences[0])) in known:
        sentences = sentences[1:]
    return " ".join(sentences)


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?…])\s+", text.strip()) if part]


def _unlabeled(text: str, name: str) -> str:
    """Take the person's own name off the beginning, as a label: `Lisa Carter: `, `**Lisa**: `."""
    names = "|".join(re.escape(label) for label in (name, *name.split()) if label)
    return re.sub(rf"^(?:\*\*)?(?:{names})(?:\*\*)?(?: \([^()]*\))?\s*:(?:\*\*)?\s*", "", text)


def _without_introduction(text: str, name: str) -> str:
    """Take off "As Lisa Carter, I …": nobody says that of themselves."""
    names = "|".join(re.escape(label) for label in (name, name.split(maxsplit=1)[0]))
    return re.sub(rf"^as (?:{names}),? (\w)", lambda match: match[1].upper(), text, flags=re.IGNORECASE)


def _before_others(text: str, speakers: Sequence[str]) -> str:
    """Cut a reply where somebody else begins to speak."""
    known = "|".join(re.escape(speaker) for speaker in speakers if speaker)
    others = rf"(?:{known}|interviewer|moderator|the \w+)"
    return re.split(rf"\n\s*(?:\*\*)?{others}(?:\*\*)?\s*:", text, maxsplit=1, flags=re.IGNORECASE)[0]


def _is_silence(text: str) -> bool:
    return text.casefold().strip(" .()*[]") in {"says nothing", "silence", "remains silent", "stays silent", "silent"}


def _whole_sentences(line: str) -> str:
    """Leave out a sentence that was cut off, where a whole one stands before it."""
    if not line or line[-1] in _ENDS:
        return line
    last = max(line.rfind(mark) for mark in _FULL_STOPS)
    return line[: last + 1] if last > 0 else f"{line} …"
