"""Small GGUF files: a whole header and hardly any weights."""

from __future__ import annotations

import struct
from pathlib import Path


def text(words: str) -> bytes:
    data = words.encode()
    return struct.pack("<Q", len(data)) + data


def gguf(
    path: Path, *, architecture: str = "llama", context: int = 512, version: int = 3, weights: int = 64, cut: int = 0
) -> Path:
    """Write a small GGUF file: a list, a text, two numbers and one tensor of 4 x 8."""
    entries = [
        text("general.architecture") + struct.pack("<I", 8) + text(architecture),
        text("tokens") + struct.pack("<IIQ", 9, 8, 2) + text("a") + text("b"),
        text(f"{architecture}.context_length") + struct.pack("<II", 4, context),
        text("tokenizer.chat_template") + struct.pack("<I", 8) + text("{{ messages }}"),
    ]
    tensor = text("w") + struct.pack("<IQQIQ", 2, 4, 8, 0, 0)
    head = b"GGUF" + struct.pack("<IQQ", version, 1, len(entries))
    whole = head + b"".join(entries) + tensor + bytes(weights)
    path.write_bytes(whole[: len(whole) - cut] if cut else whole)
    return path
