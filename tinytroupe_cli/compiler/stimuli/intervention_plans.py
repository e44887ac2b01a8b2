"""Resolves interventions: their conditions and effects, with rendered texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import assert_never

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.compiler.stimuli.effects import PreparedEffect, persona_fields, prepare_effect
from tinytroupe_cli.compiler.stimuli.expression_checks import ExpressionNames
from tinytroupe_cli.compiler.stimuli.images import ImageFiles
from tinytroupe_cli.compiler.stimuli.stimuli import ReadDocument
from tinytroupe_cli.compiler.template_scope import TemplateScope, Text, read_text
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.plan.planned_interventions import (
    AllOf,
    AnyOf,
    ClaimHolds,
    ExpressionTrue,
    PlannedCondition,
    PlannedQuiet,
    StepReached,
)
from tinytroupe_cli.plan.types import CastMember, PlannedIntervention
from tinytroupe_cli.spec.interventions import (
    AllHold,
    AnyHolds,
    Claim,
    ExpressionHolds,
    Intervention,
    Precondition,
    QuietFor,
    StepIs,
)


@dataclass(frozen=True)
class PreparedIntervention:
    """An intervention, independent of condition and replicate."""

    name: str
    when: Precondition
    path: Path
    then: tuple[PreparedEffect, ...]
    limit: int
    claims: dict[Path, Text] = field(default_factory=dict[Path, Text])
    """The claims of its condition, by path."""

    def planned(
        self, scene: TemplateScope, people: Sequence[CastMember], steps: int, findings: Findings
    ) -> PlannedIntervention:
        """Return it for one trial."""
        return PlannedIntervention(
            name=self.name,
            when=self._condition(self.when, (*self.path, "when"), scene, steps, findings),
            then=tuple(effect.planned(scene, people, steps, findings) for effect in self.then),
            limit=self.limit,
        )

    def _condition(
        self, written: Precondition, path: Path, scene: TemplateScope, steps: int, findings: Findings
    ) -> PlannedCondition:
        match written:
            case Claim():
                texts = _by_step(self.claims[path], scene, steps, findings) if path in self.claims else ("",)
                return ClaimHolds(texts=texts, score_below=written.score_below)
            case QuietFor():
                return PlannedQuiet(steps=written.quiet_for)
            case StepIs():
                return StepReached(step=written.step)
            case ExpressionHolds():
                return ExpressionTrue(text=written.expression)
            case AllHold():
                return AllOf(conditions=self._all(written.all, (*path, "all"), scene, steps, findings))
            case AnyHolds():
                return AnyOf(conditions=self._all(written.any, (*path, "any"), scene, steps, findings))
            case _:
                assert_never(written)

    def _all(
        self, written: Sequence[Precondition], path: Path, scene: TemplateScope, steps: int, findings: Findings
    ) -> tuple[PlannedCondition, ...]:
        places = enumerate(written)
        return tuple(self._condition(condition, (*path, at), scene, steps, findings) for at, condition in places)


def prepare_interventions(
    interventions: Sequence[Intervention] | None,
    roster: Roster,
    *,
    steps: int,
    read: ReadDocument,
    image_files: ImageFiles,
    findings: Findings,
) -> list[PreparedIntervention]:
    """Resolve the condition and effects of every intervention."""
    written = interventions or ()
    fields = {key for intervention in written for effect in intervention.then for key in persona_fields(effect)}
    checks = _Checks(steps, ExpressionNames(roster, fields), findings)
    prepared: list[PreparedIntervention] = []
    seen: set[str] = set()
    for index, intervention in enumerate(written):
        path: Path = ("interventions", index)
        name = intervention.name or f"intervention {index + 1}"
        if name in seen:
            findings.add("E370", f"a second intervention called '{name}'", (*path, "name"))
        seen.add(name)
        effects = (
            prepare_effect(
                effect, (*path, "then", at), roster=roster, read=read, image_files=image_files, findings=findings
            )
            for at, effect in enumerate(intervention.then)
        )
        then = tuple(effect for effect in effects if effect is not None)
        found = PreparedIntervention(name, intervention.when, path, then, intervention.limit)
        checks.look_at(intervention.when, (*path, "when"), found.claims)
        prepared.append(found)
    return prepared


def plan_interventions(
    prepared: Sequence[PreparedIntervention],
    scene: TemplateScope,
    people: Sequence[CastMember],
    steps: int,
    findings: Findings,
) -> tuple[PlannedIntervention, ...]:
    """Return the interventions of one trial."""
    return tuple(intervention.planned(scene, people, steps, findings) for intervention in prepared)


@dataclass(frozen=True)
class _Checks:
    steps: int
    names: ExpressionNames
    findings: Findings

    def look_at(self, condition: Precondition, path: Path, claims: dict[Path, Text]) -> None:
        """Report errors of a condition, and collect its claims."""
        match condition:
            case Claim():
                if text := read_text(condition.claim, (*path, "claim"), self.findings):
                    claims[path] = text
            case QuietFor(quiet_for=steps):
                self._check_time(steps + 1, (*path, "quiet_for"))
            case StepIs(step=step):
                self._check_time(step, (*path, "step"))
            case ExpressionHolds():
                self.names.check(condition.expression, (*path, "expression"), self.findings)
            case AllHold(all=parts) | AnyHolds(any=parts):
                key = "all" if isinstance(condition, AllHold) else "any"
                for at, part in enumerate(parts):
                    self.look_at(part, (*path, key, at), claims)
            case _:
                assert_never(condition)

    def _check_time(self, step: int, path: Path) -> None:
        if step > self.steps:
            count = f"{self.steps} step" + "s" * (self.steps != 1)
            hint = f"set world.steps to {step} or more"
            self.findings.add("E371", f"the world ends after {count}, so this can never hold", path, hint=hint)


def _by_step(text: Text, scene: TemplateScope, steps: int, findings: Findings) -> tuple[str, ...]:
    every = range(1, steps + 1) if "step" in text.template.names else (1,)
    return tuple(scene.render(text, findings, step=step) for step in every)
