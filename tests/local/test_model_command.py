"""What a person sees of `troupe model`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tinytroupe_cli.models.local_catalog import CATALOG
from tinytroupe_cli.models.local_files import LocalFiles
from tinytroupe_cli.models.local_lookup import find_entry


def troupe(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tinytroupe_cli", "model", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_list_is_data_for_programs(tmp_path: Path):
    shown = troupe("list", "--json", "--folder", str(tmp_path))

    rows = json.loads(shown.stdout)["models"]
    assert shown.returncode == 0
    assert [row["name"] for row in rows] == [f"local/{name}" for name in CATALOG]
    assert not any(row["present"] for row in rows)


def test_an_interrupted_pull_shows_how_far_it_came(tmp_path: Path):
    entry = find_entry("smollm2-135m")
    with LocalFiles(tmp_path).draft(entry).open("wb") as file:
        file.truncate(entry.bytes // 2)

    assert "50 %" in troupe("list", "--folder", str(tmp_path)).stdout


def test_an_unknown_name_is_a_usage_error_with_the_nearest(tmp_path: Path):
    shown = troupe("pull", "smollm", "--folder", str(tmp_path))

    assert shown.returncode == 2
    assert "no local model is called 'smollm'" in shown.stderr
    assert "smollm2-135m" in shown.stderr


def test_a_wrong_file_is_refused_with_what_to_do(tmp_path: Path):
    mine = tmp_path / "mine.gguf"
    mine.write_text("not a model")

    shown = troupe("pull", "smollm2-135m", "--from", str(mine), "--folder", str(tmp_path / "models"))

    assert shown.returncode == 4
    assert "it has 11 bytes; smollm2-135m has 98,362,432" in shown.stderr
    assert shown.stdout == ""


def test_testing_a_model_that_is_not_here_tells_how_to_get_it(tmp_path: Path):
    shown = troupe("test", "smollm2-135m", "--folder", str(tmp_path))

    assert shown.returncode == 4
    assert "troupe model pull smollm2-135m" in shown.stderr
