"""Baselines: what the answers are compared with that need no simulation, or less of one."""

from __future__ import annotations

from typing import Literal

BaselineKind = Literal["single_prompt", "no_persona", "demographics", "random", "majority"]
ExtraKind = BaselineKind | Literal["persona_shuffle"]
"""What is played or asked beside the experiment."""
