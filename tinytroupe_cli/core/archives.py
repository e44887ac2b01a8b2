"""Measures the parts of an Office file, which is a ZIP archive of XML, before they are unpacked."""

from __future__ import annotations

import zipfile
import zlib
from typing import IO, Final

from tinytroupe_cli.core.bounded_files import megabytes
from tinytroupe_cli.core.errors import RunError

MAX_UNPACKED_BYTES: Final = 100_000_000
"""Of all parts together; pictures are most of it."""
MAX_XML_BYTES: Final = 40_000_000
"""Of one part of XML."""
MAX_PARTS: Final = 5_000
MAX_TAGS: Final = 2_000_000
"""Of all XML together; a page of text has a few hundred."""
_CHUNK: Final = 1_000_000


def check_archive(file: IO[bytes]) -> None:
    """Raise `RunError` if an archive's content is too large or has entities; `zipfile.BadZipFile` if it is damaged.

    The error's message continues a sentence that begins with the file's name.

    The directory can't lie about sizes: no part is unpacked further than the directory says.
    """
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            size = sum(part.file_size for part in parts)
            if size > MAX_UNPACKED_BYTES:
                raise _beyond(f"{megabytes(size)} unpacked", megabytes(MAX_UNPACKED_BYTES))
            if len(parts) > MAX_PARTS:
                raise _beyond(f"{len(parts):,} parts", f"{MAX_PARTS:,}")
            _check_xml(packed, [part for part in parts if part.filename.lower().endswith((".xml", ".rels"))])
    except (zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise zipfile.BadZipFile(str(error)) from error
    finally:
        file.seek(0)


def _check_xml(packed: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    tags = 0
    for part in parts:
        if part.file_size > MAX_XML_BYTES:
            raise _beyond(f"{megabytes(part.file_size)} in '{part.filename}'", megabytes(MAX_XML_BYTES))
        with packed.open(part) as stream:
            end = b""
            while chunk := stream.read(_CHUNK):
                tags += chunk.count(b"<")
                if b"<!DOCTYPE" in end + chunk or b"<!ENTITY" in end + chunk:
                    raise RunError(f"has a document type in '{part.filename}', which no Office program writes")
                if tags > MAX_TAGS:
                    raise _beyond(f"more than {MAX_TAGS:,} tags", f"{MAX_TAGS:,}")
                end = chunk[-10:]


def _beyond(found: str, most: str) -> RunError:
    return RunError(f"is too large: {found}; the maximum is {most}", hint="save only the relevant part as a file")
