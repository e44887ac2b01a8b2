"""Settings merge once: flags, then files from the nearest, then the defaults; each with its origin."""

from itertools import pairwise
from pathlib import Path

import pytest
from snapshots import assert_snapshot

from tinytroupe_cli.api.settings import check_config, resolve_settings
from tinytroupe_cli.cli.diagnostics import render_diagnostic
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.spec.config import IniFile, defaults, read_settings
from tinytroupe_cli.spec.loader import load_experiment
from tinytroupe_cli.spec.roles import DEFAULT_MODEL, NO_PROVIDER, choose_models

HERE = "./config.ini:2"
SHIPPED = Path(__file__).parents[2] / "config.ini"


def settings(text="", *more, flags=None):
    texts = [text, *more]
    return read_settings([IniFile(f"./{'../' * n}config.ini", text) for n, text in enumerate(texts)], flags)


def experiment(part):
    return load_experiment(f"troupe: 1\nname: ad\npersonas: [lisa]\n{part}", "ad.yaml", env={}).experiment


def test_without_any_file_the_packaged_defaults_are_in_force():
    found = read_settings([])
    assert (found.results, found.concurrency, found.attempts, found.max_words) == ("results", None, 6, 80)
    assert (found.timeout, found.structured, found.cache_enabled) == (120.0, "auto", True)
    assert set(found.origins.values()) == {"default"}


def test_the_nearest_file_wins_and_flags_win_over_all():
    found = settings(
        "[run]\nattempts = 2\n",
        "[run]\nattempts = 3\nresults = far\n\n[model]\npeople = openai/x\n",
        flags={"model.people": "openai/y", "run.max_cost": None},
    )
    assert (found.attempts, found.results, found.people) == (2, "far", "openai/y")
    assert found.origins["run.attempts"] == "./config.ini:2"
    assert found.origins["run.results"] == "./../config.ini:3"
    assert found.origins["model.people"] == "--model"
    assert found.origins["run.max_cost"] == "default"


def test_an_empty_value_leaves_it_to_those_beneath():
    assert settings("[run]\nattempts =\n", "[run]\nattempts = 3\n").attempts == 3


def test_every_key_is_read_as_its_type():
    found = settings("""\
; TinyTroupe's files look like this
[MODEL]
People = openai/x
temperature = 0.5
max_tokens = 300
api_base = http://127.0.0.1:8000/v1
structured = JSON
reasoning_effort = low
timeout = 30
[run]
results = out
concurrency = 8
max_cost = 2.50
attempts = 1
[cognition]
max_words = 40
[cache]
enabled = No
folder = /somewhere
""")
    assert (found.people, found.temperature, found.max_tokens, found.structured) == ("openai/x", 0.5, 300, "json")
    assert (found.api_base, found.reasoning_effort, found.timeout) == ("http://127.0.0.1:8000/v1", "low", 30.0)
    assert (found.results, found.concurrency, found.max_cost, found.attempts) == ("out", 8, 2.5, 1)
    assert (found.max_words, found.cache_enabled, found.cache_folder) == (40, False, "/somewhere")
    assert settings("[run]\nconcurrency = auto\n").concurrency is None


WRONG = """\
people = openai/x
[modell]
anything = goes
[model]
peple = openai/x
temperature = warm
timeout = 0
max_tokens = -5
structured = maybe
people = openai/x
people = openai/y
[run]
max_cost = nan
concurrency = many
attempts
[cache]
enabled = perhaps
"""


def test_what_a_user_reads_about_wrong_settings():
    with pytest.raises(SpecError) as raised:
        settings(WRONG)
    told = "\n".join(render_diagnostic(found).plain for found in raised.value.diagnostics)
    assert_snapshot(told + "\n", "diagnostics/settings.txt")


