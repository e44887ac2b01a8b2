"""The form all variables of prompts have."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Variables(BaseModel):
    """A prompt's variables: all named, none left over."""

    model_config = ConfigDict(frozen=True, extra="forbid")
