"""How it went, in words: troubles, expectations, quotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tinytroupe_cli.analysis.expectations import ExpectationResult
from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.reports.answers import condition_label
from tinytroupe_cli.reports.escaping import SafeMarkdown, plain
from tinytroupe_cli.reports.figures import count, enumeration, humanized, shown_images
from tinytroupe_cli.reports.guard_words import FAULTS, fault_counts
from tinytroupe_cli.reports.problems import Problem, ProblemKind
from tinytroupe_cli.reports.quotes import Quote
from tinytroupe_cli.reports.results import Results

MAX_PROBLEMS = 30
MAX_PEOPLE = 8
MAX_CHARACTERS = 300
"""Of what a model said instead of an answer."""

_KINDS: dict[ProblemKind, str] = {
    "limit": "a limit was reached",
    "stopped": "the run was broken off",
    "unfinished": "trial not finished",
    "not_begun": "trial not begun",
    "refused": "declined by the model",
    "bad_output": "no usable answer",
    "rejected": "not taken by the provider",
    "cut_off": "ended before it was complete",
    "poor_quality": "no attempt was good enough",
    "too_long": "longer than the model's window",
    "unreachable": "the provider gave no answer",
    "bug": "a bug of troupe's",
    "system": "a system did not answer",
    "misaddressed": "spoke to somebody who isn't there",
    "doubtful": "was not written as they were drawn",
    "contradiction": "contradictory answers",
    "no_evidence": "not asked, for want of words of their own",
    **{fault: words for fault, (words, _) in FAULTS.items()},
}
_MARKS = {"held": "✓ held", "broken": "✗ broken", "not_evaluable": "✗ could not be evaluated"}


def banner(results: Results) -> str:
    """Warn above everything else where the results are not complete."""
    finished = sum(trial.status == "finished" for trial in results.trials)
    part = f"{finished} of {count(len(results.trials), 'trial')} finished; the figures are of what there is."
    match results.status:
        case "finished":
            return ""
        case "limit":
            return f"Incomplete: a limit was reached ({results.provenance.reason or 'see limits'}). {part}"
        case "interrupted":
            return f"Incomplete: the run was interrupted. {part}"
        case "stopped":
            return f"Incomplete: the run was stopped ({results.provenance.reason or 'an error'}). {part}"


def branch_of(results: Results) -> str:
    """Return which run this one goes on from; empty where it is none's branch."""
    origin = results.provenance
    if not origin.parent:
        return ""
    return f"A branch of {origin.parent}: the same up to step {origin.at}, where it continues with a change."


def problem_sentence(results: Results) -> str:
    """Return a sentence or two on what went wrong, or that nothing did."""
    turns = sum(trial.turns for trial in results.trials)
    bad_turns = sum(trial.refused_turns + trial.failed_turns + trial.faulty_turns for trial in results.trials)
    answers = sum(row.outcome != "unasked" for row in results.rows)
    stated = sum(row.outcome == "stated" for row in results.rows)
    good = [f"{turns - bad_turns} of {count(turns, 'turn')}"] * bool(turns or not answers)
    good += [f"{stated} of {count(answers, 'answer')}"] * bool(answers)
    figures = f"{enumeration(good)} came out as asked"
    if not results.problems:
        return f"{_untroubled(results)}: {figures}."
    kinds = Counter[ProblemKind](problem.kind for problem in results.problems)
    listed = [f"{_KINDS[kind]} ({times})" for kind, times in kinds.items()]
    return f"{'; '.join([figures, *_besides(results)])}. What went wrong: {enumeration(listed, 9)}."


def problem_summary(results: Results) -> str:
    """Return whether anything went wrong, and where to read on."""
    many = len(results.problems)
    if not many:
        return f"{_untroubled(results)}."
    told = fault_counts(results)
    return f"{count(many, 'thing')} went wrong: see [What went wrong](#what-went-wrong).{f' {told}' if told else ''}"


def _untroubled(results: Results) -> str:
    """Return a sentence saying that nothing failed, with what is still worth knowing."""
    besides = _besides(results)
    if not besides:
        return "Nothing went wrong"
    begun = "All turns were played" if any(tool.failed for tool in results.tools) else "Nothing failed"
    return f"{begun}, but {enumeration(besides)}"


