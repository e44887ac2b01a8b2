"""Which server a model is asked at, and when two addresses are one."""

from __future__ import annotations

import pytest
from stacks import a_request

from tinytroupe_cli.models.identity import identity
from tinytroupe_cli.models.port import ModelUse
from tinytroupe_cli.models.servers import address_of, host_and_port, is_loopback, normal_address, with_server


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


def called(use: ModelUse) -> str:
    return identity(a_request(use))


def test_the_server_is_part_of_a_calls_identity_wherever_it_is_named() -> None:
    here = ModelUse(use="openai/x", api_base="http://127.0.0.1:1/v1")
    slashed = ModelUse(use="openai/x", api_base="http://127.0.0.1:1/v1/")
    by_variable = with_server(ModelUse(use="openai/x"), {"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"})
    there = ModelUse(use="openai/x", api_base="http://127.0.0.1:2/v1")
    assert called(here) == called(slashed) == called(by_variable)
    assert len({called(here), called(there), called(ModelUse(use="openai/x"))}) == 3


def test_a_password_is_no_part_of_what_is_written() -> None:
    use = ModelUse(use="openai/x", api_base="http://ann:hunter2@127.0.0.1:1/v1")
    assert "hunter2" not in use.model_dump_json()
    assert use.api_base == "http://ann:hunter2@127.0.0.1:1/v1"
    assert called(use) == called(ModelUse(use="openai/x", api_base="http://127.0.0.1:1/v1"))


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
    assert address_of(ModelUse(use=use), env) == address


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
