"""Codes answers in words with a codebook, each different text once, some twice.

Codes know no condition, person or question: the same text has the same codes wherever it was said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from tinytroupe_cli.core.concurrency import gather
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.events.postprocessing import AnswersCoded, TextCodes
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.plan.planned_codings import PlannedCoding

MIN_DOUBLE: Final = 50
"""Fewest texts that are coded twice, or all."""
NO_SUCH_WORDS: Final = "the words quoted for it are not in the text"
_QUOTES: Final = str.maketrans(dict.fromkeys("\u2018\u2019\u201b", "'") | dict.fromkeys("\u201c\u201d", '"'))


class CodesTexts(Protocol):
    """A mind that codes texts."""

    async def code(
        self, text: str, categories: Sequence[tuple[str, str]], *, several: bool, sample: int = 0
    ) -> dict[str, str] | NoAnswer:
        """Return each code that the text has with the words quoted for it."""
        ...


async def code_answers(
    planned: PlannedCoding,
    answers: Mapping[str, Sequence[str]],
    coder: CodesTexts,
    seed: int,
    *,
    second: CodesTexts | None = None,
) -> AnswersCoded:
    """Code answers, given by condition; those that are coded twice are drawn evenly from all conditions.

    `second` codes the second time; None: the same coder.
    """
    texts = list(dict.fromkeys(text_of(answer) for own in answers.values() for answer in own if text_of(answer)))
    order = Stream(seed, "coding", planned.measure).shuffled(texts)
    twice = to_code_twice(answers, planned.double, Stream(seed, "double coding", planned.measure))
    codebook = [(category.name, category.meaning) for category in planned.categories]
    first = await gather(_coded(text, codebook, planned, coder, sample=0) for text in order)
    again = await gather(_coded(text, codebook[::-1], planned, second or coder, sample=1) for text in twice)
    found = dict(zip(order, first, strict=True))
    return AnswersCoded(
        name=planned.measure,
        texts={text: found[text] for text in texts},
        again=dict(zip(twice, again, strict=True)),
        second=planned.second.name if planned.second is not None else "",
    )


def to_code_twice(answers: Mapping[str, Sequence[str]], share: float, stream: Stream) -> list[str]:
    """Return a share of the different texts, at least 50 or all, the same share of each condition; none for 0."""
    if not share:
        return []
    places: dict[str, float] = {}
    for own in answers.values():
        texts = stream.shuffled(list(dict.fromkeys(text_of(answer) for answer in own if text_of(answer))))
        for at, text in enumerate(texts):
            places.setdefault(text, (at + 0.5) / len(texts))
    wanted = min(len(places), max(MIN_DOUBLE, math.ceil(share * len(places))))
    return sorted(places, key=lambda text: (places[text], text))[:wanted]


def text_of(answer: str) -> str:
    """Return an answer as it is coded: spaces and line breaks don't count."""
    return " ".join(answer.split())


def has_words(text: str, quote: str) -> bool:
    """Return whether words occur in a text, whatever their case, spaces, quotation marks and marks at the ends."""
    wanted = _plain(quote).strip(" .,;:!?\"'…")
    return bool(wanted) and wanted in _plain(text)


async def _coded(
    text: str, codebook: Sequence[tuple[str, str]], planned: PlannedCoding, coder: CodesTexts, *, sample: int
) -> TextCodes:
    found = await coder.code(text, codebook, several=planned.several, sample=sample)
    if isinstance(found, NoAnswer):
        return TextCodes(why=found.text or found.reason.replace("_", " "), reason=found.reason)
    return TextCodes(
        quotes={code: quote for code, quote in found.items() if has_words(text, quote)},
        faults={code: NO_SUCH_WORDS for code, quote in found.items() if not has_words(text, quote)},
    )


def _plain(words: str) -> str:
    return " ".join(words.translate(_QUOTES).casefold().split())
