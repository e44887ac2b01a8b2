"""Connections of `http` systems go to the address that was checked."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from bots import Bot

from tinytroupe_cli.core.network_access import NetworkAccess
from tinytroupe_cli.simulation.systems import checked_transport
from tinytroupe_cli.simulation.systems.checked_transport import CheckedTransport, NotAllowedError

PATTERN = NetworkAccess(("*.shop.example",))


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def names(monkeypatch: pytest.MonkeyPatch, answers: Iterator[tuple[str, ...]]) -> list[str]:
    """Answer each look-up of a `.example` or `.localhost` name with the next addresses; returns the names asked for."""
    look_up, asked = socket.getaddrinfo, list[str]()

    def resolved(host: Any, *others: Any, **named: Any) -> list[Any]:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if not name.endswith((".example", "localhost")):
            return look_up(host, *others, **named)
        asked.append(name)
        return [found for place in next(answers) for found in look_up(place, *others, **named)]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    return asked


async def _asked(url: str, access: NetworkAccess, times: int = 1, **headers: str) -> list[str]:
    async with httpx.AsyncClient(transport=CheckedTransport(access), timeout=3) as client:
        return [(await client.post(url, json={"text": "Hi"}, headers=headers)).text for _ in range(times)]


def asked(url: str, access: NetworkAccess, times: int = 1, **headers: str) -> list[str]:
    return asyncio.run(_asked(url, access, times, **headers))


def test_a_name_that_moves_to_this_machine_after_its_check_reaches_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checked_transport, "is_public_host", lambda host: host == "127.0.0.2")
    with Bot() as bot:  # on 127.0.0.1, as the rebound name
        url = bot.url.replace("127.0.0.1", "a.shop.example")
        looked_up = names(monkeypatch, iter([("127.0.0.2",), ("127.0.0.1",), ("127.0.0.1",)]))
        with pytest.raises(httpx.ConnectError) as raised:
            asked(url, PATTERN)
        assert not bot.paths
        assert looked_up == ["a.shop.example"]  # once
        assert raised.value.request.url.host == "a.shop.example"
        with pytest.raises(NotAllowedError, match=r"private network"):
            asked(url, PATTERN)
        assert not bot.paths


def test_the_server_sees_the_name_and_the_next_address_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checked_transport, "is_public_host", lambda host: host.startswith("127."))
    with Bot() as bot:
        url = bot.url.replace("127.0.0.1", "a.shop.example")
        names(monkeypatch, iter([("127.0.0.2", "127.0.0.1")] * 2))
        assert len(asked(url, PATTERN, times=2)) == 2
        assert [one["host"] for one in bot.headers] == [url.removeprefix("http://")] * 2
        assert [one["text"] for one in bot.received] == ["Hi", "Hi"]


def test_one_private_address_among_several_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, iter([("93.184.215.14", "10.0.0.5")]))
    with pytest.raises(NotAllowedError, match=r"'a.shop.example' is in a private network; list the host by its name"):
        asked("http://a.shop.example/", PATTERN)


def test_a_name_of_this_machine_is_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, iter([("10.0.0.5",), ("127.0.0.1",)]))
    with pytest.raises(NotAllowedError, match=r"'bot.localhost' is not this machine"):
        asked("http://bot.localhost/", NetworkAccess())
    with Bot() as bot:
        assert asked(bot.url.replace("127.0.0.1", "bot.localhost"), NetworkAccess())
        assert asked(bot.url, NetworkAccess())


def test_a_redirect_is_checked_even_for_a_client_that_follows_it() -> None:
    async def followed(url: str) -> None:
        async with httpx.AsyncClient(transport=CheckedTransport(NetworkAccess()), follow_redirects=True) as client:
            await client.get(url)

    with (
        Redirecting("http://169.254.169.254/latest/meta-data") as bot,
        pytest.raises(NotAllowedError, match=r"169\.254"),
    ):
        asyncio.run(followed(bot.url))


def test_a_proxy_is_asked_for_listed_names_only(monkeypatch: pytest.MonkeyPatch) -> None:
    with Bot() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        with pytest.raises(NotAllowedError, match=r"reached through a proxy.*list the host by its name"):
            asked("http://a.shop.example/chat", PATTERN)
        assert not proxy.paths
        assert asked("http://a.shop.example/chat", NetworkAccess(("a.shop.example",)))
        assert proxy.paths == ["http://a.shop.example/chat"]
        monkeypatch.setenv("no_proxy", "shop.example")
        names(monkeypatch, iter([("10.0.0.5",)]))
        with pytest.raises(NotAllowedError, match=r"private network"):
            asked("http://a.shop.example/chat", PATTERN)


def test_a_name_that_nobody_knows_can_not_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(httpx.ConnectError, match=r"its name can't be looked up"):
        asked("http://a.shop.example/", PATTERN)


class Redirecting(Bot):
    """Sends everybody elsewhere."""

    def __init__(self, to: str) -> None:
        super().__init__()
        handler: Any = self._server.RequestHandlerClass

        def do_GET(handling: Any) -> None:  # noqa: N802 - the library calls it so
            handling.send_response(302)
            handling.send_header("Location", to)
            handling.send_header("Content-Length", "0")
            handling.end_headers()

        handler.do_GET = do_GET
