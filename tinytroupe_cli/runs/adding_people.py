"""Runs a plan block by block of people, until its rule says that the intervals are narrow enough."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tinytroupe_cli.analysis.looks import LookedAt
from tinytroupe_cli.analysis.observations import measured_rows
from tinytroupe_cli.analysis.stopping_result import LookResult
from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.added_people import only_block, with_blocks
from tinytroupe_cli.plan.planned_stopping import PlannedStopping
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.runs.folder import RunFolder
from tinytroupe_cli.runs.journal import is_finished

RunPart = Callable[[Plan], Awaitable[None]]
"""Runs the trials of a plan; those that are finished are not run again."""


async def run_blocks(plan: Plan, folder: RunFolder, run_part: RunPart, on_look: Callable[[str], None]) -> Plan:
    """Run a plan's blocks in order, with a look after each; return the plan of those that were run.

    A plan without a rule is run whole. The folder keeps which blocks have begun, so that a run that was stopped has
    no more people than these. `on_look` takes a sentence on each look.
    """
    stopping = plan.stopping
    if stopping is None:
        await run_part(plan)
        return plan
    part = plan
    for block in range(1, len(stopping.blocks) + 1):
        part = with_blocks(plan, block)
        folder.write_block_count(block)
        await run_part(only_block(plan, block))
        events = {trial.id: folder.events(trial.id) for trial in part.trials}
        if not all(is_finished(told) for told in events.values()):  # a bug broke a trial off
            break
        looked_at = LookedAt(part, stopping, measured_rows(part, events))
        look = looked_at.last_look()
        if look is None:
            break
        is_last = block == len(stopping.blocks)
        is_share = type_of(part.fields[stopping.query, stopping.field]).scale == "share"
        end = "narrow enough" if looked_at.is_narrow(look) else "the limit" if is_last else "more people are added"
        on_look(f"{_words(stopping, look, is_share=is_share)}: {end}")
        if looked_at.is_narrow(look):
            break
    return part


def _words(stopping: PlannedStopping, look: LookResult, *, is_share: bool) -> str:
    times, unit = (100, " points") if is_share else (1, "")
    if look.half_width is None:
        return f"after {look.people} people, there is no interval yet"
    found, wanted = (f"±{number(times * width)}{unit}" for width in (look.half_width, stopping.half_width))
    return f"after {look.people} people, the difference is known within {found} (wanted: {wanted})"
