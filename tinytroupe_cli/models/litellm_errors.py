"""Translates LiteLLM's errors into troupe's."""

from __future__ import annotations

import re
from typing import Any, Final

from tinytroupe_cli.core.errors import (
    Fatal,
    ModelError,
    ProviderRefused,
    RateLimited,
    Rejected,
    RejectedKind,
    Transient,
)
from tinytroupe_cli.models.port import Request
from tinytroupe_cli.models.refusal_words import kind_of, plain_message, too_long

_EMPTY_ACCOUNT: Final = (
    "insufficient_quota",
    "billing_hard_limit",
    "billing_not_active",
    "credit balance is too low",
    "insufficient credit",
    "insufficient_credits",
    "insufficient balance",
    "account is not active",
    "out of credits",
)
_QUOTA: Final = ("billing", "exceeded your current quota", "credit balance", "quota exceeded")
_WAIT: Final = (
    "per minute",
    "per day",
    "per second",
    "per hour",
    "tpm",
    "rpm",
    "retry in",
    "try again in",
    "rate limit",
)
_FILTERS: Final = (
    "content_filter",
    "content management policy",
    "content_policy",
    "responsibleai",
    "content filtering policy",
    "safety system",
    "blocked by",
    "was flagged",
    "usage polic",
)
_NO_MODEL: Final = re.compile(
    r"\bmodel\b.{0,80}(?:does not exist|not found|decommissioned|no longer (?:supported|available)|\bretired)"
    r"|not a valid model|invalid model name|no such model|unknown model|model_not_found"
)
_NO_ENDPOINT: Final = ("no endpoints found that can handle", "no endpoints found that support")
"""A gateway has the model, but no server of it takes these parameters."""
_GONE: Final = (404, 405, 410)
_NO_KEY: Final = ("missing credentials", "api key not valid", "api_key_invalid", "invalid api key", "api key expired")
_REJECTS: Final = re.compile(
    r"not (?:supported|implemented|enabled|permitted)|unsupported|jinja|templateerror|unexpected (?:\w+ )*argument"
    r"|unknown (?:field|parameter|argument|name)|(?:fail\w*|unable) to (?:parse|process|compile|initialize)"
    r"|invalid json schema"
)
"""What a server says that blames the request with a status that blames the server."""
_OVERLOADED: Final = ("overloaded", "capacity", "temporarily unavailable", "try again later")
_IN_WORDS: Final = re.compile(
    r"(?:try again|retry|wait|available|reset\w*)[^.]{0,20}?\bin (?:about )?"
    r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)\s*(ms|s\b|sec|seconds?))?",
    re.IGNORECASE,
)
_DELAY: Final = re.compile(r"retrydelay\W{1,8}(\d{1,5}(?:\.\d+)?)s", re.IGNORECASE)
"""As Google writes it in an error's details."""
_REACH: Final = (
    ("name or service not known", "no server with that name is known"),
    ("nodename nor servname", "no server with that name is known"),
    ("temporary failure in name resolution", "no server with that name is known, or there is no network"),
    ("getaddrinfo failed", "no server with that name is known"),
    ("connection refused", "nothing is listening there"),
    ("connect call failed", "nothing is listening there"),
    ("cannot connect to host", "it can't be reached"),
    ("all connection attempts failed", "it can't be reached"),
    ("certificate", "its certificate can't be trusted"),
    ("server disconnected", "it closed the connection"),
    ("connection reset", "it closed the connection"),
    ("timed out", "it did not answer in time"),
    ("timeout", "it did not answer in time"),
)


