"""troupe view and troupe run --view: runs in a browser, over real HTTP on loopback."""

from __future__ import annotations

import json
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from projects import EXPERIMENT, PRICES, Project, fingerprint
from provider import FakeProvider
from terminals import answered
from viewers import ask, viewed, wait_for

from tinytroupe_cli.api.viewing.live_run import LiveRun
from tinytroupe_cli.api.viewing.opened_viewer import OpenedViewer, viewer_of
from tinytroupe_cli.cli.viewer import has_browser
from tinytroupe_cli.core.clock import WallClock
from tinytroupe_cli.runs.folder import RunFolder

ROOM = (
    EXPERIMENT.replace("name: tea", "name: room\ntitle: Tea <b>or</b> coffee?").replace("steps: 3", "steps: 4") + PRICES
)
HTML = "report: {formats: [json, html]}\n"
FAILING = "expect: [\"drink.cup.share('tea') > 0.9\", \"drink.cup.share('coffee') > 0.9\"]\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Two finished runs, and a secret beside them."""
    with FakeProvider() as fake:
        made = Project(tmp_path_factory.mktemp("view"), fake.url, EXPERIMENT + PRICES + HTML)
        assert made.run().code == 0
        made.write("x.yaml", ROOM)
        assert made.run().code == 0
        made.write("secret.txt", "a secret")
        yield made


@pytest.fixture(scope="module")
def viewer(project: Project) -> Iterator[OpenedViewer]:
    started = viewer_of(project.folder / "results")
    yield started
    started.stop()


def page_of(viewer: OpenedViewer, name: str) -> str:
    """Return the address of a run's page, as the list links it."""
    found = re.search(rf'href="(runs/{name}/[^"]+)"', ask(viewer.address).body)
    assert found
    return viewer.address + found[1]


def test_the_list_has_each_run_with_its_state_its_progress_its_cost_and_its_answer(viewer: OpenedViewer) -> None:
    text = re.sub(r"<[^>]+>", " ", ask(viewer.address).body.split("<main>")[1].split("<script")[0])
    newest, older = text.split("Finished")[0], text
    assert "Tea &lt;b&gt;or&lt;/b&gt; coffee?" in newest
    for words in ("2 people", "1 trial", "$0.00", "results", "Cup:", "tea/"):
        assert words in older


def test_a_finished_runs_page_is_its_report(project: Project, viewer: OpenedViewer) -> None:
    page = ask(page_of(viewer, "tea"))
    written = (project.runs[0] / "report.html").read_text()
    for part in (
        r"<main>.*</main>",
        r'<script type="application/json".*?</script>',
        r'<script type="text/plain".*?</script>',
    ):
        [shown], [own] = re.findall(part, page.body, re.DOTALL), re.findall(part, written, re.DOTALL)
        assert shown == own
    assert 'href="../../../">All runs' in page.body
    assert "All runs" not in written


def test_looking_changes_no_file(project: Project, viewer: OpenedViewer) -> None:
    before = fingerprint(project.folder)
    ask(viewer.address)
    ask(page_of(viewer, "tea"))
    ask(page_of(viewer, "room") + "state")
    assert fingerprint(project.folder) == before


@pytest.mark.parametrize(
    "host", ["attacker.example", "attacker.example:80", "127.0.0.1.attacker.example", "", "[::ffff:127.0.0.1]", None]
)
def test_a_request_under_another_name_is_refused(viewer: OpenedViewer, host: str | None) -> None:
    got = ask(viewer.address, host=" " if host == "" else host)
    assert got.status == 403
    assert "Runs" not in got.body


@pytest.mark.parametrize("host", ["localhost:9000", "127.0.0.1", "[::1]:9000"])
def test_the_end_of_a_tunnel_is_this_machine(viewer: OpenedViewer, host: str) -> None:
    assert ask(viewer.address, host=host).status == 200


def test_without_the_key_nothing_is_shown(viewer: OpenedViewer) -> None:
    root = viewer.address.rsplit("/", 2)[0]
    for path in ("/", "", "/runs/tea/", f"/{'x' * 32}/", "/open/x", "/open/"):
        got = ask(root + path)
        assert (got.status, "key" in got.body) == (403, True)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_get_and_head_are_answered(viewer: OpenedViewer, method: str) -> None:
    got = ask(viewer.address, method=method, Origin="http://attacker.example")
    assert got.status == 405
    assert got.headers["allow"] == "GET, HEAD"
    assert not any(name.startswith("access-control") for name in got.headers)


