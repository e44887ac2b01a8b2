"""Resolves training data: whose words, in which format, with which system message."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from tinytroupe_cli.compiler.audiences import named
from tinytroupe_cli.compiler.conditions import Arm
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.roster import EVERYONE, Roster
from tinytroupe_cli.compiler.template_scope import TemplateScope, read_text
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.plan.outputs import PlannedDataset
from tinytroupe_cli.plan.periods import parts_of
from tinytroupe_cli.plan.types import Trial
from tinytroupe_cli.spec.derived_data import Dataset

PATH: Path = ("dataset",)


def plan_dataset(
    written: Dataset | None,
    roster: Roster,
    trials: Sequence[Trial],
    scenes: Sequence[TemplateScope],
    findings: Findings,
) -> PlannedDataset | None:
    """Check the dataset; `scenes` are those of the trials."""
    if written is None:
        return None
    is_chat = written.format == "openai-chat"
    if not is_chat and written.rows == "conversations":
        hint = "write rows: turns, or format: openai-chat"
        findings.add("E383", "a row in the alpaca format is always one turn", (*PATH, "rows"), hint=hint)
    if not is_chat and written.system is not None:
        hint = "write format: openai-chat, or leave it out"
        findings.add("E383", "alpaca has no system message", (*PATH, "system"), key=True, hint=hint)
    people = roster.ids if written.people == EVERYONE else named(written.people, roster, (*PATH, "people"), findings)
    return PlannedDataset(
        name=written.name,
        rows=written.rows or ("conversations" if is_chat else "turns"),
        format=written.format,
        people=people,
        systems=_systems(written.system, people, trials, scenes, findings),
    )


def scenes_of(trials: Sequence[Trial], arms: Sequence[Arm], variables: dict[str, JsonValue]) -> list[TemplateScope]:
    """Return each trial's scene; of a trial of several conditions, its first."""
    by_name = {arm.condition.name: arm for arm in arms}
    return [TemplateScope(variables, by_name[parts_of(trial)[0].trial.condition], trial.replicate) for trial in trials]


def _systems(
    written: str | None,
    people: Sequence[str],
    trials: Sequence[Trial],
    scenes: Sequence[TemplateScope],
    findings: Findings,
) -> dict[str, dict[str, str]]:
    text = None if written is None else read_text(written, (*PATH, "system"), findings)
    if text is None:
        return {}
    return {
        trial.id: {
            member.id: scene.render(text, findings, person=member) for member in trial.people if member.id in people
        }
        for trial, scene in zip(trials, scenes, strict=True)
    }
