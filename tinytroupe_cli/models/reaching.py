"""Checks whether a server can be reached before its first call, so that failures are reported in seconds."""

from __future__ import annotations

import asyncio
import os
import socket
import urllib.request
from typing import Final

from tinytroupe_cli.core.errors import Fatal
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.models.servers import host_and_port, is_loopback, reachable_at, without_user

SECONDS: Final = 4.0
"""Seconds for one attempt; there are two, in case of a short network failure."""
_HINT: Final = (
    "start the server, or correct its address: `api_base` in the experiment or config.ini, or the provider's variable "
    "(`troupe doctor` shows what is set)"
)
_HINT_OUTSIDE: Final = "check the network and the proxy; `--model local/qwen2.5-coder-1.5b` needs no network"


class Reaching:
    """Remembers which servers have been reached; checks each once."""

    def __init__(self) -> None:
        self._found: set[str] = set()
        self._looking = asyncio.Lock()

    async def make_sure(self, use: ModelConfig) -> None:
        """Check a model's server; raises `Fatal` if it can't be reached."""
        address = reachable_at(use, os.environ)
        place = host_and_port(address)
        if not address or place is None or address in self._found or _goes_by_proxy(address):
            return
        async with self._looking:
            if address in self._found:
                return
            why = await _missing(*place)
            if why:
                why = await _missing(*place)
            if why:
                is_own = bool(use.api_base or use.server)
                message = f"{without_user(use.api_base or address)}, which {use.name} uses, can't be reached: {why}"
                raise Fatal(message, hint=_HINT if is_own else _HINT_OUTSIDE)
            self._found.add(address)


async def _missing(host: str, port: int) -> str:
    """Return why no server responds at an address; empty if one does."""
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), SECONDS)
    except TimeoutError:
        return f"it did not answer within {SECONDS:g} seconds"
    except socket.gaierror:
        return f"no server with the name {host} is known"
    except ConnectionRefusedError:
        return "nothing is listening there"
    except OSError as error:
        return (error.strerror or "no connection").lower()
    writer.close()
    return ""


def _goes_by_proxy(address: str) -> bool:
    """Return whether a proxy stands in between, which alone could tell."""
    scheme = address.partition(":")[0].lower()
    host = (host_and_port(address) or ("", 0))[0]
    if is_loopback(address) or urllib.request.proxy_bypass(host):
        return False
    return any(
        os.environ.get(name) for name in (f"{scheme}_proxy", f"{scheme.upper()}_PROXY", "ALL_PROXY", "all_proxy")
    )