def test_head_has_the_headers_alone(viewer: OpenedViewer) -> None:
    got = ask(viewer.address, method="HEAD")
    assert (got.status, got.body) == (200, "")
    assert int(got.headers["content-length"]) > 1_000


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "..%2fsecret.txt",
        "runs/../secret.txt",
        "runs/tea/..%2f..%2f..%2fsecret.txt/",
        "runs/..%2f../secret.txt/",
        "runs/tea/latest/",
        "runs/tea/%00/",
        "runs//etc/passwd/",
        "runs/tea/RUN/manifest.json",
        "runs/tea/RUN/%2e%2e/RUN/",
        "runs/tea/RUN/calls.sqlite",
        "x" * 3_000,
    ],
)
def test_no_address_leads_to_a_file(project: Project, viewer: OpenedViewer, path: str) -> None:
    got = ask(viewer.address + path.replace("RUN", project.runs[0].name))
    assert got.status == 404
    assert got.body == "There is no such page.\n"


def test_pages_may_run_their_own_script_only_and_stay_out_of_frames_and_caches(viewer: OpenedViewer) -> None:
    for address in (viewer.address, page_of(viewer, "tea")):
        headers = ask(address, Origin="http://attacker.example").headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'; script-src 'sha256-" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert not any(name.startswith("access-control") for name in headers)


def test_it_listens_on_loopback_alone(viewer: OpenedViewer) -> None:
    port = int(viewer.address.split(":")[2].split("/")[0])
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.2", port))  # which a server on every address would have taken


def test_the_address_for_the_browser_works_once(viewer: OpenedViewer) -> None:
    once = viewer.opening_address()
    key = viewer.address.split("/")[3]
    assert key not in once
    assert ask(once).to == f"/{key}/"
    assert ask(once).status == 403


def test_one_run_is_shown_alone(project: Project) -> None:
    alone = viewer_of(project.folder / "results" / "room" / "latest")
    try:
        home = alone.address.split("runs/")[0]
        assert ask(home).to == alone.address.removeprefix(home)
        assert "Tea &lt;b&gt;or" in ask(alone.address).body
        assert "All runs" not in ask(alone.address).body
        assert ask(f"{home}runs/tea/{project.runs[0].name}/").status == 404
    finally:
        alone.stop()


