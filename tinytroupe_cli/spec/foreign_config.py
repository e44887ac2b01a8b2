"""TinyTroupe's own config.ini: what has a meaning here is taken, the rest is named once."""

from __future__ import annotations

import configparser
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

_MARKS: Final = frozenset({"openai", "simulation", "logging", "actiongenerator"})
"""Sections by which such a file is known; ours have other names."""


def _bool(raw: str) -> str:
    return "yes" if raw.strip().lower() in ("true", "yes", "1", "on") else "no"


def _same(raw: str) -> str:
    return raw


_TAKEN: Final[Mapping[tuple[str, str], tuple[str, Callable[[str], str]]]] = {
    ("openai", "model"): ("model.people", _same),
    ("openai", "temperature"): ("model.temperature", _same),
    ("openai", "max_tokens"): ("model.max_tokens", _same),
    ("openai", "timeout"): ("model.timeout", _same),
    ("openai", "reasoning_effort"): ("model.reasoning_effort", _same),
    ("openai", "base_url"): ("model.api_base", _same),
    ("openai", "api_base"): ("model.api_base", _same),
    ("openai", "max_attempts"): ("run.attempts", _same),
    ("openai", "max_concurrent_model_calls"): ("run.concurrency", _same),
    ("openai", "cache_api_calls"): ("cache.enabled", _bool),
    ("simulation", "rai_harmful_content_prevention"): ("safety.harmful_content", _bool),
    ("simulation", "rai_copyright_infringement_prevention"): ("safety.copyright", _bool),
}
"""Section and key there -> setting here, and how its value is written here."""


@dataclass(frozen=True, slots=True)
class ForeignConfig:
    """What such a file says in our terms."""

    values: dict[str, tuple[str, int]]
    """Setting -> raw value, and the line it stands in."""
    taken: tuple[str, ...]
    unsupported: tuple[str, ...]
    """Keys that have no meaning here."""


def read_foreign(text: str) -> ForeignConfig | None:
    """Read TinyTroupe's config.ini; None for any other file."""
    parser = configparser.ConfigParser(interpolation=None, strict=False, inline_comment_prefixes=("#", ";"))
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    if not _MARKS & {section.lower() for section in parser.sections()}:
        return None
    values: dict[str, tuple[str, int]] = {}
    taken: list[str] = []
    left: list[str] = []
    provider = _provider(parser)
    for section in parser.sections():
        for key, raw in parser.items(section):
            setting = _TAKEN.get((section.lower(), key.lower()))
            if setting is None or not raw.strip() or raw.strip().lower() == "none":
                left.append(key.upper())
                continue
            name, written = setting
            value = written(raw.strip())
            if name == "model.people" and "/" not in value:
                value = f"{provider}/{value}"
            values[name] = (value, _line(text, key))
            taken.append(key.upper())
    return ForeignConfig(values, tuple(dict.fromkeys(taken)), tuple(dict.fromkeys(left)))


def _provider(parser: configparser.ConfigParser) -> str:
    """Return the provider that its API_TYPE means, as LiteLLM spells it."""
    section = next((name for name in parser.sections() if name.lower() == "openai"), "")
    kind = parser.get(section, "api_type", fallback="openai").strip().lower() if section else "openai"
    return {"azure": "azure", "ollama": "ollama_chat"}.get(kind, "openai")


def _line(text: str, key: str) -> int:
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if line.split("=")[0].strip().lower() == key.lower()), 1)
