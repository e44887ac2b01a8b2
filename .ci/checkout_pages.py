"""A hook of mkdocs: pages of the checkout outside docs/ become pages of the site, under project/.

Links are written for GitHub, relative to the file they are in; here they are made to fit the site.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

CHECKOUT: Final = Path(__file__).resolve().parents[1]
PAGES: Final = ("README.md", "CHANGELOG.md", "SECURITY.md", "experiments/README.md", "tinytroupe_cli/core/codes.md")
SHOWN: Final = ("experiments/**/*.yaml", "experiments/support/*.py")
"""Files that pages link to; the site has copies."""
_LINK: Final = re.compile(r"(?<=\]\()(?P<target>[^)\s#:]+)(?P<anchor>#[^)\s]*)?(?=\))")
_CODE: Final = re.compile(r"^# (?=E\d)", re.MULTILINE)
"""A heading of core/codes.md, whose explanations are chapters."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what is outside docs/."""
    shown = (path.relative_to(CHECKOUT).as_posix() for pattern in SHOWN for path in sorted(CHECKOUT.glob(pattern)))
    for name in (*PAGES, *shown):
        files.append(File.generated(config, f"project/{name}", abs_src_path=str(CHECKOUT / name)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Turn links between files of the checkout into links between files of the site."""
    here = page.file.src_uri
    written_in = here.removeprefix("project/") if here.startswith("project/") else f"docs/{here}"

    def of_the_site(link: re.Match[str]) -> str:
        meant = posixpath.normpath(posixpath.join(posixpath.dirname(written_in), link["target"]))
        if not (CHECKOUT / meant).exists():
            return link[0]  # mkdocs says so
        target = meant.removeprefix("docs/") if meant.startswith("docs/") else f"project/{meant}"
        return posixpath.relpath(target, posixpath.dirname(here) or ".") + (link["anchor"] or "")

    text = _LINK.sub(of_the_site, markdown)
    return f"# Error codes\n\n{_CODE.sub('## ', text)}" if here.endswith("/codes.md") else text
