"""Addresses in an experiment: where they can be, and whether an experiment may reach them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress

from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.core.environment_references import filled_late
from tinytroupe_cli.core.network_access import NetworkAccess, host_of
from tinytroupe_cli.language.positions import Document, Path, diagnose, texts_of

_OF_HTTP = ("url", "headers", "json")
_HTTP_DEPTH = 3
"""systems, its number, http, then one of these keys."""
_ROLES = ("people", "judge", "author", "embeddings", "model", "second")
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


def address_findings(document: Document, access: NetworkAccess, env: Mapping[str, str]) -> list[Diagnostic]:
    """Return an error for every address that the experiment may not reach.

    A host that a template decides is checked when the plan is made, and before each request.
    """
    found: list[Diagnostic] = []
    for path, text in texts_of(document.value, ()):
        match = (
            _ADDRESS.search(text) if is_address(path, text) and "headers" not in path and "json" not in path else None
        )
        if match is None:
            continue
        address = match.group()
        with suppress(KeyError):  # told elsewhere
            address, _ = filled_late(address, env)
        host = host_of(address)
        if host and not access.has(host):
            message, hint = (
                f"{access.refusal(host)}, so this experiment is not allowed to connect to it",
                allow_hint(host),
            )
            found.append(diagnose(document, "E464", message, path, hint=hint))
    return found


def allow_hint(host: str) -> str:
    """Return how a host is allowed."""
    return f"add --allow-address {host}, or allow_addresses = {host} under [trust] in your own config.ini"


def is_address(path: Path, value: str) -> bool:
    """Return whether a value is an address, a key or a header of a model or a system, or has one after `@`."""
    if path[0] == "systems" and len(path) > _HTTP_DEPTH and path[2] == "http":
        return path[3] in _OF_HTTP
    is_of_model = path[0] in ("model", "systems", "code")
    is_name = path[-1] in ("use", *_ROLES) or len(path) == 1
    return is_of_model and (path[-1] == "api_base" or (is_name and "@" in value))
