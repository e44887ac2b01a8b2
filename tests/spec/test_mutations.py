"""Whatever happens to a file, it loads or is refused with a place.

`python tests/mutations.py` does this at length for everything that is shipped.
"""

from pathlib import Path

import pytest
from mutations import SHIPPED, a_project, checked, mutations

EVERYTHING = Path(__file__).parent / "samples" / "everything.txt"


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    (tmp_path / "project").mkdir()
    return a_project(tmp_path / "project")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_a_mutated_file_loads_or_is_refused_with_a_place(path, project):
    target = project / path.parent.name / path.name if path.suffix == ".yaml" else project / path.name
    outcomes = [checked(data, target) for data in mutations(path.read_bytes(), 8, path.name)]
    assert not any(outcome.lacks_place for outcome in outcomes)


def test_every_part_of_the_language_withstands_mutation(project):
    outcomes = [checked(data, project / "all.yaml") for data in mutations(EVERYTHING.read_bytes(), 200, "everything")]
    assert not any(outcome.lacks_place for outcome in outcomes)
    codes = set().union(*(outcome.codes for outcome in outcomes))
    assert {"E101", "E104", "E105", "E106", "E107", "E190"} <= codes


def test_the_same_seed_gives_the_same_mutations():
    one, two = (list(mutations(EVERYTHING.read_bytes(), 20, "again")) for _ in range(2))
    assert one == two
    assert len(set(one)) > 15
