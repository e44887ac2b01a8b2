"""The pages of `troupe view` in a browser: a run that is going, and the list of runs."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from browsers import Opened, beside, browser, opened
from projects import PRICES, Project
from provider import FakeProvider, answer_for, schema_of

from tinytroupe_cli.api.viewing.opened_viewer import OpenedViewer, viewer_of
from tinytroupe_cli.runs.lock import locked

HOSTILE = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>"
TALK = f"""\
troupe: 1
name: talk
title: "Tea or coffee? {HOSTILE}"
seed: 3
factors: {{mood: [calm, loud]}}
personas: [lisa, oscar]
world: {{type: room, place: A kitchen, steps: 12}}
stimuli: [{{say: "The kitchen is {{{{ mood }}}}. Tea or coffee?"}}]
extract:
  - name: drink
    of: each person
    how: interview
    question: "What will you drink?"
    fields: {{cup: {{choice: [tea, coffee]}}, why: text}}
quality: {{guards: false}}
"""
WIDTHS = (390, 1024)
SCHEMES = ("light", "dark")


def hostile_answer(body):
    """Answer with a script in every word a person is free to choose."""
    told = json.loads(answer_for(body))
    properties = (schema_of(body) or {}).get("properties", {})
    free = [key for key, form in properties.items() if form.get("type") == "string" and "enum" not in form]
    return json.dumps({**told, **{key: f"{HOSTILE} {told[key]}" for key in free}})


class Going:
    """A finished run, made to go once more: its log is written again, line by line, while its lock is held."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._logs = {
            path: path.read_bytes().splitlines(keepends=True) for path in sorted(folder.rglob("events.jsonl"))
        }
        self._written = dict.fromkeys(self._logs, 0)
        self._manifest = (folder / "manifest.json").read_text()
        self._locks = contextlib.ExitStack()

    def begin(self, lines: int) -> None:
        manifest = json.loads(self._manifest) | {"status": "running", "ended": ""}
        (self.folder / "manifest.json").write_text(json.dumps(manifest))
        self._locks.enter_context(locked(self.folder / ".lock"))
        for path in self._logs:
            path.write_bytes(b"")
            self._written[path] = 0
        self.go_on(lines)

    def go_on(self, lines: int) -> None:
        for path, log in self._logs.items():
            place = self._written[path]
            with path.open("ab") as file:
                file.writelines(log[place : place + lines])
            self._written[path] = min(len(log), place + lines)

    def end(self) -> None:
        self.go_on(100_000)
        (self.folder / "manifest.json").write_text(self._manifest)
        self._locks.close()


@pytest.fixture(scope="module")
def running():
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    with FakeProvider(answer=hostile_answer) as fake:
        made = Project(tmp_path_factory.mktemp("talk"), fake.url, TALK + PRICES)
        ended = beside(made.run)
    assert ended.code == 0, ended.err
    damaged = made.folder / "results" / "old" / "2026-01-01T10-00-00-aaaa"
    damaged.mkdir(parents=True)
    (damaged / "manifest.json").write_text("{")
    return made


@pytest.fixture
def going(project: Project) -> Iterator[Going]:
    run = Going(next(path for path in project.runs if path.parent.name == "talk"))
    yield run
    run.end()


@pytest.fixture(scope="module")
def viewer(project: Project) -> Iterator[OpenedViewer]:
    started = viewer_of(project.folder / "results")
    yield started
    started.stop()


@contextlib.contextmanager
def shown(
    running, viewer: OpenedViewer, run: Going, *, width: int = 1024, scheme: str = "light", at: str = ""
) -> Generator[Opened]:
    address = f"{viewer.address}runs/talk/{run.folder.name}/"
    with opened(running, address, width=width, scheme=scheme, at=at) as found:
        yield found


def events(page) -> int:
    return int(page.inner_text("#transcript [role=status]").split(" of ")[-1].split()[0].replace(",", ""))


def wait_for_more(page, than: int) -> None:
    page.wait_for_function(
        "than => Number(document.querySelector('#transcript [role=status]').textContent"
        ".split(' of ').at(-1).split(' ')[0].replace(',', '')) > than",
        arg=than,
    )


def test_the_transcript_fills_while_the_run_goes_on(running, viewer: OpenedViewer, going: Going):
    going.begin(20)
    with shown(running, viewer, going) as found:
        page, before = found.page, events(found.page)
        assert page.locator("#latest-events li").count() > 0
        assert page.inner_text("[data-fact=trials]") == "0 of 2"
        assert "of" in page.inner_text("[data-fact=calls]")
        assert page.inner_text("[data-fact=cost]").startswith("$")
        going.go_on(10)
        wait_for_more(page, before)
        assert "step" in page.inner_text("#latest-events")
        assert page.title().endswith(f"% · Tea or coffee? {HOSTILE}")
        assert not found.console


