"""numpy computes comparisons with one thread, unless the user says otherwise."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
import tinytroupe_cli.analysis.permutation as module, os
print(os.environ["OPENBLAS_NUM_THREADS"])
"""


@pytest.mark.parametrize(("own", "used"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2")], ids=["default", "own"])
def test_the_number_of_threads_is_one_or_the_users(own, used):
    known = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env={**known, **own}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == used
