"""Ollama, LM Studio and others that already run here: found, shown, written into config.ini, and used."""

from __future__ import annotations

import asyncio
import json
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest
from model_servers import Program, llama_cpp, lm_studio, ollama, running, vllm
from projects import Project

from tinytroupe_cli.api.running_servers import running_servers
from tinytroupe_cli.api.settings import resolve_settings
from tinytroupe_cli.minds.embedding import ModelEmbedder
from tinytroupe_cli.minds.similarity import cosine_similarity
from tinytroupe_cli.models.litellm_provider import LiteLLMProvider
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.spec.roles import choose_models

PROGRAMS = {"Ollama": ollama, "LM Studio": lm_studio, "llama.cpp": llama_cpp, "vLLM": vllm}
FOUND = """\
import sys
from tinytroupe_cli.cli.app import main
try:
    main(sys.argv[1:])
except SystemExit as stop:
    assert not stop.code, stop.code
assert not {"litellm", "httpx", "openai"} & set(sys.modules)
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write("config.ini", "[cache]\nfolder = cache\n")
    return made


def look_at(monkeypatch: pytest.MonkeyPatch, places: str) -> None:
    monkeypatch.setenv("TROUPE_SERVERS", places)


async def vectors(use: ModelConfig, *texts: str) -> list[list[float]]:
    provider = LiteLLMProvider()
    try:
        return list(await ModelEmbedder(provider, use).embed(texts))
    finally:
        await provider.aclose()


def line_for(text: str, model: str) -> list[str]:
    """Return what a command says to write to use a model, as a shell reads it."""
    [line] = [line for line in text.splitlines() if line.strip().startswith(f"{model} ")]
    return shlex.split(line[line.index("--model") :].partition("  (")[0])


@pytest.mark.parametrize("command", ["doctor", "model list"])
def test_servers_are_shown_with_the_line_that_uses_each_model(
    command: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = ollama(), lm_studio()
    with running(*programs) as places:
        look_at(monkeypatch, places)
        shown = project.troupe(*command.split()).out
    assert line_for(shown, "qwen3:4b") == ["--model", f"ollama/qwen3:4b@{programs[0].address}"]
    assert line_for(shown, "qwen3-4b-2507") == ["--model", f"lm_studio/qwen3-4b-2507@{programs[1].address}"]
    [vectors] = [line for line in shown.splitlines() if "text-embedding-nomic" in line]
    assert "embeddings only" in vectors
    [cloud] = [line for line in shown.splitlines() if "120b-cloud" in line]
    assert "runs at https://ollama.com:443, not on this machine" in cloud


def test_a_name_is_enough_where_the_server_is_where_its_program_usually_is(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = ollama()
    with running(program) as places:
        look_at(monkeypatch, places)
        monkeypatch.setenv("OLLAMA_API_BASE", program.address)
        shown = project.troupe("doctor").out
    assert line_for(shown, "qwen3:4b") == ["--model", "ollama/qwen3:4b"]


def calls_of(model: str) -> int:
    """Six turns and two answers; a small model's answers are words, and then coded."""
    return 10 if "4b" in model.casefold() else 8


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_line_that_doctor_shows_plays_an_experiment_there(
    program: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = PROGRAMS[program]()
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-for-strangers")
    with running(one) as places:
        look_at(monkeypatch, places)
        models = json.loads(project.troupe("doctor", "--json").out)["servers"][0]["models"]
        name = models[0]["name"]
        ended = project.troupe("run", "x.yaml", *line_for(project.troupe("doctor").out, name))
    assert ended.code == 0, ended.err
    assert project.results["usd"] == 0
    assert {body["model"] for body in one.bodies} == {name}
    assert len(one.bodies) == calls_of(models[0]["name"])
    assert "/api/generate" not in one.asked
    assert "sk-not-for-strangers" not in "".join(one.keys)
    [trial] = project.results["trials"]
    assert trial["failed_turns"] + trial["failed_fields"] == 0


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_model_that_is_chosen_is_written_and_played(
    program: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = PROGRAMS[program]()
    with running(one) as places:
        look_at(monkeypatch, places)
        models = json.loads(project.troupe("doctor", "--json").out)["servers"][0]["models"]
        assert project.troupe("model", "use", models[0]["name"]).code == 0
        ended = project.troupe("run", "x.yaml")
    assert ended.code == 0, ended.err
    assert len(one.bodies) == calls_of(models[0]["name"])


@pytest.mark.parametrize("make", [ollama, lm_studio])
def test_a_model_of_vectors_is_chosen_for_embeddings_and_asked(
    make: type[Program], project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = make()
    with running(one) as places:
        look_at(monkeypatch, places)
        models = json.loads(project.troupe("doctor", "--json").out)["servers"][0]["models"]
        wrong = project.troupe("model", "use", models[1]["name"])
        assert wrong.code == 2
        assert "is an embedding model" in wrong.err
        assert project.troupe("model", "use", models[0]["name"]).code == 0
        assert project.troupe("model", "use", "--for", "embeddings", models[1]["name"]).code == 0
        chosen = choose_models(None, resolve_settings(project.folder, {}), {})
        cat, kitten, rates = asyncio.run(vectors(chosen["embeddings"].config, "a cat sits", "a cat sat", "rates rose"))
    assert cosine_similarity(cat, kitten) > cosine_similarity(cat, rates)
    assert one.bodies[-1]["model"] == models[1]["name"]


def test_servers_are_found_within_three_tenths_of_a_second(project: Project) -> None:
    programs = ollama(), lm_studio(), llama_cpp(), vllm(delay=1.0)
    with running(*programs) as places:
        settings, env = resolve_settings(project.folder, {}), {"TROUPE_SERVERS": places}
        began = time.perf_counter()
        found = running_servers(settings, env)
        took = time.perf_counter() - began
    assert [bool(server.models) for server in found] == [True, True, True, False]
    assert took < 0.3


def test_nothing_that_runs_is_used_unasked(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    one = ollama()
    with running(one) as places:
        look_at(monkeypatch, places)
        shown = project.troupe("doctor").out
        project.troupe("plan", "x.yaml")
    assert "people                   local/qwen2.5-coder-1.5b  (default" in shown
    assert one.bodies == []


@pytest.mark.parametrize("command", ["doctor", "model list"])
def test_looking_for_servers_needs_no_litellm(command: str, project: Project) -> None:
    one = lm_studio()
    with running(one) as places:
        done = subprocess.run(
            [sys.executable, "-c", FOUND, *command.split()],
            cwd=project.folder, env={"PATH": "", "HOME": str(project.folder), "TROUPE_SERVERS": places},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "qwen3-4b-2507" in done.stdout


def test_doctor_names_what_is_no_model_server_and_list_does_not(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = Program("hosted_vllm", {"/v1/models": (200, "<html>log in</html>")}, base="/v1")
    with running(login) as places:
        look_at(monkeypatch, places)
        doctor, listed = project.troupe("doctor"), project.troupe("model", "list")
    assert f"{login.address}: something answers there, but not as expected: no list of models" in doctor.out
    assert "SERVED HERE" not in listed.out
    assert doctor.code == listed.code == 0


def test_a_place_that_can_t_be_read_is_an_error(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    look_at(monkeypatch, "ollama=http://192.0.2.1:11434")
    ended = project.troupe("doctor")
    assert ended.code == 2
    assert "http://192.0.2.1:11434 is not on this machine" in ended.err