def test_the_shipped_config_names_every_setting_and_changes_none():
    def named(text):
        lines = (line.strip() for line in text.splitlines())
        return [line.partition("=")[0].strip() for line in lines if line and line[0] not in "#;"]

    own = defaults().text.partition("# Only in your own config.ini")  # [trust] has no place in a project
    assert named(SHIPPED.read_text()) == named(own[0] + own[2][own[2].index("# Exit codes") :])
    assert check_config(SHIPPED, Path.cwd()) == []
    assert settings(SHIPPED.read_text()) == read_settings([])


def test_every_setting_in_the_shipped_config_has_a_comment_above_it():
    lines = SHIPPED.read_text().splitlines()
    bare = [line for above, line in pairwise(lines) if "=" in line and not above.startswith("#")]
    assert bare == ["author ="]


def test_the_users_own_config_lies_beneath_the_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    (tmp_path / "own" / "troupe").mkdir(parents=True)
    (tmp_path / "own" / "troupe" / "config.ini").write_text("[run]\nattempts = 9\nresults = own\n")
    (tmp_path / "config.ini").write_text("\ufeff[run]\nresults = here\n")
    found = resolve_settings(tmp_path, {})
    assert (found.attempts, found.results) == (9, "here")
    assert found.origins["run.results"] == "./config.ini:2"


def test_a_config_that_is_not_text_is_a_finding(tmp_path):
    (tmp_path / "config.ini").write_bytes(b"[run]\nresults = \xff\xfe\n")
    (found,) = check_config(tmp_path / "config.ini", tmp_path)
    assert found.code == "E101"


@pytest.mark.parametrize(
    ("part", "ini", "flag", "models", "origins"),
    [
        ("", "", None, (DEFAULT_MODEL, DEFAULT_MODEL), (NO_PROVIDER, NO_PROVIDER)),
        ("", "[model]\npeople = a/b\n", None, ("a/b", "a/b"), (HERE, HERE)),
        ("", "[model]\njudge = a/j\n", None, (DEFAULT_MODEL, "a/j"), (NO_PROVIDER, HERE)),
        ("model: e/p\n", "[model]\njudge = a/j\n", None, ("e/p", "e/p"), ("the experiment", "the experiment")),
        (
            "model: {judge: e/j}\n",
            "[model]\npeople = a/b\n",
            None,
            ("a/b", "e/j"),
            (HERE, "the experiment"),
        ),
        ("model: e/p\n", "[model]\njudge = a/j\n", "f/m", ("f/m", "f/m"), ("--model", "--model")),
    ],
)
def test_each_role_has_the_model_of_the_strongest_that_names_one(part, ini, flag, models, origins):
    chosen = choose_models(experiment(part), settings(ini, flags={"model.people": flag}))
    assert (chosen["people"].config.name, chosen["judge"].config.name) == models
    assert (chosen["people"].origin, chosen["judge"].origin) == origins


def test_a_models_own_settings_win_over_the_general_ones():
    ini = "[model]\ntemperature = 0.5\ntimeout = 30\napi_base = http://127.0.0.1:1/v1\n"
    part = "model: {people: {use: a/b, temperature: 1}, judge: {use: local/tiny}}\n"
    chosen = choose_models(experiment(part), settings(ini))
    assert (chosen["people"].config.temperature, chosen["people"].config.timeout) == (1, 30)
    assert chosen["people"].config.api_base == "http://127.0.0.1:1/v1"
    assert chosen["judge"].config.api_base is None


def test_a_model_for_embeddings_is_there_only_where_it_is_named():
    assert "embeddings" not in choose_models(experiment("model: openai/x"), settings())
    named = choose_models(experiment("model: {embeddings: openai/e}"), settings("[model]\nembeddings = openai/f\n"))
    assert named["embeddings"].config.name == "openai/e"
    of_config = choose_models(experiment(""), settings("[model]\nembeddings = openai/f\ntemperature = 0.5\n"))
    assert (of_config["embeddings"].config.name, of_config["embeddings"].config.temperature) == ("openai/f", None)
    assert of_config["embeddings"].origin == HERE
