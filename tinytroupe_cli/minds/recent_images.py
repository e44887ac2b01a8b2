"""Which pictures a person still has before their eyes: the last few, where their model sees at all.

What a picture shows stands beside it in words, or it is a picture without any; older ones stay as those words.
"""

from __future__ import annotations

from collections.abc import Sequence

from tinytroupe_cli.models.port import Message

MAX_PICTURES = 3


def with_recent_images(messages: Sequence[Message], *, accepts_images: bool) -> tuple[Message, ...]:
    """Return the messages with the last pictures only, each where it first came; with none where nobody sees."""
    if not any(message.images for message in messages):
        return tuple(messages)
    latest = [name for message in reversed(messages) for name in reversed(message.images)]
    wanted = set(list(dict.fromkeys(latest))[:MAX_PICTURES]) if accepts_images else set[str]()
    seen: list[Message] = []
    for message in messages:
        kept = tuple(name for name in dict.fromkeys(message.images) if name in wanted)
        wanted -= set(kept)
        seen.append(message if kept == message.images else message.model_copy(update={"images": kept}))
    return tuple(seen)
