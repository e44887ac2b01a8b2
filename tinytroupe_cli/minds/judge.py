"""Judge: transcript + question -> answer. Reads what happened, and nothing of why it was played."""

from __future__ import annotations

from dataclasses import dataclass

from tinytroupe_cli.minds.asking import ask
from tinytroupe_cli.minds.outcomes import Answer, NoAnswer
from tinytroupe_cli.models.port import AnswerSchema, ChatModel, Message, ModelUse, Purpose, Request, Salt
from tinytroupe_cli.prompts.catalog import JudgeQuery, render

ANSWER_TOKENS = 600


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
