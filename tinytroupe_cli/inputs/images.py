"""Finds the images an experiment shows to people; their format is detected by their first bytes."""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path

from tinytroupe_cli.compiler.stimuli.images import FoundImage
from tinytroupe_cli.core.bounded_files import UnreadableFileError, is_named, read_bounded, too_large
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.personas.file_access import FileAccess
from tinytroupe_cli.personas.search_path import files_there, project_folders

MAX_BYTES = 4_000_000
ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".gif")
_SMALLER = "make it smaller: models see no more than about 1,500 pixels per side"


def find_image(written: str, *, base_dir: Path, access: FileAccess) -> FoundImage:
    """Return an image by its path or data: URI.

    Raises RunError if it does not exist, is not a supported image, or may not be read.
    """
    if written.startswith("data:"):
        return _checked("picture", _decoded(written))
    folders = project_folders(base_dir)
    path = next((folder / written for folder in folders if is_named(folder / written)), None)
    if path is None:
        raise RunError(f"no file '{written}'", hint=files_there(written, folders[0], ENDINGS, label="pictures"))
    access.check(path, written)
    try:
        return _checked(path.name, read_bounded(path, MAX_BYTES))
    except UnreadableFileError as error:
        raise RunError(f"'{written}' {error.message}", hint=_SMALLER if error.hint else "") from error


def _checked(name: str, content: bytes) -> FoundImage:
    kind = _kind(content)
    if kind is None:
        raise RunError(f"'{name}' is not a supported image format", hint="save it as PNG, JPEG, WebP or GIF")
    if len(content) > MAX_BYTES:
        raise RunError(f"'{name}' {too_large(len(content), MAX_BYTES).message}", hint=_SMALLER)
    return FoundImage(name, kind, content)


def _kind(content: bytes) -> str | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return "gif" if content[:6] in (b"GIF87a", b"GIF89a") else None


def _decoded(uri: str) -> bytes:
    match = re.fullmatch(r"data:image/[a-z+]+;base64,([A-Za-z0-9+/=\s]+)", uri)
    try:
        return base64.b64decode(match[1] if match else "", validate=False) if match else b""
    except binascii.Error:
        return b""
