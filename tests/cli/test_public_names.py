from __future__ import annotations

import subprocess
import sys

import pytest

import tinytroupe_cli


@pytest.mark.parametrize("name", tinytroupe_cli.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(tinytroupe_cli, name) is not None


def test_public_names_are_sorted_and_shown() -> None:
    assert tinytroupe_cli.__all__ == sorted(tinytroupe_cli.__all__)
    assert set(tinytroupe_cli.__all__) <= set(dir(tinytroupe_cli))


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'plya'"):
        _ = tinytroupe_cli.plya  # type: ignore[attr-defined]


def test_importing_the_package_imports_no_room() -> None:
    code = "import sys, tinytroupe_cli; assert not [n for n in sys.modules if n.startswith('tinytroupe_cli.')]"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
