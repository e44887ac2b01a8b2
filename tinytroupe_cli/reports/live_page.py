"""The page of a run that is going: its progress, and a transcript that fills as events arrive.

The page itself has no events: html/live.js asks for them, and gets what is new since it asked last.
"""

from __future__ import annotations

from typing import Any, Final

from tinytroupe_cli.core.number_format import duration
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.reports.figures import humanized
from tinytroupe_cli.reports.labels import condition_label
from tinytroupe_cli.reports.measure_words import capitalized
from tinytroupe_cli.reports.page_templates import Served, assets, json_for_script, page
from tinytroupe_cli.reports.participants import participants
from tinytroupe_cli.reports.played_trials import played_trials
from tinytroupe_cli.reports.sentences import words
from tinytroupe_cli.reports.transcript_rows import COLUMNS, KIND_NAMES, transcript_names

FACTS: Final = {
    "trials": "Trials",
    "calls": "Calls",
    "cost": "Cost so far",
    "time": "Time",
    "left": "Time left",
    "problems": "Problems",
}
"""Name of a figure -> its label."""


TELLING: Final = 0.05
"""Share of the calls from which on the time left is estimated."""


class RunProgress(Frozen):
    """How far a run is."""

    trials_done: int
    trials: int
    calls: int
    """Answers so far, reused ones included."""
    planned_calls: int
    """The calls it takes at least; if people are added until something is known, at most."""
    cost: str
    """So far, in words."""
    seconds: float | None
    """Since it began; None: it was resumed, and is older than this session."""
    problems: int

    @property
    def share(self) -> float:
        """Return the share of the calls that are done, from 0 to 1."""
        return min(1.0, self.calls / max(1, self.planned_calls))

    def _left(self) -> str:
        """Return how long it will take at this pace; calls at the start tell little."""
        if self.seconds is None or self.share < TELLING:
            return "unknown"
        return f"about {duration(self.seconds / self.share * (1 - self.share))}"

    def facts(self) -> dict[str, str]:
        """Return the figures in words, by the names of `FACTS`."""
        is_more = self.calls > self.planned_calls
        return {
            "trials": f"{self.trials_done:,} of {self.trials:,}",
            "calls": f"{self.calls:,}" if is_more else f"{self.calls:,} of {self.planned_calls:,}",
            "cost": self.cost,
            "time": "resumed" if self.seconds is None else duration(self.seconds),
            "left": self._left(),
            "problems": f"{self.problems:,}" if self.problems else "none",
        }


def title_of(plan: Plan) -> str:
    """Return the title of an experiment, or its name as a title."""
    return plan.title or capitalized(humanized(plan.name))


def live_page(plan: Plan, progress: RunProgress, frame: str, served: Served, *, started: str) -> bytes:
    """Return the page; `frame` is what its people and trials are known by, as in the answers to its questions."""
    return page(
        "live.html.jinja",
        {
            "title": title_of(plan),
            "name": humanized(plan.name),
            "started": started,
            "people": len(plan.cast),
            "names": FACTS,
            "facts": progress.facts(),
            "share": round(progress.share, 4),
            "transcript": json_for_script(_empty_transcript(plan) | {"frame": frame}),
            "served": served,
            **assets("live"),
        },
    )


def _empty_transcript(plan: Plan) -> dict[str, Any]:
    """Return what the rows of a transcript refer to, without rows."""
    return {
        "columns": COLUMNS,
        "rows": [],
        **transcript_names(participants(plan, {}), played_trials(plan, {})),
        "kinds": KIND_NAMES,
        "conditions": [{"name": one.name, "label": condition_label(one)} for one in plan.conditions],
        "replicates": plan.replicates,
        "problems": dict(words().PROBLEMS),
        "left_out": 0,
    }
