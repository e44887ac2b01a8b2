"""The runs of a multiverse: one for each combination of values in the experiment, and what all of them find."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from pydantic import JsonValue

from tinytroupe_cli.api.compiled import Compiled
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.language.positions import Document, diagnose, read_yaml
from tinytroupe_cli.language.said_values import on_one_line
from tinytroupe_cli.plan.hashing import plan_hash
from tinytroupe_cli.plan.planned_multiverse import Choices, combinations_of
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.spec.named_paths import numbered
from tinytroupe_cli.spec.running import Roles

__all__ = ["branch_lines", "is_replaced", "with_branches"]

Compile = Callable[[Mapping[str, str], Iterable[str]], Compiled]
"""Values to lay over the experiment, and the paths that vary -> the experiment compiled."""


def with_branches(compiled: Compiled, make: Compile) -> Compiled:
    """Return an experiment with the other runs of its multiverse.

    Raises `SpecError` for a combination that can't be run, and if none is the experiment as written (E571).
    """
    planned = compiled.plan.multiverse
    if planned is None or not planned.runs:
        return compiled
    document = read_yaml(compiled.text, str(compiled.path))
    own: Choices | None = None
    others: list[Compiled] = []
    for choices in combinations_of(planned.runs):
        try:
            made = make(_overrides(compiled, document, choices), planned.runs)
        except SpecError as error:
            message = f"{_said(choices)} can't be run: {error.diagnostics[0].message}"
            raise _refused(document, message, error.diagnostics[0].hint) from error
        if _without_multiverse(made.plan) == _without_multiverse(compiled.plan):
            own = choices
        else:
            others.append(replace(made, plan=_with_choices(made.plan, choices), experiment=None))
    if own is None:
        hint = "name the experiment's own values among the alternatives"
        raise _refused(document, "none of the combinations is the experiment as written", hint)
    return replace(compiled, plan=_with_choices(compiled.plan, own), branches=tuple(others))


def is_replaced(flag: str, varied: Iterable[str]) -> bool:
    """Return whether a multiverse varies what a flag sets."""
    top = flag.partition(".")[0]
    return any(name.partition(".")[0] == top for name in varied)


def branch_lines(compiled: Compiled) -> list[str]:
    """Return what the other runs of a multiverse will need: a line for each, then the total of all."""
    if not compiled.branches:
        return []
    from tinytroupe_cli.api.estimating import estimate_plan, money  # noqa: PLC0415 - few plans have branches

    estimates = [estimate_plan(run.plan) for run in compiled.runs]
    lines = [f"Multiverse: {len(compiled.runs)} runs. In addition to the run above:"]
    for run, found in zip(compiled.branches, estimates[1:], strict=True):
        choices = run.plan.multiverse.choices if run.plan.multiverse else {}
        cost = "cost unknown" if found.usd is None else money(found.usd)
        lines.append(f"  {_said(choices)}: up to {found.calls.high:,} calls, {cost}")
    calls = sum(found.calls.high for found in estimates)
    costs = [found.usd.high for found in estimates if found.usd is not None]
    cost = f"at most ${sum(costs):,.2f}" if len(costs) == len(estimates) else "cost unknown"
    lines.append(f"All runs together: up to {calls:,} calls, {cost}. Calls that several runs share are made once.")
    return lines


def _overrides(compiled: Compiled, document: Document, choices: Choices) -> dict[str, str]:
    """Return what lays the choices over an experiment, in the form of `--set`."""
    found: dict[str, str] = {}
    models = compiled.plan.models
    written = compiled.experiment.model if compiled.experiment else None
    if "model.people" in choices and not isinstance(written, Roles):  # the other roles keep their models
        found |= {"model": "{}", "model.judge": _text(models.judge.name), "model.author": _text(models.author.name)}
    return found | {numbered(document.value, name) or name: _text(value) for name, value in choices.items()}


def _text(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)


def _said(choices: Choices) -> str:
    return ", ".join(f"{name} {on_one_line(value)}" for name, value in choices.items())


def _without_multiverse(plan: Plan) -> str:
    return plan_hash(plan.model_copy(update={"multiverse": None}))


def _with_choices(plan: Plan, choices: Choices) -> Plan:
    assert plan.multiverse is not None  # noqa: S101 - the caller looked
    return plan.model_copy(update={"multiverse": plan.multiverse.model_copy(update={"choices": choices})})


def _refused(document: Document, message: str, hint: str) -> SpecError:
    return SpecError([diagnose(document, "E571", message, ("multiverse",), key=True, hint=hint)])
