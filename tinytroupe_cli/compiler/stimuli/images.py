"""Pictures that people are shown: as written -> the plan's pictures, each once."""

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
"""What is seen where nobody wrote it: only a model that sees is ever told this."""


@dataclass(frozen=True, slots=True)
class FoundImage:
    """A picture that was read."""

    name: str
    kind: str
    """png, jpeg, webp or gif."""
    content: bytes


FindImage = Callable[[str], FoundImage]
"""Path as written, or data: URI -> the picture; raises a TroupeError that says why not."""


def no_image(name: str) -> FoundImage:
    """Find nothing: for those who compile without a disk."""
    raise RunError(f"no file '{name}'")


@dataclass
class Pictures:
    """Reads pictures, and keeps each once."""

    find: FindImage
    people_see: bool
    found: dict[str, PlannedImage] = field(default_factory=dict[str, PlannedImage])

    def take(self, written: str, path: Path, findings: Findings) -> str | None:
        """Return a picture's name; None, and a finding, where it can't be had."""
        try:
            image = self.find(written)
        except TroupeError as error:
            findings.add("E317", error.message, path, hint=error.hint)
            return None
        digest = hashlib.sha256(image.content).hexdigest()
        kind = "jpg" if image.kind == "jpeg" else image.kind
        name = f"{PurePosixPath(image.name).stem}-{digest[:8]}.{kind}"
        uri = f"data:image/{image.kind};base64,{base64.b64encode(image.content).decode()}"
        self.found[name] = PlannedImage(name=name, sha256=digest, data=uri)
        return name
