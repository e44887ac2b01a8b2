"""LiteLLM's errors -> ours."""

from __future__ import annotations

from typing import Any, cast

from tinytroupe_cli.core.errors import Fatal, ModelError, RateLimited, Refused, Rejected, Transient
from tinytroupe_cli.models.port import Request

_QUOTA = ("insufficient_quota", "billing", "exceeded your current quota", "credit balance")
_FILTERS = ("content_filter", "content management policy", "content_policy", "responsibleai")
_FORMS = ("response_format", "json_schema", "json_object", "response schema", "structured output")
OTHER_SETTINGS = "take the setting out of the model's, or name another model"


def translated(error: Exception, request: Request) -> ModelError:
    """Return our error for one of LiteLLM's, told apart by its class's name and its words."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    details = (getattr(error, name, "") for name in ("code", "body", "type", "provider_specific_fields"))
    words = " ".join([str(error), *(str(detail) for detail in details)]).lower()
    line = f"{request.model.use}: {first_line(error)}"
    if "ContentPolicyViolationError" in kinds or ("BadRequestError" in kinds and _says(words, _FILTERS)):
        return Refused(line)
    if _says(words, _QUOTA) or "PaymentRequiredError" in kinds or "BudgetExceededError" in kinds:
        return Fatal(line, hint="the account has no quota left; look at the provider's billing page")
    if "RateLimitError" in kinds:
        return RateLimited(line, retry_after=_retry_after(error))
    if kinds & {"AuthenticationError", "PermissionDeniedError"} or "missing credentials" in words:
        return Fatal(line, hint="the key is missing or wrong; `troupe doctor` shows which variables are set")
    if "NotFoundError" in kinds:
        return Fatal(line, hint="the provider has no such model, or the address is wrong")
    about_form = _says(words, _FORMS) and request.form in ("native", "json")
    if "UnsupportedParamsError" in kinds and not about_form:
        return Fatal(line, hint=OTHER_SETTINGS)
    if kinds & {"BadRequestError", "UnprocessableEntityError"}:
        return Rejected(line, is_about_form=about_form)
    return Transient(line)


def _says(words: str, any_of: tuple[str, ...]) -> bool:
    return any(word in words for word in any_of)


def first_line(error: Exception) -> str:
    """Return what an error says, in one line of at most 300 characters."""
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0][:300]


def _retry_after(error: Exception) -> float | None:
    for holder in (getattr(error, "litellm_response_headers", None), getattr(error.__cause__, "headers", None)):
        try:
            return float(cast("Any", holder)["retry-after"])
        except (KeyError, TypeError, ValueError):
            continue
    response = getattr(error, "response", None)
    try:
        return float(cast("Any", response).headers["retry-after"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
