"""A run that may cost more than the user wants to be asked about is agreed to first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from projects import MODEL, Project
from provider import FakeProvider
from terminals import answered

PEOPLE = "troupe: 1\nname: x\npersonas: [lisa]\nworld: {type: interviews, steps: 1}\nstimuli: [{say: Hello}]\n"
DEAR = f"prices: {{{MODEL}: {{input: 9000, output: 9000}}}}\n"


def test_without_a_terminal_a_dear_run_needs_a_word(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        here = Project(tmp_path, fake.url, PEOPLE + DEAR)
        refused = here.run()
        assert refused.code == 2
        assert "could cost $" in refused.err
        assert "--yes" in refused.err
        assert "--max-cost" in refused.err
        assert not fake.requests
        assert here.run("--yes").code == 0
        assert here.run("--max-cost", "0.000001", "--no-cache", "--seed", "4").code == 5
        here.write("x.yaml", PEOPLE + DEAR + "limits: {usd: 500}\n")
        assert here.run().code == 0


def test_the_threshold_is_a_setting(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        here = Project(tmp_path, fake.url, PEOPLE + DEAR)
        config = (tmp_path / "config.ini").read_text()
        here.write("config.ini", config + "[run]\nask_above = 10000\n")
        assert here.run().code == 0


def asking_above(here: Project, usd: float) -> None:
    config = (here.folder / "config.ini").read_text().partition("ask_above")[0]
    here.write("config.ini", f"{config}ask_above = {usd:.6f}\n")  # its last section is [run]


def estimate(here: Project) -> dict[str, float]:
    """Return the lower and the higher end of what the experiment may cost."""
    (role,) = json.loads(here.run("--dry-run", "--json").out)["estimate"]["roles"]
    return role["usd"]


def test_the_most_that_a_run_may_cost_counts(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        here = Project(tmp_path, fake.url, PEOPLE + DEAR)
        cost = estimate(here)
        assert cost["low"] < cost["high"]
        asking_above(here, (cost["low"] + cost["high"]) / 2)
        assert here.run().code == 2
        assert not fake.requests
        asking_above(here, cost["high"] * 1.01)
        assert here.run().code == 0


def test_what_all_runs_of_a_command_may_cost_counts(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        here = Project(tmp_path, fake.url, PEOPLE + DEAR)
        here.write("y.yaml", (PEOPLE + DEAR).replace("name: x", "name: y"))
        asking_above(here, estimate(here)["high"] * 1.5)
        both = here.troupe("run", "x.yaml", "y.yaml", "--model", MODEL)
        assert both.code == 2
        assert "These 2 runs could cost $" in both.err
        assert not fake.requests
        assert here.run().code == 0


def test_on_a_terminal_it_asks_once_with_the_range(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        here = Project(tmp_path, fake.url, PEOPLE + DEAR + "limits: {usd: 500}\n")
        code, shown = answered(here, "n\n")
        assert code == 2
        assert "could cost $" in shown
        assert not fake.requests
        code, shown = answered(here, "y\n")
        assert code == 0, shown


def test_servers_on_this_machine_cost_nothing_and_pass(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        assert Project(tmp_path, fake.url, PEOPLE).run().code == 0


def test_an_unknown_price_is_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-planted-4711")
    here = Project(tmp_path, "", PEOPLE)
    refused = here.troupe("run", "x.yaml", "--model", "openrouter/nobody/knows-it")
    assert refused.code == 2
    assert "the price of openrouter/nobody/knows-it is unknown" in refused.err


def test_a_branch_is_bounded_and_asked_about(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        here = Project(tmp_path, fake.url, PEOPLE + DEAR)
        assert here.run("--yes").code == 0
        branch = ["branch", str(here.runs[0]), "--at", "1", "--say", "Once more"]
        assert here.troupe(*branch).code == 2
        assert here.troupe(*branch, "--max-cost", "0.000001").code == 5
        assert here.troupe(*branch, "--yes").code == 0


@pytest.mark.parametrize(
    "command",
    [
        ["ask", "results", "lisa", "Why?"],
        ["enrich", "text.txt"],
        ["restyle", "text.txt", "--style", "brief"],
        ["persona", "new", "a retired nurse"],
        ["persona", "validate", "lisa", "--expect", "She cooks"],
        ["persona", "sample", "town", "--size", "2"],
    ],
)
def test_other_commands_that_call_a_model_know_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-4711")
    with FakeProvider() as fake:
        here = Project(tmp_path, fake.url, PEOPLE)
        here.write("text.txt", "Some text.")
        here.write("populations/town.yaml", "troupe-population: 1\nname: town\nattributes: {age: {range: [20, 60]}}\n")
        assert here.run().code == 0
        if command[0] == "ask":
            plan = here.runs[0] / "plan.json"
            text = json.loads(plan.read_text())
            for use in text["models"].values():
                if isinstance(use, dict):
                    use["server"] = "http://shop.example"
                    use["api_base"] = None
            plan.write_text(json.dumps(text))
        here.write("config.ini", f"[model]\npeople = {MODEL}\n[cache]\nfolder = {tmp_path / 'cache'}\n")
        before = len(fake.requests)
        ended = here.troupe(*command, "--max-cost", "0.0000001")
        assert ended.code == 5, ended.err
        assert len(fake.requests) == before
