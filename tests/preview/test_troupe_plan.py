import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from snapshots import assert_snapshot
from typer.testing import CliRunner

from tinytroupe_cli.api.estimating import describe, estimate_plan
from tinytroupe_cli.api.planning import compile_file, find_trial
from tinytroupe_cli.cli.plan import plan as plan_command
from tinytroupe_cli.core.errors import NothingToDo, RunError, SpecError
from tinytroupe_cli.plan.types import Plan

ROOT = Path(__file__).parents[2]
EXPERIMENTS = sorted((ROOT / "experiments").glob("*.yaml"))
SMALL = """\
troupe: 1
name: small
replicates: 2
limits: {usd: 3}
personas: [lisa]
world: {type: interviews, steps: 2}
stimuli:
  - say: "A question of {{ vars.what }}."
  - read: notes/plan.md
vars: {what: taste}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "personas").mkdir()
    (tmp_path / "notes").mkdir()
    (tmp_path / "experiments").mkdir()
    (tmp_path / "personas/lisa.yaml").write_text("name: Lisa Carter\nage: 28\n")
    (tmp_path / "notes/plan.md").write_text("# The plan\n")
    (tmp_path / "config.ini").write_text("[model]\npeople = openai/from-config\n[run]\nmax_cost = 1.5\n")
    (tmp_path / "experiments/small.yaml").write_text(SMALL)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def troupe_plan(*arguments: str):
    app = typer.Typer()
    app.command()(plan_command)
    return CliRunner().invoke(app, arguments, catch_exceptions=True)


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_every_shipped_experiment_compiles_to_the_plan_in_its_snapshot(path, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    compiled = compile_file(path, env={}, flags={"model.people": "openai/some-model"}, folder=ROOT)

    assert not compiled.warnings
    text, takes = describe(compiled.plan, estimate_plan(compiled.plan)).split("\nCalls and cost")
    assert_snapshot(text, f"plan/{path.stem}.txt")
    assert "openai/some-model" in takes


@pytest.mark.usefixtures("project")
def test_a_relative_path_is_as_good_as_a_whole_one():
    compiled = compile_file(Path("experiments/small.yaml"), env={})

    assert compiled.text == SMALL
    assert [s.text for s in compiled.plan.trials[0].stimuli] == ["A question of taste.", "# The plan\n"]


def test_settings_come_from_flags_then_the_experiment_then_config_ini(project):
    path = project / "experiments/small.yaml"

    plain = compile_file(path, env={})
    assert plain.plan.models.people.name == "openai/from-config"
    assert plain.plan.limits.usd == 3
    assert plain.origins["people"] == "./config.ini:2"

    flags = {"model.people": "openai/flag", "run.max_cost": 9.0, "seed": 5, "replicates": 1, "run.results": None}
    flagged = compile_file(path, env={}, flags=flags)
    assert flagged.plan.models.judge.name == "openai/flag"
    assert flagged.plan.limits.usd == 9
    assert (flagged.plan.seed, flagged.plan.replicates) == (5, 1)

    without = compile_file(path, env={}, overrides={"limits": "{calls: 5}"})
    assert (without.plan.limits.usd, without.plan.limits.calls) == (1.5, 5)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("notes/none.md", None, "no file 'notes/none.md'"),
        ("notes/brief.pdf", b"%PDF", "'notes/brief.pdf' can't be read as PDF: Stream has ended unexpectedly"),
        ("notes/latin.txt", "é".encode("latin-1"), "'notes/latin.txt' is not UTF-8 text"),
        ("notes/huge.txt", b"x" * 3_100_000, "'notes/huge.txt' is too large: 3.1 MB; the maximum is 3 MB"),
    ],
)
def test_a_document_that_cannot_be_read_is_a_mistake_in_the_experiment(project, name, content, message):
    if content is not None:
        (project / name).write_bytes(content)

    with pytest.raises(SpecError) as caught:
        compile_file(project / "experiments/small.yaml", env={}, overrides={"stimuli.1.read": name})

    assert [finding.message for finding in caught.value.diagnostics] == [message]


@pytest.mark.usefixtures("project")
def test_a_file_that_is_not_there_is_told_with_what_is():
    with pytest.raises(NothingToDo) as caught:
        compile_file(Path("experiments/smal.yaml"), env={})

    assert caught.value.hint.startswith("did you mean 'small.yaml'?")


def test_a_file_that_is_no_text_is_a_mistake_with_a_place(project):
    (project / "experiments/junk.yaml").write_bytes(b"\xff\xfe\x00junk")

    with pytest.raises(SpecError):
        compile_file(Path("experiments/junk.yaml"), env={})


@pytest.mark.usefixtures("project")
def test_the_command_shows_the_plan():
    result = troupe_plan("experiments/small.yaml", "--set", "vars.what=smell")

    assert result.exit_code == 0
    assert "A question of smell." in result.stdout
    assert "unknown" in result.stdout
    assert "$0" not in result.stdout


@pytest.mark.usefixtures("project")
def test_json_is_the_plan_itself_and_reads_back():
    result = troupe_plan("experiments/small.yaml", "--json", "--seed", "9")

    assert (
        Plan.model_validate_json(result.stdout)
        == compile_file(Path("experiments/small.yaml"), env={}, flags={"seed": 9}).plan
    )


@pytest.mark.usefixtures("project")
def test_one_trial_can_be_shown():
    shown = troupe_plan("experiments/small.yaml", "--trial", "r2")
    document = troupe_plan("experiments/small.yaml", "--trial", "r2", "--json")
    unknown = troupe_plan("experiments/small.yaml", "--trial", "r3")

    assert shown.stdout.startswith("r2: condition all, replicate 2, seed ")
    assert json.loads(document.stdout)["id"] == "r2"
    assert isinstance(unknown.exception, RunError)
    assert unknown.exception.hint == "trials: r1, r2"


@pytest.mark.usefixtures("project")
def test_a_trial_is_found_by_its_id():
    compiled = compile_file(Path("experiments/small.yaml"), env={})

    assert find_trial(compiled.plan, "r1") is compiled.plan.trials[0]


def test_nothing_heavy_is_loaded_for_a_plan():
    code = (
        "import sys, tinytroupe_cli.api.planning as p, tinytroupe_cli.api.estimating as e\n"
        "from pathlib import Path\n"
        f"c = p.compile_file(Path({str(EXPERIMENTS[0])!r}), env={{}})\n"
        "e.describe(c.plan, e.estimate_plan(c.plan))\n"
        "print([name for name in ('litellm', 'scipy', 'networkx', 'altair', 'jsonschema') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert shown.stdout.strip() == "[]"
