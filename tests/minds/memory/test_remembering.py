"""A person's memory over a long life: bounded, nothing lost, the same however it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from builders import a_cast, a_question, a_trial
from worlds import Played, default_answer, moment, played, with_stimuli

from tinytroupe_cli.core.errors import ProviderRefused as RefusedError
from tinytroupe_cli.core.tokens import estimate_tokens
from tinytroupe_cli.events.types import Failed, MemoryConsolidated, Recalled, Refused
from tinytroupe_cli.models.port import Request
from tinytroupe_cli.plan.types import MemoryPlan, PlannedStimulus, Trial

ONE, TWO = "person-1", "person-2"
FACT = "Person 2 has a dog called Rufus."
DOG = "My dog is called Rufus."


def told(step: int, text: str, *to: str, verb: str = "say") -> PlannedStimulus:
    return PlannedStimulus(step=step, verb=verb, text=text, to=to or (ONE, TWO))  # pyright: ignore[reportArgumentType]


def a_life(steps: int, *stimuli: PlannedStimulus, **memory: Any) -> Trial:
    trial = with_stimuli(a_trial(people=a_cast(2), steps=steps, queries=()), *stimuli)
    return trial.model_copy(update={"memory": MemoryPlan(**memory)})


def chatting(request: Request) -> Any:
    """Say something new each time; keep one fact of each block."""
    if request.purpose.kind == "consolidate":
        return {"facts": [FACT, f"Made at {request.purpose.step}."]}
    if request.purpose.kind == "turn":
        step = request.purpose.step
        return shaped(moment(f"Shop number {step} was shut.", thought=f"It is {step} now."), request)
    return default_answer(request)


def shaped(reply: Any, request: Request) -> Any:
    """Add what the request asks for beside the usual."""
    wanted: Any = request.answer.body["properties"] if request.answer else {}
    known = {"to": wanted.get("to", {}).get("enum", [""])[0], "act": "none", "argument": ""}
    return {**{name: known.get(name, "") for name in wanted}, **{k: v for k, v in reply.items() if k in wanted}}


def lengths(requests: Sequence[Request]) -> list[int]:
    return [sum(estimate_tokens(message.content) for message in request.messages) for request in requests]


def of_kind(seen: Played, kind: type, person: str = ONE) -> list[Any]:
    return [event for event in seen.events if isinstance(event, kind) and getattr(event, "person", "") == person]


def test_an_early_word_is_in_the_prompt_of_the_turn_that_asks_for_it_500_steps_later() -> None:
    trial = a_life(500, told(3, DOG), told(490, "What was the dog called again?"), tokens=6_000)
    seen = played(trial, chatting)
    turns = seen.asked(ONE)
    assert len(turns) == 500
    assert DOG in seen.now(ONE, 489)
    assert DOG not in seen.text(ONE, 480)
    assert max(lengths(turns)) < 6_000
    assert max(lengths(turns[400:])) <= 1.2 * max(lengths(turns[100:200]))


def test_a_prompts_beginning_stays_put_between_two_blocks() -> None:
    turns = played(a_life(60, window=10), chatting).asked(ONE)
    begins = [request.messages[1].content for request in turns]
    changes = sum(before != after for before, after in pairwise(begins))
    assert changes <= 60 / 4


def test_facts_enter_the_log_at_a_fixed_later_step_and_come_to_mind() -> None:
    seen = played(a_life(30, told(25, "Is the dog well?"), window=8), chatting)
    facts = of_kind(seen, MemoryConsolidated)
    assert [event.through for event in facts] == sorted({event.through for event in facts})
    assert facts[0].step == 7 + 3
    assert facts[0].time
    assert FACT in seen.now(ONE, 24)
    recalled = [event for event in of_kind(seen, Recalled) if event.step == 25]
    assert any(FACT in memory for memory in recalled[0].memories)


@pytest.mark.parametrize("reply", ["not a word of JSON", RefusedError("I would rather not")])
def test_facts_that_nothing_came_of_are_recorded_and_the_moments_are_still_found(reply: Any) -> None:
    def answer(request: Request) -> Any:
        return reply if request.purpose.kind == "consolidate" else chatting(request)

    seen = played(a_life(30, told(2, DOG), told(25, "Is the dog well?"), window=8), answer)
    assert not of_kind(seen, MemoryConsolidated)
    failures = of_kind(seen, Failed) + of_kind(seen, Refused)
    assert {event.action for event in failures} == {"consolidate"}
    assert DOG in seen.now(ONE, 24)


def test_without_consolidation_what_has_left_is_still_found() -> None:
    seen = played(a_life(30, told(2, DOG), told(25, "Is the dog well?"), window=8, consolidate=False), chatting)
    assert not [request for request in seen.requests if request.purpose.kind == "consolidate"]
    assert DOG in seen.now(ONE, 24)


def test_with_recall_off_nothing_comes_back_and_no_facts_are_paid_for() -> None:
    trial = a_life(30, told(2, DOG), told(25, "Is the dog well?"), window=8, recall="off")
    seen = played(trial, chatting)
    assert DOG not in seen.text(ONE, 24)
    assert not [request for request in seen.requests if request.purpose.kind == "consolidate"]


def test_full_recall_brings_facts_back_at_every_turn() -> None:
    seen = played(a_life(30, window=8, recall="full"), chatting)
    assert FACT in seen.now(ONE, 20)
    assert FACT in seen.now(ONE, 21)
    assert len(of_kind(seen, Recalled)) < 30 - 8


def test_nothing_is_recalled_as_long_as_everything_is_there() -> None:
    seen = played(a_life(20, told(2, DOG), told(18, "Is the dog well?")), chatting)
    assert "You remember" not in seen.text(ONE, 17)
    assert not of_kind(seen, Recalled)


def test_a_text_longer_than_the_prompt_is_shortened_with_a_note_and_found_by_its_parts() -> None:
    report = "\n\n".join(f"Section {n}. Sales in region {n} were as usual." for n in range(3_000))
    trial = a_life(
        3,
        told(1, f"{report}\n\nThe hamster division lost a million.\n\n{report}", verb="read"),
        told(1, "How did the hamster division do?"),
        tokens=8_000,
    )
    seen = played(trial, chatting)
    assert max(lengths(seen.asked(ONE))) < 8_000
    assert "words are left out here" in seen.now(ONE, 0)
    assert "The hamster division lost a million." in seen.now(ONE, 0)


def test_many_voices_at_once_stay_within_the_prompt() -> None:
    said = tuple(told(1, f"Voice {n}: " + "and on it goes " * 300) for n in range(30))
    seen = played(a_life(2, *said, tokens=6_000), chatting)
    assert max(lengths(seen.asked(ONE))) < 6_000


def test_an_interview_after_it_all_remembers_the_same_way() -> None:
    trial = a_life(40, told(2, DOG), window=8)
    question = a_question((ONE,), questions={ONE: "What is the name of the dog?"})
    seen = played(trial.model_copy(update={"queries": (question,)}), chatting)
    [interview] = seen.asked(ONE, what="interview")
    assert DOG in interview.messages[-1].content
    assert len(interview.messages) < 2 * 8 + 3


def test_a_person_can_think_back_within_their_turn() -> None:
    def answer(request: Request) -> Any:
        asks = request.purpose.step == 25 and "You remember: " not in request.messages[-1].content
        reply = chatting(request)
        return {**reply, "act": "RECALL", "argument": "Rufus"} if asks and "act" in reply else reply

    seen = played(a_life(26, told(2, DOG), window=8), answer, with_recall=True)
    first, second = [request for request in seen.asked(ONE) if request.purpose.step == 25]
    assert "RECALL" in str(first.answer)
    assert DOG in second.messages[-1].content
    assert second.messages[: len(first.messages) - 1] == first.messages[:-1]
    early = seen.asked(ONE)[0]
    assert "RECALL" not in str(early.answer)


def test_nothing_may_come_to_mind() -> None:
    def answer(request: Request) -> Any:
        asks = request.purpose.step == 25 and "You remember: " not in request.messages[-1].content
        reply = chatting(request)
        return {**reply, "act": "RECALL", "argument": "zeppelins"} if asks and "act" in reply else reply

    seen = played(a_life(26, told(2, DOG), window=8), answer, with_recall=True)
    assert "You remember: nothing that has to do with it." in seen.asked(ONE)[25].messages[-1].content


def test_the_log_is_the_same_however_long_facts_take() -> None:
    def slowly(pause: int) -> Any:
        async def answer(request: Request) -> Any:
            for _ in range(pause if request.purpose.kind == "consolidate" else 0):
                await asyncio.sleep(0)
            return chatting(request)

        return answer

    trial = a_life(40, told(2, DOG), told(30, "And the dog?"), window=8)
    assert played(trial, slowly(0)).events == played(trial, slowly(500)).events
