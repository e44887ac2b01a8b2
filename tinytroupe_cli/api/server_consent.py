"""Whether models of somebody's run may be called at the addresses in its plan: calls carry the user's keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tinytroupe_cli.api.settings import Settings
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.network_access import NetworkAccess, host_of
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.models.servers import told_address
from tinytroupe_cli.spec.addresses import allow_hint

__all__ = ["refuse_unlisted_servers"]


def refuse_unlisted_servers(models: Iterable[ModelConfig], settings: Settings, env: Mapping[str, str]) -> None:
    """Raise `RunError` for a model at a host that is neither this machine, nor listed, nor set by the user."""
    access, own = NetworkAccess(settings.allow_addresses), host_of(settings.api_base or "")
    for use in models:
        host = host_of(told_address(use, env) or "")
        if host and host != own and not access.has(host):
            message = f"this run calls {use.name} at {host}: {access.refusal(host)}"
            raise RunError(message, hint=allow_hint(host))
