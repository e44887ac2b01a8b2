"""The manual builds as a site without a warning, and a reader's browser fetches it from nowhere else."""

from __future__ import annotations

import functools
import os
import re
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

import pytest
from browsers import Opened, browser

CHECKOUT = Path(__file__).parents[2]
WIDTHS = (390, 1024, 1600)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; mkdocs can reach no other machine."""
    folder = tmp_path_factory.mktemp("site")
    nowhere = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9")
    ended = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=CHECKOUT,
        env={**os.environ, **nowhere, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return folder


def test_every_page_of_docs_is_in_the_site(site: Path) -> None:
    pages = (path.relative_to(CHECKOUT / "docs") for path in (CHECKOUT / "docs").rglob("*.md"))
    assert not [page for page in pages if not (site / page.with_suffix(".html")).exists()]


def test_links_to_files_outside_docs_lead_to_their_pages(site: Path) -> None:
    start = (site / "index.html").read_text(encoding="utf-8")
    for page in ("project/experiments/index.html", "project/tinytroupe_cli/core/codes.html"):
        assert f'href="{page}"' in start
        assert (site / page).exists()
    codes = (site / "project/tinytroupe_cli/core/codes.html").read_text(encoding="utf-8")
    assert "<h1" in codes
    assert len(re.findall(r"<h2 id=\"e\d", codes)) > 50


@contextmanager
def served(folder: Path) -> Generator[str]:
    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the library
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_reader_s_browser_asks_no_other_machine_finds_a_word_and_scrolls_only_down(site: Path) -> None:
    with served(site) as address, browser() as running:
        page = running.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for name in ("index", "tutorial", "cookbook", "report", "statistics"):
                page.goto(f"{address}/{name}.html")
                wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                assert wider == 0, f"{name} at {width}"
        page.locator("[data-md-component=search-query]").fill("rectification")
        page.locator(".md-search-result__link").first.wait_for(timeout=10_000)
        assert all(url.startswith((address, "blob:")) for url in asked), asked


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_the_pages(site: Path, scheme: Literal["light", "dark"]) -> None:
    with browser() as running:
        page = running.new_context(viewport={"width": 390, "height": 900}, color_scheme=scheme).new_page()
        for name in ("index", "tutorial", "cookbook", "statistics", "reference"):
            page.goto((site / f"{name}.html").as_uri())
            page.wait_for_load_state("load")
            page.wait_for_timeout(300)
            assert Opened(page).violations() == [], name
