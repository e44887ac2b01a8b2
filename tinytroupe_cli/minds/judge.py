"""Judge: transcript + question or claim -> answer or verdict. Reads what happened, and nothing of why it was played."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.evidence import size
from tinytroupe_cli.minds.map_reduce import NOTES, NOTES_TOKENS, condense
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.minds.verdicts import JudgedClaim, Verdict, read_verdict, verdict_schema
from tinytroupe_cli.models.port import AnswerSchema, ChatModel, Message, ModelConfig, Purpose, Request, SampleKey
from tinytroupe_cli.models.windows import max_evidence_bytes
from tinytroupe_cli.prompts.catalog import JudgeClaim, JudgeNotes, JudgeQuery, JudgeQueryNotes, render

ANSWER_TOKENS = 600
VERDICT_TOKENS = 300
MIN_PIECE = 1_000
"""Bytes."""


@dataclass
class Judge:
    """Reads transcripts of one trial; one too long to be read at once is read piece by piece, and none left out."""

    chat: ChatModel
    use: ModelConfig
    seed: int
    trial: str

    async def read(
        self, transcript: str, question: str, *, about: str, schema: AnswerSchema, sample: int, person: str = ""
    ) -> Answer | NoAnswer:
        """Answer a question about a person by name, or, with `about` empty, about all of it."""
        asking = _JudgeCall(self, "observe", sample, person)

        async def note(piece: str, number: int, pieces: int) -> Answer | NoAnswer:
            variables = JudgeQueryNotes(piece=piece, number=number, pieces=pieces, about=about, question=question)
            return await asking.ask(render("judge/query_notes", variables), NOTES, NOTES_TOKENS)

        async def asked(most: int) -> Answer | NoAnswer:
            found = await condense(transcript, most, note)
            if isinstance(found, NoAnswer):
                return found
            text, count = found
            variables = JudgeQuery(transcript=text, pieces=count, about=about, question=question)
            return await asking.ask(render("judge/query", variables), schema, ANSWER_TOKENS)

        return await _in_smaller_pieces(asked, max_evidence_bytes(self.use), transcript)

    async def verdict(
        self, claim: JudgedClaim, evidence: str, *, sample: int = 0, person: str = "", step: int = 0
    ) -> Verdict | NoAnswer:
        """Judge a claim by all of the evidence."""
        asking = _JudgeCall(self, "claim", sample, person, step)
        about, personas = claim.about, claim.personas

        async def note(piece: str, number: int, pieces: int) -> Answer | NoAnswer:
            variables = JudgeNotes(
                personas=personas, evidence=piece, number=number, pieces=pieces, about=about, claim=claim.text
            )
            return await asking.ask(render("judge/notes", variables), NOTES, NOTES_TOKENS)

        async def asked(most: int) -> Answer | NoAnswer:
            found = await condense(evidence, most, note)
            if isinstance(found, NoAnswer):
                return found
            text, count = found
            variables = JudgeClaim(
                personas=personas, evidence=text, pieces=count, about=about, claim=claim.text, is_scored=claim.is_scored
            )
            return await asking.ask(render("judge/claim", variables), verdict_schema(claim), VERDICT_TOKENS)

        answer = await _in_smaller_pieces(asked, max_evidence_bytes(self.use), evidence)
        return read_verdict(answer.values, claim, answer.raw) if isinstance(answer, Answer) else answer


async def _in_smaller_pieces(
    asked: Callable[[int], Awaitable[Answer | NoAnswer]], most: int, text: str
) -> Answer | NoAnswer:
    """Ask; where that is longer than the judge's window, once more with the evidence in pieces of half the size."""
    answer = await asked(most)
    if isinstance(answer, NoAnswer) and answer.reason == "too_long":
        return await asked(max(MIN_PIECE, min(most, size(text)) // 2))
    return answer


@dataclass(frozen=True)
class _JudgeCall:
    """One thing to be found out, once."""

    judge: Judge
    what: Literal["observe", "claim"]
    sample: int
    person: str
    step: int = 0

    async def ask(self, text: str, schema: AnswerSchema, tokens: int) -> Answer | NoAnswer:
        judge = self.judge
        request = Request(
            model=judge.use,
            messages=(Message(role="user", content=text),),
            answer=schema,
            max_tokens=tokens,
            salt=SampleKey(seed=judge.seed, sample=self.sample),
            purpose=Purpose(role="judge", kind=self.what, trial=judge.trial, person=self.person, step=self.step),
        )
        return await ask(judge.chat, request)
