"""A real model, on this machine, end to end."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path

import pytest
from projects import EXPERIMENT, Project

pytest.importorskip("xllamacpp")


@pytest.fixture(scope="module", autouse=True)
def model() -> None:
    from tinytroupe_cli.api.local_models import missing_local_models
    from tinytroupe_cli.api.pulling import pull
    from tinytroupe_cli.models.port import ModelConfig

    with contextlib.redirect_stdout(io.StringIO()):
        for entry in missing_local_models([ModelConfig(name="local/smollm2-135m")]):
            pull(entry.name, env=os.environ)


@pytest.mark.local
def test_a_real_model_plays_a_run_to_its_report_and_plays_it_again_from_the_store(tmp_path: Path) -> None:
    project = Project(tmp_path, experiment=EXPERIMENT.replace("steps: 3", "steps: 2"))
    ended = project.troupe("run", "x.yaml", "--model", "local/smollm2-135m")
    assert ended.code == 0, ended.err
    assert project.results["status"] == "finished"
    assert project.results["accounts"]["models"][0]["is_local"]
    turns = project.results["trials"][0]["turns"]
    assert turns == 4
    assert "on this machine" in ended.err

    replayed = project.troupe("run", "x.yaml", "--model", "local/smollm2-135m", "--offline")
    assert replayed.code == 0, replayed.err
    assert project.logs(project.runs[0]) == project.logs(project.runs[1])
