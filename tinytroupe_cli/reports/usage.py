"""What a run took: calls, tokens, money, time. Measured by the run; money is never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import not_

from pydantic import Field

from tinytroupe_cli.models.port import Frozen, Usage
from tinytroupe_cli.spec.baselines import ExtraKind


class ModelUsage(Frozen):
    """Calls, tokens and cost of one model."""

    model: str
    """Name of the model."""
    calls: int = 0
    """Answers the run used, including those from a cache."""
    reused: int = 0
    """Of these, answers known from an earlier run and not paid for again."""
    usage: Usage = Usage()
    """Tokens of the calls that were made."""
    usd: float | None = None
    """Cost of the calls that were made; null: the price is unknown."""
    is_local: bool = False
    """The model ran on this machine, at no cost."""


class PurposeUsage(Frozen):
    """Calls and cost of one purpose."""

    what: str
    """The purpose: turn, interview, observe, judge, quality, guard, embed, …"""
    calls: int = 0
    """Answers the run used."""
    reused: int = 0
    """Of these, answers known from an earlier run."""
    usd: float | None = None
    """Cost; null: some of the prices are unknown."""


class PartUsage(Frozen):
    """Calls and cost of one person, or under one condition."""

    name: str
    """Id of the person, or name of the condition; empty: calls that belong to no person, or to no trial."""
    calls: int = 0
    """Answers the run used."""
    reused: int = 0
    """Of these, answers known from an earlier run."""
    usd: float | None = None
    """Cost; null: some of the prices are unknown."""


class BaselineUsage(Frozen):
    """Calls and cost of one baseline or shuffle. A call that the simulation makes too counts as the simulation's."""

    baseline: ExtraKind
    """The baseline, or persona_shuffle."""
    calls: int = 0
    """Answers it used."""
    reused: int = 0
    """Of these, answers known from an earlier run."""
    usd: float | None = None
    """Cost; null: some of the prices are unknown."""
    calls_ratio: float | None = None
    """Its calls / those of the simulation without any baseline; null: the simulation made none."""
    usd_ratio: float | None = None
    """The same ratio for the cost; null: a cost is unknown, or the simulation's is 0."""


class RunUsage(Frozen):
    """Calls, tokens, cost and time of the run, over all its sessions."""

    models: tuple[ModelUsage, ...] = ()
    """By model."""
    purposes: tuple[PurposeUsage, ...] = ()
    """The same by purpose."""
    people: tuple[PartUsage, ...] = Field(default=(), exclude_if=not_)
    """The same by person, in the order of the cast."""
    conditions: tuple[PartUsage, ...] = Field(default=(), exclude_if=not_)
    """The same by condition, without baselines; not written for a single condition."""
    baselines: tuple[BaselineUsage, ...] = Field(default=(), exclude_if=not_)
    """Of all these, the calls of each baseline; not written without `baseline`."""
    seconds: float | None = None
    """Wall time; null: unknown."""

    @property
    def calls(self) -> int:
        """Return the answers used, of all models."""
        return sum(model.calls for model in self.models)

    @property
    def reused(self) -> int:
        """Return the answers known beforehand, of all models."""
        return sum(model.reused for model in self.models)

    @property
    def usage(self) -> Usage:
        """Return the tokens of all models."""
        return sum((model.usage for model in self.models), start=Usage())

    @property
    def totals(self) -> dict[str, int]:
        """Return calls and tokens over all models."""
        usage = self.usage
        return {
            "calls": self.calls,
            "reused_calls": self.reused,
            "prompt_tokens": usage.prompt,
            "cached_tokens": usage.cached,
            "completion_tokens": usage.completion,
            "reasoning_tokens": usage.reasoning,
        }

    @property
    def usd(self) -> float | None:
        """Return the cost; None as soon as a part of it is unknown."""
        known = [model.usd for model in self.models if model.usd is not None]
        return sum(known) if len(known) == len(self.models) else None

    @property
    def is_local(self) -> bool:
        """Return whether everything ran on this machine."""
        return bool(self.models) and all(model.is_local for model in self.models)


def usage_of_parts(spent: Iterable[tuple[str, int, int, float | None]], parts: Mapping[str, str]) -> list[PartUsage]:
    """Sum up usage by part, in the order of `parts`: name of what was counted -> the part it belongs to.

    What belongs to no part is left out.
    """
    found = {part: PartUsage(name=part, usd=0.0) for part in parts.values()}
    for name, calls, reused, usd in spent:
        if name in parts:
            own = found[parts[name]]
            found[parts[name]] = PartUsage(
                name=own.name,
                calls=own.calls + calls,
                reused=own.reused + reused,
                usd=None if usd is None or own.usd is None else own.usd + usd,
            )
    return [part for part in found.values() if part.calls]


def baseline_usage(whole: RunUsage, spent: Sequence[tuple[ExtraKind, int, int, float | None]]) -> RunUsage:
    """Return a run's usage with that of its baselines; `spent`: kind, calls, reused calls and cost of each."""
    costs = [usd for _, _, _, usd in spent]
    calls = whole.calls - sum(count for _, count, _, _ in spent)
    known = [usd for usd in (whole.usd, *costs) if usd is not None]
    usd = known[0] - sum(known[1:]) if len(known) == 1 + len(costs) else None
    found = tuple(
        BaselineUsage(
            baseline=kind,
            calls=count,
            reused=reused,
            usd=own,
            calls_ratio=count / calls if calls > 0 else None,
            usd_ratio=own / usd if own is not None and usd is not None and usd > 0 else None,
        )
        for kind, count, reused, own in spent
    )
    return whole.model_copy(update={"baselines": found})
