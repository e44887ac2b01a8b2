"""A folder with TinyTroupe's own config.ini."""

from __future__ import annotations

from tinytroupe_cli.spec.config import IniFile, read_settings
from tinytroupe_cli.spec.foreign_config import read_foreign

THEIRS = """\
[OpenAI]
# a comment
API_TYPE=openai
MODEL=gpt-4o-mini
MAX_TOKENS=16000
TEMPERATURE=1.2
FREQ_PENALTY=0.0
TIMEOUT=60
CACHE_API_CALLS=False

[Simulation]
RAI_HARMFUL_CONTENT_PREVENTION=True
PARALLEL_AGENT_ACTIONS=True

[Logging]
LOGLEVEL=ERROR
"""


def test_what_has_a_meaning_here_is_taken_and_the_rest_named_once() -> None:
    settings = read_settings([IniFile("./config.ini", THEIRS)])
    assert settings.people == "openai/gpt-4o-mini"
    assert (settings.temperature, settings.timeout, settings.max_tokens) == (1.2, 60, 16000)
    assert settings.cache_enabled is False
    assert settings.harmful_content is True
    assert settings.origins["model.people"] == "./config.ini:4"
    [warning] = settings.warnings
    assert not warning.is_error
    for key in ("FREQ_PENALTY", "PARALLEL_AGENT_ACTIONS", "LOGLEVEL"):
        assert key in warning.message


def test_an_azure_deployment_goes_to_azure() -> None:
    settings = read_settings([IniFile("c", THEIRS.replace("API_TYPE=openai", "API_TYPE=azure"))])
    assert settings.people == "azure/gpt-4o-mini"


def test_our_own_file_stays_strict() -> None:
    assert read_foreign("[model]\npeople = openai/x\n") is None
    assert read_foreign("no sections at all") is None
