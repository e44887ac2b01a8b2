"""Resolves systems: how each is reached in a trial, and who can talk to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.resources.system_texts import SAID, check_for_people, texts_in
from tinytroupe_cli.compiler.roster import RESERVED, Roster
from tinytroupe_cli.compiler.template_scope import TemplateScope, Text, read_text
from tinytroupe_cli.core.errors import TroupeError
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.plan.planned_systems import HttpPlan, PlannedSystem
from tinytroupe_cli.plan.types import CastMember
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.systems import HttpSystemSpec, System

Find = Callable[[str], None]
"""Raises a `TroupeError` that explains why something does not exist."""

WAYS = ("http", "model", "command", "python")
_ADDRESS = re.compile(r"https?://[^/\s]|\$\{env:|\{\{", re.IGNORECASE)
_THIS_MACHINE = re.compile(r"https?://(127\.0\.0\.1|localhost)(:|/|$)", re.IGNORECASE)


@dataclass(frozen=True)
class ProgramLookup:
    """Lookups of programs and functions on this machine."""

    program: Find = lambda _name: None
    function: Find = lambda _dotted: None


@dataclass(frozen=True)
class PreparedSystem:
    """A system, independent of the condition."""

    written: System
    use: ModelConfig | None
    prompt: Text | None
    names: frozenset[str]
    """Names used in its other texts, except a conversation's."""
    people: tuple[str, ...]
    texts: Sequence[Text] = field(default=())


def prepare_systems(
    experiment: Experiment,
    roster: Roster,
    models: Mapping[str, ModelConfig],
    machine: ProgramLookup,
    findings: Findings,
) -> list[PreparedSystem]:
    """Resolve the systems of an experiment; `models` are those of the systems played by a model, by name."""
    _check_names(experiment.systems, roster, findings)
    _check_cast(experiment, findings)
    prepared: list[PreparedSystem] = []
    for index, written in enumerate(experiment.systems):
        path: Path = ("systems", index)
        if not _is_reachable(written, path, machine, findings):
            continue
        texts = list(texts_in(written, path, findings))
        names = frozenset(name for text in texts for name in text.template.names) - SAID
        names -= frozenset({"port"}) if written.start else frozenset()
        check_for_people(texts, roster, findings)
        prompt = read_text(written.model.prompt, (*path, "model", "prompt"), findings) if written.model else None
        people = tuple(
            member.id for member in roster.members if member.systems is None or written.name in member.systems
        )
        prepared.append(PreparedSystem(written, models.get(written.name), prompt, names, people, texts))
    return prepared


def plan_systems(
    prepared: Sequence[PreparedSystem], scene: TemplateScope, people: Sequence[CastMember], findings: Findings
) -> tuple[PlannedSystem, ...]:
    """Return the systems of one trial, in the order written."""
    return tuple(_planned(system, scene, people, findings) for system in prepared)


def _planned(
    system: PreparedSystem, scene: TemplateScope, people: Sequence[CastMember], findings: Findings
) -> PlannedSystem:
    written = system.written
    for text in system.texts:
        scene.check(text, system.names, findings)
    return PlannedSystem(
        name=written.name,
        http=_http(written.http) if written.http else None,
        model=system.use,
        prompt=scene.render(system.prompt, findings) if system.prompt else "",
        command=tuple(written.command or ()),
        python=written.python or "",
        start=tuple(written.start or ()),
        env=tuple(written.env),
        timeout=written.timeout,
        people=tuple(member.id for member in people if member.id in system.people),
        values=scene.known(system.names),
    )


def _http(written: HttpSystemSpec) -> HttpPlan:
    body: JsonValue = written.json_
    if body is None and written.method != "GET":
        body = {"message": "{{ message }}"}
    return HttpPlan(url=written.url, method=written.method, body=body, headers=written.headers, reply=written.reply)


def _check_names(systems: Sequence[System], roster: Roster, findings: Findings) -> None:
    seen: set[str] = set()
    for index, system in enumerate(systems):
        name, path = system.name.casefold(), ("systems", index, "name")
        if name in RESERVED:
            findings.add("E461", f"'{system.name}' can't be a name: it has a special meaning here", path)
        elif name in roster.aliases:
            findings.add("E461", f"somebody in the cast is also called '{system.name}'", path)
        elif name in seen:
            findings.add("E461", f"a second system called '{system.name}'", path)
        seen.add(name)


def _check_cast(experiment: Experiment, findings: Findings) -> None:
    known = [system.name for system in experiment.systems]
    for index, entry in enumerate(experiment.personas):
        for number, name in enumerate((None if isinstance(entry, str) else entry.systems) or ()):
            if name not in known:
                hint = NearNames(name, known, label="systems")
                findings.add("E463", f"no system '{name}'", ("personas", index, "systems", number), hint=hint)


def _is_reachable(written: System, path: Path, machine: ProgramLookup, findings: Findings) -> bool:
    before = findings.errors
    for where, message, hint in _faults(written):
        findings.add("E460", message, (*path, *where), hint=hint)
    looked_for = [
        (machine.program, (written.command or [""])[0], "command"),
        (machine.program, (written.start or [""])[0], "start"),
        (machine.function, written.python or "", "python"),
    ]
    for find, name, key in looked_for:
        try:
            if name:
                find(name)
        except TroupeError as error:
            findings.add("E462", error.message, (*path, key), hint=error.hint)
    return findings.errors == before


def _faults(written: System) -> Iterator[tuple[Path, str, str]]:
    ways = [way for way in WAYS if getattr(written, way) is not None]
    if len(ways) != 1:
        found = " and ".join(ways) if ways else "none"
        yield (), f"a system must be reached in exactly one way; this one has {found}", f"ways: {', '.join(WAYS)}"
    for key in ("command", "start"):
        if getattr(written, key) == []:
            yield (key,), "a command needs at least the program's name", "for example, [python, bot.py]"
    if written.env and written.command is None and written.start is None:
        yield ("env",), "'env' works only with 'command' or 'start'", ""
    http = written.http
    if http is None:
        if written.start is not None:
            yield ("start",), "'start' works only with 'http'", ""
        return
    if not _ADDRESS.match(http.url):
        yield (
            ("http", "url"),
            "an address must begin with http:// or https://",
            "for example, http://127.0.0.1:8000/chat",
        )
    elif written.start is not None and not _THIS_MACHINE.match(http.url):
        hint = "for example, http://127.0.0.1:{{ port }}/chat, where {{ port }} becomes a free port"
        yield ("http", "url"), "a server that troupe starts must be on this machine", hint
    if http.method == "GET" and http.json_ is not None:
        hint = "put the message in the url: ?q={{ message }}"
        yield ("http", "json"), "a GET request sends only its address", hint
