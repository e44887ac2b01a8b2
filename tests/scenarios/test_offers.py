"""Keys in the environment are named with what the experiment would cost: before money is spent, and never shown."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from projects import EXPERIMENT, Project

from tinytroupe_cli.models.offered import TITLES, offered_model
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.models.preflight import keys_of
from tinytroupe_cli.models.prices import PriceTable

KEY = "sk-recognise-me-0123"
TODAY = dt.date(2026, 11, 27)
VARIABLES = [keys_of(provider)[0] for provider in TITLES]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write("config.ini", "[cache]\nfolder = cache\n")
    return made


def dollars(text: str) -> list[float]:
    return [float(amount) for amount in re.findall(r"\$([\d.]+)", text)]


def test_a_plan_names_the_key_the_model_and_this_experiment_s_price(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISTRAL_API_KEY", KEY)
    shown = project.troupe("plan", "x.yaml").out
    line = shown.splitlines()[-1]
    assert line.startswith("a Mistral key is set: --model mistral/mistral-small-latest, about $0.0")
    there = project.troupe("plan", "x.yaml", "--model", "mistral/mistral-small-latest").out
    [cost] = [line for line in there.splitlines() if "mistral/" in line and "$" in line]
    low, high = dollars(cost)
    assert low < dollars(line)[0] < high
    assert KEY not in shown


def test_a_larger_experiment_costs_more(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    small = project.troupe("plan", "x.yaml").out.splitlines()[-1]
    large = project.troupe("plan", "x.yaml", "--set", "world.steps=9").out.splitlines()[-1]
    assert dollars(large)[0] > 2 * dollars(small)[0]


def test_a_system_played_by_the_people_s_model_costs_too(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    bot = "systems: [{name: bot, model: {PLAYED prompt: Be brief.}}]\n"
    project.write("x.yaml", EXPERIMENT + bot.replace("PLAYED", "use: local/smollm2-135m,"))
    elsewhere = project.troupe("plan", "x.yaml").out.splitlines()[-1]
    project.write("x.yaml", EXPERIMENT + bot.replace("PLAYED", ""))
    like_people = project.troupe("plan", "x.yaml").out.splitlines()[-1]
    assert dollars(like_people)[0] > dollars(elsewhere)[0]


@pytest.mark.parametrize("variable", VARIABLES)
def test_every_provider_s_key_has_an_offer_with_a_price(
    variable: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, KEY)
    last = project.troupe("plan", "x.yaml").out.splitlines()[-1]
    assert re.match(r"an? .+ key is set: --model \S+/\S+, about \$0\.\d+", last)


@pytest.mark.parametrize("where", ["experiment", "config", "flag"])
def test_who_has_chosen_a_model_is_offered_none(where: str, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    if where == "experiment":
        project.write("x.yaml", EXPERIMENT + "model: local/smollm2-135m\n")
    if where == "config":
        project.write("config.ini", "[model]\npeople = local/smollm2-135m\n")
    flags = ["--model", "local/smollm2-135m"] if where == "flag" else []
    assert "key is set" not in project.troupe("plan", "x.yaml", *flags).out


def test_a_run_without_a_provider_says_it_before_it_begins(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "no-models"))
    ended = project.troupe("run", "x.yaml")
    assert ended.code == 4
    assert ended.err.startswith("a Groq key is set: --model groq/openai/gpt-oss-120b, about $0.0")
    assert KEY not in ended.err + ended.out
    assert "key is set:" not in project.troupe("run", "x.yaml", "--quiet").err


def test_doctor_prices_the_quickstart_where_there_is_one(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("XAI_API_KEY", KEY)
    without = project.troupe("doctor").out
    assert re.search(r"OPENAI_API_KEY +--model openai/gpt-5\S*-mini\n", without)
    assert re.search(r"XAI_API_KEY\n", without)
    project.write("experiments/quickstart.yaml", EXPERIMENT)
    shown = project.troupe("doctor").out
    assert re.search(r"OPENAI_API_KEY +--model openai/\S+, about \$0\.\d+ for experiments/quickstart.yaml\n", shown)
    [offer] = json.loads(project.troupe("doctor", "--json").out)["offers"]
    assert offer["variable"] == "OPENAI_API_KEY"
    assert 0 < offer["usd"]["low"] < offer["usd"]["high"]
    assert KEY not in without + shown + json.dumps(offer)


def test_a_broken_quickstart_keeps_doctor_from_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    project.write("experiments/quickstart.yaml", "troupe: 1\nnaem: x\n")
    ended = project.troupe("doctor")
    assert ended.code == 0
    assert re.search(r"OPENAI_API_KEY +--model openai/\S+\n", ended.out)


@pytest.mark.parametrize("provider", TITLES)
def test_the_model_that_is_offered_has_a_price_and_is_not_withdrawn(provider: str) -> None:
    prices = PriceTable()
    model = offered_model(provider, prices, TODAY)
    assert prices.price_of(ModelConfig(name=model.use, base_model=model.base_model))
    entry = prices.entry(model.base_model or model.use)
    assert str(entry.get("deprecation_date") or "9999") > TODAY.isoformat()


def test_a_model_that_has_been_withdrawn_is_followed_by_the_next() -> None:
    class Withdrawn(PriceTable):
        def entry(self, use: str) -> Mapping[str, Any]:
            entry = super().entry(use)
            return {**entry, "deprecation_date": "2027-02-01"} if use == "openai/gpt-5-mini" else entry

    before = offered_model("openai", Withdrawn(), dt.date(2026, 1, 1))
    after = offered_model("openai", Withdrawn(), dt.date(2027, 6, 1))
    assert (before.use, after.use) == ("openai/gpt-5-mini", "openai/gpt-5.4-mini")
