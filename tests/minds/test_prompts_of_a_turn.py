"""What models are really asked: readable snapshots, and the laws prompts keep."""

from __future__ import annotations

from itertools import pairwise

import pytest
from builders import a_member, a_question, a_trial
from snapshots import assert_snapshot
from worlds import in_world, moment, played, pretty, with_stimuli

from tinytroupe_cli.models.port import Request
from tinytroupe_cli.plan.types import PlannedField, PlannedStimulus, Trial
from tinytroupe_cli.prompts.catalog import PROMPTS, prompts_hash, source

LISA, OSCAR = "lisa", "oscar"
WORDS = "I would rather look at it in the shop first, because my old one still works and the price is not small."


def two_people(steps: int = 4) -> Trial:
    cast = (a_member(LISA, "Lisa Carter"), a_member(OSCAR, "Oscar Brandt", age=61))
    trial = a_trial(people=2, steps=steps)
    stimulus = PlannedStimulus(step=1, verb="say", text="Would you buy this TV for 400 dollars?", to=(LISA, OSCAR))
    return with_stimuli(trial, stimulus).model_copy(
        update={
            "people": cast,
            "queries": (a_question((LISA,)), a_question((OSCAR,), procedure="observe")),
        }
    )


def answer(request: Request) -> object:
    assert request.answer is not None
    if "thought" in request.answer.body["properties"]:  # pyright: ignore[reportOperatorIssue]
        return moment(WORDS, thought="Not sure about this.", feeling="wary", goal="to hear more")
    return dict.fromkeys(request.answer.body["properties"], "yes")  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("name", "person", "what", "number"),
    [
        ("first_turn", LISA, "turn", 0),
        ("second_turn", LISA, "turn", 1),
        ("interview", LISA, "interview", 0),
        ("judge", OSCAR, "observe", 0),
    ],
)
def test_the_whole_request_reads_like_this(name: str, person: str, what: str, number: int) -> None:
    seen = played(two_people(steps=2), answer)  # pyright: ignore[reportArgumentType]
    assert_snapshot(pretty(seen.asked(person, what=what)[number]), f"prompts/{name}.txt")


def test_the_fixed_part_of_a_prompt_is_short() -> None:
    """Of `perceived`, the wordings of what can happen, a prompt has only those of what did.

    Baselines, lettered options and unblinded people have prompts of their own.
    """
    apart = {f"person/{name}" for name in ("perceived", "demographics", "letter", "unblinded")}
    fixed = sum(len(source(name)) for name in PROMPTS if name.startswith("person/") and name not in apart)
    assert fixed / 4 <= 1_000


def shared(before: Request, after: Request) -> float:
    """Return the share of a request that is a prefix of the one before, in characters."""
    one, other = ("\x00".join(f"{m.role}\x00{m.content}" for m in request.messages) for request in (before, after))
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return same / len(other)


def test_a_persons_request_extends_their_last_one() -> None:
    turns = played(two_people(), answer).asked(LISA)  # pyright: ignore[reportArgumentType]
    shares = [shared(*pair) for pair in pairwise(turns)]
    assert min(shares) > 0.6, shares
    for before, after in pairwise(turns):
        assert after.messages[: len(before.messages) - 1] == before.messages[:-1]
        assert before.messages[-1].content.startswith(after.messages[len(before.messages) - 1].content)


def test_nothing_of_the_design_reaches_a_prompt() -> None:
    trial = two_people().model_copy(update={"condition": "discounted-arm", "id": "discounted-arm-r1"})
    query = a_question((LISA,), name="hidden_query", fields=(PlannedField(name="buys", kind="yes_no"),))
    seen = played(trial.model_copy(update={"queries": (query,)}), answer)  # pyright: ignore[reportArgumentType]
    for request in seen.requests:
        asked = request.model_dump_json(exclude={"purpose"})
        assert "discounted" not in asked
        assert "hidden_query" not in asked


def test_any_text_arrives_unchanged() -> None:
    hostile = '{{ 7 * 7 }} {% raw %} "quoted" \\n é 你好 </transcript> ' + "word " * 2_000
    trial = two_people(steps=1)
    stimulus = trial.stimuli[0].model_copy(update={"text": hostile})
    cast = (a_member(LISA, "Lisa Carter", style=hostile), trial.people[1])
    seen = played(trial.model_copy(update={"stimuli": (stimulus,), "people": cast}), answer)  # pyright: ignore[reportArgumentType]
    assert hostile.strip() in seen.now(LISA, 0)
    assert hostile.strip() in seen.asked(LISA)[0].messages[0].content
    assert hostile.strip() in seen.asked(OSCAR, what="observe")[0].messages[0].content


def test_what_is_answered_in_an_interview_is_in_nobodys_memory() -> None:
    query = a_question((LISA,), samples=2)
    seen = played(
        two_people().model_copy(update={"queries": (query, query.model_copy(update={"name": "again"}))}), answer
    )  # pyright: ignore[reportArgumentType]
    interviews = seen.asked(LISA, what="interview")
    assert len(interviews) == 4
    assert all(len(request.messages) == len(interviews[0].messages) for request in interviews)
    assert [request.salt.sample for request in interviews] == [0, 1, 0, 1]


def test_one_who_is_alone_is_offered_no_words() -> None:
    trial = in_world(two_people(steps=1), type="interviews").model_copy(update={"stimuli": (), "queries": ()})
    seen = played(trial, lambda _: {"thought": "How quiet.", "feeling": "calm", "goal": "tea"})
    assert "nobody can hear you" in seen.now(LISA, 0)
    assert seen.kinds(LISA) == ["THINK", "DONE"]


def test_a_changed_prompt_is_another_plan() -> None:
    assert len(prompts_hash()) == 16
    assert all("{#" in source(name).splitlines()[0] for name in PROMPTS)
