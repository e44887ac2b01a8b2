"""Chromium without a window: opens a page and notes what it prints, requests and gets wrong."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
T = TypeVar("T")
SERIOUS = ("serious", "critical")


@dataclass
class Opened:
    """A page, and what was noticed while it was open."""

    page: Page
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    """Addresses of all requests but those of the file itself."""

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def shown(self) -> list[str]:
        """Return the texts of the events that are drawn."""
        self.page.wait_for_timeout(60)
        return self.page.locator(".rows .row").all_inner_texts()

    def violations(self) -> list[str]:
        """Return what axe finds that is serious."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{one['id']}: {node['html'][:200]} {node['failureSummary']}"
            for one in found
            if one["impact"] in SERIOUS
            for node in one["nodes"]
        ]


def chromium_file() -> str:
    """Return Chromium's file; fails the test where there is none, as these tests must not be left out unseen."""
    found = os.environ.get("TROUPE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.fail("no Chromium: `apt-get install chromium`, or name its file in TROUPE_CHROMIUM", pytrace=False)
    return found


def beside(run: Callable[[], T]) -> T:
    """Do something in another thread: the browser's event loop is running in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(run).result()


@contextlib.contextmanager
def browser() -> Generator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_file(), args=ARGUMENTS)
        yield running
        running.close()


@contextlib.contextmanager
def opened(
    running: Browser, place: Path | str, *, width: int = 1024, scheme: str = "light", at: str = ""
) -> Generator[Opened]:
    """Open a file or an address, and wait until its script has run."""
    context = running.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # pyright: ignore[reportArgumentType] - light or dark
    found = Opened(context.new_page())
    found.page.on("console", lambda message: found.console.append(message.text))
    found.page.on("pageerror", lambda error: found.console.append(str(error)))
    found.page.on(
        "request", lambda request: found.requests.append(request.url) if not request.url.startswith("file:") else None
    )
    found.page.goto(f"{place.as_uri() if isinstance(place, Path) else place}{at}")
    found.page.wait_for_selector("html[data-ready]", state="attached", timeout=10_000)
    yield found
    context.close()
