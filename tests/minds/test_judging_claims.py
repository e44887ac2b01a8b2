"""How a claim is put to the judge, and that no evidence is lost on the way."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from snapshots import assert_snapshot
from worlds import pretty

from tinytroupe_cli.minds.evidence import size, split_by_bytes
from tinytroupe_cli.minds.judge import Judge
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.minds.verdicts import JudgedClaim, Verdict, read_verdict
from tinytroupe_cli.models.port import AnswerSchema, ModelConfig, Request
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.scripted import ScriptedModel
from tinytroupe_cli.models.structured import Structured

SCORED = JudgedClaim(
    "Lisa Carter keeps to tea.", about="Lisa Carter", is_scored=True, personas=(("Lisa Carter", "Age: 30"),)
)
WHETHER = JudgedClaim("They have agreed on a drink.")


def judged(claim: JudgedClaim, evidence: str, *, use: str = "openai/fake") -> tuple[Verdict | NoAnswer, list[Request]]:
    def answer(request: Request) -> dict[str, str]:
        assert request.answer is not None
        if request.answer.name == "notes":
            return {"notes": f"noted {len(request.messages[0].content)}"}
        said = {"score": "6"} if claim.is_scored else {"holds": "no evidence"}
        return {"justification": "So.", **said, "confidence": "0.5"}

    model = ScriptedModel(answer)
    judge = Judge(Structured(model, PriceTable()), ModelConfig(name=use), 7, "r1")
    return asyncio.run(judge.verdict(claim, evidence)), model.requests


@pytest.mark.parametrize(("name", "claim"), [("claim_scored", SCORED), ("claim", WHETHER)])
def test_a_claim_is_put_to_the_judge_like_this(name: str, claim: JudgedClaim) -> None:
    _, [request] = judged(claim, "[2026-01-05 09:00]\nLisa Carter says: Tea.")
    assert_snapshot(pretty(request), f"prompts/{name}.txt")
    assert request.purpose.kind == "claim"


def test_a_piece_of_a_long_transcript_is_put_to_the_judge_like_this() -> None:
    _, [first, *_] = judged(SCORED, "Lisa Carter says: Tea.\n\n" * 2_000, use="local/small")
    shown = pretty(first)
    assert_snapshot(shown[:350] + "\n[…]\n" + shown[-850:], "prompts/claim_notes.txt")


def test_no_evidence_is_neither_false_nor_a_score() -> None:
    assert judged(WHETHER, "Nothing.")[0] == Verdict(justification="So.", confidence=0.5)
    found = read_verdict({"score": "no evidence", "justification": "None.", "confidence": "1"}, SCORED)
    assert isinstance(found, Verdict)
    assert not found.has_evidence


@pytest.mark.parametrize("said", ["10", "", "high", None, "-1"])
def test_what_is_no_score_is_no_verdict(said: str | None) -> None:
    assert isinstance(read_verdict({"score": said, "justification": "", "confidence": "1"}, SCORED), NoAnswer)


def test_a_transcript_beyond_all_measure_still_gets_one_verdict() -> None:
    verdict, requests = judged(SCORED, "Lisa Carter says: Tea, and a very long story of it.\n" * 20_000, use="local/x")
    assert isinstance(verdict, Verdict)
    assert verdict.score == 6
    assert "A transcript was read in" in requests[-1].messages[0].content


def observed(transcript: str) -> tuple[Answer | NoAnswer, list[Request]]:
    def answer(request: Request) -> dict[str, str]:
        assert request.answer is not None
        return {"notes": "Lisa said Tea."} if request.answer.name == "notes" else {"item_1": "tea"}

    model = ScriptedModel(answer)
    judge = Judge(Structured(model, PriceTable()), ModelConfig(name="local/small"), 7, "r1")
    schema = AnswerSchema.flat("answer", {"item_1": {"type": "string"}})
    found = asyncio.run(judge.read(transcript, "What did they drink?", about="Lisa Carter", schema=schema, sample=2))
    return found, model.requests


def test_a_question_about_a_long_transcript_is_answered_from_notes_on_all_of_it() -> None:
    answer, requests = observed("".join(f"{number}. Lisa Carter says: Tea.\n\n" for number in range(2_000)))
    *notes, last = (request.messages[0].content for request in requests)
    assert len(notes) > 1
    assert all("What did they drink?" in note and "about Lisa Carter" in note for note in notes)
    assert all(any(f"\n{number}. Lisa" in note for note in notes) for number in (0, 999, 1_999))
    assert f"read in {len(notes)} pieces" in last
    assert last.count("Lisa said Tea.") == len(notes)
    assert isinstance(answer, Answer)
    assert answer.values == {"item_1": "tea"}
    assert {(request.purpose.kind, request.salt.sample) for request in requests} == {("observe", 2)}
    shown = pretty(requests[0])
    assert_snapshot(shown[:350] + "\n[…]\n" + shown[-850:], "prompts/query_notes.txt")


def test_a_question_about_a_short_transcript_is_one_call() -> None:
    assert len(observed("Lisa Carter says: Tea.")[1]) == 1


@given(st.text("ab é你\n ", max_size=400), st.integers(min_value=4, max_value=60))
def test_pieces_put_together_are_the_whole_and_each_fits(text: str, most: int) -> None:
    cut = split_by_bytes(text, most)
    assert "".join(cut) == text
    assert all(size(piece) <= most for piece in cut)
