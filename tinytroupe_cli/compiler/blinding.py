"""Whether people are told that the version they meet was picked by the experiment: a setting, or a factor."""

from __future__ import annotations

from tinytroupe_cli.compiler.conditions import Arm
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.plan.types import Unblinded
from tinytroupe_cli.spec.blinding import BLINDING
from tinytroupe_cli.spec.experiment import Experiment

KEY = (BLINDING,)
LEVELS = ("blind", "unblinded")


def with_blinding(experiment: Experiment, findings: Findings) -> Experiment:
    """Return the experiment with the factor that `both` adds; report where people can't be told anything true."""
    if experiment.blinding == "blind":
        return experiment
    if not experiment.factors and experiment.conditions is None:
        hint = "add `factors`, or leave `blinding` out"
        findings.add(
            "E528", "blinding needs several versions of the experiment, but there is only one", KEY, key=True, hint=hint
        )
        return experiment
    if experiment.blinding == "unblinded":
        return experiment
    if experiment.conditions is not None:
        hint = "write `factors` instead of `conditions`"
        findings.add("E528", "`both` adds a factor, which can't be combined with listed conditions", KEY, hint=hint)
        return experiment
    if BLINDING in experiment.factors:
        hint = "rename the factor"
        findings.add("E528", "`both` adds a factor with this name", ("factors", BLINDING), key=True, hint=hint)
        return experiment
    factor = {"levels": list(LEVELS), "idle": True}
    return experiment.model_copy(update={"factors": {**experiment.factors, BLINDING: factor}})


def unblinded_by(experiment: Experiment, arm: Arm, between: tuple[str, ...]) -> Unblinded:
    """Return what people of a condition are told; empty: nothing. `between`: factors whose levels were assigned."""
    is_told = experiment.blinding == "unblinded" or (
        experiment.blinding == "both" and arm.condition.levels.get(BLINDING) == LEVELS[1]
    )
    if not is_told:
        return ""
    return "assigned" if any(factor != BLINDING for factor in between) else "every_version"
