"""The door to the answer in one sentence, and to how it is drawn."""

from __future__ import annotations

from tinytroupe_cli.reports.answers import findings
from tinytroupe_cli.reports.characters import ASCII, BLOCKS, Characters, draw
from tinytroupe_cli.reports.headline import Headline, headline

__all__ = ["ASCII", "BLOCKS", "Characters", "Headline", "draw", "findings", "headline"]
