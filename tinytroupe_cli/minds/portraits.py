"""How a persona is written in a person's own prompt."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from tinytroupe_cli.personas.rendering import one_line, render_persona
from tinytroupe_cli.prompts.catalog import PersonDemographics, render


def portrait(persona: Mapping[str, JsonValue], *, is_one_line: bool) -> str:
    """Return who somebody is: every field, or on one line their name, age, gender, residence and occupation."""
    if not is_one_line:
        return render_persona(persona)
    facts = {key: one_line(persona.get(key)) for key in PersonDemographics.model_fields}
    return render("person/demographics", PersonDemographics(**facts))
