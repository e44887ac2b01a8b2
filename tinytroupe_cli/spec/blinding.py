"""Blinding: whether people know that the version they meet was picked by the experiment."""

from __future__ import annotations

from typing import Final, Literal

Blinding = Literal["blind", "unblinded", "both"]
BLINDING: Final = "blinding"
"""Name of the factor that `both` adds."""
