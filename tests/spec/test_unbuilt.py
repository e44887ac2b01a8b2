"""What the language has and this version lacks is refused by name, at its place."""

from pathlib import Path

import pytest
from snapshots import assert_snapshot

from tinytroupe_cli.cli.diagnostics import render_diagnostic
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.loader import load_experiment
from tinytroupe_cli.spec.unsupported import SECTIONS

EVERYTHING = (Path(__file__).parent / "samples" / "everything.txt").read_text()
BUILT = {
    *(
        "troupe",
        "name",
        "title",
        "description",
        "seed",
        "replicates",
        "model",
        "prices",
        "limits",
        "vars",
        "factors",
        "quality",
        "safety",
    ),
    *(
        "conditions",
        "design",
        "personas",
        "documents",
        "tools",
        "fragments",
        "world",
        "stimuli",
        "extract",
        "memory",
        "propositions",
        "interventions",
        "expect",
        "report",
    ),
    *("reduce", "normalize", "dataset", "compare", "inference", "controls", "methods", "rectify", "wordings"),
    *("systems", "order", "weights", "score", "code", "exclude", "multiverse", "poll", "until"),
}
"""Top-level keys this version acts on."""


def refused(text):
    with pytest.raises(SpecError) as raised:
        load_experiment(text, "everything.yaml", env={})
    return raised.value.diagnostics


def test_every_part_that_is_not_built_is_refused_where_it_stands():
    told = "\n".join(render_diagnostic(found).plain for found in refused(EVERYTHING))
    assert_snapshot(told + "\n", "diagnostics/unbuilt.txt")


def test_every_top_level_key_is_either_built_or_refused():
    assert set(Experiment.model_fields) == BUILT | set(SECTIONS)
    assert not BUILT & set(SECTIONS)


@pytest.mark.parametrize("key", sorted(SECTIONS))
def test_an_unbuilt_section_is_refused_beside_other_mistakes(key):
    found = refused(EVERYTHING.replace("seed: 7", "seed: seven"))
    assert any(one.code == "E190" and one.text.startswith(f"{key}:") for one in found)
    assert any(one.code == "E106" for one in found)


def test_taking_out_what_is_refused_makes_it_load():
    text = EVERYTHING
    lines = text.splitlines()
    for found in refused(text):
        lines[found.span.line - 1] = ""
    assert len(lines) > 100
    assert load_experiment("\n".join(lines), "everything.yaml", env={}).experiment.name
