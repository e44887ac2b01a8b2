"""Finds model servers that run on this machine, and the models they serve. Imports no LiteLLM.

Searches the default addresses of known programs; the user decides whether a server is used.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, Literal, cast
from urllib.parse import urlsplit

from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.models.loopback_http import HttpReply, get
from tinytroupe_cli.models.port import Frozen
from tinytroupe_cli.models.servers import host_and_port, is_loopback, normal_address

SECONDS: Final = 0.15
"""Limit in seconds for all addresses together."""
VARIABLE: Final = "TROUPE_SERVERS"
"""Addresses to search instead of the defaults: `ollama=http://127.0.0.1:5001 lm_studio=…`; empty: none."""
PROGRAMS: Final[Mapping[str, str]] = {
    "ollama": "Ollama",
    "lm_studio": "LM Studio",
    "llamafile": "llama.cpp",
    "hosted_vllm": "vLLM",
    "openai": "OpenAI-compatible",
}
"""LiteLLM's name of a provider -> the program behind it."""
_USUAL: Final[Mapping[str, str]] = {
    "ollama": "http://127.0.0.1:11434",
    "lm_studio": "http://127.0.0.1:1234/v1",
    "llamafile": "http://127.0.0.1:8080/v1",
    "hosted_vllm": "http://127.0.0.1:8000/v1",
}
_VARIABLES: Final[Mapping[str, str]] = {
    "OLLAMA_HOST": "ollama",
    "OLLAMA_API_BASE": "ollama",
    "LM_STUDIO_API_BASE": "lm_studio",
    "LLAMAFILE_API_BASE": "llamafile",
    "HOSTED_VLLM_API_BASE": "hosted_vllm",
    "OPENAI_BASE_URL": "openai",
    "OPENAI_API_BASE": "openai",
}
_OWNERS: Final[Mapping[str, str]] = {"vllm": "hosted_vllm", "llamacpp": "llamafile"}
"""Owner in a list of models -> provider, wherever it listens."""
_OLLAMA_PORT: Final = 11434
_HOST_AND_PORT: Final = re.compile(r"(?P<host>\[[^\]]*\]|[^:/]*)(?::(?P<port>\d+))?")
_VECTOR_FAMILIES: Final = ("bert", "nomic-bert", "nomic-bert-moe", "xlm-roberta", "gemma-embedding")
_VECTOR_NAMES: Final = re.compile(
    r"embed|(?:^|[/_-])(?:bge|gte|e5|minilm|all-minilm|snowflake-arctic)(?:[-:_]|$)", re.IGNORECASE
)
_NAME: Final = re.compile(r"(?!.*@https?://)[^\x00-\x1f\x7f]{1,200}")
"""A model name that can be shown and typed, and does not look like an address."""


class ServerAddress(Frozen):
    """An address where a server may listen."""

    provider: str
    """LiteLLM's name: `ollama`, `lm_studio`."""
    address: str
    """The address for LiteLLM."""

    @property
    def program(self) -> str:
        """Return the program's own name."""
        return PROGRAMS[self.provider]


class ServedModel(Frozen):
    """A model that a server lists."""

    name: str
    does: Literal["chat", "vectors"]
    elsewhere: str = ""
    """The host that really runs it, if the server forwards its calls."""


class FoundServer(Frozen):
    """A server that responds at an address."""

    place: ServerAddress
    models: tuple[ServedModel, ...] = ()
    trouble: str = ""
    """Why it can't be used as it is; empty: it can."""


def usual_places(env: Mapping[str, str], also: Iterable[str] = ()) -> list[ServerAddress]:
    """Return the addresses to search, each server once: the programs' default ports, those in variables, `also`.

    Only addresses of this machine are included. Raises `RunError` for a `TROUPE_SERVERS` that can't be parsed.
    """
    if VARIABLE in env:
        return _named(env[VARIABLE])
    places = [ServerAddress(provider=provider, address=address) for provider, address in _USUAL.items()]
    for variable, provider in _VARIABLES.items():
        written = env.get(variable, "").strip()
        if written:
            address = _of_ollama(written) if variable == "OLLAMA_HOST" else normal_address(written)
            places.append(ServerAddress(provider=provider, address=address))
    places += [ServerAddress(provider="openai", address=normal_address(address)) for address in also]
    found: dict[tuple[str, int] | None, ServerAddress] = {}
    for place in places:
        if is_loopback(place.address):
            found.setdefault(_listening(place.address), place)
    return list(found.values())


def find_servers(places: Sequence[ServerAddress], *, seconds: float = SECONDS) -> list[FoundServer]:
    """Search all addresses at once, within a total time; addresses without a server are left out."""
    return asyncio.run(_look(places, seconds)) if places else []


async def _look(places: Sequence[ServerAddress], seconds: float) -> list[FoundServer]:
    found = await asyncio.gather(*(_look_at(place, seconds) for place in places))
    return [server for server in found if server is not None]


