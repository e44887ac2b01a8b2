"""Coded answers as results: codes with their quotes, and how far two codings agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import not_
from typing import Final, Literal

from pydantic import Field

from tinytroupe_cli.analysis.agreement import RELIABLE, TENTATIVE, alpha_interval, krippendorff_alpha
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.events.postprocessing import AnswersCoded, PostEvent, TextCodes
from tinytroupe_cli.measurement.text_coding import text_of
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.planned_codings import HumanCodedTexts, PlannedCoding, row_of
from tinytroupe_cli.plan.types import Plan

RESAMPLES: Final = 1_000
MIN_HUMAN_TEXTS: Final = 50
"""Texts coded by people below which shares are not corrected."""
Second = Literal["same model", "second model", "people"]
NOTHING_TWICE: Final[Mapping[Second, str]] = {
    "same model": "nothing was coded twice",
    "second model": "nothing was coded twice",
    "people": "none of the texts that people coded occurs in this run",
}


class CodedText(Frozen):
    """One different answer with its codes."""

    text: str
    """The answer."""
    quotes: dict[str, str] = Field(default_factory=dict)
    """Code -> the quote that supports it."""
    why: str = Field(default="", exclude_if=not_)
    """What could not be coded, and why."""


class CodeAgreement(Frozen):
    """Agreement of two codings of the same texts."""

    second: Second = "same model"
    """Who coded the second time; models see the codebook in reverse order then."""
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


class CorrectedCodeShare(Frozen):
    """The share of a code, corrected with codes by people (PPI++, Angelopoulos, Duchi and Zrnic, 2023)."""

    code: str
    """The code."""
    condition: str = Field(default="", exclude_if=not_)
    """The condition; not written: all conditions."""
    texts: int
    """Different texts that people coded."""
    answers: int
    """Answers with these texts."""
    further: int
    """Other answers, coded by the model only."""
    as_coded: float | None = None
    """Share according to the model."""
    share: float | None = None
    """Corrected share."""
    low: float | None = None
    """Lower end of its 95% interval; errors are clustered by person."""
    high: float | None = None
    """Upper end."""
    why_not: str = Field(default="", exclude_if=not_)
    """Why there is no corrected share."""


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
    second: str = Field(default="", exclude_if=not_)
    """The model that coded the second time; not written: the same model."""
    humans: str = Field(default="", exclude_if=not_)
    """The file of codes by people."""
    sheet: str = ""
    """The file with all texts in random order, for people to code."""
    agreements: tuple[CodeAgreement, ...] = ()
    """Agreement of two codings, and with people; empty: no text was coded twice."""
    corrected: tuple[CorrectedCodeShare, ...] = Field(default=(), exclude_if=not_)
    """Shares of codes, corrected with codes by people."""
    confusion: dict[str, dict[str, int]] = Field(default_factory=dict)
    """First code -> second code -> how many texts; only if a text has one code."""


def coded_measures(plan: Plan, after: Sequence[PostEvent], rows: Sequence[Observation]) -> Iterator[CodedMeasure]:
    """Yield the coded answers in the order written; `rows` are those of the texts, at least."""
    found = {event.name: event for event in after if isinstance(event, AnswersCoded)}
    for planned in plan.outputs.codings:
        coded = found.get(planned.measure)
        yield CodedMeasure(
            measure=f"{planned.query}.{planned.field}",
            name=planned.measure,
            codebook={category.name: category.meaning for category in planned.categories},
            texts=tuple(_text(text, codes) for text, codes in (coded.texts if coded else {}).items()),
            second=coded.second if coded else "",
            humans=planned.humans.data if planned.humans else "",
            sheet=sheet_file(planned),
            agreements=tuple(_agreements(planned, coded, plan.seed)) if coded else (),
            corrected=tuple(_corrected(plan, planned, coded, rows)) if coded and planned.humans else (),
            confusion=_confusion(coded) if coded and not planned.several else {},
        )


def _text(text: str, codes: TextCodes) -> CodedText:
    why = codes.why or "; ".join(f"{code}: {fault}" for code, fault in codes.faults.items())
    return CodedText(text=text, quotes=codes.quotes, why=why)


def code_forms(codings: Sequence[CodedMeasure]) -> dict[str, str]:
    """Return measure -> what its answers are, for the fields that codes make: nobody was asked them."""
    found: dict[str, str] = {}
    for one in codings:
        text = one.measure.partition(".")[2]
        codes = [f"{code} ({meaning})" if meaning else code for code, meaning in one.codebook.items()]
        found[one.name] = f"coded by the judge from {text}, not asked: {', '.join(codes)}"
        for code, meaning in one.codebook.items():
            yes = f"yes if it {meaning}" if meaning else "yes or no"
            found[f"{one.name}_{code}"] = f"coded by the judge from {text}, not asked: {yes}"
    return found


def text_of_codes(codings: Sequence[CodedMeasure]) -> dict[str, str]:
    """Return measure -> the texts it is made of, as `query.field`, for the fields that codes make."""
    return {
        name: one.measure for one in codings for name in (one.name, *(f"{one.name}_{code}" for code in one.codebook))
    }


def sheet_file(planned: PlannedCoding) -> str:
    """Return the path of a coding's sheet for people, from the run's folder."""
    return f"data/{planned.query}_{planned.name}_to_code.csv"


def coding_sheets(plan: Plan, after: Sequence[PostEvent]) -> dict[str, tuple[list[str], list[list[str]]]]:
    """Return file -> header and rows: every different text, in random order, without codes."""
    coded = {event.name: event for event in after if isinstance(event, AnswersCoded)}
    return {
        sheet_file(planned): (
            ["row", "text", planned.name],
            [
                [row_of(text), text, ""]
                for text in Stream(plan.seed, "sheet", planned.measure).shuffled(sorted(coded[planned.measure].texts))
            ],
        )
        for planned in plan.outputs.codings
        if planned.measure in coded
    }


def _agreements(planned: PlannedCoding, coded: AnswersCoded, seed: int) -> Iterator[CodeAgreement]:
    if coded.again:
        by = "second model" if coded.second else "same model"
        yield from _compared(planned, coded, coded.again, by, seed)
    if planned.humans is not None:
        yield from _compared(planned, coded, human_codes(planned.humans, coded.texts), "people", seed)


def human_codes(humans: HumanCodedTexts, texts: Iterable[str]) -> dict[str, TextCodes]:
    """Return text -> the codes that people gave it."""
    found = {text: humans.codes.get(row_of(text), humans.codes.get(text)) for text in texts}
    return {text: TextCodes(quotes=dict.fromkeys(codes, "")) for text, codes in found.items() if codes is not None}


def _compared(
    planned: PlannedCoding, coded: AnswersCoded, again: Mapping[str, TextCodes], by: Second, seed: int
) -> Iterator[CodeAgreement]:
    if not planned.several:
        pairs = [(_one(coded.texts[text]), _one(second)) for text, second in again.items()]
        yield _agreement("", pairs, by, seed)
        return
    for category in planned.categories:
        pairs = [
            (_has(coded.texts[text], category.name), _has(second, category.name)) for text, second in again.items()
        ]
        yield _agreement(category.name, pairs, by, seed)


def _agreement(code: str, pairs: Sequence[tuple[str | None, str | None]], by: Second, seed: int) -> CodeAgreement:
    both = [pair for pair in pairs if None not in pair]
    blank = CodeAgreement(
        second=by, code=code, texts=len(pairs), agreement=sum(a == b for a, b in both) / len(both) if both else None
    )
    alpha = krippendorff_alpha(both)
    if alpha is None:
        why = "all texts have the same code: agreement beyond chance can't be calculated" if both else NOTHING_TWICE[by]
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


def _corrected(
    plan: Plan, planned: PlannedCoding, coded: AnswersCoded, rows: Sequence[Observation]
) -> Iterator[CorrectedCodeShare]:
    """Yield the share of each code over all conditions, and in each if there are several."""
    told = planned.humans and human_codes(planned.humans, coded.texts)
    own = [row for row in rows if (row.query, row.field) == (planned.query, planned.field) and row.outcome == "stated"]
    conditions = [condition.name for condition in plan.conditions]
    for category in planned.categories:
        for condition in ["", *(conditions if len(conditions) > 1 else [])]:
            kept = [row for row in own if condition in ("", row.condition)]
            yield _share(category.name, condition, kept, coded, told or {})


def _share(
    code: str, condition: str, rows: Sequence[Observation], coded: AnswersCoded, told: Mapping[str, TextCodes]
) -> CorrectedCodeShare:
    answers = [
        (row.person, text, found == "yes")
        for row in rows
        if (text := text_of(str(row.value))) in coded.texts and (found := _has(coded.texts[text], code)) is not None
    ]
    both = [(person, text, has) for person, text, has in answers if text in told]
    further = [(person, has) for person, text, has in answers if text not in told]
    texts = len({text for _, text, _ in both})
    blank = CorrectedCodeShare(
        code=code,
        condition=condition,
        texts=texts,
        answers=len(both),
        further=len(further),
        as_coded=sum(has for _, _, has in answers) / len(answers) if answers else None,
    )
    people = [person for person, _, _ in both]
    if texts < MIN_HUMAN_TEXTS or len(set(people)) < 2:  # noqa: PLR2004 - one person has no variance
        why = f"people coded {texts} of its texts; a correction needs {MIN_HUMAN_TEXTS}"
        return blank.model_copy(update={"why_not": why if texts < MIN_HUMAN_TEXTS else "one person gave all answers"})
    # A run without human codes loads neither numpy nor scipy.
    import numpy as np  # noqa: PLC0415

    from tinytroupe_cli.analysis.coded_shares import corrected_share  # noqa: PLC0415

    found = corrected_share(
        np.array([float(code in told[text].quotes) for _, text, _ in both]),
        np.array([float(has) for _, _, has in both]),
        np.array([float(has) for _, has in further]),
        people=people,
        further_people=[person for person, _ in further],
    )
    return blank.model_copy(update={"share": found.share, "low": found.low, "high": found.high})
