"""Charts as pictures: SVG for pages, PNG for Markdown. The only file that needs vl-convert, imported on first use."""

from __future__ import annotations

import re
from html import escape
from typing import Final

from markupsafe import Markup

from tinytroupe_cli.reports.charts.chart_frame import ChartPlan, Spec, chart_spec
from tinytroupe_cli.reports.charts.chart_theme import with_variables

WIDE: Final = 760
NARROW: Final = 340
"""Widths in pixels: of the drawing for wide pages, and of that for phones."""
PNG_SCALE: Final = 2.0
_ATTRIBUTES: Final = re.compile(
    r' (?:aria-[a-z]+|role|class|font-family|xmlns:xlink|version|pointer-events)="[^"]*"| opacity="1"| stroke-width="1"'
)
_TAG: Final = re.compile(r"<[^>]*>")
_PAPER: Final = re.compile(r'<rect width="[\d.]+" height="[\d.]+" fill="[^"]*"/>')
_EMPTY: Final = re.compile(r'<path d="(?:M0,0h0v0h0Z)?"(?: display="none")?/>|<g></g>|<g/>')
_UNSEEN: Final = re.compile(r'<text [^>]*opacity="0"[^>]*>.*?</text>')
"""Labels that only keep room."""
_LONG: Final = re.compile(r"\d+\.\d{3,}")


def svg(wide: Spec, narrow: Spec, words: str) -> Markup:
    """Return a chart in two widths, of which a style sheet shows one; `words` say what it shows."""
    return _drawn(wide, "chart wide", words) + _drawn(narrow, "chart narrow", words)


def small_svg(narrow: Spec, words: str) -> Markup:
    """Return a chart in the width of a phone, for charts that stand beside each other on wide pages."""
    return _drawn(narrow, "chart", words)


def png(plan: ChartPlan, title: str) -> bytes:
    """Return a chart as a PNG on white, with a title."""
    import vl_convert  # noqa: PLC0415 - it is large, and only charts need it

    return vl_convert.vegalite_to_png(chart_spec(plan, WIDE, title), scale=PNG_SCALE)


def _drawn(spec: Spec, name: str, words: str) -> Markup:
    import vl_convert  # noqa: PLC0415 - it is large, and only charts need it

    drawn = _TAG.sub(_shorter, _PAPER.sub("", vl_convert.vegalite_to_svg(spec), count=1))
    drawn = _UNSEEN.sub("", drawn)
    while (shorter := _EMPTY.sub("", drawn)) != drawn:
        drawn = shorter
    head = f'<svg class="{name}" role="img" aria-label="{escape(words)}"'
    return Markup(drawn.replace("<svg", head, 1))  # noqa: S704 - Vega escapes texts


def _shorter(tag: re.Match[str]) -> str:
    """Return a tag with variables for colors, without what only Vega reads and without needless digits."""
    bare = _ATTRIBUTES.sub("", tag.group())
    return with_variables(_LONG.sub(lambda found: f"{float(found.group()):.2f}".rstrip("0").rstrip("."), bare))
