from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from tinytroupe_cli.cli.json_lines import JsonLines
from tinytroupe_cli.cli.live_view import LiveView
from tinytroupe_cli.cli.narration import Narrator
from tinytroupe_cli.cli.outline import Outline
from tinytroupe_cli.cli.plain_lines import PlainLines
from tinytroupe_cli.cli.status import StatusLine
from tinytroupe_cli.cli.view import NullView
from tinytroupe_cli.events.types import (
    Acted,
    Event,
    Failed,
    Measured,
    Misaddressed,
    Perceived,
    Refused,
    StepBegan,
    TrialBegan,
    TrialEnded,
)
from tinytroupe_cli.models.ledger import Snapshot
from tinytroupe_cli.models.port import Purpose, Usage

NAMES = {"lisa": "Lisa Carter", "oscar": "Oscar Brandt"}
WHERE = {"trial": "r1", "step": 1}
HOSTILE = "[bold red]buy[/] \x1b[2J\x1b]0;owned\x07 now\r\nerror: all is lost \u202egnol"
ASKED = Outline(
    questions={("r1", "drink", "lisa"): "Tea?", ("r1", "drink", "oscar"): "Tea?"},
    interviews=frozenset({"drink"}),
    auxiliary=frozenset({("drink", "sure")}),
    units={("drink", "price"): "dollars"},
)
TWO = Outline(calls=8, trials=2, labels={"r1": "price 9", "r2": "price 12"})


def now(
    calls: int = 0, *, embeddings: int = 0, usd: float = 0.0, unpriced: int = 0, in_flight: tuple[str, ...] = ()
) -> Snapshot:
    purposes = tuple(Purpose(role="people", person=person) for person in in_flight)
    return Snapshot(calls, 0, embeddings, Usage(prompt=100 * calls), usd, unpriced, 0, purposes)


def talk(text: str = "Tea.", to: str = "everyone", trial: str = "r1") -> Acted:
    return Acted(trial=trial, step=1, person="lisa", action="TALK", to=to, text=text)


def heard(
    text: str = "Tea or coffee?", sense: str = "say", source: str = "the interviewer", trial: str = "r1"
) -> Event:
    return Perceived(trial=trial, step=1, people=("lisa", "oscar"), sense=sense, source=source, text=text)  # pyright: ignore[reportArgumentType] - a sense


def told(*events: Event, outline: Outline | None = None) -> list[str]:
    narrator = Narrator(outline or Outline(), dict(NAMES))
    return [line.text for event in events for line in narrator.lines(event)]


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (talk(), "Lisa Carter: Tea."),
        (talk(to="oscar"), "Lisa Carter to Oscar Brandt: Tea."),
        (heard(), "the interviewer: Tea or coffee?"),
        (heard("A poster.", "show"), "the interviewer shows: A poster."),
        (Misaddressed(**WHERE, person="lisa", name="Bob", text="Hi"), "Lisa Carter: speaks to 'Bob', who is not there"),
        (Refused(**WHERE, person="oscar", text="no"), "Oscar Brandt: turn failed: no"),
        (
            Failed(**WHERE, person="", query="mood", reason="bad_output", text="9"),
            "the judge: question 'mood' failed: 9",
        ),
        (
            Measured(**WHERE, query="mood", person="lisa", values={"tea": True, "how_much": 2.5, "why": None}),
            "Lisa Carter: tea: yes; how much: 2.5; why: not stated",
        ),
    ],
)
def test_what_is_worth_a_line_is_told_in_words(event: Event, line: str) -> None:
    assert told(event) == [line]


def test_in_an_interview_it_goes_without_saying_whom_one_speaks_to() -> None:
    assert told(talk(to="the interviewer"), outline=Outline(is_interviews=True)) == ["Lisa Carter: Tea."]


@pytest.mark.parametrize(
    "event",
    [
        Acted(**WHERE, person="lisa", action="THINK", text="Hm."),
        heard("Hm.", "think"),
        heard("Win.", "goal"),
        heard("Tea.", "talk", source="lisa"),
    ],
)
def test_thoughts_are_not_told_and_nothing_is_told_twice(event: Event) -> None:
    assert told(event) == []


