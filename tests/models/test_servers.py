"""Which server a model is asked at, and when two addresses are one."""

from __future__ import annotations

import pytest
from stacks import a_request

from tinytroupe_cli.models.identity import identity
from tinytroupe_cli.models.port import Message, ModelConfig, Purpose, Request
from tinytroupe_cli.models.servers import (
    address_of,
    host_and_port,
    is_loopback,
    is_same_server,
    normal_address,
    split_name,
    told_address,
    with_server,
)


@pytest.mark.parametrize(
    "same",
    [
        "http://127.0.0.1:8000/v1",
        "http://127.0.0.1:8000/v1/",
        "HTTP://127.0.0.1:8000/v1",
        "http://user:secret@127.0.0.1:8000/v1",
    ],
)
def test_writings_of_one_address_are_one_server(same: str) -> None:
    assert normal_address(same) == "http://127.0.0.1:8000/v1"


def test_a_usual_port_and_capitals_of_a_host_make_no_difference() -> None:
    assert normal_address("https://API.Example.org:443/") == normal_address("https://api.example.org")
    assert normal_address("https://api.example.org:8443") != normal_address("https://api.example.org")


def called(use: ModelConfig) -> str:
    return identity(a_request(use))


def test_a_model_without_a_server_has_the_identity_under_which_answers_are_stored() -> None:
    """A change here makes every stored answer useless: users pay again."""
    request = Request(
        model=ModelConfig(name="local/x"),
        messages=(Message(role="user", content="a"),),
        purpose=Purpose(role="people"),
    )
    assert identity(request) == "e558a6cf2c96177f23a080e0dc774f79f9ec7115"


def test_the_server_is_part_of_a_calls_identity_wherever_it_is_named() -> None:
    here = ModelConfig(name="openai/x", api_base="http://127.0.0.1:1/v1")
    slashed = ModelConfig(name="openai/x", api_base="http://127.0.0.1:1/v1/")
    by_variable = with_server(ModelConfig(name="openai/x"), {"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"})
    there = ModelConfig(name="openai/x", api_base="http://127.0.0.1:2/v1")
    assert called(here) == called(slashed) == called(by_variable)
    assert len({called(here), called(there), called(ModelConfig(name="openai/x"))}) == 3


def test_a_password_is_no_part_of_what_is_written() -> None:
    use = ModelConfig(name="openai/x", api_base="http://ann:hunter2@127.0.0.1:1/v1")
    assert "hunter2" not in use.model_dump_json()
    assert use.api_base == "http://ann:hunter2@127.0.0.1:1/v1"
    assert called(use) == called(ModelConfig(name="openai/x", api_base="http://127.0.0.1:1/v1"))


@pytest.mark.parametrize(
    ("use", "env", "address"),
    [
        ("openai/x", {"OPENAI_API_BASE": "http://a"}, "http://a"),
        ("openai/x", {"OPENAI_BASE_URL": "http://b", "OPENAI_API_BASE": "http://a"}, "http://b"),
        ("ollama_chat/x", {}, "http://localhost:11434"),
        ("ollama/x", {"OLLAMA_API_BASE": "http://gpu:11434"}, "http://gpu:11434"),
        ("anthropic/x", {"OPENAI_API_BASE": "http://a"}, ""),
        ("local/x", {"OPENAI_API_BASE": "http://a"}, ""),
    ],
)
def test_an_address_comes_from_the_provider_s_variable(use: str, env: dict[str, str], address: str) -> None:
    assert address_of(ModelConfig(name=use), env) == address


def test_addresses_of_this_machine_are_known() -> None:
    for address in (
        "http://127.0.0.1:9/v1",
        "http://localhost",
        "http://[::1]:80",
        "127.0.0.3:80",
        "http://x.localhost",
    ):
        assert is_loopback(address), address
    for address in ("http://10.0.0.1", "https://api.openai.com", "http://localhost.example.org", ""):
        assert not is_loopback(address), address
    assert host_and_port("https://a.example.org/v1") == ("a.example.org", 443)


@pytest.mark.parametrize(
    ("use", "address"),
    [
        ("lm_studio/x", "http://localhost:1234/v1"),
        ("hosted_vllm/x", "http://localhost:8000/v1"),
        ("llamafile/x", "http://localhost:8080/v1"),
        ("ollama/x", "http://localhost:11434"),
        ("openai/x", None),
    ],
)
def test_litellm_is_told_where_programs_of_this_machine_are_for_it_would_ask_openai(
    use: str, address: str | None
) -> None:
    assert told_address(with_server(ModelConfig(name=use), {}), {}) == address


def test_a_variable_of_a_program_s_wins_over_its_usual_address() -> None:
    use = with_server(ModelConfig(name="lm_studio/x"), {"LM_STUDIO_API_BASE": "http://127.0.0.1:4321/v1"})
    assert told_address(use, {}) == "http://127.0.0.1:4321/v1"


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("lm_studio/x@http://127.0.0.1:5000/v1", "lm_studio/x", "http://127.0.0.1:5000/v1"),
        ("lm_studio/qwen@q4_k_m@http://127.0.0.1:5000/v1", "lm_studio/qwen@q4_k_m", "http://127.0.0.1:5000/v1"),
        ("openai/x@https://ann:pw@llm.example.org", "openai/x", "https://ann:pw@llm.example.org"),
        ("vertex_ai/claude@20250929", "vertex_ai/claude@20250929", None),
        ("openai/x", "openai/x", None),
    ],
)
def test_a_name_can_carry_its_server_s_address(written: str, name: str, address: str | None) -> None:
    assert split_name(written) == (name, address)


def test_names_of_this_machine_are_the_same_server_and_other_paths_are_not() -> None:
    assert is_same_server("http://localhost:1234/v1", "http://127.0.0.1:1234/v1/")
    assert not is_same_server("http://localhost:11434", "http://127.0.0.1:11434/v1")
    assert not is_same_server("http://localhost.example.org:1", "http://127.0.0.1.example.org:1")
