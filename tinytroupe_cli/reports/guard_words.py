"""Turns whose words were none of the person's, and answers that exclude each other, in words."""

from __future__ import annotations

from collections.abc import Mapping

from tinytroupe_cli.events.types import Fault
from tinytroupe_cli.reports.figures import count, dollars
from tinytroupe_cli.reports.results import Results

FAULTS: dict[Fault, tuple[str, str]] = {
    "repeats_self": ("repeated earlier words", "repeated earlier words"),
    "repeats_other": ("repeated another person's words", "repeated another person's words"),
    "question_back": ("gave the question back", "gave the question back"),
    "instruction": ("repeated how to answer", "repeated how to answer"),
    "assistant_talk": ("was assistant talk", "were assistant talk"),
    "refusal": ("was a refusal", "were refusals"),
}
"""What one turn did, and several."""
MAX_NAMED = 8


def fault_words(results: Results) -> str:
    """Return how many turns had something wrong with their words; empty where none had."""
    found = results.guards
    if found is None or not found.faulty:
        return ""
    return _counted(found.turns, found.faults)


def fault_counts(results: Results) -> str:
    """Return a sentence on faulty turns and contradictory answers; empty if there are none."""
    told = "; ".join(words for words in (fault_words(results), contradiction_words(results)) if words)
    return f"{told[0].upper()}{told[1:]}." if told else ""


def fault_sentence(results: Results) -> str:
    """Return the sentence on faults with its consequence; empty if there are none."""
    follows = " Such turns are no evidence: a judge reads them without their words." if fault_words(results) else ""
    return f"{fault_counts(results)}{follows}"


def fault_lines(results: Results) -> list[str]:
    """Return a line for each person; nothing for a single one."""
    found = results.guards
    if found is None or len(results.participants) == 1:
        return []
    names = {person.id: person.name for person in results.participants}
    lines = [f"{names.get(one.person, one.person)}: {_counted(one.turns, one.faults)}" for one in found.people]
    more = len(lines) - MAX_NAMED
    return [*lines[:MAX_NAMED], f"{more} more in results.json"] if more > 0 else lines


def asked_again_words(results: Results) -> str:
    """Return how many turns were asked again, and what that cost; empty where none were."""
    found = results.guards
    if found is None or not found.asked_again:
        return ""
    cost = "on this machine, free" if results.accounts.is_local else _cost(found.usd)
    calls = f": {count(found.calls, 'call')} more, {cost}" if found.calls else ""
    return f"{count(found.asked_again, 'turn was', 'turns were')} asked again because of the words{calls}."


def contradiction_words(results: Results) -> str:
    """Return how many people's answers exclude each other; empty where none do."""
    found = results.contradictions
    people = {(one.trial, one.person, one.sample) for one in found.found}
    return f"contradictory answers: {len(people)} of {found.compared}" if people else ""


def _counted(turns: int, faults: Mapping[Fault, int]) -> str:
    parts = [f"{times} {FAULTS[fault][times > 1]}" for fault, times in faults.items()]
    first, *rest = parts
    times, _, what = first.partition(" ")
    return "; ".join([f"{times} of {count(turns, 'turn')} {what}", *rest])


def _cost(usd: float | None) -> str:
    return "cost unknown" if usd is None else dollars(usd)