def test_a_question_is_told_once_before_the_answers_to_it() -> None:
    answers = {"price": 6, "sure": 0.9}
    lines = told(
        Measured(**WHERE, query="drink", person="lisa", values=answers),
        Measured(**WHERE, query="drink", person="oscar", values=answers),
        outline=ASKED,
    )
    assert lines == ["asked at the end: Tea?", "Lisa Carter: price: 6 dollars", "Oscar Brandt: price: 6 dollars"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (6.0, "6"),
        (2_500_000.0, "2500000"),
        (0.125, "0.125"),
        (True, "yes"),
        (["tea", "milk"], "tea, milk"),
        ([], "none"),
    ],
)
def test_values_are_told_in_plain_words_and_digits(value: object, words: str) -> None:
    event = Measured.model_validate({**WHERE, "query": "drink", "person": "lisa", "values": {"it": value}})
    assert told(event) == [f"Lisa Carter: it: {words}"]


def test_a_claim_is_told_by_its_name_and_words_are_quoted() -> None:
    outline = Outline(
        questions={("r1", "fits", "lisa"): "A long claim."},
        claims=frozenset({"fits"}),
        texts=frozenset({("fits", "because")}),
    )
    event = Measured(**WHERE, query="fits", person="lisa", values={"score": 3, "because": "So."})
    assert told(event, outline=outline) == ["fits, Lisa Carter: score: 3; because: “So.”"]


def test_side_by_side_trials_are_told_apart_and_each_question_stands_before_its_answer() -> None:
    events = (heard(), heard(trial="r2"), talk(trial="r2"), talk())
    assert told(*events, outline=TWO) == [
        "the interviewer (price 12): Tea or coffee?",
        "Lisa Carter (price 12): Tea.",
        "the interviewer (price 9): Tea or coffee?",
        "Lisa Carter (price 9): Tea.",
    ]


@pytest.mark.parametrize("is_live", [False, True], ids=["plain", "live"])
def test_no_text_of_a_model_commands_the_terminal(
    is_live: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "160")
    with LiveView(Outline(), says=True) if is_live else PlainLines(Outline(), says=True) as view:
        view.on_start(Path("results/tea/x"), now)
        view.on_event(talk(HOSTILE))
        view.on_event(heard(HOSTILE, source=HOSTILE))
    shown = capsys.readouterr().err
    assert "[bold red]buy[/]" in shown
    assert not [part for part in ("\x1b]0;", "\x1b[2J", "\x07", "\u202e", "\nerror:") if part in shown]


def test_json_lines_stay_one_record_a_line_whatever_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    view = JsonLines("tea")
    view.on_start(Path("results/tea/x"), now)
    view.on_event(talk(HOSTILE))
    started, event = [json.loads(line) for line in capsys.readouterr().out.split("\n") if line]
    assert started == {"record": "run_started", "name": "tea", "folder": "results/tea/x"}
    assert event["text"] == HOSTILE


def test_that_answers_are_waited_for_is_a_record_too(capsys: pytest.CaptureFixture[str]) -> None:
    JsonLines("tea").on_stopping(2)
    shown = capsys.readouterr()
    assert json.loads(shown.out) == {"record": "stopping", "in_flight": 2}
    assert "finishing 2 answers" in shown.err


def test_plain_lines_tell_every_tenth_of_the_way_once(capsys: pytest.CaptureFixture[str]) -> None:
    view = PlainLines(Outline(calls=40), says=False)
    answered = iter(range(41))
    view.on_start(Path("x"), lambda: now(next(answered)))
    for _ in range(41):
        view.on_event(talk())
    lines = [line for line in capsys.readouterr().err.splitlines() if "%" in line]
    assert len(lines) == 10
    assert lines[0].startswith("[ 10 %] 4 of 40 calls")
    assert lines[-1].startswith("[100 %] 40 of 40 calls")


def test_plain_lines_tell_how_far_we_are_while_nothing_happens(capsys: pytest.CaptureFixture[str]) -> None:
    view = PlainLines(Outline(calls=40), says=False)
    view.every = 0.01
    asked = threading.Semaphore(0)

    def accounts() -> Snapshot:
        asked.release()
        return now(20)

    with view:
        view.on_start(Path("x"), accounts)
        for _ in range(3):
            assert asked.acquire(timeout=30)
    assert [line[:9] for line in capsys.readouterr().err.splitlines() if "%" in line] == ["[ 50 %] 2"]


