"""The part of a plan that is played when people are added in blocks."""

from __future__ import annotations

from tinytroupe_cli.plan.planned_assignment import PlannedAssignment
from tinytroupe_cli.plan.types import Plan


def with_blocks(plan: Plan, count: int) -> Plan:
    """Return the plan with its first `count` blocks of people: nobody else is in its trials or its assignment."""
    if plan.stopping is None:
        return plan
    trials = tuple(trial for trial in plan.trials if trial.block <= count)
    people = frozenset(member.id for trial in trials for member in trial.people)
    wordings = plan.wordings
    if wordings is not None:
        wordings = wordings.model_copy(update={"people": tuple(_of(own, people) for own in wordings.people)})
    assignment = _assignment(plan.assignment, people)
    return plan.model_copy(update={"trials": trials, "assignment": assignment, "wordings": wordings})


def without_rule(plan: Plan) -> Plan:
    """Return the plan in which everyone takes part, whatever is found."""
    trials = tuple(trial.model_copy(update={"block": 0}) for trial in plan.trials)
    return plan.model_copy(update={"stopping": None, "trials": trials})


def only_block(plan: Plan, number: int) -> Plan:
    """Return the plan with the trials of one block alone, counted from 1."""
    return plan.model_copy(update={"trials": tuple(trial for trial in plan.trials if trial.block == number)})


def _assignment(assignment: PlannedAssignment, people: frozenset[str]) -> PlannedAssignment:
    cells = (cell.model_copy(update={"people": _of(cell.people, people)}) for cell in assignment.cells)
    blocks = {name: own for name, all_of in assignment.blocks.items() if (own := _of(all_of, people))}
    update = {"people": _of(assignment.people, people), "cells": tuple(cells), "blocks": blocks}
    return assignment.model_copy(update=update)


def _of(ids: tuple[str, ...], people: frozenset[str]) -> tuple[str, ...]:
    return tuple(one for one in ids if one in people)
