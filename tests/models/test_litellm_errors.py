"""What a provider's errors mean to a run."""

from __future__ import annotations

from typing import Any

import pytest
from stacks import a_request

from tinytroupe_cli.core.errors import Fatal, ModelError, ProviderRefused, RateLimited, Rejected, Transient
from tinytroupe_cli.models.litellm_errors import translated
from tinytroupe_cli.models.port import ModelConfig

QUOTA_A_MINUTE = "You exceeded your current quota, see billing. Metric: requests per minute. Please retry in 1s."


def of(
    status: int | None, message: str, *, name: str = "APIError", headers: dict[str, str] | None = None
) -> ModelError:
    kind = type(name, (Exception,), {})
    error: Any = kind(f"litellm.{name}: OpenAIException - {message}")
    error.status_code = status
    error.litellm_response_headers = headers or {}
    return translated(error, a_request(ModelConfig(name="openai/x", api_base="http://127.0.0.1:9/v1")))


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (401, "Incorrect API key provided"),
        (402, "Insufficient credits"),
        (403, "Project does not have access to model"),
        (404, "The model does not exist"),
        (429, "You exceeded your current quota, please check your plan and billing details."),
        (400, "Your credit balance is too low to access the API"),
    ],
)
def test_what_no_later_call_can_cure_is_final(status: int, message: str) -> None:
    found = of(status, message)
    assert isinstance(found, Fatal)
    assert found.message == f"openai/x: {message}"
    assert found.hint


@pytest.mark.parametrize(
    ("message", "headers", "seconds"),
    [
        (QUOTA_A_MINUTE, {}, 1.0),
        ("Slow down", {"retry-after": "7"}, 7.0),
        ("Slow down", {"retry-after-ms": "1500"}, 1.5),
        (
            "Slow down",
            {"retry-after": "Thu, 26 Nov 2026 12:00:30 GMT", "date": "Thu, 26 Nov 2026 12:00:00 GMT"},
            30.0,
        ),
        ("Rate limit reached. Please try again in 1m30s.", {}, 90.0),
        ("Rate limit reached. Please try again in 250ms.", {}, 0.25),
        ("Rate limit reached for requests per day", {}, None),
    ],
)
def test_a_limit_that_passes_is_waited_for(message: str, headers: dict[str, str], seconds: float | None) -> None:
    found = of(429, message, name="RateLimitError", headers=headers)
    assert isinstance(found, RateLimited)
    assert found.retry_after == seconds


def test_other_errors_keep_their_kinds() -> None:
    assert isinstance(of(500, "The server had an error", name="InternalServerError"), Transient)
    assert isinstance(of(400, "blocked by our content management policy", name="BadRequestError"), ProviderRefused)
    assert isinstance(of(422, "seed: extra fields not permitted", name="UnprocessableEntityError"), Rejected)


def test_a_server_that_can_t_be_reached_is_named_in_plain_words() -> None:
    library = "Cannot connect to host 127.0.0.1:9 ssl:<ssl.SSLContext object> [Connect call failed]"
    found = of(None, library, name="APIConnectionError")
    assert isinstance(found, Transient)
    assert found.message == "http://127.0.0.1:9/v1 can't be used: nothing is listening there"
