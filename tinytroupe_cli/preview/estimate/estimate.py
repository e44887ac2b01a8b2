"""Estimates calls, tokens and cost as a range, before anything is spent.

Low: every reply is short and right the first time. High: replies are long and one in ten
must be repaired. An unknown price stays unknown; a local model is free.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from tinytroupe_cli.models.port import Frozen, ModelConfig, Role
from tinytroupe_cli.plan.types import Plan, Price
from tinytroupe_cli.preview.estimate.lengths import CharRange, PlannedCall
from tinytroupe_cli.preview.estimate.population_calls import writing_calls
from tinytroupe_cli.preview.estimate.postprocessing_calls import after_calls
from tinytroupe_cli.preview.estimate.prompt_lengths import fixed_lengths
from tinytroupe_cli.preview.estimate.system_calls import models_of_systems
from tinytroupe_cli.preview.estimate.wording_calls import wording_calls
from tinytroupe_cli.preview.estimate.workload import RenderPersona, planned_calls

MAX_CHARACTERS_PER_TOKEN = 4.6
MIN_CHARACTERS_PER_TOKEN = 3.3
"""Characters per token of English prose, across current tokenizers."""
REPAIRS = 0.1
"""Maximum share of replies that need a repair."""

LOCAL = "local/"


class EstimateRange(Frozen):
    """A range."""

    low: int = 0
    high: int = 0

    def __add__(self, other: EstimateRange) -> EstimateRange:
        return EstimateRange(low=self.low + other.low, high=self.high + other.high)


class Money(Frozen):
    """A range in USD."""

    low: float
    high: float


class RoleEstimate(Frozen):
    """The estimate of one role."""

    role: Role
    model: str
    calls: EstimateRange
    prompt: EstimateRange
    """Prompt tokens."""
    completion: EstimateRange
    """Reply tokens."""
    longest: int
    """Maximum tokens of the longest prompt with its reply."""
    usd: Money | None
    """None: the price is unknown."""

    @property
    def is_local(self) -> bool:
        """Return whether the model runs on this machine."""
        return self.model.startswith(LOCAL)


class Estimate(Frozen):
    """The estimate of a plan."""

    roles: tuple[RoleEstimate, ...]
    shared: int
    """Calls that are equal in several conditions, and so made once."""
    again: int = 0
    """Maximum calls that retry faulty turns; part of the upper bound."""
    warnings: tuple[str, ...] = ()

    @property
    def calls(self) -> EstimateRange:
        """Return the calls of all roles."""
        return sum((role.calls for role in self.roles), start=EstimateRange())

    @property
    def usd(self) -> Money | None:
        """Return the cost of all roles; None if one is unknown."""
        known = [role.usd for role in self.roles if role.usd is not None]
        if len(known) < len(self.roles):
            return None
        return Money(low=sum(money.low for money in known), high=sum(money.high for money in known))


@dataclass(frozen=True)
class ModelFacts:
    """Known facts about models, including the experiment's prices; None: unknown."""

    price: Callable[[ModelConfig], Price | None]
    window: Callable[[str], int | None] = field(default=lambda _: None)
    """Model -> context window: maximum tokens of a prompt and its reply together."""
    thought: Callable[[ModelConfig], tuple[int, int]] = field(default=lambda _: (0, 0))
    """Model -> reasoning tokens before a short answer, low and high."""


def estimate(
    plan: Plan, facts: ModelFacts, render: RenderPersona, *, not_generated: Collection[str] | None = None
) -> Estimate:
    """Estimate a plan; `not_generated` are the sampled people still to be generated, None: all of them."""
    fixed = fixed_lengths(plan)
    calls = [
        *writing_calls(plan, not_generated, render, fixed),
        *wording_calls(plan),
        *planned_calls(plan, render, fixed),
        *after_calls(plan),
    ]
    distinct = list({call.key: call for call in calls}.values())
    models = plan.models
    uses: list[tuple[Role, ModelConfig]] = [
        ("author", models.author),
        ("people", models.people),
        ("judge", models.judge),
        *([("embeddings", models.embedding_models[0])] if models.embedding_models else []),
    ]
    parts = [
        _role(role, use, [call for call in distinct if call.role == role and not call.model], facts)
        for role, use in uses
    ]
    parts += [
        _role("judge", use, [call for call in distinct if call.role == "judge" and call.model == use.name], facts)
        for use in dict.fromkeys(one.second for one in plan.outputs.codings if one.second is not None)
    ]
    parts += [
        _role("system", use, [call for call in distinct if call.role == "system" and call.model == use.name], facts)
        for use in models_of_systems(plan)
    ]
    roles = tuple(part for part in parts if part.calls.high)
    return Estimate(
        roles=roles,
        shared=_counted_once(calls) - _counted_once(distinct) if len(plan.conditions) > 1 else 0,
        again=sum(call.is_retry for call in distinct),
        warnings=tuple(warning for role in roles for warning in _warnings(role, facts.window(role.model))),
    )


def _counted_once(calls: Sequence[PlannedCall]) -> int:
    """Count calls that conditions can share; vectors of anchors are shared by all people of one condition too."""
    return sum(not call.is_retry and call.role != "embeddings" for call in calls)


def _role(role: Role, use: ModelConfig, calls: Sequence[PlannedCall], facts: ModelFacts) -> RoleEstimate:
    sure = [call for call in calls if call.is_certain]
    thought_least, thought_most = (0, 0) if role == "embeddings" else facts.thought(use)
    prompt = EstimateRange(
        low=sum(_fewest(call.prompt) for call in sure),
        high=_with_repairs(sum(_most(call.prompt) for call in calls)),
    )
    completion = EstimateRange(
        low=sum(_fewest(call.reply) + thought_least for call in sure),
        high=_with_repairs(sum(_reply(call, use) + thought_most for call in calls)),
    )
    return RoleEstimate(
        role=role,
        model=use.name,
        calls=EstimateRange(low=len(sure), high=_with_repairs(len(calls))),
        prompt=prompt,
        completion=completion,
        longest=max((_most(call.prompt) + _reply(call, use) for call in calls), default=0),
        usd=_money(facts.price(use), prompt, completion),
    )


def _money(price: Price | None, prompt: EstimateRange, completion: EstimateRange) -> Money | None:
    if price is None:
        return None
    low, high = (
        (read * price.input + written * price.output) / 1_000_000
        for read, written in ((prompt.low, completion.low), (prompt.high, completion.high))
    )
    return Money(low=low, high=high)


def _warnings(role: RoleEstimate, window: int | None) -> Iterator[str]:
    if window is not None and role.longest > window:
        yield (
            f"the longest prompt for {role.role} may reach {role.longest:,} tokens, but {role.model} reads "
            f"{window:,} at most; use fewer steps, fewer people or shorter texts"
        )


def _with_repairs(amount: int) -> int:
    return math.ceil(amount * (1 + REPAIRS))


def _fewest(characters: CharRange) -> int:
    return math.floor(characters.low / MAX_CHARACTERS_PER_TOKEN)


def _most(characters: CharRange) -> int:
    return math.ceil(characters.high / MIN_CHARACTERS_PER_TOKEN)


def _reply(call: PlannedCall, use: ModelConfig) -> int:
    return min(_most(call.reply), use.max_tokens or _most(call.reply))
