"""The outcome of experiments as continuous integration shows it: a suite for each run, a case for each expectation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from tinytroupe_cli.analysis.expectations import ExpectationResult
from tinytroupe_cli.analysis.regressions import RegressionCheck
from tinytroupe_cli.reports.headline import headline
from tinytroupe_cli.reports.results import Inconclusive, Results, is_failed
from tinytroupe_cli.reports.run_comparison_page import regression_sentence
from tinytroupe_cli.reports.sentences import expectation_evidence

CaseVerdict = Literal["passed", "failed", "inconclusive", "error"]
RUN_CASE: Final = "the run gives results"
"""The case that fails if a run stops, reaches a limit or has too few results."""
_VERDICTS: Final[dict[str, CaseVerdict]] = {
    "held": "passed",
    "broken": "failed",
    "inconclusive": "inconclusive",
    "not_evaluable": "error",
}
_LEADS: Final[dict[CaseVerdict, str]] = {
    "passed": "holds",
    "failed": "does not hold",
    "inconclusive": "inconclusive: the threshold is inside the interval",
    "error": "can't be evaluated",
}


@dataclass(frozen=True, slots=True)
class JudgedCase:
    """One expectation, or the run itself."""

    name: str
    """The expectation as written."""
    verdict: CaseVerdict
    is_failure: bool = False
    """Whether it makes the command fail."""
    message: str = ""
    """One sentence with the figures."""
    line: int = 0
    """Its line in the experiment's file, from 1; 0: unknown."""
    column: int = 0


@dataclass(frozen=True, slots=True)
class JudgedSuite:
    """One run of an experiment."""

    name: str
    file: str
    """The experiment's file, as typed."""
    cases: tuple[JudgedCase, ...]
    answer: str = ""
    """The answer to the experiment's title, in one sentence."""
    stated: int = 0
    """Answers that were stated."""
    planned: int = 0
    """Answers that were planned."""
    usd: float | None = None
    seconds: float = 0.0
    started: str = ""
    """ISO 8601, with time zone."""
    report: str = ""
    """Path of the report."""

    def count(self, verdict: CaseVerdict) -> int:
        """Return how many cases have a verdict."""
        return sum(case.verdict == verdict for case in self.cases)

    def without_expectations(self) -> JudgedSuite:
        """Return the suite with the case of the run alone."""
        return replace(self, cases=self.cases[:1], answer="")

    def with_regressions(self, checks: Sequence[RegressionCheck], inconclusive: Inconclusive | None) -> JudgedSuite:
        """Return the suite with a case for each limit on what may change against a baseline."""
        verdicts: dict[str, CaseVerdict] = {"regression": "failed", "none": "passed", "inconclusive": "inconclusive"}
        cases = (
            JudgedCase(
                f"no regression beyond {check.limit}",
                verdicts[check.verdict],
                is_failure=check.fails(inconclusive),
                message=regression_sentence(check),
                line=1,
            )
            for check in checks
        )
        return replace(self, cases=(*self.cases, *cases))

    @property
    def failures(self) -> int:
        """Return how many expectations fail: those that do not hold, and inconclusive ones that count as failures."""
        return sum(case.is_failure and case.verdict != "error" for case in self.cases)


@dataclass(frozen=True, slots=True)
class ExperimentSource:
    """Where an experiment is written."""

    name: str
    file: str
    expect: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    """Line and column of each expectation; line 0: it does not come from the file."""


def suite_of_results(
    source: ExperimentSource, results: Results, problem: str, report: str, inconclusive: Inconclusive | None
) -> JudgedSuite:
    """Return the suite of a run that has results; `problem` is why it is no success, apart from expectations."""
    judged = [
        _case(expected, place, inconclusive)
        for expected, place in zip(results.expectations, source.places, strict=True)
    ]
    told = headline(results)
    return JudgedSuite(
        source.name,
        source.file,
        (_run_case(problem), *judged),
        answer=told.sentence if told else "",
        stated=sum(row.outcome == "stated" for row in results.rows),
        planned=len(results.rows),
        usd=results.usd,
        seconds=results.accounts.seconds or 0.0,
        started=results.provenance.started,
        report=report,
    )


def suite_without_results(source: ExperimentSource, problem: str) -> JudgedSuite:
    """Return the suite of a run that stopped: none of its expectations could be judged."""
    message = "not judged: the run has no results"
    judged = (
        JudgedCase(text, "error", is_failure=True, message=message, line=line, column=column)
        for text, (line, column) in zip(source.expect, source.places, strict=True)
    )
    return JudgedSuite(source.name, source.file, (_run_case(problem), *judged))


def _run_case(problem: str) -> JudgedCase:
    return JudgedCase(RUN_CASE, "error" if problem else "passed", is_failure=bool(problem), message=problem, line=1)


def _case(expected: ExpectationResult, place: tuple[int, int], inconclusive: Inconclusive | None) -> JudgedCase:
    verdict = _VERDICTS[expected.outcome]
    evidence = expectation_evidence(expected)
    return JudgedCase(
        expected.text,
        verdict,
        is_failure=is_failed(expected, inconclusive),
        message=f"{_LEADS[verdict]}: {evidence}" if evidence else _LEADS[verdict],
        line=place[0],
        column=place[1],
    )
