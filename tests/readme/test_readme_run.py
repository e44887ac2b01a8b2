"""README shows what the quickstart prints, for the seed as shipped."""

from __future__ import annotations

import readme_run


def test_readme_shows_what_the_quickstart_prints_with_its_recorded_calls() -> None:
    assert readme_run.printed() == readme_run.in_readme(), "python tests/readme_run.py [--record] writes it"
