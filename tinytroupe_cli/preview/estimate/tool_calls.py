"""Estimates the calls that documents and tools add to a run: continued turns, forms, and expanded documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from tinytroupe_cli.plan.types import CastMember, PlannedTool
from tinytroupe_cli.preview.estimate.lengths import CharRange, PlannedCall

MAX_ANSWERS = 3
"""Actions of one turn that are answered within it."""
READ = CharRange(60, 3_500)
"""Characters of a document or a tool's answer read at once."""
FORM = CharRange(60, 5_000)
"""Characters of a filled-in form: of an event, or of a whole document."""
ENRICHED = CharRange(500, 9_000)


def tool_calls(person: CastMember, turn: PlannedCall, *, key: Callable[..., bytes]) -> Iterator[PlannedCall]:
    """Yield the calls that may follow a turn of a person with documents or tools; they may not use them."""
    if not person.documents and not person.tools:
        return
    read = CharRange(0, 0)
    forms = [tool for tool in person.tools if _has_form(tool)]
    enriched = next((tool for tool in person.tools if tool.enrich), None)
    for number in range(1, MAX_ANSWERS + 1):
        read = read + turn.reply + READ
        yield replace(turn, key=key("again", str(number)), prompt=turn.prompt + read, is_certain=False)
    if forms:
        yield replace(turn, key=key("form"), prompt=turn.prompt + turn.reply, reply=FORM, is_certain=False)
    if enriched is not None:
        prompt = FORM + CharRange(len(enriched.enrich), len(enriched.enrich) + 600)
        yield PlannedCall(role="author", key=key("enrich"), prompt=prompt, reply=ENRICHED, is_certain=False)


def _has_form(tool: PlannedTool) -> bool:
    return tool.kind != "function" or bool(tool.form)
