"""What a plan will take, and its description: for `plan` and the beginning of `run`."""

from __future__ import annotations

from tinytroupe_cli.personas.portrait import portrait
from tinytroupe_cli.plan.describe import describe, describe_trial
from tinytroupe_cli.plan.estimate import Estimate, Facts, estimate
from tinytroupe_cli.plan.types import Plan

__all__ = ["Estimate", "describe", "describe_trial", "estimated"]


def estimated(plan: Plan) -> Estimate:
    """Work out what a plan will take: calls, tokens, money."""
    return estimate(plan, Facts(price=lambda _: None), portrait)
