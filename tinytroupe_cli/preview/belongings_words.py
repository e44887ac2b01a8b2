"""Describes people's documents and tools, for `troupe plan`."""

from __future__ import annotations

from collections.abc import Iterator

from tinytroupe_cli.plan.types import PlannedTool, Trial


def belongings_in_words(trial: Trial) -> Iterator[str]:
    """Yield a line for each document and tool: what it is, and whose."""
    owners: dict[str, list[str]] = {}
    for member in trial.people:
        things = [*(f"document {name}" for name in member.documents), *(_tool(tool) for tool in member.tools)]
        for thing in dict.fromkeys(things):
            owners.setdefault(thing, []).append(member.id)
    for thing, people in owners.items():
        whose = "everyone" if len(people) == len(trial.people) else ", ".join(people)
        yield f"{thing}: {whose}"


def _tool(tool: PlannedTool) -> str:
    match tool.kind:
        case "write_document":
            return "tool write_document" + (f", enriched: {tool.enrich}" if tool.enrich else "")
        case "calendar":
            return "tool calendar" + (f", reminds {tool.remind} minutes before" if tool.remind else "")
        case "function":
            return f"tool {tool.function}"
