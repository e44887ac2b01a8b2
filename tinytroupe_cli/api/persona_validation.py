"""Interviews a person to check whether they fit an expectation; their file is not changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from tinytroupe_cli.api.model_access import NullCallStore, ResolvedModels, open_models, resolve_models
from tinytroupe_cli.api.person_cards import read_card
from tinytroupe_cli.core.errors import BadOutput
from tinytroupe_cli.minds.interviewer import Interview, Interviewer, QuestionAnswer
from tinytroupe_cli.minds.outcomes import NoAnswer
from tinytroupe_cli.minds.verdicts import Verdict

__all__ = ["QuestionAnswer", "ValidationResult", "validate"]


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """How well an expectation holds of a person."""

    name: str
    expectation: str
    score: int | None
    """From 0 to 9; None: the answers show nothing either way."""
    justification: str
    confidence: float | None
    asked: tuple[QuestionAnswer, ...]


def validate(
    name: str,
    expectation: str,
    *,
    project_dir: Path,
    model: str,
    env: Mapping[str, str],
    max_usd: float | None = None,
    questions: int,
    seed: int = 0,
    on_progress: Callable[[QuestionAnswer], None] = lambda _: None,
) -> ValidationResult:
    """Interview the person of a file or name; raises BadOutput if the models give no usable answer."""
    persona = read_card("persona", name, project_dir).fields
    ready = resolve_models(model, project_dir, env, ("people", "judge", "author"), max_usd=max_usd)
    outcome = asyncio.run(
        _interview(ready, persona, expectation, questions=questions, seed=seed, on_progress=on_progress)
    )
    if isinstance(outcome, NoAnswer):
        raise BadOutput(f"the interview produced no usable answer: {outcome.text[:200]}", text=outcome.text)
    verdict = outcome.verdict
    if not isinstance(verdict, Verdict):
        raise BadOutput(f"{ready.use('judge').name} gave no verdict: {verdict.text[:200]}", text=verdict.text)
    who = str(persona["name"])
    return ValidationResult(who, expectation, verdict.score, verdict.justification, verdict.confidence, outcome.asked)


async def _interview(
    ready: ResolvedModels,
    persona: Mapping[str, JsonValue],
    expectation: str,
    *,
    questions: int,
    seed: int,
    on_progress: Callable[[QuestionAnswer], None],
) -> Interview | NoAnswer:
    async with open_models(ready, NullCallStore()) as chat:
        interviewer = Interviewer(chat, ready.use("author"), ready.use("judge"), ready.use("people"), seed)
        return await interviewer.interview(persona, expectation, count=questions, on_progress=on_progress)
