"""Makes many people from one persona, without a model: how each differs, and their names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from pydantic import JsonValue

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.personas.naming import draw_names
from tinytroupe_cli.spec.people import Range, UsePersona, Variation


def check_copies(entry: UsePersona, path: Path, findings: Findings) -> None:
    """Check that the keys of an entry's copies fit together."""
    if entry.copies is None:
        if entry.vary:
            hint = "copies: 50 makes fifty people who differ in this; to change one person, use `set`"
            findings.add("E398", "only copies can vary", (*path, "vary"), key=True, hint=hint)
        return
    if entry.name is not None:
        hint = "each copy gets its own name"
        findings.add("E398", f"{entry.copies} people can't all be called '{entry.name}'", (*path, "as"), hint=hint)
    if "name" in entry.set:
        hint = "each copy gets its own name"
        findings.add("E398", "copies can't all have the same name", (*path, "set", "name"), hint=hint)
    for dotted, variation in entry.vary.items():
        place = (*path, "vary", dotted)
        if dotted == "name":
            findings.add(
                "E398", "'name' can't be varied: each copy gets its own name", place, key=True, hint="remove it"
            )
        elif dotted in entry.set:
            findings.add("E398", f"'{dotted}' is both set and varied", place, key=True, hint="keep one of the two")
        elif isinstance(variation, Range) and variation.least > variation.most:
            message = f"'from' ({variation.least}) is greater than 'to' ({variation.most})"
            findings.add("E398", message, (*place, "from"), hint="'from' is the lowest value, 'to' the highest")


def differences(entry: UsePersona, seed: int, index: int) -> list[dict[str, JsonValue]]:
    """Return the fields of each copy that can differ, by dotted name."""
    count = entry.copies or 0
    columns = {
        dotted: _draws(variation, count, Stream(seed, "copies", entry.use, index, dotted))
        for dotted, variation in entry.vary.items()
        if dotted != "name"
    }
    return [{dotted: drawn[number] for dotted, drawn in columns.items()} for number in range(count)]


def copy_names(people: Sequence[Mapping[str, JsonValue]], seed: int, *, taken: Collection[str]) -> list[str]:
    """Return an unused name for each copy."""
    genders = [str(fields.get("gender", "")).strip().casefold() for fields in people]
    return draw_names(genders, Stream(seed, "copies", "names"), taken=taken)


def _draws(variation: Variation, count: int, stream: Stream) -> list[JsonValue]:
    """Draw from a range each time; deal values of a list out like cards, so that all come about equally often."""
    if isinstance(variation, Range):
        span = max(variation.most - variation.least, 0) + 1
        return [variation.least + stream.integer(span) for _ in range(count)]
    dealt: list[JsonValue] = []
    while len(dealt) < count:
        dealt += stream.shuffled(variation)
    return dealt[:count]
