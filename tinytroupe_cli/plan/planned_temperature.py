"""A temperature of a rating that is fitted to human answers, as planned."""

from __future__ import annotations

from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.human_data import HumanAnswers


class PlannedTemperatureFit(Frozen):
    """A measure rated from words, and the answers that its temperature is fitted to."""

    query: str
    field: str
    humans: HumanAnswers
