"""The style sheets and scripts of pages, put together from the files of html/ when a page is made.

A script's modules import each other by name, so that they can be read, tested and served one by one; in the page
they are one script, without its imports and exports.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final, Literal

from tinytroupe_cli.reports.charts.chart_theme import style_rules

PageName = Literal["report", "served_report", "live", "runs"]
"""The file report.html; the same with a way back, as `troupe view` serves it; a run that is going; the list of runs."""

FOLDER: Final = Path(__file__).parent / "html"
_TRANSCRIPT: Final = ("page_data", "address", "rows", "virtual_list", "calls", "life", "transcript")
MODULES: Final[dict[PageName, tuple[str, ...]]] = {
    "report": (*_TRANSCRIPT, "tables", "main"),
    "served_report": (*_TRANSCRIPT, "tables", "main", "presence"),
    "live": (*_TRANSCRIPT, "presence", "live"),
    "runs": ("presence", "refresh"),
}
"""The modules of each page's script, in the order in which they need each other."""
_IMPORT: Final = re.compile(r'^import \{[^}]*\} from "\./\w+\.js";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:function|const|class) )", re.MULTILINE)


@cache
def style(page: PageName = "report") -> str:
    """Return the style sheet, with the colors of charts."""
    files = ["page.css"] if page == "report" else ["page.css", "view.css"]
    return style_rules() + "".join((FOLDER / file).read_text(encoding="utf-8") for file in files)


@cache
def script(page: PageName = "report") -> str:
    """Return all modules as one."""
    texts = [(FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in MODULES[page]]
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in texts)


@cache
def content_policy(page: PageName = "report") -> str:
    """Return the content security policy: this style sheet and this script; requests only from pages of a server."""
    rules = {
        "default-src": "'none'",
        "script-src": f"'sha256-{_digest(script(page))}'",
        "style-src": f"'sha256-{_digest(style(page))}'",
        "img-src": "data:",
        **({} if page == "report" else {"connect-src": "'self'"}),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
