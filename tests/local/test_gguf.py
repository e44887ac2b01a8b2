"""Any GGUF file runs by its path; what can't is told with its path and what to do."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from faults.checking import stopped_after
from ggufs import gguf
from projects import EXPERIMENT, Project

from tinytroupe_cli.core.bounded_files import sha256_of
from tinytroupe_cli.models.gguf import NotGguf, read_header
from tinytroupe_cli.models.local_lookup import find_entry


def test_a_header_tells_what_the_model_is(tmp_path: Path) -> None:
    header = read_header(gguf(tmp_path / "a.gguf"))
    assert (header.architecture, header.context, header.parameters, header.has_template) == ("llama", 512, 32, True)


@pytest.mark.parametrize("cut", [70, 100, 200])
def test_a_file_that_is_cut_off_in_its_header_is_told(tmp_path: Path, cut: int) -> None:
    with pytest.raises(NotGguf, match="incomplete"):
        read_header(gguf(tmp_path / "a.gguf", cut=cut))


def test_a_file_of_another_kind_or_version_is_told(tmp_path: Path) -> None:
    (tmp_path / "b.gguf").write_bytes(b"PK" + bytes(100))
    with pytest.raises(NotGguf, match="it is not a GGUF file"):
        read_header(tmp_path / "b.gguf")
    with pytest.raises(NotGguf, match="version 7"):
        read_header(gguf(tmp_path / "c.gguf", version=7))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda _: None, "is not there"),
        (lambda path: path.write_bytes(b"nonsense"), "it is not a GGUF file"),
        (lambda path: gguf(path, cut=150), "incomplete"),
    ],
)
def test_a_file_that_can_not_be_used_is_told_before_anything_is_asked(tmp_path: Path, make, says: str) -> None:
    make(tmp_path / "own.gguf")
    ended = Project(tmp_path).troupe("run", "x.yaml", "--model", f"local/{tmp_path}/own.gguf")
    assert ended.code == 4
    assert says in " ".join(ended.err.split())
    assert "own.gguf" in ended.err


def test_an_architecture_the_library_does_not_know_is_named(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    path = gguf(tmp_path / "own.gguf", architecture="nonesuch")
    ended = Project(tmp_path).troupe("run", "x.yaml", "--model", f"local/{path}")
    assert ended.code == 4
    assert "'nonesuch'" in ended.err


def test_a_name_on_the_hub_that_is_none_is_told(tmp_path: Path) -> None:
    ended = Project(tmp_path).troupe("model", "pull", "hf:owner/file.gguf")
    assert ended.code != 0
    assert "hf:OWNER/REPOSITORY/FILE.gguf" in " ".join(ended.err.split())


@pytest.mark.local
def test_a_real_model_runs_by_its_path_and_is_another_one_when_its_content_changes(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    from tinytroupe_cli.api.pulling import pull

    link = tmp_path / "mine.gguf"
    link.symlink_to(pull("smollm2-135m", env=os.environ))
    project = Project(tmp_path, experiment=EXPERIMENT.replace("steps: 3", "steps: 1"))
    ended = project.troupe("run", "x.yaml", "--model", "local/mine.gguf")
    assert ended.code == 0, ended.err
    assert project.results["models"]["people"]["use"] == "local/mine.gguf"
    manifest = project.manifest()
    assert "xllamacpp" in manifest["on_this_machine"]["library"]
    assert manifest["on_this_machine"]["library"].startswith("xllamacpp 20")
    assert manifest["models"]["people"]["turns"] == "script"


def test_a_pipe_is_no_model(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "own.gguf")
    with stopped_after(30):
        ended = Project(tmp_path).troupe("plan", "x.yaml", "--model", f"local/{tmp_path}/own.gguf")
    assert ended.code == 4, ended.err
    assert "can't be read: it is a pipe, not a file" in " ".join(ended.err.split())


@pytest.mark.parametrize("notes", ["[]", "{", '"x"', '{"PATH": 1}', '{"PATH": {"bytes": SIZE, "changed": WHEN}}', None])
def test_damaged_notes_of_hashes_are_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, notes: str | None
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = gguf(tmp_path / "own.gguf")
    kept = tmp_path / "cache/troupe/gguf-hashes.json"
    kept.parent.mkdir(parents=True)
    if notes is None:
        os.mkfifo(kept)
    else:
        when = path.stat().st_mtime_ns
        text = notes.replace("PATH", str(path)).replace("SIZE", str(path.stat().st_size)).replace("WHEN", str(when))
        kept.write_text(text)
    with stopped_after(30):
        assert find_entry(f"local/{path}").sha256 == sha256_of(path)
    assert json.loads(kept.read_text())[str(path)]["sha256"] == sha256_of(path)


@pytest.mark.parametrize("notes", ["[]", '{"hf:owner/repo/a.gguf": 5}', '{"hf:owner/repo/a.gguf": {"bytes": "many"}}'])
def test_damaged_notes_of_the_hub_are_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, notes: str) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "troupe").mkdir()
    (tmp_path / "troupe/hub-files.json").write_text(notes)
    assert find_entry("local/hf:owner/repo/a.gguf").bytes == 0
