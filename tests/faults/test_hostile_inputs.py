"""Whatever somebody hands to `troupe check`, it is accepted or refused within seconds: no traceback, no exit code 3.

`python -m tests.faults --inputs 10000` does this at length.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from faults.arena import quiet_settings
from faults.checking import MEMORY, a_project, checked
from faults.hostile_inputs import HostileInput, hostile_inputs
from hypothesis import HealthCheck, given, settings

INPUTS = 250


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in quiet_settings(tmp_path_factory.mktemp("user")).items():
            patch.setenv(name, value)
        yield a_project(tmp_path_factory.mktemp("inputs") / "project")


@settings(max_examples=INPUTS, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(one=hostile_inputs(with_documents=False))
def test_a_hostile_input_is_accepted_or_refused(one: HostileInput, project: Path) -> None:
    outcome = checked(one, project)

    assert outcome.code in (0, 2), outcome.output
    assert outcome.megabytes < MEMORY
