"""Reads the header of a GGUF file: architecture, context length and size. Loads no weights.

After the specification of the format (ggml-org/ggml, docs/gguf.md), versions 2 and 3.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any, Final

from tinytroupe_cli.core.bounded_files import check_regular

MAGIC: Final = b"GGUF"
VERSIONS: Final = (2, 3)
MAX_TEXT_BYTES: Final = 1 << 24
MAX_ENTRIES: Final = 1 << 20
_NUMBERS: Final = dict(enumerate(("<B", "<b", "<H", "<h", "<I", "<i", "<f", "<?")))
_WIDE_NUMBERS: Final = {10: "<Q", 11: "<q", 12: "<d"}
_TEXT, _ARRAY = 8, 9


class NotGguf(Exception):
    """The file is not a GGUF file, or is incomplete; the message says which."""


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """What a file says about its model."""

    architecture: str
    name: str
    licence: str
    context: int
    """Context length in training, in tokens; 0: not given."""
    parameters: int
    has_template: bool
    """Whether it has a chat template."""


def read_header(path: Path) -> GgufHeader:
    """Read a file's header; raises `NotGguf`, or `OSError` where the file can't be read."""
    check_regular(path)
    with path.open("rb") as file:
        try:
            return _header(_Reader(file), path.stat().st_size)
        except (struct.error, UnicodeDecodeError, EOFError) as problem:
            raise NotGguf("its header is incomplete: the download may have stopped early") from problem


def _header(reader: _Reader, size: int) -> GgufHeader:
    if reader.bytes(4) != MAGIC:
        raise NotGguf("it is not a GGUF file")
    version = reader.number("<I")
    if version not in VERSIONS:
        raise NotGguf(f"it has version {version}; the versions known here are {' and '.join(map(str, VERSIONS))}")
    tensors, entries = reader.count(), reader.count()
    values = dict(reader.entry() for _ in range(entries))
    parameters = end = 0
    for _ in range(tensors):
        count, offset = reader.tensor()
        parameters += count
        end = max(end, offset)
    if reader.place + end > size:
        raise NotGguf("its weights are incomplete: the download may have stopped early")
    architecture = str(values.get("general.architecture", ""))
    return GgufHeader(
        architecture=architecture,
        name=str(values.get("general.name", "")),
        licence=str(values.get("general.license", "")),
        context=int(values.get(f"{architecture}.context_length", 0) or 0),
        parameters=parameters,
        has_template="tokenizer.chat_template" in values,
    )


@dataclass
class _Reader:
    file: BufferedReader

    @property
    def place(self) -> int:
        return self.file.tell()

    def bytes(self, count: int) -> bytes:
        found = self.file.read(count)
        if len(found) < count:
            raise EOFError
        return found

    def number(self, form: str) -> Any:
        return struct.unpack(form, self.bytes(struct.calcsize(form)))[0]

    def count(self) -> int:
        found = self.number("<Q")
        if found > MAX_ENTRIES:
            raise NotGguf("its header is invalid")
        return found

    def text(self) -> str:
        length = self.number("<Q")
        if length > MAX_TEXT_BYTES:
            raise NotGguf("its header is invalid")
        return self.bytes(length).decode("utf-8", errors="replace")

    def entry(self) -> tuple[str, Any]:
        return self.text(), self.value(self.number("<I"))

    def value(self, kind: int) -> Any:
        form = _NUMBERS.get(kind) or _WIDE_NUMBERS.get(kind)
        if form is not None:
            return self.number(form)
        if kind == _TEXT:
            return self.text()
        if kind == _ARRAY:
            return self._skipped_array(self.number("<I"))
        raise NotGguf("its header is invalid")

    def _skipped_array(self, kind: int) -> int:
        """Skip an array, such as a vocabulary, and return its length."""
        length = self.count()
        form = _NUMBERS.get(kind) or _WIDE_NUMBERS.get(kind)
        if form is not None:
            self.file.seek(length * struct.calcsize(form), 1)
        else:
            for _ in range(length):
                self.value(kind)
        return length

    def tensor(self) -> tuple[int, int]:
        """Return the number of elements of a tensor, and its offset after the header."""
        self.text()
        dimensions = [self.number("<Q") for _ in range(self.number("<I"))]
        self.number("<I")
        return math.prod(dimensions), self.number("<Q")
