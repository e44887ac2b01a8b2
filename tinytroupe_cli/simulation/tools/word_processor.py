"""The word processor: WRITE_DOCUMENT, whose documents the reports write out as files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tinytroupe_cli.core.tokens import estimate_tokens
from tinytroupe_cli.events.action_names import Action
from tinytroupe_cli.events.types import DocumentWritten
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.situation import AvailableAction
from tinytroupe_cli.models.port import AnswerSchema
from tinytroupe_cli.plan.types import PlannedTool, Trial
from tinytroupe_cli.simulation.abilities import ActionCall, ActionResult, TurnContext
from tinytroupe_cli.simulation.tools.tool_use import ToolUse, owners, record_use, refuse_use

WRITE: Final = Action.WRITE_DOCUMENT
TOOL: Final = "word processor"
MAX_TOKENS: Final = 1_500
"""Of a document that its author keeps before their eyes as a whole."""
FORM: Final = AnswerSchema.flat(
    "document",
    {"title": {"type": "string"}, "content": {"type": "string", "description": "The whole text, in Markdown"}},
)


Enrich = Callable[[str, str, str], Awaitable[str | NoAnswer]]
"""Title, content and what it is to become -> the document's new text."""


@dataclass(frozen=True)
class WordProcessor:
    """What the people of a trial can do with it."""

    owners: Mapping[str, PlannedTool]
    enrich: Enrich

    def offered(self, moment: TurnContext) -> Sequence[AvailableAction]:
        """Return the act to its owners."""
        if moment.person not in self.owners:
            return ()
        return (
            AvailableAction(WRITE, "write a document and keep it; argument: its title", form=FORM, has_feedback=True),
        )

    async def perform(self, call: ActionCall, moment: TurnContext) -> ActionResult:
        """Write it; with an empty one, the person is asked again."""
        tool = self.owners.get(moment.person)
        if tool is None:
            return refuse_use(TOOL, call, moment)
        filled = call.arguments or {}
        title, content = (str(filled.get(key) or "").strip() for key in ("title", "content"))
        if not title or not content:
            missing = "title" if not title else "text"
            use = ToolUse(TOOL, call, f"Nothing was written: the document has no {missing}.", filled, is_ok=False)
            return record_use(use, moment, continues_turn=True)
        return await self._write(title, content, tool, call, moment)

    async def _write(
        self, title: str, content: str, tool: PlannedTool, call: ActionCall, moment: TurnContext
    ) -> ActionResult:
        stamp, person = moment.stamp, moment.person
        outcome = await self.enrich(title, content, tool.enrich) if tool.enrich else content
        final = content if isinstance(outcome, NoAnswer) else outcome
        wrote = DocumentWritten(
            trial=stamp.trial, step=stamp.step, time=stamp.time, person=person, title=title, content=final
        )
        arguments = {"title": title, **({"content": content} if tool.enrich else {})}
        note = " (it was kept as it is: nothing could be added)" if isinstance(outcome, NoAnswer) else ""
        use = ToolUse(TOOL, call, f"You have written '{title}'{note}. {_shown(final)}", arguments)
        return record_use(use, moment, besides=(wrote,), continues_turn=False)


def word_processor(trial: Trial, enrich: Enrich) -> WordProcessor | None:
    """Return the word processor of a trial; None where nobody has one."""
    found = owners(trial, "write_document")
    return WordProcessor(found, enrich) if found else None


def _shown(content: str) -> str:
    """Return what its author remembers of a document: all of it, or where it is long, how it begins."""
    if estimate_tokens(content) <= MAX_TOKENS:
        return f"It says:\n{content}"
    opening = content.split("\n\n", maxsplit=1)[0][:600]
    return f"It has {len(content.split()):,} words and begins:\n{opening}\n(…)"
