"""The statements that ship with semantic similarity ratings: sets for seven constructs (`rating_anchors.yaml`)."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Final

import yaml

Sets = tuple[tuple[str, ...], ...]

CONSTRUCTS: Final = ("intent", "agreement", "satisfaction", "likelihood", "frequency", "importance", "trust")
"""What there are statements for."""
_OF_SEVEN: Final = {3: (0, 3, 6), 4: (0, 2, 4, 6), 5: (0, 1, 3, 5, 6), 6: (0, 1, 2, 4, 5, 6), 7: range(7)}
"""Number of points -> which of seven statements stand for them."""
SHIPPED_POINTS: Final = tuple(_OF_SEVEN)


def shipped_anchors(construct: str, points: int) -> Sets:
    """Return at least four sets of statements, lowest point first; empty: there are none."""
    if points not in _OF_SEVEN:
        return ()
    return tuple(tuple(statements[at] for at in _OF_SEVEN[points]) for statements in _shipped().get(construct, ()))


@cache
def _shipped() -> dict[str, Sets]:
    text = resources.files("tinytroupe_cli.measurement").joinpath("rating_anchors.yaml").read_text(encoding="utf-8")
    return {name: tuple(map(tuple, sets)) for name, sets in yaml.safe_load(text).items()}
