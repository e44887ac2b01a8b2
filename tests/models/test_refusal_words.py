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
        "input validation error: `inputs` must have less than 2048 tokens. given: 2310",
        "range of input length should be [1, 30720]",
        "maximum context length is 4096 tokens. however, you requested 4600 tokens (4000 in the messages, 600 in the ",
        "input length and `max_tokens` exceed context limit: 195000 + 8192 > 200000, decrease input length",
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
        ("unsupported value: 'messages[0].role' does not support 'system' with this model.", "system"),
        ("only user, assistant and tool roles are supported, got system.", "system"),
        ("budget 0 is invalid. this model only works in thinking mode.", "thinking"),
        ("thinking level is not supported for this model.", "thinking"),
        ("'stop' sequences must contain non-whitespace", "stop"),
        (
            "maximum context length is 4096 tokens and your request has 500 input tokens (4600 > 4096 - 500).",
            "room",
        ),
        (
            "`inputs` tokens + `max_new_tokens` must be <= 4097. given: 76 `inputs` tokens and 4100 `max_new_tokens`",
            "room",
        ),
        ("input length and `max_tokens` exceed context limit: 95000 + 188192 > 200000, decrease input length", "room"),
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
        "function calling is not enabled for models/gemma-3-27b-it",
        "this model does not support tools",
        'unimplemented keys: ["additionalitems"]',
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
