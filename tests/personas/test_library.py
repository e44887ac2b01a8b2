"""A name leads to the nearest file; a missing one is told what there is instead."""

import unicodedata
from pathlib import Path

import pytest

from tinytroupe_cli.personas.library import Library, NotFound
from tinytroupe_cli.personas.search_path import project_folders, project_root, starters_folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with people at several levels, and two shared folders outside of it."""
    write(
        tmp_path,
        "project/config.ini",
        "project/personas/ann.yaml",
        "project/personas/zoe.json",
        "project/fragments/shy.yaml",
        "project/study/personas/ann.yaml",
        "project/study/shoppers/c.yaml",
        "project/study/shoppers/a.yaml",
        "project/study/shoppers/b.agent.json",
        "project/study/shoppers/notes.txt",
        "personas/outside.yaml",
        "mine/personas/ann.yaml",
        "mine/personas/bo.yml",
        "starters/personas/bo.yaml",
        "starters/personas/lisa.yaml",
        "starters/fragments/picky.fragment.json",
    )
    return tmp_path / "project"


def write(folder: Path, *names: str):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('{"name": "Somebody"}')


def a_library(project: Path) -> Library:
    return Library(project, (project.parent / "mine", project.parent / "starters"))


def found(project: Path, name: str, base_dir: str = "study") -> str:
    path = a_library(project).find("persona", name, base_dir=project / base_dir)
    assert isinstance(path, Path), path
    return path.relative_to(project.parent).as_posix()


def test_the_nearest_file_wins(project: Path):
    assert found(project, "ann") == "project/study/personas/ann.yaml"
    assert found(project, "ann", base_dir="elsewhere") == "project/personas/ann.yaml"


def test_after_the_project_comes_the_users_folder_then_the_starters(project: Path):
    assert found(project, "bo") == "mine/personas/bo.yml"
    assert found(project, "lisa") == "starters/personas/lisa.yaml"


def test_nothing_above_the_projects_root_is_found(project: Path):
    assert isinstance(a_library(project).find("persona", "outside", base_dir=project / "study"), NotFound)


def test_without_a_root_only_the_folder_and_the_one_above_count(tmp_path: Path):
    deep = tmp_path / "a" / "b" / "c"
    if project_root(deep) is None:
        assert project_folders(deep) == [deep, deep.parent]


def test_a_path_is_tried_in_the_same_places(project: Path):
    assert found(project, "shoppers/a.yaml") == "project/study/shoppers/a.yaml"
    assert found(project, "shoppers/b") == "project/study/shoppers/b.agent.json"
    assert found(project, "personas/zoe.json") == "project/personas/zoe.json"
    assert found(project, "personas/lisa.yaml") == "starters/personas/lisa.yaml"
    assert found(project, str(project / "personas" / "ann.yaml")) == "project/personas/ann.yaml"
    assert Path(found(project, "../personas/ann.yaml", base_dir="study/shoppers")).name == "ann.yaml"


def test_a_pattern_gives_sorted_files_of_the_nearest_place_that_has_any(project: Path):
    files = a_library(project).find_all("shoppers/*", base_dir=project / "study")
    assert isinstance(files, tuple)
    assert [path.name for path in files] == ["a.yaml", "b.agent.json", "c.yaml"]
    files = a_library(project).find_all("personas/*.yaml", base_dir=project / "study")
    assert isinstance(files, tuple)
    assert [path.parent.parent.name for path in files] == ["study"]


def test_a_missing_name_is_told_what_is_near_and_where_it_was_looked_for(project: Path):
    missing = a_library(project).find("persona", "lissa", base_dir=project / "study")
    assert isinstance(missing, NotFound)
    assert missing.message == "no persona 'lissa'"
    assert missing.hint.startswith("did you mean 'lisa'?  personas: ann, bo, lisa, zoe")
    assert missing.searched[:2] == ("study/personas", "personas")
    assert missing.searched[2].endswith("mine/personas")


def test_a_pattern_that_matches_nothing_is_told_so(project: Path):
    missing = a_library(project).find_all("nobody/*.yaml", base_dir=project / "study")
    assert isinstance(missing, NotFound)
    assert missing.message == "no file for persona 'nobody/*.yaml'"


def test_fragments_have_their_own_folders(project: Path):
    library = a_library(project)
    assert list(library.names("fragment", base_dir=project / "study")) == ["picky", "shy"]
    assert isinstance(library.find("fragment", "ann", base_dir=project / "study"), NotFound)


@pytest.mark.parametrize(
    "name", ["", "x" * 5000, "a\0b", "personas/\0", "[", "**", "..", "/", "personas", "~", "%s", "{}"]
)
def test_a_name_that_can_be_no_file_is_just_not_found(project: Path, name: str):
    library = a_library(project)
    assert isinstance(library.find("persona", name, base_dir=project / "study"), NotFound)
    assert isinstance(library.find_all(name, base_dir=project / "nowhere at all"), NotFound | tuple)


def test_an_accent_is_the_same_however_it_is_encoded(project: Path):
    write(project, "personas/" + unicodedata.normalize("NFD", "José") + ".yaml")
    assert "Jos" in found(project, unicodedata.normalize("NFC", "José"))


def test_files_are_called_what_the_user_would_call_them(project: Path):
    library = a_library(project)
    assert library.shown(project / "study" / ".." / "personas" / "ann.yaml") == "personas/ann.yaml"
    assert library.shown(project.parent / "mine" / "x.yaml") == (project.parent / "mine" / "x.yaml").as_posix()


def test_in_a_checkout_the_top_level_folders_are_the_starters():
    assert (starters_folder() / "personas" / "lisa.yaml").is_file()
    assert (starters_folder() / "fragments" / "picky_customer.yaml").is_file()
