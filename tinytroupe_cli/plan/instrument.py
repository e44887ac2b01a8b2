"""When two plans measure with the same instrument and model, whatever their people, conditions and stimuli."""

from __future__ import annotations

import hashlib
import json

from tinytroupe_cli.plan.types import Plan

_OF_WORLD = {"type", "steps", "order", "activation", "reach_out"}


def instrument_hash(plan: Plan) -> str:
    """Return 16 hex digits of what a calibration is about: questions, fields, world, memory, prompts and models.

    The plan is taken as compiled: people or wordings that a model writes later don't change it.
    """
    trial = plan.trials[0]
    queries = [
        {
            "query": query.model_dump(mode="json", exclude={"people", "questions"}, exclude_defaults=True),
            "question": next(iter(query.questions.values()), ""),
        }
        for query in trial.queries
    ]
    wordings = plan.wordings
    parts = {
        "models": plan.models.model_dump(mode="json", exclude_defaults=True),
        "prompts": plan.prompts,
        "queries": queries,
        "world": trial.world.model_dump(mode="json", include=_OF_WORLD),
        "memory": trial.memory.model_dump(mode="json"),
        "quality": trial.quality.model_dump(mode="json") if trial.quality else None,
        "wordings": [wordings.count, wordings.cross, wordings.drawn] if wordings else None,
    }
    return hashlib.blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=8).hexdigest()
