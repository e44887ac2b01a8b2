"""About how many tokens a text has, without any model's tokenizer.

Cautious rather than exact: English has about 4 bytes to a token, Russian 4, Chinese 2.5 to 3.
"""

from __future__ import annotations

BYTES_PER_TOKEN = 3.0


def estimate_tokens(text: str) -> int:
    """Return about the most tokens a text has."""
    return -(-len(text.encode()) // int(BYTES_PER_TOKEN))
