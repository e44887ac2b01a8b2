"""Which model plays where nobody has chosen one, on machines of any size, with and without the hub."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hubs import FakeHub
from projects import Finished, Project

from tinytroupe_cli.models.local_catalog import CATALOG
from tinytroupe_cli.models.local_files import LocalFiles, user_models_folder

LARGE, SMALL = CATALOG["qwen3-4b"], CATALOG["qwen2.5-coder-1.5b"]
BIG = "cores=8 memory=16"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")  # no network in tests
    monkeypatch.setenv("TROUPE_MACHINE", BIG)
    (tmp_path / "project").mkdir()
    return Project(tmp_path / "project")


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    assert LARGE.hub is not None
    with FakeHub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        hub.tell_of(f"{LARGE.hub.repository}/{LARGE.hub.file}", size=LARGE.bytes, sha256=LARGE.sha256)
        yield hub


def here(name: str) -> None:
    """Have a model's file here: a hole of the right length takes no room."""
    entry, files = CATALOG[name], LocalFiles(user_models_folder())
    files.folder.mkdir(parents=True, exist_ok=True)
    with files.path(entry).open("wb") as file:
        file.truncate(entry.bytes)


def words(ended: Finished) -> str:
    return " ".join((ended.out + ended.err).split())


def planned(project: Project, *more: str) -> str:
    ended = project.troupe("plan", "x.yaml", "--json", *more)
    assert ended.code == 0, ended.err
    return next(name for name in ("qwen3-4b", "qwen2.5-coder-1.5b") if f'"local/{name}"' in ended.out)


def test_a_large_machine_that_reaches_the_hub_takes_the_larger_model(hub: FakeHub, project: Project) -> None:
    assert planned(project) == LARGE.name
    assert len(hub.asked) == 1


@pytest.mark.parametrize("machine", ["cores=2 memory=16", "cores=8 memory=7", "cores=3 memory=64GB"])
def test_a_small_machine_takes_the_small_one_and_asks_nobody(
    hub: FakeHub, project: Project, monkeypatch: pytest.MonkeyPatch, machine: str
) -> None:
    monkeypatch.setenv("TROUPE_MACHINE", machine)
    assert planned(project) == SMALL.name
    assert hub.asked == []


def test_a_larger_model_that_is_here_is_taken_without_asking_the_hub(hub: FakeHub, project: Project) -> None:
    here(LARGE.name)
    assert planned(project) == LARGE.name
    assert planned(project, "--offline") == LARGE.name
    assert hub.asked == []


def test_check_and_offline_commands_never_ask_the_hub(hub: FakeHub, project: Project) -> None:
    assert planned(project, "--offline") == SMALL.name
    assert project.troupe("check", "x.yaml").code == 0
    assert project.troupe("run", "x.yaml", "--dry-run", "--offline").code == 0
    project.troupe("run", "x.yaml", "--offline")
    assert hub.asked == []


def test_a_chosen_model_asks_nobody(hub: FakeHub, project: Project) -> None:
    assert project.troupe("plan", "x.yaml", "--model", "local/smollm2-135m").code == 0
    project.write("config.ini", "[model]\npeople = local/smollm2-135m\n")
    assert project.troupe("plan", "x.yaml").code == 0
    assert hub.asked == []


