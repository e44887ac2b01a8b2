"""The table of `python -m tests.benchmarks`, the bars its figures are held against, and what moved since the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Figures = Mapping[str, float]
START = "start"
"""The name of the row of commands that ask no model."""
COLUMNS = {
    "calls": ("calls", "{:,.0f}"),
    "wall": ("wall s", "{:.2f}"),
    "wall_to_path": ("÷ path", "{:.2f}"),
    "wall_to_bare": ("÷ bare", "{:.2f}"),
    "calls_a_turn": ("calls/turn", "{:.2f}"),
    "prompt_tokens": ("tokens/turn", "{:.0f}"),
    "reusable": ("reusable", "{:.0%}"),
    "cached": ("cached", "{:.0%}"),
    "own_cpu_ms": ("own CPU ms", "{:.2f}"),
    "bare_cpu_ms": ("LiteLLM ms", "{:.2f}"),
    "peak_mib": ("peak MiB", "{:.0f}"),
    "log_bytes": ("log B/call", "{:,.0f}"),
    "store_bytes": ("store B/call", "{:,.0f}"),
    "first_request": ("first s", "{:.2f}"),
    "after_import": ("after import s", "{:.2f}"),
    "report": ("report s", "{:.2f}"),
}
"""Figure -> its heading and form."""
STARTS = {"help": "--help", "check": "check", "plan": "plan", "cached": "run from the cache alone"}
STILL = 0.15
"""Shares below which a change is noise on a shared machine."""


@dataclass(frozen=True)
class Bar:
    """What a figure must not pass."""

    row: str
    figure: str
    side: Literal["<=", ">="]
    bound: float

    def holds(self, value: float) -> bool:
        """Return whether a value is on the right side."""
        return value <= self.bound if self.side == "<=" else value >= self.bound


BARS = (
    *(Bar(row, "wall_to_path", "<=", 1.10) for row in ("W1", "W2")),
    *(Bar(row, "wall_to_bare", "<=", 1.15) for row in ("W3", "W4", "W6")),
    Bar("W5", "wall_to_bare", "<=", 1 / 1.5),
    *(Bar(row, "own_cpu_ms", "<=", 1.0) for row in ("W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8")),
    Bar("W6", "peak_mib", "<=", 600),
    Bar("W2", "prompt_tokens", "<=", 900),
    *(Bar(row, "reusable", ">=", 0.85) for row in ("W1", "W2", "W5", "W7", "W8")),
    *(Bar(row, "after_import", "<=", 0.5) for row in ("W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8")),
    Bar(START, "help", "<=", 0.2),
    Bar(START, "check", "<=", 0.4),
    Bar(START, "plan", "<=", 0.5),
    Bar(START, "cached", "<=", 1.0),
    Bar(START, "cached_imports_litellm", "<=", 0),
)
"""At a latency of 200 ms. The bare loop of W5 goes by barrier."""


def table(found: Mapping[str, Figures]) -> str:
    """Return all workloads as a table in Markdown, and the start-up times below it."""
    heads = [heading for heading, _ in COLUMNS.values()]
    lines = [f"| | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for name, figures in found.items():
        if name != START:
            cells = [form.format(figures[figure]) for figure, (_, form) in COLUMNS.items()]
            lines.append(f"| {name} | {' | '.join(cells)} |")
    started = found.get(START, {})
    times = [f"{name}: {started[key]:.2f} s" for key, name in STARTS.items() if key in started]
    return "\n".join([*(lines if set(found) - {START} else []), *times])


def bar_lines(found: Mapping[str, Figures]) -> Iterator[str]:
    """Yield each bar of what was measured, with whether it holds."""
    for bar in BARS:
        value = found.get(bar.row, {}).get(bar.figure)
        if value is not None:
            verdict = "holds " if bar.holds(value) else "MISSED"
            yield f"{verdict}  {bar.row} {bar.figure} {value:.3g} (bar: {bar.side} {bar.bound:.3g})"


def moved_lines(found: Mapping[str, Figures], recorded: Mapping[str, Figures]) -> Iterator[str]:
    """Yield the figures that differ from the record by more than noise does."""
    for row, figures in found.items():
        for figure, value in figures.items():
            before = recorded.get(row, {}).get(figure)
            if before is not None and abs(value - before) > STILL * max(abs(value), abs(before)):
                yield f"{row} {figure}: {before:.3g} -> {value:.3g}"
