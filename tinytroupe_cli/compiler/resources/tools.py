"""Resolves the tools of each person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pydantic import JsonValue

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.core.errors import TroupeError
from tinytroupe_cli.events.action_names import Action
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.plan.types import CastMember, PlannedTool
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.tools import ToolChoice, WithCalendar, WithWordProcessor

RESERVED: frozenset[str] = frozenset(Action)
"""Names of built-in actions."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A user's function, as described to people."""

    name: str
    does: str
    form: dict[str, JsonValue]
    """JSON Schema of its arguments; empty if it has none."""
    is_known: bool = True
    """False: its arguments are known only once its module is imported."""


ResolveTool = Callable[[str], Signature]
"""Dotted path or entry point, as written -> the function's signature; raises a TroupeError if there is none."""


def give_tools(experiment: Experiment, roster: Roster, resolve: ResolveTool, findings: Findings) -> Roster:
    """Give everyone the experiment's tools, and the people of each entry theirs in addition."""
    shared = _planned(experiment.tools or (), ("tools",), resolve, findings)
    own = {
        index: _planned(
            (not isinstance(entry, str) and entry.tools) or (), ("personas", index, "tools"), resolve, findings
        )
        for index, entry in enumerate(experiment.personas)
    }

    def given(member: CastMember) -> CastMember:
        theirs = {tool.name: tool for tool in (*shared, *own[roster.entries[member.id]])}  # one's own setting wins
        return member.model_copy(update={"tools": tuple(theirs.values())}) if theirs else member

    return replace(roster, members=tuple(map(given, roster.members)))


def _planned(written: Sequence[ToolChoice], path: Path, resolve: ResolveTool, findings: Findings) -> list[PlannedTool]:
    found = [_tool(choice, (*path, index), resolve, findings) for index, choice in enumerate(written)]
    return [tool for tool in found if tool is not None]


def _tool(choice: ToolChoice, path: Path, resolve: ResolveTool, findings: Findings) -> PlannedTool | None:
    match choice:
        case WithWordProcessor(write_document=settings):
            enrich = (settings.enrich or "").strip()
            return PlannedTool(name="write_document", kind="write_document", enrich=enrich)
        case WithCalendar(calendar=settings):
            return PlannedTool(name="calendar", kind="calendar", remind=settings.remind)
        case "write_document" | "calendar":
            return PlannedTool(name=choice, kind=choice)
        case _:
            return _function(choice, path, resolve, findings)


def _function(written: str, path: Path, resolve: ResolveTool, findings: Findings) -> PlannedTool | None:
    try:
        found = resolve(written)
    except TroupeError as error:
        findings.add("E323", error.message, path, hint=error.hint)
        return None
    if found.name.upper() in RESERVED:
        findings.add(
            "E324", f"'{found.name.upper()}' is already an action", path, hint="give the function another name"
        )
        return None
    if not found.is_known:
        message = f"the arguments of '{written}' can't be read from its source; they are read when the run imports it"
        hint = "a plain `def` with types in the named module can be read"
        findings.add("E325", message, path, hint=hint, is_error=False)
    return PlannedTool(name=found.name, kind="function", function=written, does=found.does, form=found.form)
