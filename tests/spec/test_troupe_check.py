"""troupe check, explain and schema, as a person at a terminal meets them."""

import json
from pathlib import Path

import jsonschema
import pytest
import typer

from tinytroupe_cli.api.checking import check_paths
from tinytroupe_cli.cli.check import check, explain, schema
from tinytroupe_cli.core.codes import explanations
from tinytroupe_cli.core.errors import NothingToDo, RunError

ROOT = Path(__file__).parents[2]
GOOD = "troupe: 1\nname: ad\npersonas: [ann]\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "ann.yaml").write_text("name: Ann\n")
    (tmp_path / "ad.yaml").write_text(GOOD)
    return tmp_path


def checked(*paths, **options):
    check([Path(path) for path in paths], **options)


def failed(*paths, **options):
    with pytest.raises(typer.Exit) as raised:
        checked(*paths, **options)
    return raised.value.exit_code


@pytest.mark.usefixtures("project")
def test_what_is_right_is_counted(capsys):
    checked("ad.yaml")
    assert capsys.readouterr() == ("1 file, 0 errors\n", "")


def test_all_files_of_a_folder_are_checked_and_all_findings_told(project, capsys):
    (project / "ad.yaml").write_text(GOOD + "wrld: {}\n")
    (project / "other.yaml").write_text(GOOD + "stimuli: [{sya: hi}]\n")
    (project / "personas" / "bo.yaml").write_text("age: 3\n")
    (project / "fragments").mkdir()
    (project / "fragments" / "odd.yaml").write_text("type: [\n")
    (project / "config.ini").write_text("[run]\nattempt = 3\n")
    (project / "docker-compose.yaml").write_text("services: {}\n")
    (project / "results" / "ad").mkdir(parents=True)
    (project / "results" / "ad" / "experiment.yaml").write_text("troupe: 9\n")
    assert failed(".") == 2
    out, err = capsys.readouterr()
    assert out == "6 files, 5 errors\n"
    places = [line.split("  ")[0] for line in err.splitlines() if line[:1].isalpha() or line[:1] == "."]
    assert places == [
        "ad.yaml:4:1",
        "./config.ini:2:1",
        "fragments/odd.yaml:1:8",
        "other.yaml:4:12",
        "personas/bo.yaml:1:1",
    ]


def test_a_wrong_fragment_in_an_experiment_is_told_beside_the_experiments_own_mistakes(project, capsys):
    (project / "ad.yaml").write_text(GOOD + "fragments: [nobody]\nstimuli: [{say: '{{ prize }}'}]\n")
    assert failed("ad.yaml") == 2
    err = capsys.readouterr().err
    assert "ad.yaml:4:13  E302" in err
    assert "ad.yaml:5:21  E310" in err


def test_a_warning_is_told_and_changes_nothing(project, capsys):
    (project / "personas" / "ann.yaml").write_text("name: Ann\noccuption: Baker\n")
    checked("personas")
    out, err = capsys.readouterr()
    assert out == "1 file, 0 errors, 1 warning\n"
    assert "personas/ann.yaml:2:1  E205  warning:" in err


@pytest.mark.usefixtures("project")
def test_values_are_set_before_checking(capsys):
    assert failed("ad.yaml", sets=["world.steps=two"]) == 2
    assert "--set world.steps  E106" in capsys.readouterr().err
    checked("ad.yaml", sets=["world.steps=2"])


def test_findings_come_as_json_on_stdout(project, capsys):
    (project / "ad.yaml").write_text(GOOD + "wrld: {}\n")
    assert failed("ad.yaml", as_json=True) == 2
    out, err = capsys.readouterr()
    (finding,) = json.loads(out)["findings"]
    assert (finding["code"], finding["file"], finding["line"], finding["column"]) == ("E104", "ad.yaml", 4, 1)
    assert err == ""


@pytest.mark.parametrize("path", ["nowhere.yaml", "empty"])
def test_where_there_is_nothing_to_check_it_says_so(project, path):
    (project / "empty").mkdir()
    with pytest.raises(NothingToDo):
        checked(path)


@pytest.mark.usefixtures("project")
def test_a_missing_file_beside_others_is_a_finding(capsys):
    assert failed("ad.yaml", "add.yaml") == 2
    out, err = capsys.readouterr()
    assert out == "2 files, 1 error\n"
    assert "did you mean 'ad.yaml'?" in err


def test_a_mistake_in_a_file_that_two_experiments_use_is_told_once(project, capsys):
    (project / "second.yaml").write_text(GOOD.replace("ad", "second"))
    (project / "config.ini").write_text("[run]\nattempt = 3\n")
    assert failed("ad.yaml", "second.yaml") == 2
    assert capsys.readouterr().err.count("E104") == 1


def test_a_binary_file_is_a_finding(project, capsys):
    (project / "ad.yaml").write_bytes(b"troupe: 1\nname: \xff\xfe\x00\n")
    assert failed("ad.yaml") == 2
    assert "ad.yaml:2:7  E101  this is not UTF-8 text" in capsys.readouterr().err


def test_everything_that_is_shipped_is_right():
    folders = [ROOT / name for name in ("experiments", "personas", "fragments")]
    checked = check_paths([*folders, ROOT / "config.ini"], overrides={}, env={})
    assert len(checked) > 20
    assert [finding for file in checked for finding in file.diagnostics] == []


def test_explain_lists_all_codes_or_explains_one(capsys):
    explain()
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed] == list(explanations())
    explain("e104")
    told = capsys.readouterr().out
    assert told.startswith("E104  An unknown key\n\n")
    assert "Wrong:\n    stimuli:\n      - sya: What do you think of it?\n" in told
    assert "Corrected:\n    stimuli:\n      - say: What do you think of it?\n" in told


def test_explain_knows_the_nearest_code():
    with pytest.raises(RunError) as raised:
        explain("E1O4")
    assert raised.value.hint.startswith("did you mean 'E1")


def test_the_schema_is_printed_or_written_for_an_editor(project, capsys):
    schema()
    printed = json.loads(capsys.readouterr().out)
    jsonschema.Draft7Validator.check_schema(printed)
    schema(write=True)
    assert capsys.readouterr().out == "# yaml-language-server: $schema=../.troupe/experiment.schema.json\n"
    assert json.loads((project / ".troupe" / "experiment.schema.json").read_text()) == printed
    schema(Path("here.json"), write=True)
    assert json.loads((project / "here.json").read_text()) == printed
