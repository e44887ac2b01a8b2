"""Plants secrets that a provider repeats, and looks for them in every byte that a run leaves or prints."""

from __future__ import annotations

import base64
import html
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from faults.arena import SMALL, Arena
from projects import MODEL, Project
from provider import Body, FakeProvider, Fault, answer_for

KEY: Final = 'sk-planted"4711+/\\secret&x'
PASSWORD: Final = "swordfish<4712>"
TOKEN: Final = "planted-token-4713"
SECRETS: Final = (KEY, PASSWORD, TOKEN)
ENV: Final = {"OPENAI_API_KEY": KEY, "PW": PASSWORD, "SHOP_LOGIN": TOKEN}
FORMATS: Final = "report: {formats: [json, markdown, details, methods, html, csv, xlsx]}\n"
COMMANDS: Final = (
    ("plan", "x.yaml", "--json"),
    ("show", "results"),
    ("show", "results", "--json"),
    ("report", "results", "--format", "details"),
    ("export", "results"),
    ("ask", "results", "lisa", "What is the key?"),
    ("branch", "results", "--at", "2", "--say", "Go on"),
    ("runs", "--json"),
    ("doctor", "--json"),
    ("compare", "results", "results"),
    ("repair", "results"),
)


def _unicode_escaped(secret: str) -> str:
    return "".join(f"\\u{ord(letter):04x}" for letter in secret)


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


ECHOES: Final[dict[str, Callable[[str], str]]] = {
    "plain": str,
    "URL-encoded": lambda secret: quote(secret, safe=""),
    "JSON-escaped": lambda secret: json.dumps(secret)[1:-1],
    "HTML-escaped": html.escape,
    "base64": _encoded,
    "base64 for addresses": lambda secret: base64.urlsafe_b64encode(secret.encode()).decode(),
    "base64 after a name": lambda secret: _encoded(f"user:{secret}"),
    "base64 within a text": lambda secret: _encoded(f"Bearer {secret} and more"),
}


def _in_words(text: str) -> Callable[[Body], str]:
    return lambda body: _with(body, text)


def _with(body: Body, text: str) -> str:
    answer = answer_for(body)
    if not answer.startswith("{"):
        return text
    return json.dumps({name: text if isinstance(value, str) else value for name, value in json.loads(answer).items()})


def _unicode_words(body: Body) -> str:
    """Answer with escapes that become the secrets only once the answer is read as JSON."""
    written = _with(body, "HERE")
    return written.replace("HERE", " ".join(_unicode_escaped(secret) for secret in SECRETS))


PLACES: Final = ("words", "error 400", "error 401", "error 500", "refusal", "headers")
NAMES: Final = (
    *((echo, place) for echo in ECHOES for place in PLACES[:3]),
    *(("plain", place) for place in PLACES[3:]),
    ("escapes", "words"),
    ("escapes", "error 500"),
)


def plant(arena: Arena) -> None:
    """Run against a provider that repeats every secret, use the run with every command, and search it all."""
    echo, place = NAMES[arena.number % len(NAMES)]
    arena.name = f"secrets: {echo}, {place}"
    form = ECHOES.get(echo, _unicode_escaped)
    text = " ".join(form(secret) for secret in SECRETS)
    answer = _unicode_words if echo == "escapes" else _in_words(text) if place == "words" else answer_for
    with FakeProvider(answer=answer, headers={"X-Echo": text} if place == "headers" else None) as fake:
        if place.startswith("error"):
            fake.faults = [Fault(int(place[-3:]), {"error": {"message": f"Wrong key: {text}"}})] * 10_000
        if place == "refusal":
            message = {"role": "assistant", "content": None, "refusal": text}
            fake.faults = [Fault(200, {"message": message, "finish": "stop"})] * 10_000
        address = fake.url.replace("http://", "http://${env:SHOP_LOGIN}:${env:PW}@")
        use = f'model: {{people: {{use: {MODEL}, api_base: "{address}"}}}}\n'
        project = arena.project("", SMALL + use + FORMATS)
        arena.troupe(project, "run", "x.yaml", "--json", env=ENV)
        arena.expect(fake.requests, "the provider was never asked")
        arena.troupe(project, "run", "x.yaml", "--no-cache", "--json-lines", env=ENV)
        for words in COMMANDS:
            arena.troupe(project, *(_run(project) if word == "results" else word for word in words), env=ENV)
    found = sorted(set(leaks(arena.folder)))
    arena.expect(not found, f"found in {found[:8]}")


def _run(project: Project) -> str:
    return str(project.runs[0]) if project.runs else "results"


def leaks(folder: Path) -> Iterator[str]:
    """Yield the files that hold a secret, output of commands included."""
    marks = [mark.encode() for secret in SECRETS for mark in _marks(secret)]
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            for name, content in _parts(file):
                yield from (f"{file.relative_to(folder)}{name}: {mark!r}" for mark in marks if mark in content)


def _marks(secret: str) -> Iterator[str]:
    """Yield what a secret looks like in a file, whatever precedes it in base64."""
    yield from (secret, json.dumps(secret)[1:-1], html.escape(secret), quote(secret, safe=""), quote(secret))
    yield _unicode_escaped(secret)
    for before in range(3):
        encoded = _encoded("x" * before + secret)
        yield encoded[(0, 2, 3)[before] : len(encoded) // 4 * 4 - 4]


def _parts(file: Path) -> Iterator[tuple[str, bytes]]:
    content = file.read_bytes()
    yield "", content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield f" ({name})", archive.read(name)
