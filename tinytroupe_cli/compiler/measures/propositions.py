"""Resolves propositions: the claim, its subject, and the evidence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tinytroupe_cli.compiler.audiences import named
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.measures.queries import EACH_PERSON, WORLD
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.compiler.template_scope import TemplateScope, Text, read_text
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.plan.types import CastMember, PlannedField, PlannedQuery
from tinytroupe_cli.prompts.catalog import BuiltInClaimText, BuiltInTaskClaimText, render
from tinytroupe_cli.spec.measures import BuiltInClaim, Proposition

ALL_OF_THEM = "each of the people"


@dataclass(frozen=True)
class _Ready:
    """Defaults of a ready-made claim: its subject, and whether personas are evidence."""

    of: str = EACH_PERSON
    include_personas: bool = False


READY: dict[BuiltInClaim, _Ready] = {
    "persona_adherence": _Ready(include_personas=True),
    "hard_persona_adherence": _Ready(include_personas=True),
    "self_consistency": _Ready(),
    "fluency": _Ready(),
    "suitability": _Ready(include_personas=True),
    "task_completion": _Ready(of=WORLD),
    "divergence": _Ready(of=WORLD),
    "convergence": _Ready(of=WORLD),
    "quiet_recently": _Ready(),
}


@dataclass(frozen=True)
class PreparedProposition:
    """A proposition, independent of condition and replicate."""

    name: str
    proposition: Proposition
    text: Text | None
    """The claim or, for a ready-made claim, the task if it has one."""
    people: tuple[str, ...]
    """Ids of everyone it may be about; empty: the whole world."""
    include_personas: bool

    @property
    def fields(self) -> tuple[PlannedField, ...]:
        """Return the verdict, and the judge's explanation."""
        score = PlannedField(name="score", kind="scale", low=0, high=9, low_label="not at all", high_label="entirely")
        return (
            score if self.proposition.score else PlannedField(name="holds", kind="yes_no"),
            PlannedField(name="justification", kind="text", is_auxiliary=True),
            PlannedField(name="confidence", kind="number", low=0, high=1, is_auxiliary=True),
        )

    def planned(
        self, scene: TemplateScope, people: Sequence[CastMember], steps: int, findings: Findings
    ) -> PlannedQuery | None:
        """Return it for one trial; None if it is about no one there."""
        about = [member for member in people if member.id in self.people]
        if self.people and not about:
            return None
        claims = {member.id: self._claim(scene, member, steps, findings) for member in about}
        return PlannedQuery(
            name=self.name,
            procedure="judge",
            people=tuple(member.id for member in about),
            questions=claims or {"": self._claim(scene, None, steps, findings)},
            fields=self.fields,
            samples=self.proposition.samples,
            include_personas=self.include_personas,
        )

    def _claim(self, scene: TemplateScope, person: CastMember | None, steps: int, findings: Findings) -> str:
        text = scene.render(self.text, findings, person=person, step=steps) if self.text else ""
        who = person.name if person else ALL_OF_THEM
        match self.proposition.use:
            case None:
                return text
            case "task_completion":
                return render("claims/task_completion", BuiltInTaskClaimText(who=who, task=text)).strip()
            case ready:
                return render(f"claims/{ready}", BuiltInClaimText(who=who)).strip()


def prepare_propositions(
    propositions: Sequence[Proposition] | None, taken: Collection[str], roster: Roster, findings: Findings
) -> list[PreparedProposition]:
    """Resolve every proposition's claim and subject; `taken` are the queries' names."""
    prepared: list[PreparedProposition] = []
    seen = set(taken)
    for index, proposition in enumerate(propositions or ()):
        path: Path = ("propositions", index)
        name = proposition.name or proposition.use
        if name is None:
            findings.add("E360", "a proposition of your own needs a name", path, hint="add `name: …`")
        elif name in seen:
            place = (*path, "name" if proposition.name else "use")
            findings.add("E330", f"the name '{name}' is already in use", place, hint="give it another `name`")
        seen.add(name or "")
        prepared.append(_prepared(name or "", proposition, roster, path, findings))
    return prepared


def plan_propositions(
    prepared: Sequence[PreparedProposition],
    scene: TemplateScope,
    people: Sequence[CastMember],
    steps: int,
    findings: Findings,
) -> tuple[PlannedQuery, ...]:
    """Return the judgements at the end of one trial."""
    planned = (proposition.planned(scene, people, steps, findings) for proposition in prepared)
    return tuple(query for query in planned if query is not None)


def _prepared(
    name: str, proposition: Proposition, roster: Roster, path: Path, findings: Findings
) -> PreparedProposition:
    ready = READY[proposition.use] if proposition.use else _Ready(of=WORLD)
    includes = proposition.include_personas
    return PreparedProposition(
        name=name,
        proposition=proposition,
        text=_text(proposition, path, findings),
        people=_about(proposition.of or ready.of, roster, (*path, "of"), findings),
        include_personas=ready.include_personas if includes is None else includes,
    )


def _about(of: str | list[str], roster: Roster, path: Path, findings: Findings) -> tuple[str, ...]:
    if of == WORLD:
        return ()
    return roster.ids if of == EACH_PERSON else named(of, roster, path, findings)


def _text(proposition: Proposition, path: Path, findings: Findings) -> Text | None:
    """Parse the claim, or the task of a ready-made claim."""
    claim, use, task = proposition.claim, proposition.use, proposition.task
    if (claim is None) == (use is None):
        message = "the claim is missing" if claim is None else "a proposition can't have both `claim` and `use`"
        findings.add("E361", message, path, hint="write either `claim: …` or `use: …`")
        return None
    if use == "task_completion" and task is None:
        findings.add(
            "E362", "the task is missing", (*path, "use"), hint="in `task`, describe what people were supposed to do"
        )
    if task is not None and use != "task_completion":
        findings.add("E362", "only task_completion has a task", (*path, "task"), key=True, hint="remove it")
    written, key = (claim, "claim") if claim is not None else (task, "task")
    return read_text(written, (*path, key), findings) if written is not None else None
