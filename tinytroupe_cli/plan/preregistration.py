"""What was decided before a run: a lock, what a run changed of it, and what that means for its comparisons."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Final, Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.models.port import Frozen

Section = dict[str, JsonValue]
"""What was decided -> the decision: a value, or the hash of something long."""
REST: Final = "rest"
"""The section for what no other section names; a difference in it is named if no other section explains it."""
COMPARISONS: Final = "comparisons"
HARMLESS: Final = ("versions", "human_data")
"""Sections whose changes leave the comparisons of conditions as they were locked."""
ANSWERS: Final = ("run", "experiment", "people", "prompts", "wordings", "anchors", "files", "models")
"""Sections that answers depend on; a difference in one of them is one in the rest, too."""


class Deviation(Frozen):
    """One way in which a run differs from the lock."""

    what: str
    """Section of the lock and name, such as `experiment.world` or `models.people`."""
    locked: JsonValue = None
    """As locked: a value, or the first digits of a hash; null: it was not there."""
    run: JsonValue = None
    """As run."""
    results_existed: bool = False
    """Whether the experiment had results before this run."""


class Lock(Frozen):
    """An experiment as decided on, before it is run."""

    lock: Literal[1] = 1
    """Version of this file."""
    experiment: str
    """The experiment's file."""
    name: str
    """Name of the experiment."""
    locked: str
    """When, ISO 8601 with time zone."""
    hypotheses_file: str = ""
    """Name of the file of hypotheses."""
    hypotheses: str = ""
    """Its text."""
    runs_before: int = 0
    """Runs of this experiment that had answers when it was locked."""
    same_answers_before: bool = False
    """Whether one of them had the same people, questions and models, so that its answers are those of a later run."""
    primary: tuple[str, ...] = ()
    """Comparisons that are confirmatory: those of the main family."""
    contents: dict[str, Section] = Field(default_factory=dict)
    """Everything that was decided, by section."""
    seal: str = ""
    """Hash of the rest of this file."""

    def sealed(self) -> Lock:
        """Return the lock with its seal."""
        return self.model_copy(update={"seal": self._hash()})

    @property
    def is_intact(self) -> bool:
        """Return whether the file is as `troupe lock` wrote it."""
        return self.seal == self._hash()

    def _hash(self) -> str:
        return short_hash(self.model_dump(mode="json", exclude={"seal"}))


class LockRecord(Frozen):
    """The lock that lay beside an experiment when a run of it began."""

    file: str
    """Name of the lock file."""
    locked: str
    """When it was locked, ISO 8601 with time zone."""
    seal: str
    """Hash of the lock."""
    hypotheses_file: str = ""
    """Name of the file of hypotheses; empty: none."""
    hypotheses: str = ""
    """Its text."""
    primary: tuple[str, ...] = ()
    """Comparisons that were to be confirmatory."""
    runs_before: int = 0
    """Runs of this experiment that had answers when it was locked."""
    same_answers_before: bool = False
    """Whether the answers of this run existed before the lock."""


def record_of(lock: Lock, file: str) -> LockRecord:
    """Return what a run keeps of a lock."""
    kept = lock.model_dump(include=set(LockRecord.model_fields) - {"file"})
    return LockRecord(file=file, **kept)


def short_hash(value: JsonValue) -> str:
    """Return 16 hex digits of the hash of JSON; keys in any order."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def deviations(locked: dict[str, Section], now: dict[str, Section], *, results_existed: bool) -> list[Deviation]:
    """Return everything in which two contents differ, each once, in the order of sections."""
    every = list(_differing(locked, now))
    is_explained = any(deviation.what.partition(".")[0] in ANSWERS for deviation in every)
    found = [deviation for deviation in every if not (is_explained and deviation.what.startswith(f"{REST}."))]
    return [deviation.model_copy(update={"results_existed": results_existed}) for deviation in found]


def _differing(locked: dict[str, Section], now: dict[str, Section]) -> Iterator[Deviation]:
    for section in dict.fromkeys([*locked, *now]):
        before, after = locked.get(section, {}), now.get(section, {})
        for name in dict.fromkeys([*before, *after]):
            if short_hash(before.get(name)) != short_hash(after.get(name)):
                yield Deviation(what=f"{section}.{name}", locked=before.get(name), run=after.get(name))


def confirmatory(record: LockRecord, changed: Iterable[Deviation]) -> frozenset[str]:
    """Return the names of the comparisons that are confirmatory: primary, locked before there were answers, unchanged.

    A change of what people see, hear or are asked, of who they are or who plays them, or of the analysis, concerns all
    comparisons; so does leaving out a primary comparison, as fewer are corrected for. A change of one comparison
    concerns that one.
    """
    if record.same_answers_before:
        return frozenset()
    left = set(record.primary)
    for deviation in changed:
        section, _, name = deviation.what.partition(".")
        if section in HARMLESS:
            continue
        if section != COMPARISONS or (deviation.run is None and name in record.primary):
            return frozenset()
        left.discard(name)
    return frozenset(left)
