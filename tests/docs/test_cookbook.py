"""Every recipe of the cookbook is right as it stands, and its commands run, with the fake provider over HTTP."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest
from page_files import files_shown
from projects import FORMATS, MODEL, Project
from provider import FakeProvider
from stated_answers import stated

PAGE = (Path(__file__).parents[2] / "docs" / "cookbook.md").read_text(encoding="utf-8")
FEWEST_RECIPES = 12


@dataclass(frozen=True)
class Recipe:
    """A chapter: its experiment, the other files it shows, and its commands."""

    title: str
    text: str

    @property
    def experiment(self) -> str:
        [found] = [
            block
            for block in re.findall(r"^```yaml\n(.*?)^```", self.text, re.MULTILINE | re.DOTALL)
            if "troupe: 1" in block
        ]
        return found

    @property
    def commands(self) -> list[list[str]]:
        [block] = re.findall(r"^```bash\n(.*?)^```", self.text, re.MULTILINE | re.DOTALL)
        return [shlex.split(line, comments=True)[1:] for line in block.splitlines()]

    @property
    def file(self) -> str:
        """The name under which its commands run it."""
        return next(word for command in self.commands if command[0] == "run" for word in command[1:])


RECIPES = [Recipe(chapter.partition("\n")[0], chapter) for chapter in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]]
every_recipe = pytest.mark.parametrize("recipe", [pytest.param(recipe, id=recipe.title) for recipe in RECIPES])


def written(recipe: Recipe, folder: Path, url: str = "") -> Project:
    """A project with a recipe's files, and nothing else."""
    project = Project(folder, url)
    (folder / "x.yaml").unlink()
    settings = f"[model]\npeople = {MODEL}\napi_base = {url}\n[cache]\nfolder = {folder / 'cache'}\n{FORMATS}"
    project.write("config.ini", settings)
    for name, text in files_shown(recipe.text).items():
        project.write(name, text)
    project.write(recipe.file, recipe.experiment)
    return project


def test_there_are_twelve_recipes_and_the_table_lists_each() -> None:
    assert len(RECIPES) >= FEWEST_RECIPES
    assert re.findall(r"^\|[^|]*\| \[(.*?)\]", PAGE, re.MULTILINE) == [recipe.title for recipe in RECIPES]


@every_recipe
def test_a_recipe_says_what_to_look_at_and_what_it_cannot_show(recipe: Recipe) -> None:
    assert "**Look at** " in recipe.text
    assert "**Caveat:** " in recipe.text


@every_recipe
def test_a_recipe_has_no_error(recipe: Recipe, tmp_path: Path) -> None:
    ended = written(recipe, tmp_path).troupe("check", recipe.file, "--json")
    assert ended.code == 0, ended.out + ended.err
    findings = [finding["code"] for finding in json.loads(ended.out)["findings"]]
    assert [code for code in findings if code not in recipe.text] == [], "the recipe names each warning that it causes"


@every_recipe
def test_the_commands_of_a_recipe_run(recipe: Recipe, tmp_path: Path) -> None:
    with FakeProvider(answer=stated) as fake:
        project = written(recipe, tmp_path, fake.url)
        for command in recipe.commands:
            ended = project.troupe(*command)
            assert ended.code == 0, f"{command}\n{ended.out}{ended.err}"
    assert project.results["status"] == "finished"
    assert project.results["rows"] or (project.runs[-1] / "data").exists()
