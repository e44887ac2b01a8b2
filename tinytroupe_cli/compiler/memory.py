"""Resolves memory settings, including the context window of people's model."""

from __future__ import annotations

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.plan.types import MemoryPlan
from tinytroupe_cli.spec.running import Memory

MIN_TOKENS = 2_000
"""The minimum for a person with their rules and a few moments."""


def plan_memory(written: Memory | None, context: int | None, findings: Findings) -> MemoryPlan:
    """Return the memory settings of people; `context` is their model's context window, None if unknown."""
    memory = written or Memory()
    if memory.tokens is not None and memory.tokens < MIN_TOKENS:
        message = f"a prompt needs at least {MIN_TOKENS:,} tokens"
        findings.add(
            "E390", message, ("memory", "tokens"), hint="leave `tokens` out to use the model's whole context window"
        )
    if memory.recall == "off" and memory.consolidate:
        message = "facts would never be recalled, so none are extracted"
        findings.add(
            "E399",
            message,
            ("memory", "consolidate"),
            hint="remove `consolidate`, or write recall: semantic",
            is_error=False,
        )
    known = {name: value for name, value in memory.model_dump().items() if value is not None and name != "tokens"}
    most = min((tokens for tokens in (memory.tokens, context) if tokens is not None), default=MemoryPlan().tokens)
    return MemoryPlan.model_validate({**known, "tokens": most})
