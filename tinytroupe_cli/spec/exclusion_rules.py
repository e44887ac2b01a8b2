"""Rules by which people are left out of figures, declared before there are answers."""

from __future__ import annotations

from typing import Literal

ExclusionRule = Literal["repeats", "straight_lining"]
"""Whom to leave out: people whose texts repeat others' word for word; people who give all items the same point."""