@pytest.mark.parametrize("is_live", [False, True], ids=["plain", "live"])
def test_a_long_run_leaves_out_what_is_said_but_not_what_went_wrong(
    is_live: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    view = LiveView(Outline(), says=False) if is_live else PlainLines(Outline(), says=False)
    view.on_event(TrialBegan(trial="r1", people=("lisa",), names=NAMES))
    view.on_event(talk())
    view.on_event(Refused(**WHERE, person="lisa", text="no"))
    shown = capsys.readouterr().err
    assert "Tea." not in shown
    assert "Lisa Carter: turn failed: no" in shown


def test_the_live_view_keeps_what_is_said_and_tells_who_is_acting_below(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    with LiveView(Outline(calls=8, steps=4), says=True) as view:
        view.on_event(TrialBegan(trial="r1", people=("lisa",), names=NAMES))
        view.on_start(Path("x"), lambda: now(3, usd=0.25, in_flight=("oscar", "lisa")))
        view.on_event(StepBegan(**WHERE))
        view.on_event(talk())
    shown = capsys.readouterr().err
    assert "step 1 of 4 · 3 of 8 calls" in shown
    assert "$0.2500 · Lisa Carter, Oscar Brandt …" in shown
    assert "Tea." in shown


@pytest.mark.parametrize("kind", [LiveView, PlainLines])
def test_further_rows_of_what_is_said_stand_further_in_so_that_names_stand_out(
    kind: type[LiveView | PlainLines], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    view = kind(Outline(), says=True)
    for event in (heard("What will you drink in the afternoon?"), talk("Tea in the morning, and coffee at four.")):
        view.on_event(event)
    assert capsys.readouterr().err.splitlines() == [
        "  the interviewer: What will",
        "    you drink in the",
        "    afternoon?",
        "  lisa: Tea in the morning,",
        "    and coffee at four.",
    ]


def test_a_note_stays_on_one_row_in_a_log_where_it_may_be_looked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    for kind in (LiveView, PlainLines):
        kind(Outline(), says=True).on_note("the server takes no seed, so it is left out")
    assert capsys.readouterr().err.splitlines() == [
        "  note: the server takes no",
        "    seed, so it is left out",
        "  note: the server takes no seed, so it is left out",
    ]


def test_further_rows_of_an_answer_stand_further_in_than_the_name_behind_its_arrow(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    view = LiveView(Outline(), says=True)
    view.on_event(Measured(**WHERE, query="drink", person="lisa", values={"cup": "tea with milk and sugar"}))
    assert capsys.readouterr().err.splitlines() == ["  → lisa: cup: tea with", "      milk and sugar"]


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("kind", [LiveView, PlainLines])
def test_no_row_is_wider_than_the_terminal_or_than_can_be_read(
    kind: type[LiveView | PlainLines], columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    kind(Outline(), says=True).on_event(talk("Tea, please. " * 30))
    first, *rest = capsys.readouterr().err.splitlines()
    assert first.startswith("  lisa: ")
    assert rest
    assert all(row.startswith(("    Tea", "    please")) for row in rest)
    assert max(map(len, (first, *rest))) <= min(columns, 100)


def test_several_trials_are_counted_instead_of_steps() -> None:
    status = StatusLine(TWO)
    status.on_event(StepBegan(**WHERE))
    status.on_event(TrialEnded(**WHERE))
    assert status.parts(now(2), 10.0) == ["1 of 2 trials done", "2 of 8 calls", "10 s, about 30 s left", "$0"]


def test_offline_calls_are_counted_and_no_time_and_no_cost_is_told() -> None:
    assert StatusLine(Outline(calls=8, is_offline=True)).parts(now(2), 10.0) == ["2 of 8 calls"]


def test_a_run_that_takes_more_calls_than_it_must_is_as_far_as_its_step() -> None:
    status = StatusLine(Outline(calls=2, steps=5))
    assert status.share(now(1)) == 1 / 2
    status.on_event(StepBegan(**WHERE | {"step": 2}))
    assert status.share(now(9)) == 2 / 5
    assert status.parts(now(9), 10.0) == ["step 2 of 5", "9 calls", "10 s, about 15 s left", "$0"]


def test_texts_for_an_embedding_model_are_no_progress() -> None:
    status = StatusLine(Outline(calls=8))
    assert status.parts(now(9, embeddings=5), 10.0)[0] == "4 of 8 calls"
    assert status.share(now(9, embeddings=5)) == 0.5


def test_an_unknown_price_is_never_zero() -> None:
    assert "cost unknown" in StatusLine(Outline(calls=8)).parts(now(3, unpriced=3), 1.0)
    assert StatusLine(Outline(calls=8)).parts(now(3, usd=0.5, unpriced=1), 1.0)[-1] == "$0.5000 and an unknown cost"


def test_even_a_silent_run_says_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    NullView().on_interrupt("troupe run 'my file.yaml' --quiet")
    assert "troupe run 'my file.yaml' --quiet" in capsys.readouterr().err
