"""Single sentences of words.jinja as plain text, for the terminal and for headlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Template

from tinytroupe_cli.analysis.calibration_result import Calibration
from tinytroupe_cli.analysis.comparison_result import ComparisonResult
from tinytroupe_cli.analysis.expectations import ExpectationResult
from tinytroupe_cli.analysis.fidelity_result import FidelityResult
from tinytroupe_cli.analysis.poll_result import PollRound
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.templating import environment


def expectation_lines(results: Results) -> list[str]:
    """Return whether each expectation holds, with the values it was judged by."""
    return [str(words().expectation(expected)) for expected in results.expectations]


def expectation_evidence(expected: ExpectationResult) -> str:
    """Return the figures an expectation was judged by, or why it could not be evaluated."""
    return one_line(words().judged_by(expected))


def comparison_sentence(compared: ComparisonResult) -> str:
    """Return what may be said of a difference."""
    return one_line(words().comparison(compared))


def counted_once(compared: ComparisonResult) -> str:
    """Return what a comparison counts once."""
    return f"{one_line(words().counted_once(compared))}."


def moved_controls(results: Results) -> str:
    """Return whether a condition changed what it must not change."""
    return one_line(words().moved_controls(results))


def left_out(results: Results) -> str:
    """Return how many people `exclude` leaves out of the figures; empty: nobody."""
    return one_line(words().left_out(results))


def changed_by_exclusions(results: Results) -> str:
    """Return which conclusions would be others if nobody were left out; empty: none."""
    return one_line(words().changed_by_exclusions(results))


def fidelity_lines(held: FidelityResult) -> list[str]:
    """Return how close simulated answers are to human ones: a line for each thing that may be said."""
    macros: Any = text_template("fidelity.jinja").module
    lines = [macros.gist(held)]
    if held.figures:
        lines += [macros.verdict(held, verdict) for verdict in held.verdicts]
        about = (macros.about_verdicts, macros.subgroups, macros.correlations, macros.attribute_ceiling)
        lines += [macro(held) for macro in about]
    return [line for text in lines if (line := one_line(text))]


def fidelity_answer(held: Sequence[FidelityResult]) -> str:
    """Return how close simulated answers are to human ones, in one or two sentences."""
    macros: Any = text_template("fidelity.jinja").module
    return one_line(macros.answer_to_title(held))


def calibration_lines(found: Calibration) -> list[str]:
    """Return how often an instrument found a difference where there is none."""
    macros: Any = text_template("calibration.jinja").module
    lines = [macros.about(found), *(macros.measure(measure) for measure in found.measures)]
    return [line for text in (*lines, macros.any(found), macros.verdict(found)) if (line := one_line(text))]


def poll_moment(one: PollRound) -> str:
    """Return when a poll was asked, and its answers."""
    macros: Any = text_template("polls.jinja").module
    return one_line(f"{macros.moment(one)}: {macros.level(one)}")


def leading_options(options: Sequence[str], shares: Mapping[str, float], compared: ComparisonResult) -> str:
    """Return which options were chosen most often, and how often; `options` are all, the most frequent first."""
    return one_line(words().leading_options(options, shares, compared))


def usage_sentence(results: Results) -> str:
    """Return time, calls, tokens and cost of a run."""
    return one_line(words().usage_summary(results))


def caution() -> str:
    """Return what simulated people are worth."""
    return str(words().CAUTION)


def words() -> Any:
    """Return the macros of words.jinja, which write plain text."""
    return text_template("words.jinja").module


@cache
def text_template(name: str) -> Template:
    """Return a template whose values are plain text."""
    return environment(str, str).get_template(name)


def one_line(text: object) -> str:
    """Return what a macro writes on one line."""
    return " ".join(str(text).split())
