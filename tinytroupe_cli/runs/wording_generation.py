"""Writes the wordings of an experiment's texts before any trial.

The variables of a paraphrase are checked by code, its meaning by the judge. A failed one is written again twice, then
dropped; all versions that are left have a wording of every text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from tinytroupe_cli.core.concurrency import gather
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.plan.written_wordings import tags
from tinytroupe_cli.spec.wordings import WordingsOfText

if TYPE_CHECKING:
    from tinytroupe_cli.minds.paraphraser import Paraphraser

ATTEMPTS: Final = 3
MAX_TIMES_AS_LONG: Final = 3
"""Length of a paraphrase, in lengths of the original, beyond which it is none."""


async def generate_wordings(texts: Sequence[str], count: int, paraphraser: Paraphraser) -> list[WordingsOfText]:
    """Return the wordings of each text, its original first; all have the same number, at most `count`.

    Raises RunError if a text has no paraphrase, or the error that keeps the judge from answering.
    """
    written = await gather(_generated(text, count, paraphraser) for text in dict.fromkeys(texts))
    least = min((len(entry.wordings) for entry in written), default=count)
    if least < 2:  # noqa: PLR2004 - the original alone
        failed = next(entry for entry in written if len(entry.wordings) < 2)  # noqa: PLR2004
        why = failed.dropped[0] if failed.dropped else "the judge wrote none"
        hint = "list its wordings yourself: {wordings: […]}, or choose another model for the judge"
        raise RunError(f"no paraphrase of '{_short(failed.text)}' could be used: {why}", hint=hint)
    return [entry.model_copy(update={"wordings": entry.wordings[:least]}) for entry in written]


async def _generated(text: str, count: int, paraphraser: Paraphraser) -> WordingsOfText:
    kept, dropped = [text], dict[str, str]()
    for attempt in range(ATTEMPTS):
        missing = count - len(kept)
        if not missing:
            break
        others = [*kept[1:], *dropped]
        found = await paraphraser.paraphrase(text, tags(text), others, count=missing, attempt=attempt)
        if isinstance(found, NoAnswer):
            continue
        new = [paraphrase for paraphrase in dict.fromkeys(found) if paraphrase not in dropped]
        faults = await gather(_fault(text, paraphrase, kept, paraphraser) for paraphrase in new)
        for paraphrase, fault in zip(new, faults, strict=True):
            if fault:
                dropped[paraphrase] = fault
            else:
                kept.append(paraphrase)
    names = [f"{_short(paraphrase)}: {fault}" for paraphrase, fault in dropped.items()]
    return WordingsOfText.model_construct(text=text, wordings=kept, dropped=names)


async def _fault(text: str, paraphrase: str, kept: Sequence[str], paraphraser: Paraphraser) -> str:
    """Return what is wrong with a paraphrase, by code and then by the judge; empty: nothing."""
    if not paraphrase:
        return "it is empty"
    if _plain(paraphrase) in {_plain(other) for other in kept}:
        return "it is the same as another wording"
    if sorted(tags(paraphrase)) != sorted(tags(text)) or "{%" in paraphrase or "{#" in paraphrase:
        return "its variables are not those of the text"
    if len(paraphrase) > MAX_TIMES_AS_LONG * len(text) + 40:
        return "it is much longer than the text"
    return await paraphraser.fault(text, paraphrase)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".!? ")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"  # noqa: PLR2004 - enough to recognize it
