"""What an event takes in memory: a long run has tens of thousands."""

from __future__ import annotations

from tinytroupe_cli.events.types import StepBegan
from tinytroupe_cli.runs.trial import numbered


def test_events_share_the_names_of_their_fields() -> None:
    first, second = (StepBegan(trial="t", step=step, time="") for step in (1, 2))
    assert first.model_fields_set is second.model_fields_set
    copied = [event.model_copy(update={"seq": 7}) for event in (first, second)]
    assert copied[0].model_fields_set is copied[1].model_fields_set
    assert copied[0].model_fields_set == {"trial", "step", "time", "seq"}
    assert first.model_fields_set == {"trial", "step", "time"}


def test_an_event_that_has_its_number_is_not_copied() -> None:
    event = StepBegan(trial="t", step=1, time="")
    assert numbered(event, 0) is event
    assert numbered(event, 3).seq == 3
    assert numbered(numbered(event, 3), 3) == event.model_copy(update={"seq": 3})
