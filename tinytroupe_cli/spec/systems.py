"""Systems: software, or anything else outside the simulation, that people can talk to."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue, StringConstraints

from tinytroupe_cli.core.ids import MAX_NAME_CHARACTERS
from tinytroupe_cli.spec.running import SampledModel
from tinytroupe_cli.spec.spec_model import Number, SpecModel

EnvironmentName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class HttpSystemSpec(SpecModel):
    """Software reached over HTTP."""

    url: str = Field(min_length=1)
    """Its address (a template, in which the message is URL-encoded)."""
    method: Literal["POST", "GET", "PUT"] = "POST"
    """The HTTP method."""
    json_: JsonValue = Field(default=None, alias="json")
    """What is sent; texts in it are templates. Default: {message: …} for POST and PUT."""
    headers: dict[str, str] = {}
    """Headers; templates. Keep keys in the environment: ${env:NAME}."""
    reply: str = ""
    """Path of the reply in the JSON answer: answer, or choices.0.message.content; default: the whole text."""


class ModelSystem(SampledModel):
    """A system played by a model."""

    use: str = Field(default="", min_length=1)
    """`provider/name` as LiteLLM spells it, or `local/name`; by default, the model of people, with its settings."""
    prompt: str = Field(min_length=1)
    """Its system prompt (a template)."""


class System(SpecModel):
    """Something people can talk to like a person: by http, model, command or python."""

    name: str = Field(min_length=1, max_length=MAX_NAME_CHARACTERS)
    """The name people use for it."""
    http: HttpSystemSpec | None = None
    """Reached over HTTP."""
    model: ModelSystem | None = None
    """Played by a model."""
    command: list[str] | None = None
    """A program that is started for each message: message on stdin, reply on stdout."""
    python: str | None = None
    """A Python function of a message, or of a message and the conversation: my_package.bot:reply."""
    start: list[str] | None = None
    """For http: a program that is started before the run and stopped after it."""
    env: list[EnvironmentName] = []
    """For command and start: names of environment variables the program is given, besides PATH, HOME and the locale."""
    timeout: Number = Field(default=60, gt=0)
    """Seconds after which troupe stops waiting for a reply."""
