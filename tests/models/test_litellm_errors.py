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


@pytest.mark.parametrize(
    "message",
    [
        "Jinja Exception: System role not supported",
        "Got unexpected keyword argument 'seed'",
        "seed is not implemented",
        "the request exceeds the available context size",
    ],
)
def test_a_server_that_rejects_a_request_with_status_500_rejects_it_all_the_same(message: str) -> None:
    assert isinstance(of(500, message, name="InternalServerError"), Rejected)


@pytest.mark.parametrize(
    "message", ["The server had an error", "Internal error. Temperature sensor failed", "schema service unavailable"]
)
def test_a_server_that_is_ill_is_asked_again(message: str) -> None:
    assert isinstance(of(500, message, name="InternalServerError"), Transient)


def test_a_gateway_without_a_server_for_these_parameters_rejects_the_request() -> None:
    message = "No endpoints found that can handle the requested parameters."
    assert isinstance(of(404, message, name="NotFoundError"), Rejected)


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "The model `gpt-9` does not exist"),
        (400, "gpt-9 is not a valid model ID"),
        (400, "The model `gpt-9` has been decommissioned and is no longer supported."),
        (400, "model 'gpt-9' not found, try pulling it first"),
        (400, "Invalid model name passed in model=gpt-9"),
        (410, "gpt-9 was retired"),
        (405, "Method Not Allowed"),
    ],
)
def test_a_model_that_is_not_there_ends_the_run_whatever_the_status(status: int, message: str) -> None:
    assert isinstance(of(status, message, name="BadRequestError"), Fatal)


def test_words_about_a_model_and_a_parameter_are_about_the_parameter() -> None:
    found = of(400, "Unsupported parameter: 'seed' does not exist for this model", name="BadRequestError")
    assert isinstance(found, Rejected)


def test_an_input_that_moderation_flagged_is_declined() -> None:
    assert isinstance(of(403, "Input was flagged", name="PermissionDeniedError"), ProviderRefused)
    flagged = "Invalid prompt: your prompt was flagged as potentially violating our usage policy."
    assert isinstance(of(400, flagged, name="BadRequestError"), ProviderRefused)


def test_a_reply_limit_that_leaves_no_room_in_the_window_is_not_a_prompt_that_is_too_long() -> None:
    message = (
        "This model's maximum context length is 4096 tokens. However, you requested 4900 tokens "
        "(500 in the messages, 4400 in the completion). Please reduce the length of the messages or completion."
    )
    found = of(400, message, name="ContextWindowExceededError")
    assert isinstance(found, Rejected)
    assert (found.kind, found.parameters) == ("parameter", ("room",))


def test_a_web_page_is_told_by_its_title() -> None:
    page = "<!doctype html><html><head><title>403 Forbidden</title></head><body><p>cloudflare</p></body></html>"
    assert of(403, page).message == "openai/x: 403 Forbidden"
    assert of(502, "<html><body><h1>502 Bad Gateway</h1></body></html>").message == "openai/x: 502 Bad Gateway"


def test_the_delay_in_the_details_of_a_quota_is_waited_for() -> None:
    message = (
        '{"error": {"message": "You exceeded your current quota, please check your plan and billing details.", '
        '"details": [{"retryDelay": "7s"}]}}'
    )
    found = of(429, message, name="RateLimitError")
    assert isinstance(found, RateLimited)
    assert found.retry_after == 7.0
