"""Addresses of model servers: where a model's calls go, and when two addresses are the same server."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from tinytroupe_cli.core.environment_references import REFERENCE, filled_late
from tinytroupe_cli.core.errors import EnvironmentProblem
from tinytroupe_cli.core.network_access import is_loopback_host
from tinytroupe_cli.models.port import ModelConfig

_VARIABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "anthropic": ("ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL"),
    "azure": ("AZURE_API_BASE",),
    "bedrock": ("AWS_BEDROCK_RUNTIME_ENDPOINT",),
    "deepseek": ("DEEPSEEK_API_BASE",),
    "gemini": ("GEMINI_API_BASE",),
    "groq": ("GROQ_API_BASE",),
    "hosted_vllm": ("HOSTED_VLLM_API_BASE",),
    "llamafile": ("LLAMAFILE_API_BASE",),
    "lm_studio": ("LM_STUDIO_API_BASE",),
    "mistral": ("MISTRAL_API_BASE",),
    "ollama": ("OLLAMA_API_BASE",),
    "ollama_chat": ("OLLAMA_API_BASE",),
    "openai": ("OPENAI_BASE_URL", "OPENAI_API_BASE"),
    "openrouter": ("OPENROUTER_API_BASE",),
    "xai": ("XAI_API_BASE",),
}
"""Provider -> the variables LiteLLM reads its address from, highest priority first."""
_USUAL: Final[Mapping[str, str]] = {
    "ollama": "http://localhost:11434",
    "ollama_chat": "http://localhost:11434",
    "lm_studio": "http://localhost:1234/v1",
    "llamafile": "http://localhost:8080/v1",
    "hosted_vllm": "http://localhost:8000/v1",
}
"""Providers that are local programs, and their default addresses."""
_HOSTS: Final[Mapping[str, str]] = {
    "anthropic": "https://api.anthropic.com",
    "deepseek": "https://api.deepseek.com",
    "gemini": "https://generativelanguage.googleapis.com",
    "groq": "https://api.groq.com",
    "mistral": "https://api.mistral.ai",
    "openai": "https://api.openai.com",
    "openrouter": "https://openrouter.ai",
    "xai": "https://api.x.ai",
}
_AT: Final = re.compile(r"@(?=https?://)", re.IGNORECASE)
_PORTS: Final[Mapping[str, int]] = {"http": 80, "https": 443}


def address_of(use: ModelConfig, env: Mapping[str, str]) -> str:
    """Return the address a model's calls go to, as given; empty for a provider's own."""
    provider = use.name.partition("/")[0]
    named = (env.get(name, "") for name in _VARIABLES.get(provider, ()))
    return use.api_base or next(filter(None, named), "") or _USUAL.get(provider, "")


def told_address(use: ModelConfig, env: Mapping[str, str]) -> str | None:
    """Return the address to pass to LiteLLM; None: it knows it.

    Always set for local programs: without it, LiteLLM sends calls for LM Studio or vLLM to OpenAI.
    """
    own = in_environment(use.api_base, env) if use.api_base else ""
    return own or (use.server if use.name.partition("/")[0] in _USUAL else None) or None


def in_environment(address: str, env: Mapping[str, str]) -> str:
    """Return an address with the environment's values; raises `EnvironmentProblem` for a variable that is not set."""
    try:
        return filled_late(address, env)[0]
    except KeyError as error:
        name = str(error.args[0])
        raise EnvironmentProblem(f"the environment has no variable {name}", hint=f"set it: export {name}=…") from error


def split_name(written: str) -> tuple[str, str | None]:
    """Split `provider/name@http://127.0.0.1:5000/v1` into the model's name and its server's address, if it has one."""
    at = _AT.search(written)
    if at is None or written.startswith("local/"):
        return written, None
    return written[: at.start()], written[at.start() + 1 :]


def is_same_server(first: str, second: str) -> bool:
    """Return whether two addresses are one; of this machine's names any is as good."""
    return _of_this_machine(first) == _of_this_machine(second)


def with_server(use: ModelConfig, env: Mapping[str, str]) -> ModelConfig:
    """Return the model with its server's address, which is part of a request's identity."""
    address = address_of(use, env)
    return use.model_copy(update={"server": server_identity(address, env)}) if address else use


def server_identity(address: str, env: Mapping[str, str]) -> str:
    """Return the normal form of an address; if it holds the environment's values, a hash in their place.

    Which server is asked is part of a call's identity, but a run's files hold no value of the environment. The host
    tells only whether it is this machine, where calls are free.
    """
    if not REFERENCE.search(address):
        return normal_address(address)
    whole = normal_address(in_environment(address, env))
    digest = hashlib.blake2b(whole.encode(), digest_size=8).hexdigest()
    return f"http://{'127.0.0.1' if is_loopback(whole) else 'address.invalid'}/{digest}"


def reachable_at(use: ModelConfig, env: Mapping[str, str]) -> str:
    """Return the address to check for a server; empty if unknown."""
    own = in_environment(use.api_base, env) if use.api_base else ""
    return own or use.server or _HOSTS.get(use.name.partition("/")[0], "")


def normal_address(address: str) -> str:
    """Return the normal form of an address: no user, no trailing slash, no default port, lower case."""
    parts = _split(address)
    if parts is None or not parts.hostname:
        return address.rstrip("/")
    port = "" if parts.port is None or parts.port == _PORTS.get(parts.scheme.lower()) else f":{parts.port}"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return urlunsplit((parts.scheme.lower(), f"{host}{port}", parts.path.rstrip("/"), parts.query, ""))


def without_user(address: str) -> str:
    """Return an address without user and password."""
    parts = _split(address)
    if parts is None or "@" not in parts.netloc:
        return address
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def basic_authorization(address: str) -> str:
    """Return the header for the user and password in an address; empty if it has none.

    LiteLLM's transport refuses them in the address itself, beside the header with the key.
    """
    parts = _split(address)
    if parts is None or parts.username is None:
        return ""
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def is_loopback(address: str) -> bool:
    """Return whether an address is of this machine."""
    parts = _split(address)
    host = parts.hostname if parts else None
    return host is not None and is_loopback_host(host)


def host_and_port(address: str) -> tuple[str, int] | None:
    """Return host and port of a server; None for an invalid address."""
    parts = _split(address)
    if parts is None or not parts.hostname:
        return None
    return parts.hostname, parts.port or _PORTS.get(parts.scheme.lower(), 443)


def _of_this_machine(address: str) -> str:
    return re.sub(r"^(https?://)localhost(?=[:/]|$)", r"\g<1>127.0.0.1", normal_address(address))


@lru_cache(maxsize=64)
def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
        _ = parts.port  # raises for what is no number
    except ValueError:
        return None
    return parts
