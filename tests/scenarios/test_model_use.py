"""`troupe model use`: what it writes, what it says, and what it refuses before it writes anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from model_servers import lm_studio, ollama, running, vllm
from projects import Project

OWN = """\
# Ours.
[model]
people = openai/gpt-4o-mini
judge = openai/gpt-4o
# api_base is the office's
api_base = http://127.0.0.1:9/v1

[run]
max_cost = 2
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    (tmp_path / "config.ini").unlink()
    return made


def config(project: Project) -> str:
    return (project.folder / "config.ini").read_text()


def test_a_config_is_made_where_there_is_none_and_it_says_what_was(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = ollama()
    with running(one) as places:
        monkeypatch.setenv("TROUPE_SERVERS", places)
        ended = project.troupe("model", "use", "qwen3:4b")
    full = f"ollama/qwen3:4b@{one.address}"
    assert config(project) == f"[model]\npeople = {full}\n"
    was = "local/qwen2.5-coder-1.5b (default model for a machine with 2 cores and 8 GB of memory)"
    assert ended.out == f"./config.ini (a new file): people was {was}, is now {full}\n"


def test_other_lines_and_comments_stay(project: Project) -> None:
    project.write("config.ini", OWN)
    ended = project.troupe("model", "use", "local/smollm2-135m", "--for", "judge")
    assert ended.out == (
        "./config.ini: judge was openai/gpt-4o@http://127.0.0.1:9/v1 (./config.ini:4), is now local/smollm2-135m\n"
    )
    assert config(project) == OWN.replace("openai/gpt-4o\n", "local/smollm2-135m\n")


def test_a_provider_s_model_is_not_asked_at_the_address_that_was_for_all(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("config.ini", OWN)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-never-shown")
    ended = project.troupe("model", "use", "anthropic/claude-haiku-4-5")
    assert "people = anthropic/claude-haiku-4-5\njudge = openai/gpt-4o@http://127.0.0.1:9/v1\n" in config(project)
    assert "\napi_base =\n" in config(project)
    assert "requests for judge still go to openai/gpt-4o@http://127.0.0.1:9/v1" in ended.out
    assert "never-shown" not in ended.out + ended.err + config(project)


def test_a_model_at_a_port_of_its_own_leaves_the_address_of_the_others(project: Project) -> None:
    project.write("config.ini", OWN)
    one = vllm()
    with running(one):
        ended = project.troupe("model", "use", f"hosted_vllm/Qwen/Qwen3-8B@{one.address}")
    assert ended.code == 0, ended.err
    assert f"people = hosted_vllm/Qwen/Qwen3-8B@{one.address}\n" in config(project)
    assert "api_base = http://127.0.0.1:9/v1\n" in config(project)


def test_the_address_that_is_for_all_stays_where_the_model_is_served_there(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = lm_studio("mine")
    with running(one):
        monkeypatch.setenv("TROUPE_SERVERS", f"openai={one.address}")
        project.write("config.ini", f"[model]\napi_base = {one.address}\n")
        assert project.troupe("model", "use", "openai/mine").code == 0
    assert config(project) == f"[model]\napi_base = {one.address}\npeople = openai/mine\n"


def test_an_address_in_the_user_s_own_config_is_not_written_around(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    own = project.write("home/troupe/config.ini", "[model]\napi_base = http://127.0.0.1:9/v1\n")
    monkeypatch.setenv("MISTRAL_API_KEY", "sk-never-shown")
    ended = project.troupe("model", "use", "mistral/mistral-small-latest")
    assert ended.code == 2
    assert f"would go to http://127.0.0.1:9/v1, because {own.as_posix()}:2 sets it" in ended.err
    assert not (project.folder / "config.ini").exists()


@pytest.mark.parametrize("name", ["qwen3:4b", "ollama/qwen3:4b", "ollama_chat/qwen3:4b"])
def test_a_served_model_may_be_named_in_any_way(name: str, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    one = ollama()
    with running(one) as places:
        monkeypatch.setenv("TROUPE_SERVERS", places)
        assert project.troupe("model", "use", name).code == 0
    assert config(project) == f"[model]\npeople = ollama/qwen3:4b@{one.address}\n"


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("qwen34b", 2, "did you mean 'qwen3:4b'?"),
        ("ollama/qwen3:4", 2, "does not serve 'qwen3:4'"),
        ("ollama/qwen3:4", 2, "did you mean 'qwen3:4b'?"),
        ("gpt-5-mini", 2, "did you mean 'openai/gpt-5-mini'?"),
        ("olama/qwen3:4b", 4, "did you mean 'ollama/qwen3:4b'?"),
        ("openai/gpt-5-mini", 4, "OPENAI_API_KEY is not set"),
        ("lm_studio/x", 4, "no server answers at http://localhost:1234/v1"),
        ("openai/x@http://127.0.0.1:9/v1", 4, "no server answers at http://127.0.0.1:9/v1"),
        ("local/smolm2", 2, "local models:"),
        ("nomic-embed-text", 2, "--for embeddings"),
    ],
)
def test_a_model_that_can_t_be_used_is_not_written(
    name: str, code: int, said: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = ollama()
    with running(one) as places:
        monkeypatch.setenv("TROUPE_SERVERS", places)
        monkeypatch.setenv("OLLAMA_API_BASE", one.address)
        ended = project.troupe("model", "use", name)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.err
    assert not (project.folder / "config.ini").exists()


def test_a_name_that_two_servers_have_must_be_said_in_full(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = lm_studio("qwen"), lm_studio("qwen")
    with running(first, second) as places:
        monkeypatch.setenv("TROUPE_SERVERS", places)
        ended = project.troupe("model", "use", "qwen")
        assert ended.code == 2
        assert f"one of: lm_studio/qwen@{first.address}, lm_studio/qwen@{second.address}" in ended.err
        assert project.troupe("model", "use", f"lm_studio/qwen@{second.address}").code == 0
    assert config(project) == f"[model]\npeople = lm_studio/qwen@{second.address}\n"


def test_tinytroupe_s_own_config_is_left_alone(project: Project) -> None:
    project.write("config.ini", "[OpenAI]\nMODEL=gpt-4o-mini\n")
    ended = project.troupe("model", "use", "local/smollm2-135m")
    assert ended.code == 2
    assert "change MODEL in that file" in ended.err
    assert config(project) == "[OpenAI]\nMODEL=gpt-4o-mini\n"


def test_two_addresses_for_one_model_are_an_error(project: Project) -> None:
    named = "{use: 'openai/x@http://127.0.0.1:9/v1', api_base: 'http://127.0.0.1:8/v1'}"
    head = "troupe: 1\nname: x\npersonas: [lisa]\nworld: {type: interviews, steps: 1}\n"
    project.write("x.yaml", f"{head}model: {{people: {named}}}\n")
    ended = project.troupe("check", "x.yaml")
    assert ended.code == 2
    assert "'api_base' must be empty if 'use' contains an address" in ended.out + ended.err
    assert "x.yaml:5" in ended.out + ended.err
