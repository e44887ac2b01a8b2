"""Computes a request's identity: what makes two calls the same call."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from tinytroupe_cli.models.dry_sampling import dry_settings
from tinytroupe_cli.models.port import Request
from tinytroupe_cli.models.servers import normal_address


@dataclass
class LastIdentity:
    """Computes identities, and keeps the last one: several layers ask for it, one after another."""

    _request: Request | None = None
    _identity: str = ""

    def of(self, request: Request) -> str:
        """Return a request's identity."""
        if request is not self._request:
            self._request, self._identity = request, identity(request)
        return self._identity


def identity(request: Request) -> str:
    """Return the hash of everything that can change the answer; purpose and timeout are left out.

    The order of a schema's keys counts: models answer in that order. The seed counts whether a provider takes it or
    not: two people who are told the same give two answers. A vector depends on nothing but its text.
    """
    # Without defaults: a field that is added later changes no identity but those of the calls that use it.
    use = request.model
    if use.api_base:
        use = use.model_copy(update={"api_base": None, "server": use.server or normal_address(use.api_base)})
        request = request.model_copy(update={"model": use})
    of_model = {"timeout", "structured", "turns", "accepts_images", "base_model"}
    if not use.server:  # pydantic writes a field with a serializer even if it has its default
        of_model.add("server")
    left_out = {"purpose": True, "model": of_model}
    content = request.model_dump_json(exclude=left_out, exclude_defaults=True)
    if request.form != "vector":
        content += f" {request.seed}"
    if request.unlike_before:  # an answer sampled with other settings is another answer
        content += f" {dry_settings(request.unlike_before)}"
    return hashlib.blake2b(content.encode(), digest_size=20).hexdigest()