def test_filters_and_the_place_that_is_read_stay(running, viewer: OpenedViewer, going: Going):
    going.begin(60)
    with shown(running, viewer, going) as found:
        page = found.page
        page.locator("#transcript [name=kind]").select_option("said")
        page.locator("#transcript [name=condition]").select_option(label="mood loud")
        page.locator("#transcript .rows").evaluate("view => { view.scrollTop = 400 }")
        page.wait_for_timeout(200)
        look = """() => {
          const top = document.querySelector(".rows").getBoundingClientRect().top;
          const rows = [...document.querySelectorAll(".rows .row")];
          const seen = rows.map((row) => [row.getBoundingClientRect().top - top, row.innerText]);
          return seen.filter(([height]) => height > 0).sort((a, b) => a[0] - b[0])[0];
        }"""
        before, text, count = *page.evaluate(look), events(page)
        page.locator("#transcript [name=text]").focus()
        going.go_on(12)
        wait_for_more(page, count)
        page.wait_for_timeout(200)
        after, same = page.evaluate(look)
        assert same == text
        assert abs(after - before) < 3
        assert page.evaluate("document.activeElement.name") == "text"
        assert page.locator("#transcript [name=kind]").input_value() == "said"
        assert "loud" in page.locator("#transcript [name=condition]").input_value()
        assert all(verb.startswith("says") for verb in page.locator(".rows .verb").all_inner_texts())


def test_who_reads_the_end_goes_on_with_it(running, viewer: OpenedViewer, going: Going):
    going.begin(60)
    with shown(running, viewer, going) as found:
        page, count = found.page, events(found.page)
        page.locator(".rows").evaluate("view => { view.scrollTop = view.scrollHeight }")
        page.wait_for_timeout(200)
        going.go_on(10)
        wait_for_more(page, count)
        page.wait_for_timeout(400)
        assert page.locator(".rows").evaluate("view => view.scrollHeight - view.scrollTop - view.clientHeight") < 40


def test_it_becomes_the_report_where_it_was_read(running, viewer: OpenedViewer, going: Going):
    going.begin(60)
    with shown(running, viewer, going) as found:
        page = found.page
        page.locator("#transcript [name=kind]").select_option("said")
        page.locator("#transcript .rows").evaluate("view => { view.scrollTop = 300 }")
        page.wait_for_timeout(200)
        going.end()
        page.wait_for_selector("nav a[href='#measures']", state="attached", timeout=60_000)
        page.wait_for_selector(".row.named")
        assert page.locator("#transcript [name=kind]").input_value() == "said"
        assert not found.console


def test_it_says_when_the_server_has_stopped(running, project: Project, going: Going):
    going.begin(20)
    stopping = viewer_of(project.folder / "results")
    with shown(running, stopping, going) as found:
        stopping.stop()
        found.page.wait_for_selector("#gone:not([hidden])", timeout=20_000)
        assert found.page.locator(".rows .row").count() > 0


def test_words_of_models_and_files_are_text(running, viewer: OpenedViewer, going: Going):
    going.begin(40)
    with shown(running, viewer, going) as found:
        assert any(HOSTILE in text for text in found.shown())
        assert HOSTILE in found.page.inner_text("#latest-events")
        found.page.goto(viewer.address)
        found.page.wait_for_selector("#runs li")
        assert HOSTILE in found.page.inner_text("#runs")
        assert found.page.evaluate("window.hacked") is None
        assert found.page.locator("main img, main script").count() == 0
        assert not found.console


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_both_pages_fit_and_axe_finds_nothing_serious(
    running, viewer: OpenedViewer, going: Going, width: int, scheme: str
):
    going.begin(40)
    with shown(running, viewer, going, width=width, scheme=scheme) as found:
        assert found.overflow() <= 0
        assert found.violations() == []
    with opened(running, viewer.address, width=width, scheme=scheme) as found:
        assert found.overflow() <= 0
        assert found.violations() == []
        assert not found.console


def test_the_list_follows_the_runs(running, viewer: OpenedViewer, going: Going):
    with opened(running, viewer.address) as found:
        page = found.page
        assert page.locator(".state.finished").count() == 1
        assert page.locator(".state.unreadable").count() == 1
        page.locator("#runs a").first.focus()
        going.begin(20)
        page.wait_for_selector(".state.running")
        assert page.evaluate("document.activeElement.closest('li')?.id").startswith("run-talk/")
        going.end()
        page.wait_for_selector(".state.finished")
        page.locator("#runs a").first.click()
        page.wait_for_selector("#measures")
        page.locator("nav .home a").click()
        page.wait_for_selector("#runs")
        assert not found.console
