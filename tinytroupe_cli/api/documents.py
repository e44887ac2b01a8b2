"""Documents that an experiment puts before people: found like people are, read as text."""

from __future__ import annotations

from pathlib import Path

from tinytroupe_cli.core.diagnostics import did_you_mean
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.personas.places import project_folders

ENDINGS = (".txt", ".md", ".markdown")
MOST_BYTES = 1_000_000


def read_document(name: str, *, near: Path) -> str:
    """Return a text or Markdown file's content; raises RunError where there is none or it isn't text."""
    folders = project_folders(near)
    path = next((folder / name for folder in folders if (folder / name).is_file()), None)
    if path is None:
        raise RunError(f"no file '{name}'", hint=_what_there_is(name, folders[0]))
    if path.suffix.lower() not in ENDINGS:
        message = f"documents of the kind '{path.suffix or name}' are not built yet"
        raise RunError(message, hint="save it as UTF-8 text: .txt or .md")
    if path.stat().st_size > MOST_BYTES:
        raise RunError(f"'{name}' is larger than {MOST_BYTES:,} bytes", hint="no model reads so much at once")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RunError(f"'{name}' is not UTF-8 text", hint="save the file as UTF-8") from error
    except OSError as error:
        raise RunError(f"'{name}' can't be read: {(error.strerror or 'unknown reason').lower()}") from error


def _what_there_is(name: str, folder: Path) -> str:
    inside = (folder / name).parent
    if not inside.is_dir():
        return f"searched {folder} and the folders above it"
    prefix = Path(name).parent
    files = [(prefix / file.name).as_posix() for file in inside.iterdir() if file.suffix.lower() in ENDINGS]
    return did_you_mean(name, files, label="documents there")
