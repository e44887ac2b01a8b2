"""Judged suites as JUnit XML, in the dialect that Jenkins publishes a schema for (junit-10.xsd of its xUnit plugin).

GitLab and Azure Pipelines read the same file. An inconclusive expectation that fails nothing is a skipped test: the
only state the format has for a test that ran and decided nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

from tinytroupe_cli.core.safe_text import safe_text
from tinytroupe_cli.reports.judged_suites import RUN_CASE, JudgedCase, JudgedSuite

_NOT_XML: Final = re.compile(
    r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
)
"""What XML 1.0 can't hold, and what moves the cursor or turns text around where it is shown."""


def junit_xml(suites: Sequence[JudgedSuite]) -> bytes:
    """Return the file's content, UTF-8; characters that XML or a terminal can't show are written as numbers."""
    root = ET.Element("testsuites", {"name": "troupe", **_totals(suites)})
    for suite in suites:
        _add_suite(root, suite)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _totals(suites: Sequence[JudgedSuite]) -> dict[str, str]:
    return {
        "tests": str(sum(len(suite.cases) for suite in suites)),
        "failures": str(sum(suite.failures for suite in suites)),
        "errors": str(sum(suite.count("error") for suite in suites)),
        "time": f"{sum(suite.seconds for suite in suites):.3f}",
    }


def _add_suite(root: ET.Element, suite: JudgedSuite) -> None:
    skipped = sum(case.verdict == "inconclusive" and not case.is_failure for case in suite.cases)
    element = ET.SubElement(
        root,
        "testsuite",
        {"name": _clean(suite.name), "file": _clean(suite.file), **_totals([suite]), "skipped": str(skipped)},
    )
    if suite.started:
        element.set("timestamp", suite.started)
    properties = ET.SubElement(element, "properties")
    cost = "" if suite.usd is None else f"{suite.usd:.6f}"
    for name, value in (("report", suite.report), ("usd", cost), ("answer", suite.answer)):
        if value:
            ET.SubElement(properties, "property", name=name, value=_clean(value))
    for case in suite.cases:
        _add_case(element, suite, case)


def _add_case(parent: ET.Element, suite: JudgedSuite, case: JudgedCase) -> None:
    seconds = suite.seconds if case.name == RUN_CASE else 0.0
    element = ET.SubElement(
        parent, "testcase", name=_clean(case.name), classname=f"troupe.{_clean(suite.name)}", time=f"{seconds:.3f}"
    )
    place = f"{suite.file}:{case.line}" if case.line else suite.file
    match case.verdict:
        case "passed":
            if case.message:
                ET.SubElement(element, "system-out").text = _clean(case.message)
            return
        case "error":
            tag = "error"
        case _:
            tag = "failure" if case.is_failure else "skipped"
    told = ET.SubElement(element, tag, type=case.verdict, message=_clean(case.message))
    told.text = _clean(f"{place}\n{case.name}\n{case.message}")


def _clean(text: str) -> str:
    return _NOT_XML.sub(_number, safe_text(text))


def _number(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004 - two digits