def test_a_hub_that_does_not_answer_costs_two_seconds_and_is_named(
    hub: FakeHub, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", None)
    hub.seconds = 6
    began = time.perf_counter()
    assert planned(project) == SMALL.name
    assert time.perf_counter() - began < 4  # compiling included
    doctor = words(project.troupe("doctor"))
    assert f"8 cores and 16 GB of memory; qwen3-4b can't be downloaded from {hub.host}: no answer within 2 s" in doctor


def test_a_mirror_without_the_file_does_not_count_as_reached(hub: FakeHub, project: Project) -> None:
    hub.files.clear()
    assert planned(project) == SMALL.name


def test_several_experiments_ask_once(hub: FakeHub, project: Project) -> None:
    project.write("y.yaml", (project.folder / "x.yaml").read_text().replace("name: tea", "name: two"))
    assert project.troupe("run", "x.yaml", "y.yaml", "--dry-run").code == 0
    assert len(hub.asked) == 1


def test_which_model_why_how_large_and_from_where_is_said_before_a_byte_is_fetched(
    hub: FakeHub, project: Project
) -> None:
    here(SMALL.name)
    ended = project.troupe("run", "x.yaml", "--yes")
    assert ended.code == 4  # this hub gives no bytes
    said = words(ended)
    first = (
        "Model: qwen3-4b (the default model for a machine with 8 cores and 16 GB of memory). "
        f"To download: 2.5 GB from {hub.host}. "
        "For a smaller and faster one: troupe model use local/qwen2.5-coder-1.5b"
    )
    assert said.index(first) < said.index("fetching qwen3-4b")
    assert "already downloaded: troupe model use local/qwen2.5-coder-1.5b" in said
    project.troupe("model", "use", "local/qwen2.5-coder-1.5b")
    assert planned(project) == SMALL.name


@pytest.mark.usefixtures("hub")
def test_pull_without_a_name_fetches_what_a_run_here_uses(project: Project) -> None:
    said = words(project.troupe("model", "pull"))
    assert "Model: qwen3-4b (the default model for a machine with 8 cores and 16 GB of memory)." in said
    project.write("config.ini", "[model]\npeople = openai/gpt-5-mini\n")
    ended = project.troupe("model", "pull")
    assert ended.code == 2
    assert "the model in use is openai/gpt-5-mini" in words(ended)


def test_nothing_is_fetched_unasked_and_the_refusal_tells_size_place_and_reason(
    hub: FakeHub, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", open("/dev/null"))  # noqa: SIM115, PTH123
    ended = project.troupe("run", "x.yaml")
    assert ended.code == 4
    assert (
        f"qwen3-4b (2.5 GB from {hub.host}) must be downloaded once, to run on this machine "
        "(the default model for a machine with 8 cores and 16 GB of memory)"
    ) in words(ended)
    assert not any(request.startswith("GET") for request in hub.asked)


def test_a_run_that_was_begun_keeps_its_model_in_its_plan_and_when_it_goes_on(hub: FakeHub, project: Project) -> None:
    project.troupe("run", "x.yaml", "--offline")  # begins with the small one, and has no answers
    (run,) = project.runs
    assert project.manifest()["status"] != "finished"
    assert project.manifest()["models"]["people"]["use"] == "local/qwen2.5-coder-1.5b"
    assert planned(project) == SMALL.name
    here(LARGE.name)
    assert planned(project) == SMALL.name
    project.troupe("run", "x.yaml", "--offline")
    ended = project.troupe("run", "x.yaml", "--offline", "--resume", str(run))
    assert "has changed since" not in words(ended)
    assert project.manifest()["sittings"] == 3
    assert hub.asked == []
    assert planned(project, "--set", "seed=4") == LARGE.name  # another run: the machine decides


def test_the_manifest_tells_why_and_how_it_computes(project: Project) -> None:
    project.troupe("run", "x.yaml", "--offline")
    manifest = project.manifest()
    origin = manifest["models"]["people"]["origin"]
    assert origin == "default model for a machine with 8 cores and 16 GB of memory; qwen3-4b is not downloaded"
    assert manifest["on_this_machine"]["library"].startswith("xllamacpp")
    assert manifest["on_this_machine"]["threads"]


def test_a_machine_that_can_not_be_read_is_told(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TROUPE_MACHINE", "huge")
    ended = project.troupe("plan", "x.yaml")
    assert ended.code == 2
    assert 'TROUPE_MACHINE="cores=8 memory=16"' in words(ended)
