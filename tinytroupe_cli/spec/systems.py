"""Systems: software, or anything else outside the simulation, that people can talk to."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.spec.running import SampledModel
from tinytroupe_cli.spec.spec_model import Number, SpecModel


class HttpSystemSpec(SpecModel):
    """Software reached over HTTP."""

    url: str = Field(min_length=1)
    """Where it listens; a template, in which what was said is made fit for an address."""
    method: Literal["POST", "GET", "PUT"] = "POST"
    """How it is asked."""
    json_: JsonValue = Field(default=None, alias="json")
    """What is sent; its texts are templates. Left out, POST and PUT send {message: …}."""
    headers: dict[str, str] = {}
    """Headers that are sent; templates. Keys belong in the environment: ${env:NAME}."""
    reply: str = ""
    """Where in its JSON answer the reply stands: answer, or choices.0.message.content; left out, all of its text."""


class ModelSystem(SampledModel):
    """A system played by a model."""

    prompt: str = Field(min_length=1)
    """What it is told; a template."""


class System(SpecModel):
    """Something that people can talk to as to a person: reached by http, model, command or python."""

    name: str = Field(min_length=1)
    """What people call it."""
    http: HttpSystemSpec | None = None
    """Reached over HTTP."""
    model: ModelSystem | None = None
    """Played by a model."""
    command: list[str] | None = None
    """A program, started for each message: message on stdin, reply on stdout."""
    python: str | None = None
    """A Python function of a message, or of a message and the conversation: my_package.bot:reply."""
    start: list[str] | None = None
    """For http: a program that is started before the run, waited for, and ended after it."""
    timeout: Number = Field(default=60, gt=0)
    """Seconds before a reply is given up."""
