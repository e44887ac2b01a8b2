"""What the prompts of people played by small models are filled in with: transcripts whose next line is theirs."""

from __future__ import annotations

from tinytroupe_cli.prompts.variables.strict import Variables


class ScriptSystem(Variables):
    """Fills in `script/system`."""

    name: str
    portrait: str
    has_persona: bool = True
    """False: somebody of whom nothing is said."""


class ScriptTranscript(Variables):
    """Fills in `script/transcript`."""

    name: str
    past: tuple[str, ...]
    scene: str
    news: tuple[str, ...]


class ScriptScene(Variables):
    """Fills in `script/scene`."""

    name: str
    date: str
    occasion: str
    place: str
    listeners: tuple[str, ...]
    feeling: str
    goal: str
    attention: str
    context: str
    memories: tuple[str, ...]
    said: tuple[str, ...]


class ScriptAct(Variables):
    """Fills in `script/act`."""

    name: str
    line: str
    abilities: tuple[str, ...]
    listeners: tuple[str, ...]


class ScriptMood(Variables):
    """Fills in `script/mood`."""

    name: str
    line: str


class ScriptCode(Variables):
    """Fills in `script/code`."""

    name: str
    question: str
    words: str
    items: str
    fault: str


class ScriptAside(Variables):
    """Fills in `script/aside`."""

    name: str
    memories: tuple[str, ...]


class ScriptVerdict(Variables):
    """Fills in `script/verdict`."""

    question: str
    words: str
    about: str
