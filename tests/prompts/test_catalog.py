from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, meta

from tinytroupe_cli import prompts
from tinytroupe_cli.prompts.catalog import PROMPTS, PersonAnswer, render, source

FOLDER = Path(prompts.__file__).parent


@pytest.mark.parametrize("name", sorted(PROMPTS))
def test_declared_variables_are_the_ones_a_prompt_uses(name: str) -> None:
    tree = Environment(autoescape=False).parse(source(name))
    assert meta.find_undeclared_variables(tree) == set(PROMPTS[name].model_fields)


@pytest.mark.parametrize("name", sorted(PROMPTS))
def test_a_prompt_opens_with_the_names_of_its_variables(name: str) -> None:
    opening = source(name).split("#}", maxsplit=1)[0].split("Variables: ")[1]
    assert all(variable in opening for variable in PROMPTS[name].model_fields)


def test_no_prompt_is_unused_and_none_is_missing() -> None:
    files = {path.relative_to(FOLDER).as_posix().removesuffix(".md.jinja") for path in FOLDER.rglob("*.jinja")}
    assert files == set(PROMPTS)


def test_another_prompts_variables_are_refused() -> None:
    with pytest.raises(TypeError, match="person/system is filled in with PersonSystem"):
        render("person/system", PersonAnswer(name="Lisa", question="Well?"))
