"""Whether runs may cost more than the user wants to be asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinytroupe_cli.api.estimating import money
from tinytroupe_cli.api.preparing import Prepared
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.number_format import dollars
from tinytroupe_cli.preview.estimate.estimate import Money

__all__ = ["CostQuestion", "cost_question"]


@dataclass(frozen=True, slots=True)
class CostQuestion:
    """What has to be agreed to, and the error if nobody does."""

    words: str
    refusal: RunError


def cost_question(runs: Sequence[Prepared], *, is_terminal: bool) -> CostQuestion | None:
    """Return the question to ask before these runs; None: they are cheap, or the user has set a limit.

    A limit that only the experiment sets counts where nobody can be asked.
    """
    asked = [
        prepared for prepared in runs if not prepared.is_offline and not _is_limited(prepared, is_terminal=is_terminal)
    ]
    if not asked:
        return None
    most, above = _cost(asked), asked[0].compiled.settings.ask_above
    if most is not None and most.high <= above:
        return None
    if most is None:
        models = ", ".join(dict.fromkeys(name for prepared in asked for name in _unpriced(prepared)))
        cost = f"an unknown amount, because the price of {models} is unknown"
    else:
        cost = money(most)
    what = "This run" if len(asked) == 1 else f"These {len(asked)} runs"
    hint = f"add --yes, or a limit: --max-cost {dollars(above)[1:]} ([run] ask_above in config.ini is {dollars(above)})"
    if most is None:
        hint = "add --yes, or set its price with `prices` in the experiment, or limit tokens: limits: {tokens: …}"
    return CostQuestion(f"{what} could cost {cost}. Continue?", RunError(f"{what} could cost {cost}", hint=hint))


def _is_limited(prepared: Prepared, *, is_terminal: bool) -> bool:
    limits, settings = prepared.plan.limits, prepared.compiled.settings
    is_the_users = settings.max_cost is not None
    if limits.usd is not None and (limits.usd <= settings.ask_above or is_the_users):
        return True
    return not is_terminal and any(limit is not None for limit in (limits.usd, limits.tokens, limits.calls))


def _cost(runs: Sequence[Prepared]) -> Money | None:
    costs = [prepared.estimate.usd for prepared in runs]
    known = [cost for cost in costs if cost is not None]
    if len(known) < len(costs):
        return None
    return Money(low=sum(cost.low for cost in known), high=sum(cost.high for cost in known))


def _unpriced(prepared: Prepared) -> list[str]:
    return [role.model for role in prepared.estimate.roles if role.usd is None]
