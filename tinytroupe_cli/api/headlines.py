"""The door to the answer in one sentence, and to how it is drawn."""

from __future__ import annotations

from tinytroupe_cli.reports.answers import findings
from tinytroupe_cli.reports.character_charts import ASCII, UNICODE, CharacterSet, draw
from tinytroupe_cli.reports.headline import Headline, headline

__all__ = ["ASCII", "UNICODE", "CharacterSet", "Headline", "draw", "findings", "headline"]
