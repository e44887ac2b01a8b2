"""Whatever somebody hands to `troupe check`, it is accepted or refused within seconds: no traceback, no exit code 3.

`python -m tests.faults --inputs 10000` does this at length.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from faults.checking import a_project, checked, memory, quiet_environment
from faults.hostile_inputs import HostileInput, hostile_inputs
from hypothesis import HealthCheck, given, settings

INPUTS = 250
MEMORY = 500
"""MB that the inputs may add to the most memory that the test session had before."""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "HOME"):
            patch.setenv(name, str(tmp_path_factory.mktemp("user")))
        quiet_environment(tmp_path_factory.mktemp("user"))
        yield a_project(tmp_path_factory.mktemp("inputs") / "project")


@pytest.fixture(scope="module")
def memory_before():
    return memory()


@settings(max_examples=INPUTS, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(one=hostile_inputs(with_documents=False))
def test_a_hostile_input_is_accepted_or_refused(one: HostileInput, project: Path, memory_before: int) -> None:
    outcome = checked(one, project)

    assert outcome.code in (0, 2), outcome.output
    assert memory() - memory_before < MEMORY
