"""What the terminal prints of a run's results: the answer in one sentence, charts and the plain summary."""

from __future__ import annotations

from tinytroupe_cli.reports.character_charts import ASCII, UNICODE, CharacterSet, draw
from tinytroupe_cli.reports.headline import Headline, headline
from tinytroupe_cli.reports.plain_summary import summary_lines
from tinytroupe_cli.reports.sentences import caution, expectation_lines, usage_sentence

__all__ = [
    "ASCII",
    "UNICODE",
    "CharacterSet",
    "Headline",
    "caution",
    "draw",
    "expectation_lines",
    "headline",
    "summary_lines",
    "usage_sentence",
]
