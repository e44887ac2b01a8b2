"""What servers say when they won't take a request, and what we make of it."""

from __future__ import annotations

import pytest

from tinytroupe_cli.models.refusal_words import kind_of, plain_message


@pytest.mark.parametrize(
    "words",
    [
        "this model's maximum context length is 2048 tokens. however, your messages resulted in 2310 tokens.",
        "prompt is too long: 208310 tokens > 200000 maximum",
        "input is too long for requested model.",
        "the input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
        "prompt contains 2310 tokens and 0 draft tokens, too large for model with 2048 maximum context length",
        "please reduce the length of the messages or completion.",
        "request (9000 tokens) exceeds the available context size (8192 tokens)",
    ],
)
def test_too_long_is_known_in_many_words(words: str) -> None:
    assert kind_of(words, has_form=True) == ("too_long", ())


@pytest.mark.parametrize(
    ("words", "parameter"),
    [
        ("unsupported parameter: 'max_tokens' is not supported with this model", "max_tokens"),
        ("max_tokens is too large: 100000. this model supports at most 16384 completion tokens", "max_tokens"),
        ("`max_tokens` must be greater than `thinking.budget_tokens`", "thinking"),
        ('invalid json payload received. unknown name "seed": cannot find field.', "seed"),
        ("only the default (1) value of temperature is supported", "temperature"),
        ("top_p must be in (0, 1]", "top_p"),
        ("developer instruction is not enabled for models/gemma-3-27b-it", "system"),
        ("unexpected keyword argument 'reasoning_effort'", "reasoning_effort"),
    ],
)
def test_the_parameter_that_is_refused_is_found(words: str, parameter: str) -> None:
    kind, named = kind_of(words, has_form=False)
    assert kind == "parameter"
    assert parameter in named


@pytest.mark.parametrize(
    "words",
    [
        "json mode is not enabled for this model",
        "invalid schema for response_format 'answer'",
        "this model does not support structured outputs",
        "guided decoding is not available",
        "failed to parse grammar",
    ],
)
def test_the_form_of_an_answer_is_told_from_parameters(words: str) -> None:
    assert kind_of(words, has_form=True)[0] == "form"
    assert kind_of(words, has_form=False)[0] != "form"


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("litellm.BadRequestError: OpenAIException - Too hot", "Too hot"),
        (
            'litellm.RateLimitError: RateLimitError: OpenAIException - {"error": {"message": "Slow down", "code": 1}}',
            "Slow down",
        ),
        ('litellm.BadRequestError: AnthropicException - b\'{"error": {"message": "No"}}\'', "No"),
        ("litellm.APIError: VertexAIException - {'error': {'message': 'Gone', 'status': 'X'}}", "Gone"),
        ('{"detail": [{"loc": ["body", "seed"], "msg": "extra"}]}', "extra"),
        ("", "no reason was given"),
        (
            'APIError: Invalid response object Traceback (most recent call last): File "/home/x"',
            "Invalid response object",
        ),
    ],
)
def test_a_user_reads_the_servers_words_and_nothing_around_them(said: str, plain: str) -> None:
    assert plain_message(said) == plain
