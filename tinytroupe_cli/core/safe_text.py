"""Text from outside -> text that can be stored, hashed, rendered and printed."""

from __future__ import annotations

REPLACEMENT = "\ufffd"


def safe_text(value: object) -> str:
    """Return the text without halves of surrogate pairs and without NUL; two halves that belong together are joined."""
    text = "" if value is None else str(value)
    if not text.isascii():
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", REPLACEMENT)
