"""Judge: transcript + question or claim -> answer or verdict. Reads what happened, and nothing of why it was played."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinytroupe_cli.core.together import together
from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.evidence import pieces, size
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.minds.verdicts import Claim, Verdict, notes_schema, read_verdict, verdict_schema
from tinytroupe_cli.models.port import AnswerSchema, ChatModel, Message, ModelUse, Purpose, Request, Salt
from tinytroupe_cli.models.windows import most_evidence
from tinytroupe_cli.prompts.catalog import JudgeClaim, JudgeNotes, JudgeQuery, render

ANSWER_TOKENS = 600
VERDICT_TOKENS = 300
NOTES_TOKENS = 500
MOST_ROUNDS = 3
"""Notes on notes on notes are the end of it."""


@dataclass
class Judge:
    """Reads transcripts of one trial."""

    chat: ChatModel
    use: ModelUse
    seed: int
    trial: str

    async def read(
        self, transcript: str, question: str, *, about: str, schema: AnswerSchema, sample: int, person: str = ""
    ) -> Answer | NoAnswer:
        """Answer a question about a person by name, or, with `about` empty, about all of it."""
        asked = render("judge/query", JudgeQuery(transcript=transcript, about=about, question=question))
        request = Request(
            model=self.use,
            messages=(Message(role="user", content=asked),),
            answer=schema,
            max_tokens=ANSWER_TOKENS,
            salt=Salt(seed=self.seed, sample=sample),
            purpose=Purpose(role="judge", what="observe", trial=self.trial, person=person),
        )
        return await ask(self.chat, request)

    async def verdict(
        self, claim: Claim, evidence: str, *, sample: int = 0, person: str = "", step: int = 0
    ) -> Verdict | NoAnswer:
        """Judge a claim by all of the evidence.

        What is too long to be read at once is read piece by piece, at the same time; the verdict is then
        made from the notes on all pieces. A piece without notes leaves no verdict: it would be on less.
        """
        asking = _Asking(self, claim, sample, person, step)
        count = 1
        for _ in range(MOST_ROUNDS):
            if size(evidence) <= most_evidence(self.use):
                break
            parts = pieces(evidence, most_evidence(self.use))
            noted = await asking.notes(parts)
            if isinstance(noted, NoAnswer):
                return noted
            count = max(count, len(parts))
            evidence = "\n\n".join(f"[piece {number}]\n{text}" for number, text in enumerate(noted, start=1))
        return await asking.verdict(evidence, count)


@dataclass(frozen=True)
class _Asking:
    """One claim being judged."""

    judge: Judge
    claim: Claim
    sample: int
    person: str
    step: int

    async def verdict(self, evidence: str, count: int) -> Verdict | NoAnswer:
        claim = self.claim
        variables = JudgeClaim(
            personas=claim.personas,
            evidence=evidence,
            pieces=count,
            about=claim.about,
            claim=claim.text,
            is_scored=claim.is_scored,
        )
        answer = await self._ask(render("judge/claim", variables), verdict_schema(claim), VERDICT_TOKENS)
        return read_verdict(answer.values, claim) if isinstance(answer, Answer) else answer

    async def notes(self, parts: Sequence[str]) -> list[str] | NoAnswer:
        """Note what each piece has to say on the claim; the first piece that gives nothing is told."""
        found = await together(self._note(part, at, len(parts)) for at, part in enumerate(parts, start=1))
        missing = next((one for one in found if isinstance(one, NoAnswer)), None)
        return missing or [str(one.values.get("notes", "")).strip() for one in found if isinstance(one, Answer)]

    async def _note(self, part: str, number: int, count: int) -> Answer | NoAnswer:
        claim = self.claim
        variables = JudgeNotes(
            personas=claim.personas, evidence=part, number=number, pieces=count, about=claim.about, claim=claim.text
        )
        return await self._ask(render("judge/notes", variables), notes_schema(), NOTES_TOKENS)

    async def _ask(self, text: str, schema: AnswerSchema, tokens: int) -> Answer | NoAnswer:
        judge = self.judge
        request = Request(
            model=judge.use,
            messages=(Message(role="user", content=text),),
            answer=schema,
            max_tokens=tokens,
            salt=Salt(seed=judge.seed, sample=self.sample),
            purpose=Purpose(role="judge", what="claim", trial=judge.trial, person=self.person, step=self.step),
        )
        return await ask(judge.chat, request)
