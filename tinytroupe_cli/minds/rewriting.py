"""Rewrites a text, richer or in another style; a long one piece by piece, each knowing how the last ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tinytroupe_cli.minds.evidence import size, split_by_bytes
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.text_generation import generate_text
from tinytroupe_cli.models.port import ChatModel, ModelConfig
from tinytroupe_cli.prompts.catalog import TextToEnrich, TextToRestyle, render

PIECE = 4_000
"""Bytes of a piece: a model that writes much at once leaves things out."""
BEFORE = 400
"""Letters of what was written last, so that a piece goes on from it."""
BYTES_PER_TOKEN = 2


@dataclass
class Rewriter:
    """An author with somebody's text before them."""

    chat: ChatModel
    use: ModelConfig
    context: str = ""
    """What is known besides."""

    async def enrich(self, text: str, requirements: str = "") -> str | NoAnswer:
        """Return the text with more in it."""

        def prompt(piece: str, before: str) -> str:
            variables = TextToEnrich(text=piece, requirements=requirements, context=self.context, before=before)
            return render("author/enrich", variables)

        return await self._anew(text, prompt, what="enrich", growth=5)

    async def restyle(self, text: str, style: str) -> str | NoAnswer:
        """Return the text in another style."""

        def prompt(piece: str, before: str) -> str:
            variables = TextToRestyle(text=piece, style=style, context=self.context, before=before)
            return render("author/restyle", variables)

        return await self._anew(text, prompt, what="restyle", growth=2)

    async def _anew(self, text: str, prompt: Callable[[str, str], str], *, what: str, growth: int) -> str | NoAnswer:
        written = ""
        for piece in split_by_bytes(text, PIECE):
            body = piece.rstrip()
            if not body:
                written += piece
                continue
            tokens = growth * size(body) // BYTES_PER_TOKEN + 200
            asked = prompt(body, written.strip()[-BEFORE:])
            made = await generate_text(self.chat, self.use, asked, what=what, tokens=tokens, is_whole=True)
            if isinstance(made, NoAnswer):
                return made
            written += (made if body.startswith("<text>") else _bare(made)) + piece[len(body) :]
        return written


def _bare(text: str) -> str:
    """Take off the tags that the text was handed over in, where they are handed back."""
    return text.removeprefix("<text>").removesuffix("</text>").strip()
