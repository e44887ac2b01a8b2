"""Estimates a plan's calls, tokens and cost, for `plan` and the start of `run`."""

from __future__ import annotations

from pathlib import Path

from tinytroupe_cli.api.people_generation import not_generated
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.reasoning import typical_thought
from tinytroupe_cli.models.windows import context_window
from tinytroupe_cli.personas.rendering import render_persona
from tinytroupe_cli.plan.types import Plan, Price
from tinytroupe_cli.preview.describe import describe, describe_margins, describe_trial, money
from tinytroupe_cli.preview.estimate.estimate import Estimate, ModelFacts, estimate

__all__ = ["Estimate", "describe", "describe_margins", "describe_trial", "estimate_plan", "money"]


def estimate_plan(plan: Plan, project_dir: Path | None = None) -> Estimate:
    """Estimate a plan's calls, tokens and cost; people already generated in a project cost nothing."""
    table = PriceTable({use: (price.input, price.output, price.cached) for use, price in plan.prices.items()})

    def price(use: ModelConfig) -> Price | None:
        known = table.price_of(use)
        return None if known is None else Price(input=known[0], output=known[1], cached=known[2])

    left = not_generated(plan, project_dir or Path.cwd())
    facts = ModelFacts(
        price=price,
        window=lambda use: context_window(use, table),
        thought=lambda use: typical_thought(use, table),
    )
    return estimate(plan, facts, render_persona, not_generated=left)
