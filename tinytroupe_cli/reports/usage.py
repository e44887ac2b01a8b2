"""What a run took: calls, tokens, money, time. Measured by the run; money is never guessed."""

from __future__ import annotations

from tinytroupe_cli.models.port import Frozen, Usage


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


class RunUsage(Frozen):
    """Calls, tokens, cost and time of the run, over all its sessions."""

    models: tuple[ModelUsage, ...] = ()
    """By model."""
    purposes: tuple[PurposeUsage, ...] = ()
    """The same by purpose."""
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
    def usd(self) -> float | None:
        """Return the cost; None as soon as a part of it is unknown."""
        known = [model.usd for model in self.models if model.usd is not None]
        return sum(known) if len(known) == len(self.models) else None

    @property
    def is_local(self) -> bool:
        """Return whether everything ran on this machine."""
        return bool(self.models) and all(model.is_local for model in self.models)

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
