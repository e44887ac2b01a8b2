"""Compares a simulated difference with the one that people are known to show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.api.comparing import compare_run
from tinytroupe_cli.api.planning import compile_file
from tinytroupe_cli.api.preparing import Prepared, prepare
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.plan.types import Plan

__all__ = ["PlantedEffect", "Prepared", "planted_effect", "planted_run"]

_EFFECT: Final = re.compile(r"(-?\d*\.?\d+)\s*(points?)?")


class PlantedEffect(Frozen):
    """How many times as large as people's the simulated difference is."""

    measure: str
    """The measure, as `query.field`."""
    option: JsonValue = None
    """The option whose share is compared."""
    by: str
    """The factor."""
    levels: tuple[JsonValue, ...]
    """The levels; the difference is the second minus the first."""
    scale: str
    """What the values are."""
    people: float
    """The difference that people are known to show."""
    simulated: float | None
    """The simulated difference."""
    ratio: float | None = None
    """Simulated difference divided by people's."""
    low: float | None = None
    """Lower end of the ratio's interval; people's difference is taken as exact."""
    high: float | None = None
    """Upper end."""
    why_not: str = ""
    """Why there is no interval."""


def planted_run(
    path: Path,
    *,
    env: Mapping[str, str],
    overrides: Mapping[str, str] | None = None,
    flags: Mapping[str, JsonValue] | None = None,
    is_offline: bool = False,
) -> Prepared:
    """Return the experiment as it is, ready to run."""
    compiled = compile_file(path, env=env, overrides=overrides, flags=flags, is_offline=is_offline)
    if not compiled.plan.factors:
        raise RunError("the experiment has no conditions to compare", hint="add `factors` and a measure")
    return prepare(compiled, env=env, folder=Path.cwd(), is_offline=is_offline)


def planted_effect(plan: Plan, folder: Path, written: str, measure: str, by: str) -> PlantedEffect:
    """Return the ratio for a measure (default: the first comparison's) of a finished run.

    `written`: the difference of people, second level minus first, such as `10points` (of a share) or `-0.3`. Of a
    choice, it is that of the first option. Raises RunError for anything else.
    """
    first = next((comparison for comparison in plan.comparisons or () if comparison.factor), None)
    if not measure and first is None:
        raise RunError("the experiment has no comparison", hint="name the measure: --measure choice.buys")
    measure = measure or (f"{first.query}.{first.field}" if first else "")
    found = compare_run(folder, measure, by or (first.factor if first else ""))
    pair = next((comparison for comparison in found.comparisons if comparison.kind == "pair"), None)
    if pair is None:
        raise RunError(f"{measure} has no difference between two levels")
    effect = _value(written, is_share=pair.scale == "share")
    result = PlantedEffect(
        measure=pair.measure,
        option=pair.option,
        by=pair.by,
        levels=pair.levels,
        scale=pair.scale,
        people=effect,
        simulated=pair.estimate,
        why_not=pair.why_not,
    )
    if pair.estimate is None:
        return result
    ends = sorted(end / effect for end in (pair.low, pair.high) if end is not None)
    interval = {"low": ends[0], "high": ends[-1]} if ends else {}
    return result.model_copy(update={"ratio": pair.estimate / effect, **interval})


def _value(written: str, *, is_share: bool) -> float:
    found = _EFFECT.fullmatch(written.strip())
    value = float(found[1]) / (100 if found[2] and is_share else 1) if found else 0.0
    if value == 0 or (is_share and abs(value) > 1):
        raise RunError(
            f"--planted expects a difference other than 0, got '{written}'", hint="write it as 10points or -0.3"
        )
    return value
