"""Colors of charts: safe for color-blind readers, each a CSS variable, so that one drawing suits light and dark pages.

Categories: M. Okabe and K. Ito, Color Universal Design (2008). Scales: PuOr of C. Brewer's ColorBrewer (2003), whose
steps stay apart for readers who see no red or no green.
"""

from __future__ import annotations

import re
from typing import Final

INK: Final = "#1b1f24"
MUTED: Final = "#5b6470"
GRID: Final = "#e3e6ea"
PAPER: Final = "#fffffe"
SERIES: Final = ("#0072b2", "#d55e00", "#009e74", "#b8589b", "#8a6d00", "#4a9fd0")
SERIES_DARK: Final = ("#58b4e8", "#f28c4f", "#3fc79f", "#e09bcb", "#dfbe4b", "#9fd3f2")
SCALE: Final = (
    ("#b35806", "#e0822c"),
    ("#e08214", "#f0a35c"),
    ("#f1a340", "#f6c48f"),
    ("#fdc47f", "#b98f63"),
    ("#d5d8dd", "#59616c"),
    ("#b9b3d8", "#8d88b8"),
    ("#998ec3", "#a9a0d8"),
    ("#7566ad", "#bcb4ea"),
    ("#542788", "#d3ccf7"),
)
"""Steps of a scale, lowest first: on a light page, on a dark one."""
SCALE_INKS: Final = (
    ("#fffffa", "#14171a"),
    ("#14171b", "#14171a"),
    ("#14171c", "#14171a"),
    ("#14171d", "#14171a"),
    ("#14171e", "#f4f5f7"),
    ("#14171f", "#14171a"),
    ("#141720", "#14171a"),
    ("#fffffb", "#14171a"),
    ("#fffffc", "#14171a"),
)
"""What is written on each step."""
_LIGHT_AND_DARK: Final[dict[str, tuple[str, str, str]]] = {
    "chart-ink": ("currentColor", INK, "currentColor"),
    "chart-muted": (MUTED, MUTED, "#a3adb8"),
    "chart-grid": (GRID, GRID, "#343b44"),
    "chart-paper": ("#ffffff", PAPER, "#171b20"),
    **{
        f"series-{number}": (light, light, dark)
        for number, (light, dark) in enumerate(zip(SERIES, SERIES_DARK, strict=True), start=1)
    },
    **{f"scale-{number}": (light, light, dark) for number, (light, dark) in enumerate(SCALE, start=1)},
    **{f"scale-ink-{number}": (light, light, dark) for number, (light, dark) in enumerate(SCALE_INKS, start=1)},
}
"""Variable -> its color on a light page, the color a chart is drawn in, and its color on a dark page."""
_VARIABLES: Final = {drawn: name for name, (_, drawn, _) in _LIGHT_AND_DARK.items()}
_COLOR: Final = re.compile(r"#[0-9a-f]{6}\b")


def scale_steps(points: int) -> list[int]:
    """Return which step of the scale each of so many points has, symmetric about the middle."""
    last = len(SCALE) - 1
    if points == 1:
        return [last // 2]
    return [round(place * last / (points - 1)) for place in range(points)]


def with_variables(svg: str) -> str:
    """Replace the colors of a drawing by CSS variables, with the color itself where there is no style sheet."""
    return _COLOR.sub(lambda found: _variable(found.group()), svg)


def style_rules() -> str:
    """Return the variables' values on light and on dark pages."""
    light = "".join(f"--{name}:{value};" for name, (value, _, _) in _LIGHT_AND_DARK.items())
    dark = "".join(f"--{name}:{value};" for name, (_, _, value) in _LIGHT_AND_DARK.items())
    return f":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def _variable(color: str) -> str:
    return f"var(--{_VARIABLES[color]},{color})" if color in _VARIABLES else color
