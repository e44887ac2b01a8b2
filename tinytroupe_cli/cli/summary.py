"""The words before and after a run: what will happen, and what came out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tinytroupe_cli.cli.terminal import near, takes
from tinytroupe_cli.core.numbers import number

if TYPE_CHECKING:
    from tinytroupe_cli.api.preparing import Prepared
    from tinytroupe_cli.api.running import Outcome, Results

MOST_SHARES = 6


def introduction(prepared: Prepared) -> Iterator[str]:
    """Say what is about to be played."""
    from tinytroupe_cli.api.estimating import money
    from tinytroupe_cli.api.local_models import slow_because_busy

    plan, estimate = prepared.plan, prepared.estimate
    people = {member.id for trial in plan.trials for member in trial.people}
    steps = max(trial.world.steps for trial in plan.trials)
    size = f"{_count(len(people), 'person', 'people')}, {_count(steps, 'step')}"
    trials = "" if len(plan.trials) == 1 else f", {_count(len(plan.trials), 'trial')}"
    yield f"{plan.title or plan.name}"
    calls = estimate.calls
    yield f"  plan   {size}{trials}: {_range(calls.low, calls.high)} calls, cost {money(estimate.usd)}"
    models = " and ".join(dict.fromkeys(use.use for use in prepared.models))
    yield f"  model  {models} ({prepared.compiled.origins['people']})"
    if all(use.use.startswith("local/") for use in prepared.models):
        yield f"         on this machine: private, free, and slow{_how_long(prepared)}; --model names another"
        if busy := slow_because_busy(prepared.models):
            yield f"  note   {busy}"
    for finding in prepared.findings:
        yield f"  note   {finding.message}" + (f" ({finding.hint})" if finding.hint else "")
    for warning in estimate.warnings:
        yield f"  note   {warning}"
    if prepared.resumed is not None:
        yield f"  goes on with {near(prepared.resumed.path)}"


def _how_long(prepared: Prepared) -> str:
    """Say about how long a run on this machine takes; empty where nobody knows."""
    from tinytroupe_cli.api.local_models import seconds_a_call

    least = seconds_a_call(prepared.plan.models.people)
    if least is None:
        return ""
    low = max(1, round(prepared.estimate.calls.low * least / 60))
    return f", about {_range(low, 2 * low)} min here"


def conclusion(outcome: Outcome) -> Iterator[str]:
    """Say what was found, what went wrong and what it cost."""
    from tinytroupe_cli.api.running import fault_counts

    results = outcome.results
    yield ""
    yield from _headline(results)
    if outcome.limit is not None:
        yield f"A limit was reached: {outcome.limit.message}. What was done so far is kept and reported."
        yield "Raise the limit and give the same command: it goes on from here."
    yield from _answers(results, but=_counted(results))
    for one in results.interventions:
        yield f"  {one.name}: {'stepped in ' + _count(len(one.firings), 'time') if one.firings else 'never stepped in'}"
    yield from _expectations(results)
    if told := fault_counts(results):
        yield f"  {told}"
    if results.problems:
        yield f"  {_count(len(results.problems), 'thing')} did not go as planned; the report names each"
    yield f"  {_spent(results)}"
    yield "These people are simulated: take what they say as ideas to test, not as evidence about real people."
    yield f"What next: troupe report {near(outcome.folder)}   or what everyone said: troupe show {near(outcome.folder)}"


def _headline(results: Results) -> Iterator[str]:
    """Answer the title in a sentence, and draw it."""
    from tinytroupe_cli.api.running import drawn, headline

    found = headline(results)
    if found is None:
        return
    yield found.title
    yield f"  {found.sentence}"
    blocks = {} if takes("█░") else {"full": "#", "empty": "."}
    yield from (f"  {line}" for line in drawn(found.bars, **blocks))
    yield ""


def reasons(outcome: Outcome) -> Iterator[str]:
    """Say why a run is no success, and nothing else: a limit, and each expectation that does not hold."""
    if outcome.limit is not None:
        yield f"A limit was reached: {outcome.limit.message}. What was done so far is kept and reported."
    yield from (line.strip() for line in _expectations(outcome.results) if not line.startswith("  held"))


def _expectations(results: Results) -> Iterator[str]:
    for expected in results.expectations:
        mark = {"held": "held  ", "broken": "BROKEN", "not_evaluable": "NOT EVALUABLE"}[expected.outcome]
        observed = ", ".join(
            f"{seen.what} is {'nothing' if seen.value is None else number(seen.value)}" for seen in expected.observed
        )
        yield f"  {mark}  {expected.text}" + (
            f"  ({expected.reason or observed})" if expected.reason or observed else ""
        )


def _counted(results: Results) -> tuple[str, str]:
    """Return the query and field the headline tells of; empty where it tells of none."""
    from tinytroupe_cli.api.running import headline

    found = headline(results)
    return (found.query, found.field) if found else ("", "")


def _answers(results: Results, *, but: tuple[str, str]) -> Iterator[str]:
    asides = {(query.query, field.name) for query in results.queries for field in query.fields if field.aside}
    for summary in results.summaries:
        if summary.condition or (summary.query, summary.field) in {*asides, but}:
            continue
        parts: list[str] = []
        if summary.shares and summary.kind not in ("scale", "number"):
            parts.append(", ".join(f"{_value(one.value)} {one.count}" for one in summary.shares[:MOST_SHARES]))
        if summary.numbers:
            parts.append(f"mean {number(summary.numbers.mean)}")
        if not parts:
            parts.append(_count(summary.stated, "answer"))
        missing = summary.planned - summary.stated
        if missing:
            parts.append(f"{missing} missing")
        yield f"  {summary.query}.{summary.field}: {'; '.join(parts)}"


def _spent(results: Results) -> str:
    accounts = results.accounts
    usage = accounts.usage
    cost = "on this machine" if accounts.is_local else "cost unknown" if results.usd is None else f"${results.usd:.4f}"
    reused = f" ({accounts.reused} from earlier runs)" if accounts.reused else ""
    tokens = f"{usage.prompt:,} tokens read, {usage.completion:,} written"
    return f"{_count(accounts.calls, 'call')}{reused}, {tokens}, {cost}, {accounts.seconds or 0:.0f} s"


def _value(value: object) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _range(low: int, high: int) -> str:
    return f"{low:,}" if low == high else f"{low:,}-{high:,}"


def _count(quantity: int, noun: str, plural: str = "") -> str:
    return f"{quantity:,} {noun if quantity == 1 else plural or noun + 's'}"
