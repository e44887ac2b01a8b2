"""Passwords, keys and tokens written into an experiment or a config.ini; every run folder would have a copy of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.core.environment_references import REFERENCE
from tinytroupe_cli.core.secrets import MIN_CHARACTERS, QUERY_SECRET, is_placeholder
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.spec.addresses import is_address

KEY_LIKE: Final = re.compile(
    r"\b(sk-[A-Za-z0-9_-]{16,}|AIza[A-Za-z0-9_-]{30,}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|hf_[A-Za-z0-9]{30,}"
    r"|gsk_[A-Za-z0-9]{30,}|xai-[A-Za-z0-9]{30,}|xox[abprs]-[A-Za-z0-9-]{20,}|AKIA[0-9A-Z]{16})\b"
)
"""Keys of providers, recognized by how they begin."""
_PASSWORD: Final = re.compile(r"(?<=://)[^/\s@:'\"{}$]*:(?!\$\{env:)[^/\s@'\"]+(?=@)")
_SECRET_NAME: Final = re.compile(
    r"(?:^|[._-])(?:(?:api|access|auth|app|secret|private|license|subscription)[_-]?key|key|token|secret|password|passwd"
    r"|credentials?|authorization|signature)$|^(?:\w*[a-z])?(?:ApiKey|AccessKey|Token|Secret|Password)$|^apikey$|^cookie$",
    re.IGNORECASE,
)
_NO_SECRET: Final = re.compile(
    r"(?:idempotency|cache|sort|partition|surrogate|primary|foreign)[_-]?key$", re.IGNORECASE
)
_SCHEME: Final = re.compile(r"^\s*(?:bearer|basic|digest|token|apikey|api-key|key|negotiate)\s+", re.IGNORECASE)
_BEARER: Final = re.compile(rf"\b(?:bearer|basic)\s+(?!\$\{{|\{{\{{)\S{{{MIN_CHARACTERS},}}", re.IGNORECASE)
_TEMPLATE: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_HIDDEN_NAME: Final = re.compile(
    r"^(?:api|access|auth|secret)_?(?:key|token)$|^(?:password|passwd|secret|token)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class WrittenSecret:
    """A secret in a text of a file, what is wrong, and how it is kept out of the file."""

    values: tuple[str, ...]
    """What is not to be printed."""
    message: str
    hint: str


def written_secret(path: Path, text: str) -> WrittenSecret | None:
    """Return the secret that a value of an experiment contains."""
    if path[0] == "systems" and path[2:4] in (("http", "headers"), ("http", "json")):
        name = next((part for part in reversed(path) if isinstance(part, str)), "")
        return _in_request(name, text, is_header=path[3] == "headers")
    if is_address(path, text):
        return secret_of_address(text)
    if path[0] in ("model", "systems", "code") and _HIDDEN_NAME.search(str(path[-1])):
        values = _literals(text)
        hint = "remove it: troupe reads providers' keys from the environment, and http takes headers"
        return WrittenSecret(values, "this is a key", hint) if values else None
    return None


def secret_of_address(address: str) -> WrittenSecret | None:
    """Return the password or key that an address contains."""
    if found := _PASSWORD.search(address):
        hint = "write http://user:${env:NAME}@host and keep the password in the environment"
        return WrittenSecret((found.group(),), "this address contains a password", hint)
    if found := QUERY_SECRET.search(address):
        hint = f"write {found.group(1)}${{env:NAME}} and keep the key in the environment"
        return WrittenSecret((found.group(2),), "this address contains a key", hint)
    return None


def secret_of_setting(name: str, raw: str, *, is_users: bool = False) -> WrittenSecret | None:
    """Return the secret that a line of config.ini contains: `api_key = …`, or an address with a password.

    The user's own file may hold such an address: it is nobody else's, and copied nowhere.
    """
    if _HIDDEN_NAME.search(name) and (values := _literals(raw)):
        hint = "remove it and set the provider's variable, such as OPENAI_API_KEY, in the environment"
        return WrittenSecret(values, "config.ini takes no keys", hint)
    return None if is_users else secret_of_address(raw)


def without_secrets(found: Iterable[Diagnostic], secrets: Iterable[WrittenSecret]) -> list[Diagnostic]:
    """Return diagnostics that show no value of these secrets."""
    values = sorted({value for secret in secrets for value in secret.values}, key=len, reverse=True)

    def masked(text: str) -> str:
        for value in values:
            text = text.replace(value, "*" * len(value))
        return text

    if not values:
        return list(found)
    return [
        replace(
            finding,
            message=masked(finding.message),
            text=masked(finding.text),
            hint=masked(finding.hint),
            also=tuple((span, masked(text)) for span, text in finding.also),
        )
        for finding in found
    ]


def _in_request(name: str, text: str, *, is_header: bool) -> WrittenSecret | None:
    """Return a secret among headers, or in a body."""
    what = f"the header '{name}'" if is_header else f"'{name}'"
    scheme = _SCHEME.match(text)
    hint = f"write {scheme.group().strip() + ' ' if scheme else ''}${{env:NAME}} and keep the key in the environment"
    found = [match.group().split()[-1] for pattern in (KEY_LIKE, _BEARER) for match in pattern.finditer(text)]
    if keys := tuple(key for key in found if not is_placeholder(key)):
        return WrittenSecret(keys, f"{what} contains a key", hint)
    is_secret = _SECRET_NAME.search(name) and not _NO_SECRET.search(name)
    if not is_secret or (not is_header and name.lower() == "key"):
        return secret_of_address(text)
    values = _literals(text)
    return WrittenSecret(values, f"{what} contains a key", hint) if values else None


def _literals(text: str) -> tuple[str, ...]:
    """Return the words of a text that can be a secret: no template, no reference to the environment, no placeholder."""
    text = REFERENCE.sub(lambda found: f" {found.group(2) or ''} ", _SCHEME.sub("", text))
    words = _TEMPLATE.sub(" ", text).split()
    return tuple(word for word in words if len(word) >= MIN_CHARACTERS and not is_placeholder(word))
