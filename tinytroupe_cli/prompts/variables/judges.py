"""What the prompts of the judge are filled in with: queries, claims, qualities, sorting."""

from __future__ import annotations

from tinytroupe_cli.prompts.variables.strict import Variables


class JudgeQuery(Variables):
    """Fills in `judge/query`."""

    transcript: str
    pieces: int
    about: str
    question: str


class JudgeQueryNotes(Variables):
    """Fills in `judge/query_notes`."""

    piece: str
    number: int
    pieces: int
    about: str
    question: str


class JudgeQuality(Variables):
    """Fills in `judge/quality`."""

    name: str
    portrait: str
    past: str
    attempt: str
    qualities: tuple[tuple[str, str], ...]


class JudgeClaim(Variables):
    """Fills in `judge/claim`."""

    personas: tuple[tuple[str, str], ...]
    evidence: str
    pieces: int
    about: str
    claim: str
    is_scored: bool


class JudgeNotes(Variables):
    """Fills in `judge/notes`."""

    personas: tuple[tuple[str, str], ...]
    evidence: str
    number: int
    pieces: int
    about: str
    claim: str


class BuiltInClaimText(Variables):
    """Fills in the claims that come with the package."""

    who: str


class BuiltInTaskClaimText(Variables):
    """Fills in `claims/task_completion`."""

    who: str
    task: str


class CategoriesToPropose(Variables):
    """Fills in `judge/categories`."""

    texts: str
    most: int


class JudgeParaphrase(Variables):
    """Fills in `judge/paraphrase`."""

    text: str
    variables: tuple[str, ...]
    others: tuple[str, ...]
    count: int


class JudgeParaphraseCheck(Variables):
    """Fills in `judge/paraphrase_check`."""

    text: str
    paraphrase: str


class JudgeSort(Variables):
    """Fills in `judge/sort`."""

    texts: tuple[str, ...]
    categories: tuple[str, ...]
    otherwise: str


class JudgeTopic(Variables):
    """Fills in `judge/topic`."""

    question: str
    words: str
    low: str
    high: str


class JudgeCode(Variables):
    """Fills in `judge/code`."""

    text: str
    categories: tuple[tuple[str, str], ...]
    several: bool
