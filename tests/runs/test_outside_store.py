"""What lies outside is asked once in a run, kill or no kill."""

import asyncio

from tinytroupe_cli.core.clock import JumpingClock
from tinytroupe_cli.runs.external_calls import SqliteExternalCallStore, recorded_external_calls
from tinytroupe_cli.simulation.external_calls import ExternalCall, StoredReply, call_once

CALL = ExternalCall("system", "bot", "r1", "lisa", 2, 0, {"message": "Where is it?", "history": []})


def changed(**changes):
    fields = {name: getattr(CALL, name) for name in CALL.__slots__}
    return ExternalCall(**{**fields, **changes})


def test_a_call_differs_by_all_that_can_change_its_answer():
    others = [
        changed(**one)
        for one in (
            *({"kind": "tool"}, {"name": "other"}, {"trial": "r2"}, {"person": "oscar"}, {"step": 3}, {"number": 1}),
            {"content": {"message": "Where is it?", "history": ["Hello"]}},
        )
    ]
    assert len({call.key for call in [CALL, *others]}) == len(others) + 1
    assert changed(content={"history": [], "message": "Where is it?"}).key == CALL.key


def test_an_answer_is_asked_for_once_and_kept_with_its_time(tmp_path):
    clock = JumpingClock()
    asked = []

    async def ask():
        asked.append(1)
        await clock.sleep(1.5)
        return {"text": "Überall"}

    async def twice():
        for _ in range(2):
            store = SqliteExternalCallStore(tmp_path / "outside.sqlite")  # as after a kill
            assert await call_once(CALL, ask, store=store, clock=clock) == {"text": "Überall"}
            store.close()

    asyncio.run(twice())
    assert len(asked) == 1
    [found] = recorded_external_calls(tmp_path / "outside.sqlite")
    assert (found.name, found.person, found.step, found.kept.seconds) == ("bot", "lisa", 2, 1.5)


def test_a_run_without_outside_calls_has_no_file_of_them(tmp_path):
    store = SqliteExternalCallStore(tmp_path / "outside.sqlite")
    assert store.get(CALL) is None
    assert list(recorded_external_calls(tmp_path / "outside.sqlite")) == []
    assert not list(tmp_path.iterdir())


def test_a_branch_takes_over_what_its_parent_was_answered(tmp_path):
    parent = SqliteExternalCallStore(tmp_path / "parent.sqlite")
    parent.put(CALL, StoredReply("Here.", 0.25))
    parent.put(changed(step=9), StoredReply("Never used.", 0.25))
    parent.close()
    branch = SqliteExternalCallStore(tmp_path / "own.sqlite", inherited=tmp_path / "parent.sqlite")
    assert branch.get(CALL) == StoredReply("Here.", 0.25)
    branch.close()
    assert [call.step for call in recorded_external_calls(tmp_path / "own.sqlite")] == [2]
