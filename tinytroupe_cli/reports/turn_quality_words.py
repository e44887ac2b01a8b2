"""What weighing turns came to, in words."""

from __future__ import annotations

from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.reports.figures import count, dollars
from tinytroupe_cli.reports.results import Results


def turn_quality_words(results: Results) -> str:
    """Return how many turns were tried again, and what that cost; empty where turns were not weighed."""
    found = results.weighed
    if found is None:
        return ""
    again = f"{count(found.redone, 'was', 'were')} tried again"
    parts = [
        f"{count(found.turns, 'turn was', 'turns were')} weighed before being taken; {again}.",
        f"{count(found.below, 'turn was', 'turns were')} taken though no attempt was good enough."
        if found.below
        else "",
        f"{count(found.dropped, 'turn', 'turns')} came to nothing for that reason." if found.dropped else "",
        f"The judge gave no scores for {count(found.unscored, 'attempt')}; these were taken as they were."
        if found.unscored
        else "",
        f"It took {count(found.calls, 'call')} of its own, {_cost(results)}.",
    ]
    return " ".join(part for part in parts if part)


def turn_quality_table(results: Results) -> list[list[str]]:
    """Return the mean scores of first attempts and of those taken; empty where nothing was scored."""
    found = results.weighed
    if found is None or not found.first:
        return []
    rows = [["quality", "first attempts", "taken"]]
    return rows + [
        [quality, number(mean), number(found.taken[quality]) if quality in found.taken else "none"]
        for quality, mean in found.first.items()
    ]


def _cost(results: Results) -> str:
    found = results.weighed
    if results.accounts.is_local:
        return "on this machine, free"
    return "cost unknown" if found is None or found.usd is None else dollars(found.usd)
