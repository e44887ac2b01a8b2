"""Resolves the images shown to people; each is stored once."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.core.errors import RunError, TroupeError
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.plan.types import PlannedImage

WITHOUT_WORDS = "a picture"
"""Default description of an image: only models that see images get it."""

MAX_STEM = 60
"""Characters of a picture's own name in the name under which it is kept."""


@dataclass(frozen=True, slots=True)
class FoundImage:
    """An image that was read."""

    name: str
    kind: str
    """png, jpeg, webp or gif."""
    content: bytes


FindImage = Callable[[str], FoundImage]
"""Path as written, or data: URI -> the image; raises a TroupeError that explains why not."""


def no_image(name: str) -> FoundImage:
    """Raise an error: for compiling without a disk."""
    raise RunError(f"no file '{name}'")


@dataclass
class ImageFiles:
    """Reads images, and keeps each once."""

    find: FindImage
    people_see: bool
    found: dict[str, PlannedImage] = field(default_factory=dict[str, PlannedImage])

    def add(self, written: str, path: Path, findings: Findings) -> str | None:
        """Return an image's name; None, after an error, if it can't be read."""
        try:
            image = self.find(written)
        except TroupeError as error:
            findings.add("E317", error.message, path, hint=error.hint)
            return None
        digest = hashlib.sha256(image.content).hexdigest()
        kind = "jpg" if image.kind == "jpeg" else image.kind
        name = f"{PurePosixPath(image.name).stem[:MAX_STEM]}-{digest[:8]}.{kind}"
        uri = f"data:image/{image.kind};base64,{base64.b64encode(image.content).decode()}"
        self.found[name] = PlannedImage(name=name, sha256=digest, data=uri)
        return name
