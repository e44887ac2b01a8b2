"""What the language has and this version lacks is refused by name, at its place."""

from pathlib import Path

import pytest
from snapshots import assert_snapshot

from tinytroupe_cli.cli.diagnostics import render_diagnostic
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.spec.loader import load_experiment

EVERYTHING = (Path(__file__).parent / "samples" / "everything.txt").read_text()


def refused(text):
    with pytest.raises(SpecError) as raised:
        load_experiment(text, "everything.yaml", env={})
    return raised.value.diagnostics


def test_every_part_that_is_not_built_is_refused_where_it_stands():
    told = "\n".join(render_diagnostic(found).plain for found in refused(EVERYTHING))
    assert_snapshot(told + "\n", "diagnostics/unbuilt.txt")


def test_taking_out_what_is_refused_makes_it_load():
    text = EVERYTHING
    lines = text.splitlines()
    for found in refused(text):
        lines[found.span.line - 1] = ""
    assert len(lines) > 100
    assert load_experiment("\n".join(lines), "everything.yaml", env={}).experiment.name
