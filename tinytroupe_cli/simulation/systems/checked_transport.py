"""Sends a request to the very address that was checked, so that a name can't stand for another one a moment later."""

from __future__ import annotations

import asyncio
import socket
from urllib.request import getproxies, proxy_bypass

import httpx

from tinytroupe_cli.core.network_access import NetworkAccess, is_loopback_host, is_number, is_public_host


class NotAllowedError(Exception):
    """A host that the user has not allowed."""


class CheckedTransport(httpx.AsyncBaseTransport):
    """Checks the host of each request; what it looked up is what it connects to (no DNS rebinding).

    The server still sees the host's name (Host header, TLS). A host that the user lists by its own name may be
    anywhere: it is not looked up here. Others are not reached through a proxy, which would look them up again.
    """

    def __init__(self, access: NetworkAccess) -> None:
        """Take the hosts that may be reached."""
        self._access = access
        self._of_hosts: dict[tuple[str, str], httpx.AsyncHTTPTransport] = {}
        """By scheme and name: a TLS connection is used for the name it was opened for only."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raises `NotAllowedError` for a host that may not be reached."""
        scheme, host = request.url.scheme, request.url.host
        if not self._access.has(host):
            raise NotAllowedError(f"the connection is not allowed: {self._access.refusal(host)}; see --allow-address")
        proxy = _proxy(scheme, host)
        if (scheme, host) not in self._of_hosts:
            self._of_hosts[scheme, host] = httpx.AsyncHTTPTransport(proxy=proxy)
        transport = self._of_hosts[scheme, host]
        if self._access.is_named(host) or is_number(host):
            return await transport.handle_async_request(request)
        if proxy:
            why = "the proxy looks the host up, so a pattern is not enough; list the host by its name"
            raise NotAllowedError(f"the connection is not allowed: '{host}' is reached through a proxy; {why}")
        places = await _looked_up(request)
        is_right, why = (_is_loopback, "not this machine") if is_loopback_host(host) else (is_public_host, _PRIVATE)
        if not all(map(is_right, places)):
            raise NotAllowedError(f"the connection is not allowed: '{host}' is {why}")
        return await _first_reached(transport, request, places)

    async def aclose(self) -> None:
        """Close all connections."""
        for transport in self._of_hosts.values():
            await transport.aclose()


_PRIVATE = "in a private network; list the host by its name"


def _proxy(scheme: str, host: str) -> str | None:
    """Return the proxy that the environment names for a host; none for this machine."""
    if is_loopback_host(host) or proxy_bypass(host):
        return None
    proxies = getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


async def _looked_up(request: httpx.Request) -> list[str]:
    """Return the numbers of a request's host; raises `httpx.ConnectError` if it has none, or not in time."""
    host, seconds = request.url.host, request.extensions.get("timeout", {}).get("connect")
    looking = asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    try:
        found = await asyncio.wait_for(looking, seconds)
    except TimeoutError as error:
        raise httpx.ConnectTimeout("its name was not looked up in time", request=request) from error
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(f"its name can't be looked up: {error}", request=request) from error
    return list(dict.fromkeys(str(place[4][0]) for place in found))


async def _first_reached(
    transport: httpx.AsyncHTTPTransport, request: httpx.Request, places: list[str]
) -> httpx.Response:
    """Send a request to the first of its addresses that accepts a connection."""
    host = request.url.host
    for number, place in enumerate(places, start=1):
        named = {**request.extensions, "sni_hostname": host}
        url = request.url.copy_with(host=place)
        pinned = httpx.Request(request.method, url, headers=request.headers, stream=request.stream, extensions=named)
        try:
            return await transport.handle_async_request(pinned)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            error.request = request  # with the name
            if number == len(places):
                raise
    raise httpx.ConnectError("its name has no address", request=request)


def _is_loopback(host: str) -> bool:
    return is_loopback_host(host.partition("%")[0])
