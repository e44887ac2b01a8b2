"""What the prompts of baselines are filled in with."""

from __future__ import annotations

from tinytroupe_cli.prompts.variables.strict import Variables


class BaselineForecast(Variables):
    """Fills in `baseline/forecast`."""

    count: int
    """People."""
    margins: tuple[tuple[str, str], ...]
    """Attribute, and how the people are distributed over it."""
    occasion: str
    place: str
    events: tuple[str, ...]
    """What reaches them, in order."""
    is_unblinded: bool
    """The people know that their version was picked by the experiment."""
    is_observed: bool
    """An observer answers about each of them."""
    question: str
    answers: tuple[tuple[str, str], ...]
    """Key and text of each answer."""
    fault: str = ""
    """What was wrong with the last reply; empty: there was none."""
