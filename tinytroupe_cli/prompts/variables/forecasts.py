"""What the prompts of baselines are filled in with."""

from __future__ import annotations

from tinytroupe_cli.prompts.variables.strict import Variables


class BaselineForecast(Variables):
    """Fills in `baseline/forecast`."""

    count: int
    margins: tuple[tuple[str, str], ...]
    occasion: str
    place: str
    events: tuple[str, ...]
    is_unblinded: bool
    is_observed: bool
    question: str
    answers: tuple[tuple[str, str], ...]
