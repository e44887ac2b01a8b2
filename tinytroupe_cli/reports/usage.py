"""What a run took: calls, tokens, money, time. Given by whoever ran it; money is never guessed."""

from __future__ import annotations

from tinytroupe_cli.models.port import Frozen, Usage


class ModelUsage(Frozen):
    """What one model was used for."""

    model: str
    calls: int = 0
    """Answers the run used, those from a cache included."""
    reused: int = 0
    """Of these, answers that were known from an earlier run and not paid for again."""
    usage: Usage = Usage()
    """Tokens of the calls that were made."""
    usd: float | None = None
    """Of the calls that were made; None: nobody told the model's price."""
    is_local: bool = False
    """Ran on this machine, for nothing."""


class PurposeUsage(Frozen):
    """What one kind of call took."""

    what: str
    """turn, interview, observe, judge, quality, embed, …"""
    calls: int = 0
    reused: int = 0
    usd: float | None = None
    """None: nobody told the price of some of them."""


class RunUsage(Frozen):
    """What the whole run took, over all its sessions."""

    models: tuple[ModelUsage, ...] = ()
    purposes: tuple[PurposeUsage, ...] = ()
    seconds: float | None = None
    """Wall time; None: not known."""

    @property
    def calls(self) -> int:
        """Return the answers used, of all models."""
        return sum(one.calls for one in self.models)

    @property
    def reused(self) -> int:
        """Return the answers known beforehand, of all models."""
        return sum(one.reused for one in self.models)

    @property
    def usage(self) -> Usage:
        """Return the tokens of all models."""
        return sum((one.usage for one in self.models), start=Usage())

    @property
    def usd(self) -> float | None:
        """Return the cost; None as soon as a part of it is unknown."""
        known = [one.usd for one in self.models if one.usd is not None]
        return sum(known) if len(known) == len(self.models) else None

    @property
    def is_local(self) -> bool:
        """Say whether everything ran on this machine."""
        return bool(self.models) and all(one.is_local for one in self.models)
