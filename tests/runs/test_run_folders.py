from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import a_plan

from tinytroupe_cli.core.errors import NothingToDo, RunError
from tinytroupe_cli.plan.hashing import plan_hash
from tinytroupe_cli.runs.folder import LATEST, RunFolder, create_folder
from tinytroupe_cli.runs.manifest import Manifest
from tinytroupe_cli.runs.run_lookup import folders_below, open_folder, readable_below

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def a_folder(results: Path, *, second: int = 0) -> RunFolder:
    date = NOON + timedelta(seconds=second)
    plan = a_plan()
    manifest = Manifest(name=plan.name, status="running", started=date.isoformat(), hashes={"plan": plan_hash(plan)})
    return create_folder(results, plan, manifest, text="troupe: 1\n", date=date)


def test_a_run_has_its_plan_its_text_and_its_manifest_from_the_moment_it_is_there(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    assert folder.path.name == f"2026-01-05T12-00-00-{plan_hash(a_plan())[:4]}"
    assert folder.plan() == a_plan()
    assert folder.manifest().status == "running"
    assert (folder.path / "experiment.yaml").read_text() == "troupe: 1\n"
    assert not list(folder.path.parent.glob(f".{folder.path.name}*"))


def test_what_a_kill_left_of_a_folder_being_made_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "tv" / ".2026-01-05T12-00-00-abcd.77" / "trials").mkdir(parents=True)
    assert not list(folders_below(tmp_path))


def test_results_are_kept_out_of_git(tmp_path: Path) -> None:
    a_folder(tmp_path / "results")
    assert (tmp_path / "results" / ".gitignore").read_text() == "*\n"


def test_two_runs_of_one_second_have_two_folders(tmp_path: Path) -> None:
    one, other = a_folder(tmp_path), a_folder(tmp_path)
    assert one.path != other.path
    assert len(list(folders_below(tmp_path))) == 2


@pytest.mark.parametrize("where", [".", "tv", "tv/latest"])
def test_the_newest_run_is_found_from_anywhere_above_it(tmp_path: Path, where: str) -> None:
    a_folder(tmp_path)
    newest = a_folder(tmp_path, second=5)
    assert open_folder(tmp_path / where).path.resolve() == newest.path.resolve()


def test_latest_may_be_a_text_file_where_links_cannot_be_made(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    latest = folder.path.with_name(LATEST)
    latest.unlink()
    latest.write_text(folder.path.name + "\n")
    assert open_folder(latest) == folder
    assert open_folder(tmp_path) == folder


def test_a_latest_that_became_a_folder_by_copying_is_left_alone(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    latest = folder.path.with_name(LATEST)
    latest.unlink()
    latest.mkdir()
    (latest / "mine.txt").write_text("mine")
    newer = a_folder(tmp_path, second=5)
    assert (latest / "mine.txt").read_text() == "mine"
    assert open_folder(tmp_path) == newer


def test_a_run_can_be_moved(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "results")
    moved = folder.path.rename(tmp_path / "elsewhere")
    assert open_folder(moved).plan() == a_plan()


def test_a_damaged_run_stops_no_other(tmp_path: Path) -> None:
    whole, damaged = a_folder(tmp_path), a_folder(tmp_path, second=5)
    damaged.manifest_file.write_text("{")
    assert [folder for folder, _ in readable_below(tmp_path)] == [whole]
    assert open_folder(tmp_path) == whole
    with pytest.raises(RunError, match="is damaged"):
        damaged.manifest()


def test_no_run_is_nothing_to_do(tmp_path: Path) -> None:
    for where in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(NothingToDo, match="no run in"):
            open_folder(where)
