"""An experiment reads the files of its project; others only if the user names their folder."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from projects import MODEL, Project

PEOPLE = "troupe: 1\nname: x\npersonas: [lisa]\nworld: {type: interviews, steps: 1}\nstimuli: [{say: Hello}]\n"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def here(tmp_path: Path) -> Project:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("the plan")
    (outside / "secret.png").write_bytes(PIXEL)
    (outside / "secret.csv").write_text("from,to\nlisa,oscar\n")
    (outside / "rows.csv").write_text("name,age\nAnn,40\n")
    (outside / "ann.yaml").write_text("name: Ann Berg\nage: 40\n")
    (outside / "kind.yaml").write_text("traits: [kind]\n")
    (outside / "people.yaml").write_text("troupe-population: 1\nname: people\nrows: rows.csv\n")
    made = Project(tmp_path / "project")
    made.write("rows_outside.yaml", "troupe-population: 1\nname: people\nrows: ../outside/rows.csv\n")
    for name in ("secret.txt", "secret.png", "secret.csv", "ann.yaml", "kind.yaml", "people.yaml"):
        (made.folder / f"link-{name}").symlink_to(f"../outside/{name}")
    return made


def spec(line: str) -> str:
    replaced = line.split(":", maxsplit=1)[0]
    kept = [each for each in PEOPLE.splitlines() if not each.startswith(f"{replaced}:")]
    return "\n".join([*kept, line]) + "\n"


READS = {
    "documents": ('documents: ["FILE"]', "secret.txt"),
    "a person's documents": ('personas: [{use: lisa, documents: ["FILE"]}]', "secret.txt"),
    "a reading": ('stimuli: [{read: "FILE"}]', "secret.txt"),
    "a picture": ('stimuli: [{show: {image: "FILE", text: A picture}}]', "secret.png"),
    "a person": ('personas: ["FILE"]', "ann.yaml"),
    "people of a pattern": ('personas: [{from: "FILE"}]', "ann.yaml"),
    "a fragment": ('personas: [{use: lisa, fragments: ["FILE"]}]', "kind.yaml"),
    "a population": ('personas: [{population: "FILE"}]', "people.yaml"),
    "ties": ('world: {type: network, steps: 1, topology: {type: csv, file: "FILE"}}', "secret.csv"),
}


@pytest.mark.parametrize("way", ["absolute", "upward", "link"])
@pytest.mark.parametrize("kind", READS)
def test_a_file_outside_is_refused_at_its_line(here: Project, kind: str, way: str) -> None:
    line, name = READS[kind]
    outside = here.folder.parent / "outside"
    written = {"absolute": str(outside / name), "upward": f"../outside/{name}", "link": f"link-{name}"}[way]
    text = spec(line.replace("FILE", written))
    here.write("x.yaml", text)
    for command in (["check", "x.yaml"], ["plan", "x.yaml", "--model", MODEL]):
        ended = here.troupe(*command)
        assert ended.code == 2, ended.out
        assert f"x.yaml:{len(text.splitlines())}:" in ended.err
        assert f"--allow-path {outside}" in ended.err
        assert "the plan" not in ended.out + ended.err
    if kind != "ties" and (kind, way) != ("a population", "link"):  # its rows lie beside the link then
        allowed = here.troupe("check", "x.yaml", "--allow-path", "../outside")
        assert allowed.code == 0, allowed.err


def test_rows_outside_are_refused_where_the_population_names_them(here: Project) -> None:
    here.write("x.yaml", spec("personas: [{population: rows_outside.yaml}]"))
    ended = here.troupe("check", "x.yaml")
    assert ended.code == 2
    assert "rows_outside.yaml:3:7" in ended.err
    assert "--allow-path" in ended.err


def test_a_pattern_does_not_read_beyond_the_project(here: Project) -> None:
    for written in ("../outside/*.txt", "/**/*.txt", "../*/*.txt"):
        here.write("x.yaml", spec(f'documents: ["{written}"]'))
        ended = here.troupe("check", "x.yaml")
        assert ended.code == 2
        assert "--allow-path" in ended.err


def test_a_link_in_a_folder_of_documents_is_named(here: Project) -> None:
    here.write("notes/one.txt", "One.")
    (here.folder / "notes/two.txt").symlink_to("../../outside/secret.txt")
    here.write("x.yaml", spec("documents: [notes]"))
    ended = here.troupe("check", "x.yaml")
    assert ended.code == 2
    assert "notes/two.txt" in ended.err


def test_the_users_settings_can_name_folders(here: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here.write("x.yaml", spec('documents: ["../outside/secret.txt"]'))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    (tmp_path / "own/troupe").mkdir(parents=True)
    (tmp_path / "own/troupe/config.ini").write_text(f"[trust]\nallow_paths = {tmp_path / 'outside'}\n")
    assert here.troupe("check", "x.yaml").code == 0


def test_without_a_mark_of_a_project_only_the_experiments_folder_counts(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("the plan")
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / "x.yaml").write_text(spec('documents: ["../secret.txt"]'))
    here = Project.__new__(Project)
    here.folder = folder
    ended = here.troupe("check", "x.yaml")
    assert ended.code == 2
    assert "--allow-path" in ended.err


def test_a_folder_that_is_called_like_one_of_the_checkout_is_the_projects_own(tmp_path) -> None:
    made = Project(tmp_path / "project")
    made.write("docs/notes.md", "# Notes")
    made.write("x.yaml", PEOPLE + "documents: [docs]\n")
    made.write("y.yaml", PEOPLE + "documents: [tests]\n")

    assert made.troupe("check", "x.yaml").code == 0
    assert "no document 'tests'" in made.troupe("check", "y.yaml").err
