"""HttpSystem: software reached over HTTP."""

from __future__ import annotations

import json
from typing import Any, cast

import httpx
from pydantic import JsonValue

from tinytroupe_cli.core.network_access import NetworkAccess
from tinytroupe_cli.language.templates import TemplateError
from tinytroupe_cli.plan.planned_systems import HttpPlan
from tinytroupe_cli.simulation.systems.checked_transport import CheckedTransport, NotAllowedError
from tinytroupe_cli.simulation.systems.excerpts import shortened
from tinytroupe_cli.simulation.systems.message_templates import MessageValues
from tinytroupe_cli.simulation.systems.port import NoReply, SystemReply

_GOOD = range(200, 300)
MAX_BYTES = 2_000_000
"""Of an answer, unpacked."""


class HttpSystem:
    """One request for each message."""

    def __init__(self, plan: HttpPlan, filling: MessageValues, timeout: float, access: NetworkAccess) -> None:
        """Prepare; raises `EnvironmentProblem` for a variable that isn't set."""
        filling.check(plan.url, json.dumps(plan.body), *plan.headers.values())
        self._plan = plan
        self._filling = filling
        self._timeout = timeout
        self._access = access
        self._client: httpx.AsyncClient | None = None

    async def reply(self, request: SystemReply) -> str | NoReply:
        """Ask, and find the reply in what comes back."""
        try:
            response, content = await self._ask(request)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, ImportError) as error:  # what a SOCKS proxy needs
            return NoReply(self._filling.hide(_why(error)))
        except NotAllowedError as error:
            return NoReply(self._filling.hide(str(error)))
        except TemplateError as error:
            return NoReply(f"what was to be sent can't be filled in: {error.message}")
        text = self._filling.hide(content)
        if response.status_code not in _GOOD:
            return NoReply(
                f"it answered {response.status_code} {response.reason_phrase}: {shortened(text)}".strip(": ")
            )
        return found_at(self._plan.reply, text) if self._plan.reply else text.strip() or NoReply("its answer is empty")

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _ask(self, request: SystemReply) -> tuple[httpx.Response, str]:
        """Send a message; redirects are not followed."""
        if self._client is None:
            transport = CheckedTransport(self._access)
            self._client = httpx.AsyncClient(timeout=self._timeout, transport=transport)
        fill = self._filling
        headers = {name: fill.text(value, request) for name, value in self._plan.headers.items()}
        body = fill.value(self._plan.body, request)
        url = httpx.URL(fill.address(self._plan.url, request))
        content = None if self._plan.method == "GET" else body
        async with self._client.stream(self._plan.method, url, headers=headers, json=content) as response:
            return response, await _read(response)


async def _read(response: httpx.Response) -> str:
    """Return what comes back as text; raises `httpx.DecodingError` if it is too long."""
    received = bytearray()
    async for part in response.aiter_bytes():
        received += part
        if len(received) > MAX_BYTES:
            raise httpx.DecodingError(f"its answer is longer than {MAX_BYTES:,} bytes")
    return received.decode(response.encoding or "utf-8", errors="replace")


def found_at(path: str, text: str) -> str | NoReply:
    """Return what stands at a dotted path of a JSON text, as text."""
    try:
        current: Any = json.loads(text)
    except (ValueError, RecursionError):
        return NoReply(f"its answer is not JSON: {shortened(text)}")
    for part in path.split("."):
        if isinstance(current, dict):
            current = cast("dict[str, Any]", current).get(part)
        elif isinstance(current, list) and part.isdigit() and int(part) < len(cast("list[Any]", current)):
            current = cast("list[Any]", current)[int(part)]
        else:
            current = None
        if current is None:
            return NoReply(f"its answer has nothing at '{path}': {shortened(text)}")
    try:
        found = _as_text(current)
    except RecursionError:
        return NoReply(f"the value at '{path}' is nested too deeply: {shortened(text)}")
    return found or NoReply(f"its reply is empty: {shortened(text)}")


def _as_text(value: JsonValue) -> str:
    return value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _why(error: Exception) -> str:
    match error:
        case httpx.DecodingError():
            return str(error)
        case httpx.ConnectError() | httpx.ConnectTimeout():
            url = error.request.url
            where = f"{url.host}:{url.port}" if url.port else url.host
            return f"it can't be reached at {where}: {str(error) or 'no connection'}"
        case httpx.TimeoutException():
            return "it did not answer in time"
        case httpx.RemoteProtocolError() | httpx.ReadError() | httpx.WriteError():
            return f"the connection was lost: {str(error) or type(error).__name__}"
        case _:
            return f"it can't be asked: {str(error) or type(error).__name__}"
