"""Every code means something, is used, and its examples show what they say."""

import re
from pathlib import Path

import pytest

import tinytroupe_cli
from tinytroupe_cli.api.person_cards import check_person_file
from tinytroupe_cli.api.planning import compile_file
from tinytroupe_cli.api.populations import check_population_file
from tinytroupe_cli.core.codes import explanations
from tinytroupe_cli.core.errors import SpecError

PACKAGE = Path(tinytroupe_cli.__file__).parent
EXPLANATIONS = explanations()
TESTED = ["experiment", "persona", "population"]
SMALL = """\
troupe: 1
name: small
personas: [lisa]
world: {steps: 2}
"""


def laid_over(base, part):
    """Write the parts of an experiment that `part` doesn't mention, then `part`."""
    keys = re.findall(r"^([a-z]+):", part, re.MULTILINE)
    kept = [line for line in base.splitlines() if line.split(":")[0] not in keys]
    return "\n".join([*kept, part, ""])


PEOPLE = "id,buys\nlisa,yes\nann,no\n"
"""Human answers, in people.csv."""


def codes_of(example, folder):
    (folder / "people.csv").write_text(PEOPLE)
    names = {"experiment": "example.yaml", "persona": "personas/ann.yaml", "population": "populations/town.yaml"}
    path = folder / names[example.kind]
    path.parent.mkdir(exist_ok=True)
    path.write_text(laid_over(SMALL, example.text) if example.kind == "experiment" else example.text)
    if example.kind == "persona":
        return {finding.code for finding in check_person_file(path)}
    if example.kind == "population":
        return {finding.code for finding in check_population_file(path, folder)}
    try:
        return {finding.code for finding in compile_file(path, env={}, folder=folder).warnings}
    except SpecError as error:
        return {finding.code for finding in error.diagnostics}


def test_every_code_in_the_package_is_explained_and_every_explained_one_is_used():
    used = set()
    for path in PACKAGE.rglob("*.py"):
        used |= set(re.findall(r"[\"'](E\d{3})[\"']", path.read_text()))
    assert used == set(EXPLANATIONS)


@pytest.mark.parametrize("code", [code for code, one in EXPLANATIONS.items() if one.wrong.kind in TESTED])
def test_the_wrong_example_gives_the_code_and_the_right_one_gives_nothing(code, tmp_path):
    assert code in codes_of(EXPLANATIONS[code].wrong, tmp_path)
    assert codes_of(EXPLANATIONS[code].right, tmp_path) == set()


def test_few_examples_are_beyond_testing():
    beyond = [code for code, one in EXPLANATIONS.items() if one.wrong.kind not in TESTED]
    assert beyond == [
        "E109",
        "E112",
        "E113",
        "E207",
        "E209",
        "E316",
        "E324",
        "E325",
        "E530",
        "E515",
        "E570",
    ]
