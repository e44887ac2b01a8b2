"""The page's style sheet and script, put together from the files of html/ when a report is written.

The script's modules import each other by name, so that they can be read, tested and served one by one; in the page
they are one script, without its imports and exports.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final

from tinytroupe_cli.reports.charts.chart_theme import style_rules

FOLDER: Final = Path(__file__).parent / "html"
MODULES: Final = ("page_data", "address", "rows", "virtual_list", "calls", "life", "transcript", "tables", "main")
"""Modules in the order in which they need each other."""
_IMPORT: Final = re.compile(r'^import \{[^}]*\} from "\./\w+\.js";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:function|const|class) )", re.MULTILINE)


@cache
def style() -> str:
    """Return the style sheet, with the colors of charts."""
    return style_rules() + (FOLDER / "page.css").read_text(encoding="utf-8")


@cache
def script() -> str:
    """Return all modules as one."""
    texts = [(FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in MODULES]
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in texts)


def content_policy() -> str:
    """Return the content security policy: this style sheet and this script, and no request to anywhere."""
    rules = {
        "default-src": "'none'",
        "script-src": f"'sha256-{_digest(script())}'",
        "style-src": f"'sha256-{_digest(style())}'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
