"""What a provider can do instead of answering, and what troupe makes of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from faults.arena import PATIENT, SMALL, Arena
from faults.kills import check_equal, undisturbed, what_came
from faults.wire_faults import PLACES, SERVED
from projects import Project
from provider import FakeProvider, Fault, rate_limited, reply

QUICK: Final = "timeout = 4\n"
RETRY: Final = ("--retry", "failed,bad,refused")
LIMIT: Final = "limits: {minutes: 0.2}\n"
LIMIT_SECONDS: Final = 12.0
GRACE: Final = 10.0
"""Seconds that a run may take past its limit of minutes."""


@dataclass(frozen=True)
class ProviderFault:
    """One fault, and how a run may end that meets nothing else."""

    fault: Fault
    always: tuple[int, ...] = (4,)
    """Exit codes if every call meets it."""
    once: tuple[int, ...] = (0,)
    """Exit codes if two calls meet it, and the others are answered."""
    is_stored: bool = False
    """It counts as an answer, so that a rerun asks again only with --retry."""


def _json(status: int, message: str, code: str = "", **headers: str) -> Fault:
    return Fault(status, {"error": {"message": message, "code": code}}, headers)


def _usage(*, always: int = 0, **counts: object) -> ProviderFault:
    return ProviderFault(Fault(200, {"usage": counts}), always=(always,), is_stored=not always)


_FATAL = {"always": (4,), "once": (4,)}
FAULTS: Final[dict[str, ProviderFault]] = {
    "429": ProviderFault(rate_limited()),
    "429, wait a second": ProviderFault(rate_limited(1)),
    "429, wait until a date": ProviderFault(
        _json(429, "slow down", **{"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"})
    ),
    "429, wait for years": ProviderFault(rate_limited(10**9), always=(5,), once=(5,)),
    "429, wait for NaN": ProviderFault(_json(429, "slow down", **{"Retry-After": "nan"})),
    "500": ProviderFault(_json(500, "The server had an error")),
    "502": ProviderFault(Fault(502, raw="<html>Bad gateway</html>")),
    "503": ProviderFault(_json(503, "overloaded")),
    "529": ProviderFault(_json(529, "overloaded")),
    "401": ProviderFault(_json(401, "Incorrect API key", "invalid_api_key"), **_FATAL),
    "403": ProviderFault(_json(403, "not allowed"), **_FATAL),
    "quota": ProviderFault(_json(429, "You exceeded your current quota", "insufficient_quota"), **_FATAL),
    "model withdrawn": ProviderFault(_json(404, "The model does not exist", "model_not_found"), **_FATAL),
    "window exceeded": ProviderFault(
        _json(400, "maximum context length is 10 tokens", "context_length_exceeded"), once=(0, 4)
    ),
    "length": ProviderFault(reply('{"words": "I was about to sa', finish="length"), is_stored=True),
    "content filter": ProviderFault(reply(None, finish="content_filter"), once=(0, 4), is_stored=True),
    "null content": ProviderFault(reply(None), once=(0, 4), is_stored=True),
    "empty content": ProviderFault(reply(""), once=(0, 4), is_stored=True),
    "wrong schema": ProviderFault(reply('{"nothing": "that was asked for"}'), is_stored=True),
    "usage missing": ProviderFault(Fault(200, {"usage": None}), always=(0,), is_stored=True),
    "usage NaN": _usage(
        always=4, prompt_tokens=float("nan"), completion_tokens=float("nan"), total_tokens=float("nan")
    ),
    "usage negative": _usage(prompt_tokens=-5, completion_tokens=-1, total_tokens=-6),
    "usage text": _usage(always=4, prompt_tokens="many", completion_tokens=[], total_tokens={}),
    **{name: ProviderFault(Fault(serve=serve), **expected) for name, (serve, expected) in SERVED.items()},
}
"""The answer of a fault with `usage` is the usual one."""
NAMES: Final = (
    *((name, mode) for name in FAULTS for mode in ("once", "always")),
    *((name, "place") for name in PLACES),
)


def meet_fault(arena: Arena) -> None:
    """Run against a provider with one fault, and then against a healthy one."""
    name, mode = NAMES[arena.number % len(NAMES)]
    arena.name = f"provider: {name}, {mode}"
    if mode == "place":
        _meet_place(arena, name)
        return
    case = FAULTS[name]
    with FakeProvider() as fake:
        project = arena.project(fake.url, SMALL + LIMIT, model=QUICK)
        wanted, _ = undisturbed(arena, fake, SMALL + LIMIT)
        fake.faults = [case.fault] * (2 if mode == "once" else 10_000)
        _end_properly(arena, project, case.once if mode == "once" else case.always)
        fake.faults.clear()
        _complete(arena, project)
        if mode == "once" and not case.is_stored:
            check_equal(arena, what_came(project)["logs"], wanted["logs"])


def _end_properly(arena: Arena, project: Project, codes: tuple[int, ...], *words: str) -> None:
    """Run; it has to end within its limit, as documented, with a report."""
    began = time.perf_counter()
    ended = arena.run(project, *words)
    seconds = time.perf_counter() - began
    arena.expect(seconds < LIMIT_SECONDS + GRACE + 5, f"held the run for {seconds:.0f} s")
    arena.expect(ended.code in (*codes, 5), f"exit {ended.code}, not {codes}: {ended.err[-900:]}")
    arena.expect(
        not ended.code or "error" in ended.err or "limit" in ended.err,
        f"exit {ended.code} without a word: {ended.err[-500:]}",
    )
    arena.expect(not project.runs or (project.runs[-1] / "results.json").exists(), "it left no results.json")


def _complete(arena: Arena, project: Project) -> None:
    """Run again against a healthy provider, without the limit that may have been reached."""
    project.write("x.yaml", SMALL + "limits: {minutes: 5}\n")
    project.write("config.ini", (project.folder / "config.ini").read_text().replace(QUICK, PATIENT))
    ended = arena.run(project, *RETRY)
    arena.expect(ended.code == 0, f"a rerun ended with {ended.code}: {ended.err[-900:]}")
    failed = sum(trial["failed_turns"] + trial["failed_answers"] for trial in project.results["trials"])
    arena.expect(not failed, f"{failed} turns or answers are still missing after a rerun")


def _meet_place(arena: Arena, name: str) -> None:
    """Run against an address where no provider answers, then against a healthy one."""
    with PLACES[name]() as url, FakeProvider() as fake:
        project = arena.project(fake.url, SMALL + LIMIT, model=QUICK)
        config = (project.folder / "config.ini").read_text()
        project.write("config.ini", config.replace(fake.url, url))
        _end_properly(arena, project, (4,), "--allow-address", "no-such-host.localhost.invalid")
        project.write("config.ini", config)
        _complete(arena, project)
