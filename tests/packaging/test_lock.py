"""CI installs the versions of .ci/requirements.txt, by the hashes of their files."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).parents[2]
LOCK = CHECKOUT / ".ci" / "requirements.txt"
ENTRY = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+)(?P<rest>(?:.*\\\n)*.*)", re.MULTILINE)


def locked() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in ENTRY.finditer(LOCK.read_text(encoding="utf-8")):
        assert "--hash=sha256:" in entry["rest"], f"{entry['name']} has no hash"
        found.setdefault(canonicalize_name(entry["name"]), []).append(entry["version"])
    return found


def test_every_dependency_is_locked_in_a_version_that_pyproject_allows() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [one for name in ("local", "dev") for one in project["optional-dependencies"][name]]
    wanted = [Requirement(one) for one in (*project["dependencies"], *extras)]
    versions = locked()
    wrong = [
        str(one)
        for one in wanted
        if not any(one.specifier.contains(version) for version in versions.get(canonicalize_name(one.name), []))
    ]
    assert not wrong, "run .ci/lock"


def test_the_lock_names_no_registry() -> None:
    assert "://" not in LOCK.read_text(encoding="utf-8")
