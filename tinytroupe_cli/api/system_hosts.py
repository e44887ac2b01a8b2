"""Which hosts the `http` systems of a plan reach, where a template decides it: in which condition, and if at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final

from pydantic import JsonValue

from tinytroupe_cli.compiler.resources.system_texts import SAID
from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.core.environment_references import REFERENCE, filled_late
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.core.network_access import NetworkAccess, host_of
from tinytroupe_cli.language.positions import Document, diagnose
from tinytroupe_cli.language.templates import Template, TemplateError, read_template
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.spec.addresses import allow_hint

_TAG: Final = r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}"
_HOST_PART: Final = re.compile(rf"(?:(?:{_TAG}|[^/?#\\])*?://)?(?:{_TAG}|[^/?#\\])*", re.DOTALL)
"""An address up to its path."""


def refuse_unlisted_systems(plan: Plan, document: Document, access: NetworkAccess, env: Mapping[str, str]) -> None:
    """Raise `SpecError` for a system whose host may not be reached in some trial, or is not known before the run."""
    found: list[Diagnostic] = []
    names = [system.get("name") for system in document.value.get("systems") or ()]
    for name, template, values in _distinct(plan):
        said = _refusal(template, values, access, env)
        if said is not None and name in names:
            message, hint = said
            path = ("systems", names.index(name), "http", "url")
            found.append(diagnose(document, "E464", message, path, hint=hint))
    if found:
        raise SpecError(list(dict.fromkeys(found)))


def _distinct(plan: Plan) -> Iterator[tuple[str, Template, dict[str, JsonValue]]]:
    """Yield each template of a host with its system's name and the values it uses, once each."""
    seen: set[str] = set()
    for trial in plan.trials:
        for system in trial.systems:
            if system.http is None or "{" not in system.http.url:
                continue
            try:
                template = _host_template(system.http.url)
            except TemplateError:  # told elsewhere
                continue
            values = {name: value for name, value in system.values.items() if name in template.names}
            key = json.dumps([system.name, values], sort_keys=True)
            if key not in seen:
                seen.add(key)
                yield system.name, template, values


def _refusal(
    template: Template, values: Mapping[str, JsonValue], access: NetworkAccess, env: Mapping[str, str]
) -> tuple[str, str] | None:
    """Return why a host may not be reached, and what to do."""
    said = sorted(template.names & SAID)
    if said:
        message = f"the host of this address depends on '{said[0]}', which is not known before the run"
        return message, "write the host, or take it from vars or factors"
    try:
        address = template.render({**values, "port": 1})
    except TemplateError:  # told elsewhere
        return None
    with suppress(KeyError):  # told elsewhere
        address, _ = filled_late(address.replace("\x00", "$"), env)
    host = host_of(address)
    if not host or access.has(host):
        return None
    return f"{access.refusal(host)}, so this experiment is not allowed to connect to it", allow_hint(host)


def _host_template(url: str) -> Template:
    """Return the part of an address that decides its host, or all of it if it can't be told apart."""
    text = REFERENCE.sub(lambda found: "\x00" + found.group()[1:], url)
    part = _HOST_PART.match(text)
    with suppress(TemplateError):
        return read_template(part.group() if part else text)
    return read_template(text)
