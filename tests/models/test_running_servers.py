"""Model servers on this machine: where they are looked for, what they say, and how long that may take."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import pytest
from model_servers import Program, llama_cpp, lm_studio, ollama, running, vllm

from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.models.running_servers import FoundServer, ServerAddress, find_servers, usual_places

LOGIN = "<html><form action=/login>Password</form></html>"


def found(*programs: Program, seconds: float = 2.0) -> list[FoundServer]:
    with running(*programs):
        places = [ServerAddress(provider=one.provider, address=one.address) for one in programs]
        return find_servers(places, seconds=seconds)


def models(server: FoundServer) -> dict[str, str]:
    return {model.name: model.does for model in server.models}


def test_four_programs_tell_their_models() -> None:
    there = found(ollama(), lm_studio(), llama_cpp(), vllm())
    assert [server.place.program for server in there] == ["Ollama", "LM Studio", "llama.cpp", "vLLM"]
    assert [server.trouble for server in there] == [""] * 4
    assert models(there[1]) == {"qwen3-4b-2507": "chat", "text-embedding-nomic-embed-text-v1.5": "vectors"}
    assert models(there[2]) == {"/models/Qwen3 4B.gguf": "chat"}
    assert models(there[3]) == {"Qwen/Qwen3-8B": "chat"}


def test_ollama_s_models_of_vectors_and_of_other_machines_are_told_apart() -> None:
    [server] = found(ollama())
    assert models(server) == {"qwen3:4b": "chat", "nomic-embed-text:latest": "vectors", "gpt-oss:120b-cloud": "chat"}
    assert [model.elsewhere for model in server.models] == ["", "", "https://ollama.com:443"]


@pytest.mark.parametrize(
    "name", ["bge-m3", "all-minilm:33m", "org/e5-large", "mxbai-embed-large", "Qwen3-Embedding-4B"]
)
def test_a_model_of_vectors_is_known_by_its_name(name: str) -> None:
    [server] = found(lm_studio(name))
    assert models(server) == {name: "vectors"}


@pytest.mark.parametrize("name", ["bgemini", "gte5-chat-e52", "minilmao-7b"])
def test_a_model_that_is_only_called_alike_is_one_of_chats(name: str) -> None:
    [server] = found(lm_studio(name))
    assert models(server) == {name: "chat"}


def test_who_serves_is_known_by_what_the_server_says_wherever_it_listens() -> None:
    program = vllm()
    program.provider = "llamafile"
    [server] = found(program)
    assert server.place.provider == "hosted_vllm"


def test_a_server_that_still_loads_its_model_is_named() -> None:
    [server] = found(llama_cpp(loading=True))
    assert (server.models, server.trouble) == ((), "it is still loading its model")


@pytest.mark.parametrize(
    ("status", "body", "trouble"),
    [
        (200, LOGIN, "not as expected: no list of models"),
        (200, {"models": "none"}, "not as expected: no list of models"),
        (200, [], "not as expected: no list of models"),
        (302, LOGIN, "not as expected: status 302"),
        (404, {"error": "not found"}, "not as expected: status 404"),
        (401, {"error": "Unauthorized"}, "requires a key or a login"),
    ],
)
@pytest.mark.parametrize("provider", ["ollama", "lm_studio", "llamafile", "hosted_vllm"])
def test_something_else_that_answers_there_is_named_as_that(
    provider: str, status: int, body: Any, trouble: str
) -> None:
    gets = dict.fromkeys(("/api/tags", "/v1/models"), (status, body))
    [server] = found(Program(provider, gets, base="" if provider == "ollama" else "/v1"))
    assert server.models == ()
    assert server.trouble == f"something answers there, but {trouble}"


def test_names_that_can_t_be_typed_or_would_lead_elsewhere_are_left_out() -> None:
    [server] = found(lm_studio("good", "evil\x1b[2J", "x@http://evil.example.org", "y" * 300, ""))
    assert models(server) == {"good": "chat"}


def test_something_that_says_nothing_is_named_as_that() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        place = ServerAddress(provider="hosted_vllm", address=f"http://127.0.0.1:{listening.getsockname()[1]}/v1")
        [server] = find_servers([place], seconds=0.1)
    assert server.trouble == "it did not answer within 100 ms"


def test_something_that_speaks_no_http_is_named_as_that() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")

        threading.Thread(target=greet, daemon=True).start()
        place = ServerAddress(provider="hosted_vllm", address=f"http://127.0.0.1:{listening.getsockname()[1]}/v1")
        [server] = find_servers([place], seconds=2.0)
    assert server.trouble == "something answers there, but not as expected: no HTTP"


def test_nothing_is_said_of_a_port_where_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    assert find_servers([ServerAddress(provider="ollama", address=f"http://127.0.0.1:{port}")]) == []


def test_slow_servers_keep_nobody_waiting_and_don_t_hide_the_quick() -> None:
    programs = ollama(), lm_studio(delay=1.5), vllm(delay=1.5), llama_cpp(drips=True)
    with running(*programs):
        places = [ServerAddress(provider=one.provider, address=one.address) for one in programs]
        began = time.perf_counter()
        there = find_servers(places)
        took = time.perf_counter() - began
    programs[3].drips = False
    assert took < 0.5, "150 ms, and what a busy machine needs besides"
    assert [server.trouble for server in there] == ["", *["it did not answer within 150 ms"] * 3]


def test_the_usual_places_are_those_of_four_programs() -> None:
    assert {place.provider: place.address for place in usual_places({})} == {
        "ollama": "http://127.0.0.1:11434",
        "lm_studio": "http://127.0.0.1:1234/v1",
        "llamafile": "http://127.0.0.1:8080/v1",
        "hosted_vllm": "http://127.0.0.1:8000/v1",
    }


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1:11500", "http://127.0.0.1:11500"),
        ("0.0.0.0:11500", "http://127.0.0.1:11500"),
        (":11500", "http://127.0.0.1:11500"),
        ("http://localhost:11500/", "http://localhost:11500"),
        ("[::1]:11500", "http://[::1]:11500"),
    ],
)
def test_ollama_is_looked_for_where_its_variable_says_too(host: str, address: str) -> None:
    added = set(usual_places({"OLLAMA_HOST": host})) - set(usual_places({}))
    assert added == {ServerAddress(provider="ollama", address=address)}


@pytest.mark.parametrize("variable", ["OLLAMA_HOST", "OLLAMA_API_BASE", "LM_STUDIO_API_BASE", "OPENAI_BASE_URL"])
@pytest.mark.parametrize("value", ["http://gpu.example.org:11434", "10.0.0.5:8000", "https://api.openai.com/v1", "::"])
def test_no_other_machine_is_ever_looked_at(variable: str, value: str) -> None:
    assert usual_places({variable: value}, ["https://llm.example.org/v1"]) == usual_places({})


def test_a_server_named_twice_is_looked_at_once() -> None:
    named = {"OLLAMA_HOST": "0.0.0.0", "OPENAI_BASE_URL": "http://localhost:1234/v1"}
    assert usual_places(named, ["http://127.0.0.1:8000/v1/"]) == usual_places({})


def test_a_server_of_config_ini_is_looked_at() -> None:
    assert usual_places({}, ["http://127.0.0.1:9000/v1"])[-1].address == "http://127.0.0.1:9000/v1"


def test_a_variable_names_other_places_or_none() -> None:
    assert usual_places({"TROUPE_SERVERS": ""}, ["http://127.0.0.1:9/v1"]) == []
    named = {"TROUPE_SERVERS": "ollama=http://127.0.0.1:5001, lm_studio=http://127.0.0.1:5002/v1/"}
    assert [place.address for place in usual_places(named)] == ["http://127.0.0.1:5001", "http://127.0.0.1:5002/v1"]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("http://127.0.0.1:5001", "expects PROGRAM=ADDRESS"),
        ("olama=http://127.0.0.1:5001", "expects PROGRAM=ADDRESS"),
        ("ollama=http://10.0.0.1:5001", "not on this machine"),
    ],
)
def test_a_variable_that_can_t_be_read_is_an_error(written: str, message: str) -> None:
    with pytest.raises(RunError, match=message):
        usual_places({"TROUPE_SERVERS": written})
