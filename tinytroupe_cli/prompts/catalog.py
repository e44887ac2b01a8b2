"""PROMPTS: name -> variables; each is a file beside this one, filled in by `render` and in no other way.

User text is a value, never template source: what stands in braces there arrives as it is.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, Template

from tinytroupe_cli.language.compiled_templates import kept_environment
from tinytroupe_cli.prompts.variables.authors import (
    AuthorDrawn,
    AuthorNotes,
    AuthorPersona,
    AuthorPopulation,
    AuthorStory,
    PopulationToPlan,
    Questions,
    TextToEnrich,
    TextToRestyle,
)
from tinytroupe_cli.prompts.variables.forecasts import BaselineForecast
from tinytroupe_cli.prompts.variables.judges import (
    BuiltInClaimText,
    BuiltInTaskClaimText,
    CategoriesToPropose,
    JudgeClaim,
    JudgeCode,
    JudgeNotes,
    JudgeParaphrase,
    JudgeParaphraseCheck,
    JudgeQuality,
    JudgeQuery,
    JudgeQueryNotes,
    JudgeSort,
    JudgeTopic,
)
from tinytroupe_cli.prompts.variables.people import (
    MemoryConsolidate,
    PersonAnswer,
    PersonDemographics,
    PersonForm,
    PersonLetter,
    PersonPerceived,
    PersonPresent,
    PersonRecalled,
    PersonSystem,
    PersonTalk,
    PersonUnblinded,
    QualityRetry,
    SafetyNotice,
)
from tinytroupe_cli.prompts.variables.scripts import (
    ScriptAct,
    ScriptAside,
    ScriptCode,
    ScriptMood,
    ScriptScene,
    ScriptSystem,
    ScriptTranscript,
    ScriptVerdict,
)
from tinytroupe_cli.prompts.variables.strict import Variables

__all__ = [
    "PROMPTS",
    "AuthorDrawn",
    "AuthorNotes",
    "AuthorPersona",
    "AuthorPopulation",
    "AuthorStory",
    "BaselineForecast",
    "BuiltInClaimText",
    "BuiltInTaskClaimText",
    "CategoriesToPropose",
    "JudgeClaim",
    "JudgeCode",
    "JudgeNotes",
    "JudgeParaphrase",
    "JudgeParaphraseCheck",
    "JudgeQuality",
    "JudgeQuery",
    "JudgeQueryNotes",
    "JudgeSort",
    "JudgeTopic",
    "MemoryConsolidate",
    "PersonAnswer",
    "PersonDemographics",
    "PersonForm",
    "PersonLetter",
    "PersonPerceived",
    "PersonPresent",
    "PersonRecalled",
    "PersonSystem",
    "PersonTalk",
    "PersonUnblinded",
    "PopulationToPlan",
    "QualityRetry",
    "Questions",
    "SafetyNotice",
    "ScriptAct",
    "ScriptAside",
    "ScriptCode",
    "ScriptMood",
    "ScriptScene",
    "ScriptSystem",
    "ScriptTranscript",
    "ScriptVerdict",
    "TextToEnrich",
    "TextToRestyle",
    "prompts_hash",
    "render",
    "source",
]

PROMPTS: dict[str, type[Variables]] = {
    "author/drawn": AuthorDrawn,
    "author/enrich": TextToEnrich,
    "author/notes": AuthorNotes,
    "author/persona": AuthorPersona,
    "author/restyle": TextToRestyle,
    "author/story": AuthorStory,
    "baseline/forecast": BaselineForecast,
    "judge/categories": CategoriesToPropose,
    "judge/sort": JudgeSort,
    "judge/topic": JudgeTopic,
    "claims/convergence": BuiltInClaimText,
    "claims/divergence": BuiltInClaimText,
    "claims/fluency": BuiltInClaimText,
    "claims/hard_persona_adherence": BuiltInClaimText,
    "claims/persona_adherence": BuiltInClaimText,
    "claims/quiet_recently": BuiltInClaimText,
    "claims/self_consistency": BuiltInClaimText,
    "claims/suitability": BuiltInClaimText,
    "claims/task_completion": BuiltInTaskClaimText,
    "judge/claim": JudgeClaim,
    "judge/code": JudgeCode,
    "judge/notes": JudgeNotes,
    "judge/paraphrase": JudgeParaphrase,
    "judge/paraphrase_check": JudgeParaphraseCheck,
    "author/plan": PopulationToPlan,
    "author/questions": Questions,
    "author/population": AuthorPopulation,
    "judge/quality": JudgeQuality,
    "judge/query": JudgeQuery,
    "judge/query_notes": JudgeQueryNotes,
    "memory/consolidate": MemoryConsolidate,
    "person/answer": PersonAnswer,
    "person/demographics": PersonDemographics,
    "person/letter": PersonLetter,
    "person/form": PersonForm,
    "person/perceived": PersonPerceived,
    "person/present": PersonPresent,
    "person/recalled": PersonRecalled,
    "person/system": PersonSystem,
    "quality/again": QualityRetry,
    "script/act": ScriptAct,
    "script/aside": ScriptAside,
    "script/code": ScriptCode,
    "script/verdict": ScriptVerdict,
    "script/mood": ScriptMood,
    "script/scene": ScriptScene,
    "script/system": ScriptSystem,
    "script/transcript": ScriptTranscript,
    "safety/copyright": SafetyNotice,
    "safety/harmful_content": SafetyNotice,
    "person/talk": PersonTalk,
    "person/unblinded": PersonUnblinded,
}


def render(name: str, variables: Variables) -> str:
    """Fill in a prompt; raises `TypeError` for another prompt's variables."""
    if type(variables) is not PROMPTS[name]:
        raise TypeError(f"{name} is filled in with {PROMPTS[name].__name__}, not {type(variables).__name__}")
    return _template(name).render({field: getattr(variables, field) for field in type(variables).model_fields})


def source(name: str) -> str:
    """Return a prompt's text with its placeholders."""
    return resources.files("tinytroupe_cli.prompts").joinpath(f"{name}.md.jinja").read_text(encoding="utf-8")


@cache
def prompts_hash() -> str:
    """Return the hash of all prompts, which is part of every plan."""
    texts = "\x00".join(f"{name}\x00{source(name)}" for name in sorted(PROMPTS))
    return hashlib.blake2b(texts.encode(), digest_size=8).hexdigest()


@cache
def _template(name: str) -> Template:
    return _environment().get_template(f"{name}.md.jinja")


@cache
def _environment() -> Environment:
    return kept_environment(FileSystemLoader(Path(__file__).parent), keeps_layout=False)
