"""What no report may say (docs/statistics.md): claims about real people, and words that promise too much."""

import re
from pathlib import Path

import pytest

import tinytroupe_cli

TEMPLATES = sorted((Path(tinytroupe_cli.__file__).parent / "reports" / "templates").glob("*.jinja"))
FORBIDDEN = (
    r"\b(?:consumers|customers|voters|users) will\b",
    r"\bproves?\b",
    r"\brepresentative\b",
    r"\bno effect\b",
    r"\bno difference\b(?! could be shown)",
    r"(?<!statistically )\bsignificant\b",
)


def words_of(template: Path) -> str:
    """Return a template's text without its comments and its code."""
    return " ".join(re.sub(r"\{([#%{]).*?[#%}]\}", "", template.read_text(), flags=re.DOTALL).split())


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_makes_a_forbidden_claim(template):
    found = [match.group() for claim in FORBIDDEN for match in re.finditer(claim, words_of(template), re.IGNORECASE)]
    assert found == []


@pytest.mark.parametrize(
    "sentence", ["Customers will buy it.", "This proves it.", "There is no difference.", "A significant gain."]
)
def test_a_forbidden_claim_is_found(sentence):
    assert any(re.search(claim, sentence, re.IGNORECASE) for claim in FORBIDDEN)
