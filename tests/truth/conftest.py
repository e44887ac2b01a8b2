"""Keeps the figures of each test with its report, for `python tests/truth_table.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from rates import noting


@pytest.fixture(autouse=True)
def _figures(record_property: Callable[[str, object], None]) -> Iterator[None]:
    with noting() as figures:
        yield
        record_property("figures", [list(figure) for figure in figures])
