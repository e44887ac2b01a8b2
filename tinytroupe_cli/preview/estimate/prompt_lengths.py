"""Measures the prompts before any text of the experiment fills them."""

from __future__ import annotations

from dataclasses import replace

from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.preview.estimate.lengths import Fixed
from tinytroupe_cli.prompts.catalog import (
    AuthorDrawn,
    AuthorPopulation,
    JudgeClaim,
    JudgeNotes,
    JudgeQuery,
    PersonAnswer,
    PersonPresent,
    PersonSystem,
    ScriptAside,
    ScriptScene,
    ScriptSystem,
    ScriptTranscript,
    render,
)

A_DATE = "Wednesday 30 September 2026, 10:00"
A_STATE = "a feeling or a goal in a few words, as people give them"


def fixed_lengths(plan: Plan) -> Fixed:
    """Render every prompt of a run without its texts, for its largest trial."""
    trial = max(plan.trials, key=lambda trial: len(trial.people))
    names = tuple(member.name for member in trial.people)
    name = max(names, key=len)
    others = names if trial.world.type == "room" else ()
    present = PersonPresent(
        name=name,
        date=A_DATE,
        occasion=trial.world.name,
        place=trial.world.place,
        listeners=(*others, "everyone", "the moderator"),
        abilities=(),
        feeling=A_STATE,
        goal=A_STATE,
        attention="",
        context="",
        said=(),
    )
    system = PersonSystem(name=name, portrait="", max_words=trial.max_words)
    fixed = Fixed(
        person=len(render("person/system", system)),
        present=len(render("person/present", present)),
        answer=len(render("person/answer", PersonAnswer(name=name, question=""))),
        author=_author(),
        judge=len(render("judge/query", JudgeQuery(transcript="", pieces=1, about=name, question=""))),
        claim=len(
            render(
                "judge/claim",
                JudgeClaim(personas=(), evidence="", pieces=1, about=name, claim="", is_scored=True),
            )
        ),
        notes=len(
            render("judge/notes", JudgeNotes(personas=(), evidence="", number=1, pieces=9, about=name, claim=""))
        ),
    )
    return replace(fixed, **_script(present)) if plan.models.people.turns == "script" else fixed


def _script(present: PersonPresent) -> dict[str, int]:
    """Return the lengths for people who are played line by line."""
    name = present.name
    scene = ScriptScene(**present.model_dump(exclude={"abilities"}), memories=())
    frame = ScriptTranscript(name=name, past=(), scene=render("script/scene", scene), news=())
    aside = render("script/aside", ScriptAside(name=name, memories=()))
    return {
        "person": len(render("script/system", ScriptSystem(name=name, portrait=""))),
        "present": len(render("script/transcript", frame)),
        "answer": len(render("script/transcript", frame.model_copy(update={"scene": aside}))),
        "schema": 0,
    }


def _author() -> int:
    own = AuthorDrawn(facts="", letters="A. B.", temper="outgoing, careful, easily worried", faults="")
    shared = AuthorPopulation(context="", asked=())
    return len(render("author/population", shared)) + len(render("author/drawn", own))
