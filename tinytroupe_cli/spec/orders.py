"""In which order options, scales and the items of a query are shown."""

from __future__ import annotations

from typing import Literal

from tinytroupe_cli.spec.spec_model import Number, SpecModel

OrderRule = Literal["balanced", "fixed", "random"]
"""balanced: each order equally often; fixed: as written; random: drawn for each answer."""
Pins = list[str | bool | Number]
"""Options that always come last, in this order."""


class Order(SpecModel):
    """Orders of options, scales and items."""

    options: OrderRule = "balanced"
    """Options of choices and rankings."""
    scales: OrderRule = "balanced"
    """Direction of scales and Likert items: if balanced, half of the people read them from high to low."""
    questions: OrderRule = "fixed"
    """Items of a query that has several fields; a `text` field stays directly after the item it follows."""
    last: Pins = []
    """Options that always come last, such as [other, none], in every field that has them."""
