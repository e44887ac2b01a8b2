from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from tinytroupe_cli.cli.progress import JsonLines, LiveView, PlainLines, Silent, said, status
from tinytroupe_cli.events.types import Acted, Event, Failed, Measured, Misaddressed, Refused, TrialBegan
from tinytroupe_cli.models.ledger import Snapshot
from tinytroupe_cli.models.port import Purpose, Usage

NAMES = {"lisa": "Lisa Carter", "oscar": "Oscar Brandt"}
WHERE = {"trial": "r1", "step": 1}
HOSTILE = "[bold red]buy[/] \x1b[2J\x1b]0;owned\x07 now\r\nerror: all is lost \u202egnol"


def now(calls: int = 0, *, usd: float = 0.0, unpriced: int = 0, in_flight: tuple[str, ...] = ()) -> Snapshot:
    purposes = tuple(Purpose(role="people", person=person) for person in in_flight)
    return Snapshot(calls, 0, Usage(prompt=100 * calls), usd, unpriced, 0, purposes)


def talk(text: str = "Tea.", to: str = "everyone") -> Acted:
    return Acted(**WHERE, person="lisa", deed="TALK", to=to, text=text)


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (talk(), "Lisa Carter: Tea."),
        (talk(to="oscar"), "Lisa Carter to Oscar Brandt: Tea."),
        (Misaddressed(**WHERE, person="lisa", name="Bob", text="Hi"), "Lisa Carter: speaks to 'Bob', who is not there"),
        (Refused(**WHERE, person="oscar", text="no"), "Oscar Brandt: turn came to nothing: no"),
        (
            Failed(**WHERE, person="", query="mood", reason="bad_output", text="9"),
            "the judge: question 'mood' came to nothing: 9",
        ),
        (
            Measured(**WHERE, query="drink", person="lisa", values={"tea": True, "why": None}),
            "Lisa Carter / drink: tea: yes, why: not stated",
        ),
    ],
)
def test_what_is_worth_a_line_is_told_in_words(event: Event, line: str) -> None:
    shown = said(event, NAMES)
    assert shown is not None
    assert shown.plain.strip() == line


def test_thoughts_are_not_said_aloud() -> None:
    assert said(Acted(**WHERE, person="lisa", deed="THINK", text="Hm."), NAMES) is None


@pytest.mark.parametrize("is_live", [False, True], ids=["plain", "live"])
def test_no_text_of_a_model_commands_the_terminal(
    is_live: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "160")
    with LiveView(8) if is_live else PlainLines(8, says=True) as view:
        view.begun(Path("results/tea/x"), now)
        view.happened(talk(HOSTILE))
    shown = capsys.readouterr().err
    assert "[bold red]buy[/]" in shown
    assert not [part for part in ("\x1b]0;", "\x1b[2J", "\x07", "\u202e", "\nerror:") if part in shown]


def test_json_lines_stay_one_record_a_line_whatever_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    view = JsonLines("tea")
    view.begun(Path("results/tea/x"), now)
    view.happened(talk(HOSTILE))
    started, event = [json.loads(line) for line in capsys.readouterr().out.split("\n") if line]
    assert started == {"record": "run_started", "name": "tea", "folder": "results/tea/x"}
    assert event["text"] == HOSTILE


def test_plain_lines_tell_every_tenth_of_the_way_once(capsys: pytest.CaptureFixture[str]) -> None:
    view = PlainLines(40, says=False)
    answered = iter(range(41))
    view.begun(Path("x"), lambda: now(next(answered)))
    for _ in range(41):
        view.happened(talk())
    lines = [line for line in capsys.readouterr().err.splitlines() if "%" in line]
    assert len(lines) == 10
    assert lines[0].startswith("[ 10 %] 4 of 40 calls")
    assert lines[-1].startswith("[100 %] 40 of 40 calls")


def test_plain_lines_tell_how_far_we_are_while_nothing_happens(capsys: pytest.CaptureFixture[str]) -> None:
    view = PlainLines(40, says=False)
    view.every = 0.01
    asked = threading.Semaphore(0)

    def accounts() -> Snapshot:
        asked.release()
        return now(20)

    with view:
        view.begun(Path("x"), accounts)
        for _ in range(3):
            assert asked.acquire(timeout=30)
    assert [line[:9] for line in capsys.readouterr().err.splitlines() if "%" in line] == ["[ 50 %] 2"]


def test_plain_lines_of_a_long_run_leave_out_what_is_said_but_not_what_went_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    view = PlainLines(40, says=False)
    view.happened(TrialBegan(trial="r1", people=("lisa",), names=NAMES))
    view.happened(talk())
    view.happened(Refused(**WHERE, person="lisa", text="no"))
    shown = capsys.readouterr().err
    assert "Tea." not in shown
    assert "Lisa Carter: turn came to nothing: no" in shown


def test_the_live_view_says_who_is_acting_and_what_it_costs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    view = LiveView(8)
    with view:
        view.happened(TrialBegan(trial="r1", people=("lisa",), names=NAMES))
        view.begun(Path("x"), lambda: now(3, usd=0.25, in_flight=("oscar", "lisa")))
        view.happened(talk())
    shown = capsys.readouterr().err
    assert "Lisa Carter, Oscar Brandt" in shown
    assert "3 of 8 calls, 300 tokens, $0.2500" in shown


def test_an_unknown_price_is_never_zero() -> None:
    assert "cost unknown" in status(now(3, unpriced=3), 8, 1.0)
    assert "$0" not in status(now(3, unpriced=3), 8, 1.0)


def test_even_a_silent_run_says_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    Silent().interrupted("troupe run 'my file.yaml' --quiet")
    assert "troupe run 'my file.yaml' --quiet" in capsys.readouterr().err
