"""Fills the templates of pages; everything in them is escaped."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from tinytroupe_cli.core.number_format import count, dollars
from tinytroupe_cli.language.compiled_templates import kept_environment
from tinytroupe_cli.reports.figures import humanized, percent
from tinytroupe_cli.reports.page_assets import FOLDER, PageName, content_policy, script, style


def with_code(text: str) -> Markup:
    """Return a text as HTML, what is between backticks as code."""
    parts = enumerate(text.split("`"))
    return Markup("").join(Markup("<code>{}</code>").format(part) if place % 2 else part for place, part in parts)


_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "count": count,
    "dollars": dollars,
    "humanized": humanized,
    "percent": percent,
    "with_code": with_code,
}


class Served(NamedTuple):
    """Where a page of `troupe view` is, as its links and requests need it."""

    home: str
    """Path from the page to the server's first page."""
    has_list: bool = True
    """Whether that is a list of runs."""


def page(template: str, variables: Mapping[str, Any]) -> bytes:
    """Return a template of html/, filled in, without characters that control terminals or the direction of writing."""
    return _CONTROLS.sub("\ufffd", _environment().get_template(template).render(**variables)).encode()


def assets(name: PageName) -> dict[str, str]:
    """Return a page's style sheet, its script, and the policy that allows these alone."""
    return {
        "policy": content_policy(name),
        "style": Markup(style(name)),  # noqa: S704 - files of ours
        "script": Markup(script(name)),  # noqa: S704 - files of ours
    }


def json_for_script(content: object) -> Markup:
    """Return JSON for a script element, which no text in it can end."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - escaped above


@cache
def _environment() -> Environment:
    made = kept_environment(FileSystemLoader(FOLDER), is_html=True)
    made.filters.update(_FILTERS)
    return made