def translated(error: Exception, request: Request) -> ModelError:
    """Return troupe's error for one of LiteLLM's, by its class name, status and message."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    details = (getattr(error, name, "") for name in ("code", "body", "type", "provider_specific_fields"))
    words = " ".join([str(error), *(str(detail) for detail in details)]).lower()
    status = _status(error)
    line = f"{request.model.name}: {plain_message(str(error))}"
    if "ContentPolicyViolationError" in kinds or (status in (400, 403, 422) and _says(words, _FILTERS)):
        return ProviderRefused(line)
    if final := _final(words, kinds, status, error, line):
        return final
    if "RateLimitError" in kinds or status == 429:  # noqa: PLR2004 - HTTP
        return RateLimited(line, retry_after=_retry_after(error))
    kind, parameters = kind_of(words, has_form=request.form in ("native", "json"))
    if _is_rejected(words, kinds, status, kind):
        if ("ContextWindowExceededError" in kinds and parameters != ("room",)) or (status, kind) == (413, "other"):
            kind, parameters = "too_long", ()
        return Rejected(too_long(request.model.name) if kind == "too_long" else line, kind=kind, parameters=parameters)
    return Transient(_unreached(words, request) or line)


def _is_rejected(words: str, kinds: set[str], status: int | None, kind: RejectedKind) -> bool:
    """Return whether a server rejects the request: by its status, or by its words with a status of its own failures."""
    if kinds & {"BadRequestError", "UnprocessableEntityError", "UnsupportedParamsError"} or status in (400, 413, 422):
        return True
    if status == 404:  # noqa: PLR2004 - HTTP
        return _says(words, _NO_ENDPOINT)
    if status is None or status < 500 or kind == "other":  # noqa: PLR2004 - HTTP
        return False
    return kind == "too_long" or _REJECTS.search(words) is not None


def _final(words: str, kinds: set[str], status: int | None, error: Exception, line: str) -> Fatal | None:
    """Return the error after which no later call can succeed; None if one may."""
    is_limited = "RateLimitError" in kinds or status == 429  # noqa: PLR2004 - HTTP
    may_wait = _retry_after(error) is not None or _says(words, _WAIT)
    is_empty = _says(words, _EMPTY_ACCOUNT) or (_says(words, _QUOTA) and not may_wait)
    if (
        status == 402  # noqa: PLR2004 - HTTP
        or kinds & {"PaymentRequiredError", "BudgetExceededError"}
        or (is_limited and is_empty)
        or _says(words, _EMPTY_ACCOUNT)
    ):
        return Fatal(line, hint="the account has no quota left; check the provider's billing page")
    if kinds & {"PermissionDeniedError"} or status == 403:  # noqa: PLR2004 - HTTP
        return Fatal(
            line, hint="this key is not allowed to use this model: ask for access, or name another model with --model"
        )
    if "AuthenticationError" in kinds or status == 401 or _says(words, _NO_KEY):  # noqa: PLR2004 - HTTP
        return Fatal(line, hint="the key is missing or wrong; `troupe doctor` shows which variables are set")
    is_gone = "NotFoundError" in kinds or (status in _GONE and not _says(words, _OVERLOADED))
    if (is_gone and not _says(words, _NO_ENDPOINT)) or (_NO_MODEL.search(words) and _names_nothing(words)):
        return Fatal(line, hint="the provider has no such model, or the address is wrong")
    return None


def _names_nothing(words: str) -> bool:
    return kind_of(words, has_form=True)[0] == "other"


def _unreached(words: str, request: Request) -> str:
    """Return in plain words why a server could not be reached; empty if it responded."""
    where = request.model.api_base or f"the server of {request.model.name}"
    why = next((meaning for sign, meaning in _REACH if sign in words), "")
    return f"{where} can't be used: {why}" if why else ""


def _says(words: str, any_of: tuple[str, ...]) -> bool:
    return any(word in words for word in any_of)


def _status(error: Exception) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


def _retry_after(error: Exception) -> float | None:
    """Return the seconds a server asks us to wait: from its headers, as a number or a date, else from its message."""
    for headers in _headers(error):
        for name, scale in (("retry-after-ms", 1_000.0), ("retry-after", 1.0)):
            seconds = _seconds(_header(headers, name), now=_header(headers, "date"))
            if seconds is not None:
                return seconds / scale
    if delay := _DELAY.search(f"{error} {getattr(error, 'body', '')}"):
        return float(delay[1])
    found = _IN_WORDS.search(str(error))
    if found is None or not any(found.groups()):
        return None
    hours, minutes, seconds, unit = found.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds or 0) / (1_000 if unit == "ms" else 1)


def _headers(error: Exception) -> list[Any]:
    response = getattr(error, "response", None)
    holders = (
        getattr(error, "litellm_response_headers", None),
        getattr(error.__cause__, "headers", None),
        getattr(response, "headers", None),
    )
    return [holder for holder in holders if holder is not None]


def _header(headers: Any, name: str) -> str | None:
    try:
        return str(headers[name])
    except (KeyError, TypeError, IndexError):
        return None


def _seconds(written: str | None, *, now: str | None) -> float | None:
    """Parse seconds, or a date that is compared with the server's own."""
    if not written:
        return None
    try:
        return max(0.0, float(written))
    except ValueError:
        pass
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - only for headers that give a date

    try:
        return max(0.0, (parsedate_to_datetime(written) - parsedate_to_datetime(now or "")).total_seconds())
    except (ValueError, TypeError):
        return None
