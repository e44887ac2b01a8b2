"""Coded answers as results: codes with their quotes, and how far two codings agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from operator import not_
from typing import Final

from pydantic import Field

from tinytroupe_cli.analysis.agreement import RELIABLE, TENTATIVE, alpha_interval, krippendorff_alpha
from tinytroupe_cli.events.postprocessing import AnswersCoded, PostEvent, TextCodes
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.planned_codings import PlannedCoding
from tinytroupe_cli.plan.types import Plan

RESAMPLES: Final = 1_000


class CodedText(Frozen):
    """One different answer with its codes."""

    text: str
    """The answer."""
    quotes: dict[str, str] = Field(default_factory=dict)
    """Code -> the quote that supports it."""
    why: str = Field(default="", exclude_if=not_)
    """What could not be coded, and why."""


class CodeAgreement(Frozen):
    """Agreement of two codings of the same texts, by the same model with the codebook in reverse order."""

    code: str = Field(default="", exclude_if=not_)
    """The code, if a text can have several; not written: all codes together."""
    texts: int
    """Texts that were coded twice."""
    agreement: float | None = None
    """Share of texts with the same code."""
    alpha: float | None = None
    """Krippendorff's alpha, nominal."""
    low: float | None = None
    """Lower end of alpha's 95% interval (bootstrap over texts)."""
    high: float | None = None
    """Upper end."""
    verdict: str = ""
    """`reliable`, `tentative` (alpha below 0.8) or `doubtful` (below 0.667); empty: no alpha."""
    why_not: str = Field(default="", exclude_if=not_)
    """Why there is no alpha."""


class CodedMeasure(Frozen):
    """Free-text answers, coded by `code`."""

    measure: str
    """The free-text answers, as `query.field`."""
    name: str
    """The codes, as `query.field`; with `several` each code is NAME_CODE."""
    codebook: dict[str, str]
    """Code -> when it applies."""
    texts: tuple[CodedText, ...] = ()
    """Each different answer with its codes."""
    agreements: tuple[CodeAgreement, ...] = ()
    """Agreement of two codings; empty: no text was coded twice."""
    confusion: dict[str, dict[str, int]] = Field(default_factory=dict)
    """First code -> second code -> how many texts; only if a text has one code."""


def coded_measures(plan: Plan, after: Sequence[PostEvent]) -> Iterator[CodedMeasure]:
    """Yield the coded answers in the order written."""
    found = {event.name: event for event in after if isinstance(event, AnswersCoded)}
    for planned in plan.outputs.codings:
        coded = found.get(planned.measure)
        yield CodedMeasure(
            measure=f"{planned.query}.{planned.field}",
            name=planned.measure,
            codebook={category.name: category.meaning for category in planned.categories},
            texts=tuple(_text(text, codes) for text, codes in (coded.texts if coded else {}).items()),
            agreements=tuple(_agreements(planned, coded, plan.seed)) if coded and coded.again else (),
            confusion=_confusion(coded) if coded and not planned.several else {},
        )


def _text(text: str, codes: TextCodes) -> CodedText:
    why = codes.why or "; ".join(f"{code}: {fault}" for code, fault in codes.faults.items())
    return CodedText(text=text, quotes=codes.quotes, why=why)


def _agreements(planned: PlannedCoding, coded: AnswersCoded, seed: int) -> Iterator[CodeAgreement]:
    if not planned.several:
        yield _agreement("", [(_one(coded.texts[text]), _one(again)) for text, again in coded.again.items()], seed)
        return
    for category in planned.categories:
        pairs = [
            (_has(coded.texts[text], category.name), _has(again, category.name)) for text, again in coded.again.items()
        ]
        yield _agreement(category.name, pairs, seed)


def _agreement(code: str, pairs: Sequence[tuple[str | None, str | None]], seed: int) -> CodeAgreement:
    both = [pair for pair in pairs if None not in pair]
    blank = CodeAgreement(
        code=code, texts=len(pairs), agreement=sum(a == b for a, b in both) / len(both) if both else None
    )
    alpha = krippendorff_alpha(both)
    if alpha is None:
        why = (
            "all texts have the same code: agreement beyond chance can't be calculated"
            if both
            else "nothing was coded twice"
        )
        return blank.model_copy(update={"why_not": why})
    interval = alpha_interval(both, resamples=RESAMPLES, seed=seed)
    verdict = "reliable" if alpha >= RELIABLE else "tentative" if alpha >= TENTATIVE else "doubtful"
    low, high = interval or (None, None)
    return blank.model_copy(update={"alpha": alpha, "low": low, "high": high, "verdict": verdict})


def _one(codes: TextCodes) -> str | None:
    """Return the one code of a text, "" for none; None: it could not be coded."""
    if codes.why or codes.faults:
        return None
    return next(iter(codes.quotes), "")


def _has(codes: TextCodes, code: str) -> str | None:
    if codes.why or code in codes.faults:
        return None
    return "yes" if code in codes.quotes else "no"


def _confusion(coded: AnswersCoded) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for text, again in coded.again.items():
        first, second = _one(coded.texts[text]), _one(again)
        if first is not None and second is not None:
            counts.setdefault(first or "not stated", Counter())[second or "not stated"] += 1
    return {first: dict(seconds) for first, seconds in counts.items()}