def _besides(results: Results) -> list[str]:
    """Return how many uses of tools failed, and how many answers don't tell what was asked; empty where none."""
    failed = sum(tool.failed for tool in results.tools)
    uses = count(sum(tool.uses for tool in results.tools), "use")
    unstated = sum(row.outcome == "not_stated" for row in results.rows)
    found = [f"{failed} of {uses} of tools failed"] if failed else []
    return [*found, f"{count(unstated, 'answer')} {'is' if unstated == 1 else 'are'} not stated"] if unstated else found


def verdict(results: Results) -> str:
    """Return how many expectations held; empty when there were none."""
    total = len(results.expectations)
    held = sum(expected.outcome == "held" for expected in results.expectations)
    return f"{held} of {count(total, 'expectation')} held." if total else ""


def problem_table(results: Results) -> list[list[str]]:
    """Return what went wrong, one row each."""
    names = {person.id: person.name for person in results.participants}
    rows = [["what", "trial", "where", "who", "said instead"]]
    for problem in results.problems[:MAX_PROBLEMS]:
        who = names.get(problem.person, problem.person)
        rows.append([_KINDS[problem.kind], problem.trial, _where(problem), who, _excerpt(problem.text)])
    more = len(results.problems) - MAX_PROBLEMS
    return [*rows, [f"… and {more} more, in results.json", "", "", "", ""]] if more > 0 else rows


def system_table(results: Results) -> list[list[str]]:
    """Return how the systems did that people talked to."""
    rows = [["system", "replies", "failures", "median", "95% within", "longest"]]
    for system in results.systems:
        times = (system.seconds_median, system.seconds_p95, system.seconds_max)
        told = ["" if time is None else f"{number(time)} s" for time in times]
        rows.append([system.name, str(system.replies), str(system.failures), *told])
    return rows


def expectation_table(results: Results) -> list[list[str]]:
    """Return the expectations with what was observed."""
    rows = [["", "expected", "observed"]]
    return rows + [[_MARKS[one.outcome], one.text, _observed(one)] for one in results.expectations]


def intervention_table(results: Results) -> list[list[str]]:
    """Return every firing of an intervention, and those that never fired, one row each."""
    labels = {one.name: condition_label(one) for one in results.conditions}
    rows = [["intervention", "when it was to step in", "stepped in", "why", "what happened"]]
    for one in results.interventions:
        rows += [[one.name, one.when, "never", "", ""]] if not one.firings else []
        for firing in one.firings:
            where = f"step {firing.step}"
            where += f", trial {firing.trial}" if len(results.trials) > 1 else ""
            where += f" ({labels[firing.condition]})" if len(labels) > 1 else ""
            did = " ".join(map(_excerpt, firing.did)) + shown_images(firing.images, as_pictures=results.sees_images)
            rows.append([one.name, one.when, where, firing.why, did])
    return rows


def quote_lines(results: Results) -> Iterator[dict[str, str]]:
    """Yield quotes and where they come from."""
    shown = {person.id: person.name for person in results.participants[:MAX_PEOPLE]}
    for quote in results.quotes:
        if quote.person in shown:
            yield {"text": plain(quote.text), "source": _source(results, quote)}


def unquoted_people(results: Results) -> str:
    """Return how many people are not quoted; empty when all are."""
    more = len(results.participants) - MAX_PEOPLE
    return f"{count(more, 'more person is', 'more people are')} quoted in results.json." if more > 0 else ""


def _source(results: Results, quote: Quote) -> SafeMarkdown:
    names = {person.id: person.name for person in results.participants}
    to = f" to {names.get(quote.to, quote.to)}" if quote.to else ""
    what = f"asked in “{humanized(quote.query)}”, {humanized(quote.field)}" if quote.query else f"step {quote.step}{to}"
    label = [condition_label(one) for one in results.conditions if one.name == quote.condition and one.levels]
    return plain(", ".join([names.get(quote.person, quote.person), what, *label]))


def _where(problem: Problem) -> str:
    if problem.query:
        item = f", {humanized(problem.field)}" if problem.field else ""
        sample = f", sample {problem.sample + 1}" if problem.sample else ""
        return f"{humanized(problem.query)}{item}{sample}"
    if problem.intervention:
        return f"step {problem.step}, whether “{problem.intervention}” should step in"
    act = f", {humanized(problem.act)}" if problem.act else ""
    return f"step {problem.step}{act}" if problem.step else ""


def _observed(expected: ExpectationResult) -> str:
    seen = [f"{one.what} = {number(one.value) if one.value is not None else 'nothing'}" for one in expected.observed]
    return "; ".join([*seen, *([expected.reason] if expected.reason else [])])


def _excerpt(text: str) -> str:
    return text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS]}… (all of it in results.json)"
