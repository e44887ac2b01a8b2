"""Runs the tests of a known truth in their long form, and prints every figure with its bar.

`python tests/truth_table.py [--draws 2000] [--only WORDS]`
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pytest

DRAWS = "TROUPE_TRUTH"
"""The variable that `rates` reads when the tests import it."""
FOLDER = Path(__file__).parent / "truth"


class Table:
    """Collects the figures of each test as its report comes in."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, str]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the figures that the test noted; a test that failed without one has a row too."""
        if report.when == "call" and report.failed:
            self.rows.append((_proof(report.nodeid), "", "", "failed"))
        if report.when != "teardown":
            return
        for value, low, high in dict(report.user_properties).get("figures", []):
            holds = (low is None or value >= low) and (high is None or value <= high)
            self.rows.append((_proof(report.nodeid), f"{value:.4f}", _bar(low, high), "holds" if holds else "outside"))


def _proof(nodeid: str) -> str:
    return nodeid.rpartition("::test_")[2].replace("_", " ")


def _bar(low: float | None, high: float | None) -> str:
    if low is None:
        return f"at most {high:.3f}"
    return f"at least {low:.3f}" if high is None else f"{low:.3f} to {high:.3f}"


def main() -> int:
    """Run the tests and print the table in Markdown; return pytest's exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=2000, help="draws of each generator")
    parser.add_argument("--only", default="", help="only tests whose names match, as in pytest -k")
    asked = parser.parse_args()
    os.environ[DRAWS] = str(asked.draws)
    table = Table()
    code = pytest.main([str(FOLDER), "-m", "truth", "-q", "-k", asked.only], plugins=[table])
    print("\n| proof | figure | bar | |\n|---|---|---|---|")
    for row in sorted(table.rows):
        print(f"| {' | '.join(row)} |")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
