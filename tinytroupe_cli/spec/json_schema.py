"""The experiment language as JSON Schema, for editors."""

from __future__ import annotations

from typing import Any

from tinytroupe_cli.spec.experiment import Experiment


def experiment_schema() -> dict[str, Any]:
    """Return the schema; keys that begin with `x-` are the user's own."""
    schema = Experiment.model_json_schema(by_alias=True)
    schema["$schema"] = "http://json-schema.org/draft-07/schema#"
    schema["title"] = "troupe experiment, version 1"
    schema["patternProperties"] = {"^x-": {}}
    return schema
