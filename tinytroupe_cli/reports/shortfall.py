"""Tells a run that gave too little to be called a success, in words: what failed most, who is missing, what to do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final, Literal, get_args

from tinytroupe_cli.core.number_format import count
from tinytroupe_cli.events.types import Fault
from tinytroupe_cli.reports.figures import enumeration, humanized
from tinytroupe_cli.reports.problems import Problem, ProblemKind
from tinytroupe_cli.reports.results import Results

RetryKind = Literal["bad", "failed", "refused"]
"""Unusable or cut-off replies; calls the provider did not answer; refusals."""
FAULTS: Final[tuple[Fault, ...]] = get_args(Fault)

_RETRIES: dict[ProblemKind, RetryKind] = {
    "bad_output": "bad",
    "cut_off": "bad",
    "refused": "refused",
    "unreachable": "failed",
    "rejected": "failed",
}
_WORDS: dict[ProblemKind, str] = {
    "bad_output": "replies that can't be used",
    "cut_off": "replies that were cut off",
    "poor_quality": "turns in which no attempt was good enough",
    "refused": "refusals",
    "unreachable": "calls that the provider failed to answer",
    "off_topic": "answers about something else, which were not rated",
    "no_evidence": "questions that were not asked, because every turn of the person was faulty",
    **dict.fromkeys(FAULTS, "turns with faulty words (a repeat, a refusal, an assistant's phrase)"),
    "rejected": "requests that the provider rejected",
    "too_long": "requests longer than the model's window",
}
_ADVICE: dict[ProblemKind, str] = {
    "bad_output": "a larger model (--model) follows the required format more often",
    "cut_off": "allow longer replies with the model's max_tokens",
    "poor_quality": "lower the scores under `quality`, or use a larger model",
    "refused": "rephrase it, or use another model",
    "unreachable": "check the provider's status page",
    "off_topic": "ask the question more plainly, or use a larger model (--model)",
    "no_evidence": "use a larger model (--model)",
    **dict.fromkeys(FAULTS, "use a larger model (--model); `quality: {guards: false}` accepts such turns"),
    "rejected": "see the provider's message; another setting or a shorter text may help",
    "too_long": "use a model with a longer window, or shorten what people are shown and remember; if the server's "
    "window has become longer, repeat the command with --retry failed",
}
MAX_NAMED = 4
MAX_CHARACTERS = 160


@dataclass(frozen=True, slots=True)
class FailureCount:
    """Turns, or values of answers: how many were planned, and how they ended."""

    noun: str
    planned: int
    good: int
    failed: int


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Why a run is no success."""

    says: tuple[str, ...]
    """Sentences: what is missing, what failed most."""
    advice: str
    retry: tuple[RetryKind, ...]
    """What `--retry` would have to be given."""


def shortfall(results: Results) -> Shortfall | None:
    """Return why a run is no success; None where enough came out and the provider left nobody out."""
    tallies = [tally for tally in (_turns(results), _answers(results)) if tally.planned]
    missing = [problem for problem in results.problems if problem.kind in ("unreachable", "rejected")]
    says = [*_too_little(tallies), *_missing(results, missing)]
    if not says:
        return None
    kinds = Counter[ProblemKind](problem.kind for problem in results.problems if problem.kind in _WORDS)
    most = kinds.most_common(1)[0][0] if kinds else None
    if most is not None:
        says.append(f"Most common failure: {_WORDS[most]} ({kinds[most]}){_example(results, most)}.")
    return Shortfall(
        says=tuple(says),
        advice=_ADVICE[most] if most is not None else "",
        retry=tuple(dict.fromkeys(_RETRIES[kind] for kind, _ in kinds.most_common() if kind in _RETRIES)),
    )


def _too_little(tallies: list[FailureCount]) -> list[str]:
    """Return sentences saying that nothing was produced, or that more than half failed."""
    asked = [tally for tally in tallies if tally.noun == "answer"] or tallies
    if asked and not any(tally.good for tally in asked):
        listed = [f"0 of {count(tally.planned, tally.noun)}" for tally in tallies if not tally.good]
        return [f"There are no results: {enumeration(listed)} can be used."]
    bad = [tally for tally in tallies if 2 * tally.failed > tally.planned]
    listed = [f"{tally.failed} of {count(tally.planned, tally.noun)}" for tally in bad]
    return [f"More than half failed: {enumeration(listed)}."] if bad else []


def _turns(results: Results) -> FailureCount:
    planned = sum(trial.turns for trial in results.trials)
    failed = sum(trial.failed_turns for trial in results.trials)
    refused = sum(trial.refused_turns for trial in results.trials)
    faulty = sum(trial.faulty_turns for trial in results.trials)
    return FailureCount("turn", planned, planned - failed - refused - faulty, failed + faulty)


def _answers(results: Results) -> FailureCount:
    outcomes = Counter(row.outcome for row in results.rows)
    unasked = sum(row.outcome == "not_stated" and bool(row.why) for row in results.rows)
    good = outcomes["stated"] + outcomes["not_stated"] - unasked
    failed = outcomes["failed"] + unasked
    return FailureCount("answer", good + outcomes["refused"] + failed, good, failed)


def _missing(results: Results, problems: list[Problem]) -> list[str]:
    """Name who is missing, and where, because the provider failed at every attempt or rejected the request."""
    names = {person.id: person.name for person in results.participants}
    places: dict[str, list[str]] = {}
    for problem in problems:
        where = f"“{humanized(problem.query)}”" if problem.query else f"step {problem.step}"
        known = places.setdefault(names.get(problem.person, problem.person) or "the judge", [])
        known += [] if where in known else [where]
    if not places:
        return []
    listed = [f"{who} ({enumeration(at)})" for who, at in list(places.items())[:MAX_NAMED]]
    more = len(places) - MAX_NAMED
    listed += [f"{more} more"] if more > 0 else []
    is_one = len(places) == 1
    is_rejected = all(problem.kind == "rejected" for problem in problems)
    why = "the provider rejected the request" if is_rejected else "the provider failed at every attempt"
    return [f"{enumeration(listed)} {'is' if is_one else 'are'} missing: {why}."]


def _example(results: Results, kind: ProblemKind) -> str:
    text = next((problem.text for problem in results.problems if problem.kind == kind and problem.text.strip()), "")
    line = " ".join(text.split())
    line = line if len(line) <= MAX_CHARACTERS else f"{line[: MAX_CHARACTERS - 1]}…"
    return f", such as: {line}" if line else ""
