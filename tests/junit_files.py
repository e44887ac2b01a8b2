"""JUnit files as a reader of them sees them, checked against the schema that Jenkins publishes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml import etree

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "reports" / "jenkins_junit.xsd"))


def read_junit(content: bytes) -> Any:
    """Return the root of a valid file; raises if it is not valid."""
    root = etree.fromstring(content)
    SCHEMA.assertValid(root)
    return root


def outcomes(root: Any) -> dict[str, str]:
    """Return test case -> passed, failure, skipped or error; names of several suites must differ."""
    found: dict[str, str] = {}
    for case in root.iter("testcase"):
        tags = [child.tag for child in case if child.tag not in {"system-out", "system-err"}]
        assert len(tags) <= 1
        found[case.get("name")] = tags[0] if tags else "passed"
    return found
