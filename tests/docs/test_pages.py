"""What README and the pages of docs/ show works: links, commands, samples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from projects import Project

from tinytroupe_cli.cli.app import COMMANDS
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.loader import load_experiment

CHECKOUT = Path(__file__).parents[2]
PAGES = (CHECKOUT / "README.md", CHECKOUT / "experiments" / "README.md", *sorted((CHECKOUT / "docs").rglob("*.md")))
HEAD = {"troupe": 1, "name": "sample", "personas": ["lisa"]}
MOST_WORDS_OF_README = 900
MOST_CHARACTERS = 120


def test_every_command_is_in_the_list_of_features() -> None:
    features = (CHECKOUT / "docs" / "features.md").read_text()
    assert not [name for name in COMMANDS if f"troupe {name}" not in features]


def test_the_readmes_experiment_is_right_and_its_mistake_is_answered_as_shown(tmp_path: Path) -> None:
    readme = (CHECKOUT / "README.md").read_text()
    example = readme.split("```yaml\n")[1].split("```")[0]
    project = Project(tmp_path)
    project.write("meal-kit.yaml", example)
    assert project.troupe("check", "meal-kit.yaml").code == 0
    project.write("meal-kit.yaml", example.replace('- say: "Three', '- sya: "Three'))
    told = project.troupe("check", "meal-kit.yaml")
    assert told.code == 2
    assert told.err.strip() in readme


def test_the_readme_stays_short() -> None:
    assert len((CHECKOUT / "README.md").read_text().split()) <= MOST_WORDS_OF_README


def test_every_link_leads_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
            assert target.startswith("http") or (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_link_to_a_heading_finds_it() -> None:
    for page in PAGES:
        for target, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", page.read_text()):
            other = page.parent / target if target else page
            assert anchor in _anchors(other.read_text()), f"{page.name}: {target}#{anchor}"


def test_no_line_of_text_is_longer_than_120_characters() -> None:
    for page in PAGES:
        prose = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
        long = [line for line in prose.splitlines() if len(line) > MOST_CHARACTERS and not line.startswith("|")]
        assert not long, f"{page.name}: {long}"


def _samples() -> Iterator[tuple[str, str]]:
    """Yield every YAML block that shows keys of an experiment, with its page."""
    for page in PAGES:
        for number, block in enumerate(re.findall(r"^```yaml\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)):
            if yaml.safe_load(block).keys() <= Experiment.model_fields.keys():
                yield f"{page.stem}-{number}", block


@pytest.mark.parametrize("sample", [pytest.param(block, id=name) for name, block in _samples()])
def test_every_sample_is_read_without_complaint(sample: str) -> None:
    missing = {key: value for key, value in HEAD.items() if key not in yaml.safe_load(sample)}
    text = f"{yaml.safe_dump(missing)}\n{sample}" if missing else sample
    assert load_experiment(text, "sample.yaml", env={"BOT_KEY": "x"})


def _anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