def test_damaged_runs_are_listed_with_what_to_do(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        for name in ("tea", "cut", "torn"):
            project.write("x.yaml", EXPERIMENT.replace("name: tea", f"name: {name}"))
            assert project.run().code == 0
    _, cut, torn = project.runs
    (cut / "manifest.json").write_text('{"name": ')
    log = next(torn.rglob("events.jsonl"))
    log.write_bytes(log.read_bytes()[:-200])
    viewer = viewer_of(tmp_path / "results")
    try:
        listed = ask(viewer.address).body
        assert listed.count(">Unreadable<") == 2
        assert listed.count(">Finished<") == 1
        for run in (cut, torn):
            address = next(found for found in re.findall(r'href="(runs/[^"]+)"', listed) if run.name in found)
            page = ask(viewer.address + address)
            assert page.status == 200
            for text in (listed, page.body):
                assert f"troupe repair {run}</code> repairs the run" in text
    finally:
        viewer.stop()


def test_a_killed_run_is_told_from_one_that_is_going(tmp_path: Path) -> None:
    with FakeProvider(latency=0.3) as fake:
        project = Project(tmp_path, fake.url, ROOM)
        with viewed(project.start("--view")) as run:
            wait_for(lambda: run.state()["version"], "event")
        viewer = viewer_of(tmp_path / "results")
    try:
        listed = ask(viewer.address).body
        assert "Ended unexpectedly" in listed
        assert "<code>troupe run x.yaml" in listed
        assert "interrupted" in ask(page_of(viewer, "room")).body
    finally:
        viewer.stop()


def test_view_serves_until_ctrl_c(project: Project, tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    process = project.start_troupe("view", BROWSER=f"touch {opened} %s")
    with viewed(process):
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert ask(address).status == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert not opened.exists()


def test_view_without_runs_says_so(tmp_path: Path) -> None:
    ended = Project(tmp_path).troupe("view")
    assert ended.code == 6
    assert "there is no run" in ended.err


def test_a_port_that_is_taken_is_named(project: Project) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = project.troupe("view", "--no-browser", "--port", str(port))
    assert ended.code == 4
    assert f"port {port}" in ended.err
    assert "--port" in ended.err


def test_a_run_is_followed_and_becomes_its_report(tmp_path: Path) -> None:
    with FakeProvider(latency=0.3) as fake:
        project = Project(tmp_path, fake.url, ROOM + FAILING)
        with viewed(project.start("--view")) as run:
            assert "Tea &lt;b&gt;or" in ask(run.page()).body
            assert ">Running<" in ask(run.home).body
            ask(f"{run.home}open?page=tab")
            rows, shares, version = {}, [], 0
            while not (news := run.state(version))["is_over"]:
                for change in news["changes"]:
                    rows = rows if change["start"] else {}
                    rows |= {change["start"] + place: row for place, row in enumerate(change["rows"])}
                version = news["version"]
                shares.append(news["share"])
                assert news["facts"]["trials"] in ("0 of 1", "1 of 1")
            assert shares == sorted(shares)
            assert len({*shares}) > 3
            said = [row for row in rows.values() if row[5] == "said"]
            assert len(said) >= 6
            wait_for(lambda: run.state()["is_ready"], "report")
            assert '<section id="measures"' in ask(run.page()).body
            wait_for(lambda: "Still shown" in "".join(run.lines), "notice")
            assert run.process.poll() is None
            ask(f"{run.home}left?page=tab")
            assert run.process.wait(30) == 1  # the expectation's


def test_a_resumed_run_that_changes_an_answer_is_read_from_the_start(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        assert project.run().code == 0
    [run] = project.runs
    live = LiveRun(RunFolder(run), WallClock())
    version = live.news(0)["version"]
    [(_, log)] = project.logs().items()
    first = json.loads(log.splitlines()[3])["text"]
    longer = f"{first} {'And more. ' * 9}".strip()
    next(run.rglob("events.jsonl")).write_bytes(log.replace(first.encode(), longer.encode(), 1))
    manifest = run / "manifest.json"
    manifest.write_text(re.sub(r'"sittings": 1', '"sittings": 2', manifest.read_text()))

    [change] = live.news(version)["changes"]

    assert 0 < change["start"] < 5
    assert longer in change["rows"][0]


def test_without_a_reader_the_command_ends_with_the_run(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        opened = tmp_path / "opened"
        with viewed(project.start("--view", BROWSER=f"touch {opened} %s")) as run:
            assert run.process.wait(60) == 0
        assert "Follow it at http://127.0.0.1:" in "".join(run.lines)
    assert not opened.exists()


def test_ctrl_c_after_the_run_keeps_its_exit_code(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url, EXPERIMENT + FAILING)
        with viewed(project.start("--view")) as run:
            wait_for(lambda: ask(f"{run.home}open?page=tab").status == 204, "reply")
            wait_for(lambda: "Still shown" in "".join(run.lines), "notice")
            run.process.send_signal(signal.SIGINT)
            assert run.process.wait(30) == 1


def test_ctrl_c_during_the_run_interrupts_it(tmp_path: Path) -> None:
    with FakeProvider(latency=0.5) as fake:
        project = Project(tmp_path, fake.url)
        with viewed(project.start("--view")) as run:
            wait_for(lambda: run.state()["version"], "event")
            ask(f"{run.home}open?page=tab")
            run.process.send_signal(signal.SIGINT)
            assert run.process.wait(30) == 130


def test_several_experiments_are_followed_from_the_list(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        project.write("y.yaml", ROOM)
        with viewed(project.start("y.yaml", "--view")) as run:
            assert "<h1>Runs</h1>" in ask(run.address).body
            ask(f"{run.home}open?page=tab")
            wait_for(lambda: ask(run.home).body.count(">Finished<") == 2, "second run")
            ask(f"{run.home}left?page=tab")
            assert run.process.wait(30) == 0


def test_on_a_terminal_the_browser_is_opened_with_an_address_that_works_once(tmp_path: Path) -> None:
    script = tmp_path / "browser.py"
    script.write_text(
        "import sys, urllib.request\n"
        "page = urllib.request.urlopen(sys.argv[1]).geturl()\n"
        "home = page.split('now')[0].split('runs')[0]\n"
        "for what in ('open', 'left'): urllib.request.urlopen(f'{home}{what}?page=tab')\n"
        "open('opened', 'w').write(sys.argv[1])\n"
    )
    with FakeProvider() as fake:
        project = Project(tmp_path, fake.url)
        code, shown = answered(project, "", "--view", env={"BROWSER": f"python3 {script} %s"})
    assert code == 0, shown
    assert "/open/" in (tmp_path / "opened").read_text()


def test_a_dry_run_has_nothing_to_show(tmp_path: Path) -> None:
    ended = Project(tmp_path).run("--view", "--dry-run")
    assert ended.code == 2
    assert "--dry-run runs nothing" in ended.err


@pytest.mark.parametrize(
    ("env", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"BROWSER": "firefox"}, "linux", True),
        ({}, "darwin", True),
        ({"SSH_CONNECTION": "x"}, "darwin", False),
        ({}, "win32", True),
    ],
)
def test_a_browser_needs_a_window(env: dict[str, str], platform: str, expected: bool) -> None:
    assert has_browser(env, platform) is expected
