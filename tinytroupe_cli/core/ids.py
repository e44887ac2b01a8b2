"""Names used inside a run, and how they are made."""

from __future__ import annotations

import re
import unicodedata
from typing import NewType

TrialId = NewType("TrialId", str)
"""`calm-399-r1`: condition and replicate; also the trial's folder name."""
PersonId = NewType("PersonId", str)
"""`lisa`: unique in a cast."""


MAX_NAME_CHARACTERS = 100
"""Of a name that becomes part of a file's name; file systems allow 255 bytes for all of it."""


def slug(text: str) -> str:
    """Reduce text to lower-case ASCII letters, digits and single hyphens; `x` if nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "x"