async def _look_at(place: ServerAddress, seconds: float) -> FoundServer | None:
    try:
        async with asyncio.timeout(seconds):
            return await (_ollama(place) if place.provider == "ollama" else _compatible(place))
    except TimeoutError:
        return FoundServer(place=place, trouble=f"it did not answer within {1000 * seconds:.0f} ms")
    except OSError:
        return None


async def _ollama(place: ServerAddress) -> FoundServer:
    reply = await get(place.address, "/api/tags")
    listed = _listed(reply, "models")
    if listed is None:
        return FoundServer(place=place, trouble=_unexpected(reply))
    return FoundServer(place=place, models=_models(listed, "name", _ollama_model))


async def _compatible(place: ServerAddress) -> FoundServer:
    """Query a server that lists its models as OpenAI does; llama.cpp reports on another path whether it is ready."""
    paths = [f"{urlsplit(place.address).path}/models", *(["/health"] if place.provider == "llamafile" else [])]
    reply, *health = await asyncio.gather(*(get(place.address, path) for path in paths))
    listed = _listed(reply, "data")
    if _is_loading(reply) or (listed is not None and any(map(_is_loading, health))):
        return FoundServer(place=place, trouble="it is still loading its model")
    if listed is None:
        return FoundServer(place=place, trouble=_unexpected(reply))
    provider = next((_OWNERS[owner] for entry in listed if (owner := str(entry.get("owned_by"))) in _OWNERS), None)
    real = place.model_copy(update={"provider": provider}) if provider else place
    return FoundServer(place=real, models=_models(listed, "id", _compatible_model))


def _is_loading(reply: HttpReply | None) -> bool:
    return reply is not None and reply.status == HTTPStatus.SERVICE_UNAVAILABLE


def _listed(reply: HttpReply | None, key: str) -> list[dict[str, Any]] | None:
    """Return the entries of a list of models; None if the reply is something else."""
    if reply is None or reply.status != HTTPStatus.OK:
        return None
    body = reply.json()
    entries: Any = cast("dict[str, Any]", body).get(key) if isinstance(body, dict) else None
    if not isinstance(entries, list):
        return None
    return [cast("dict[str, Any]", entry) for entry in cast("list[Any]", entries) if isinstance(entry, dict)]


def _unexpected(reply: HttpReply | None) -> str:
    if reply is None:
        return "something answers there, but not as expected: no HTTP"
    if reply.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return "something answers there, but requires a key or a login"
    if reply.status != HTTPStatus.OK:
        return f"something answers there, but not as expected: status {reply.status}"
    return "something answers there, but not as expected: no list of models"


def _models(
    listed: Iterable[dict[str, Any]], key: str, read: Callable[[str, dict[str, Any]], ServedModel]
) -> tuple[ServedModel, ...]:
    """Return the models whose names can be shown and typed, each once."""
    named = {str(entry.get(key)).strip(): entry for entry in listed if isinstance(entry.get(key), str)}
    return tuple(read(name, entry) for name, entry in named.items() if _NAME.fullmatch(name))


def _ollama_model(name: str, entry: dict[str, Any]) -> ServedModel:
    details: Any = entry.get("details")
    family = cast("dict[str, Any]", details).get("family") if isinstance(details, dict) else None
    is_of_vectors = family in _VECTOR_FAMILIES or _VECTOR_NAMES.search(name)
    host: Any = entry.get("remote_host")
    elsewhere = host[:200] if isinstance(host, str) else ""
    return ServedModel(name=name, does="vectors" if is_of_vectors else "chat", elsewhere=elsewhere)


def _compatible_model(name: str, _entry: dict[str, Any]) -> ServedModel:
    return ServedModel(name=name, does="vectors" if _VECTOR_NAMES.search(name) else "chat")


def _named(written: str) -> list[ServerAddress]:
    places: list[ServerAddress] = []
    for entry in written.replace(",", " ").split():
        provider, equals, address = entry.partition("=")
        if not equals or provider not in PROGRAMS:
            hint = f"for example, ollama=http://127.0.0.1:11434; programs: {', '.join(PROGRAMS)}"
            raise RunError(f"{VARIABLE} expects PROGRAM=ADDRESS, got '{entry}'", hint=hint)
        if not is_loopback(address):
            raise RunError(f"{VARIABLE}: {address} is not on this machine; only local servers are searched for")
        places.append(ServerAddress(provider=provider, address=normal_address(address)))
    return places


def _of_ollama(host: str) -> str:
    """Return the address set by OLLAMA_HOST: scheme and port may be missing; 0.0.0.0 means this machine."""
    scheme, separator, rest = host.rpartition("://")
    found = _HOST_AND_PORT.match(rest)
    name, port = found.group("host", "port") if found else ("", "")
    name = "127.0.0.1" if name in ("0.0.0.0", "") else name  # noqa: S104 - read, not bound
    usual = "" if separator else f":{_OLLAMA_PORT}"
    return normal_address(f"{scheme or 'http'}://{name}{f':{port}' if port else usual}")


def _listening(address: str) -> tuple[str, int] | None:
    """Return host and port, with one host for all names of this machine."""
    place = host_and_port(address)
    return place and ("127.0.0.1" if place[0] == "localhost" else place[0], place[1])
