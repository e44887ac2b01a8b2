"""What was planned to make something happen: conditions as data, and which of them cost a call.

A text is there once, or once for each step where it speaks of the step.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tinytroupe_cli.models.port import Frozen


class ClaimHolds(Frozen):
    """The judge holds a claim true or, with `score_below`, scores it below that."""

    kind: Literal["claim"] = "claim"
    texts: tuple[str, ...]
    score_below: float | None = None


class PlannedQuiet(Frozen):
    """Nobody has spoken for this many steps."""

    kind: Literal["quiet_for"] = "quiet_for"
    steps: int


class StepReached(Frozen):
    """It is this step."""

    kind: Literal["step"] = "step"
    step: int


class ExpressionTrue(Frozen):
    """An expression about the world is true."""

    kind: Literal["expression"] = "expression"
    text: str


class AllOf(Frozen):
    """All of these hold."""

    kind: Literal["all"] = "all"
    conditions: tuple[PlannedCondition, ...]


class AnyOf(Frozen):
    """At least one of these holds."""

    kind: Literal["any"] = "any"
    conditions: tuple[PlannedCondition, ...]


PlannedCondition = Annotated[
    ClaimHolds | PlannedQuiet | StepReached | ExpressionTrue | AllOf | AnyOf, Field(discriminator="kind")
]

AllOf.model_rebuild()
AnyOf.model_rebuild()


def at_step(texts: tuple[str, ...], step: int) -> str:
    """Return a text as it reads at a step, counted from 1."""
    return texts[0] if len(texts) == 1 else texts[step - 1]


def claims_in(condition: PlannedCondition, step: int | None = None) -> tuple[ClaimHolds, ...]:
    """Return every claim that may have to be judged: ever or, with a step, at that step."""
    match condition:
        case ClaimHolds():
            return (condition,)
        case AllOf() if any(
            isinstance(part, StepReached) and step not in {None, part.step} for part in condition.conditions
        ):
            return ()
        case AllOf() | AnyOf():
            return tuple(claim for part in condition.conditions for claim in claims_in(part, step))
        case PlannedQuiet() | StepReached() | ExpressionTrue():
            return ()
