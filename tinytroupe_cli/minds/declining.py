"""Tells a model's stock refusal from what a person says: held to a shape, it can stand in no other place."""

from __future__ import annotations

import re
from typing import Final

_STOCK: Final = re.compile(
    r"(?:I['’]m sorry|I am sorry|Sorry), (?:but )?I (?:can['’]t|cannot|can not) (?:help|assist)(?: you)?"  # noqa: RUF001
    r"(?: with (?:that|this|it|your request|(?:that|this) request))?[.!]*",
    re.IGNORECASE,
)


def is_stock_refusal(text: str) -> bool:
    """Say whether a text is the phrase models decline with and nothing else.

    With a word of their own in it, a person may have said it.
    """
    return _STOCK.fullmatch(text.strip()) is not None
