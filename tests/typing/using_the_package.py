"""The package in use, as its users' type checkers see it; checked, never run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import assert_type

import polars as pl

import tinytroupe_cli as troupe


def shown(event: troupe.Event) -> None:
    assert_type(event.person if event.kind == "acted" else event.trial, str)


def run_and_read(experiment: Path) -> float | None:
    try:
        compiled = troupe.compile_file(experiment, env=os.environ, overrides={"world.steps": "2"})
    except troupe.SpecError as error:
        assert_type(error.diagnostics[0].message, str)
        raise
    assert_type(compiled.plan, troupe.Plan)
    assert_type(troupe.estimate_plan(compiled.plan), troupe.Estimate)
    prepared = troupe.prepare(compiled, env=os.environ, folder=Path.cwd())
    outcome = troupe.run_prepared(prepared, troupe.RunListener(on_event=shown))
    assert_type(outcome, troupe.RunOutcome)
    assert_type(outcome.limit, troupe.LimitReached | None)
    assert_type(troupe.load_recording(outcome.folder).events["r1"], tuple[troupe.Event, ...])
    assert_type(troupe.write_report(outcome.folder).results, troupe.Results)
    return outcome.results.usd


def read_data(run: Path) -> int:
    opened = troupe.open_run(run)
    assert_type(opened, troupe.OpenedRun)
    assert_type(opened.codebook(), troupe.Codebook)
    assert_type(opened.frame("choice", library="polars"), pl.DataFrame)
    assert_type(troupe.export_run(run, "parquet").files, tuple[Path, ...])
    return len(opened.frame("choice", wide=True))
