"""Files that people can read or see, as planned."""

from __future__ import annotations

from tinytroupe_cli.models.port import Frozen


class PlannedDocument(Frozen):
    """A document that people can consult."""

    name: str
    """What people call it."""
    title: str = ""
    hash: str
    """Of its text."""
    text: str


class PlannedImage(Frozen):
    """A picture that people are shown."""

    name: str
    """Its file's name with a part of its hash: `poster-3f9a1c20.png`."""
    sha256: str
    data: str
    """A data: URI."""
