"""Breaks files on purpose, again and again; nothing in one may cause a traceback.

    python tests/mutations.py [COUNT]

mutates every file that is shipped, COUNT times each (200 if not given), checks each as `troupe check`
does, and says what came of it. The same seed gives the same mutations.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tinytroupe_cli.api.checking import check_paths
from tinytroupe_cli.core.random_streams import Stream

ROOT = Path(__file__).parents[1]
FOLDERS = ("experiments", "personas", "fragments", "populations")
SHIPPED = [ROOT / "config.ini", *(file for name in FOLDERS for file in sorted((ROOT / name).glob("*.yaml")))]
WORDS = [
    *(b"null", b"-1", b"1e9", b"no", b"{}", b"[]", b"''", b"x", b"2026-13-45", b"99999999999999999999", b"9" * 500),
    *(b"[1, {a: 2}]", b"{{ person.x }}", b"{% for i in", b"{where: 'age >'}", b"${env:NO}", b"lisa", b"strange: 1"),
    *(b"!!python/x y", b"*x", b"&x", b"- ", b"? ", b": ", b"<<: {a: 1}", b"---", b"\t", b"'", b'"', b"|"),
]


@dataclass(frozen=True)
class Outcome:
    """What came of a mutated file."""

    codes: frozenset[str]
    lacks_place: bool
    """Some finding about the file itself has no line or column in it."""


def mutations(data: bytes, count: int, name: str) -> Iterator[bytes]:
    """Yield so many mutated versions of a file's content."""
    for number in range(count):
        stream = Stream(number, "mutation", name)
        mutated = data
        for _ in range(1 + stream.integer(3)):
            mutated = _mutated(mutated, stream)
        yield mutated


def _mutated(data: bytes, stream: Stream) -> bytes:
    lines = data.split(b"\n")
    at, other = stream.integer(len(lines)), stream.integer(len(lines))
    line, word = lines[at], WORDS[stream.integer(len(WORDS))]
    place = stream.integer(len(line) + 1)
    key, colon, _ = line.partition(b":")
    match stream.integer(9):
        case 0:
            del lines[at : at + 1 + stream.integer(3)]
        case 1:
            lines[at] = b" " * stream.integer(6) + line.lstrip()
        case 2:
            lines[at] = key + colon + b" " + word
        case 3:
            lines.insert(at, b" " * (len(line) - len(line.lstrip())) + word)
        case 4:
            lines[at], lines[other] = lines[other], lines[at]
        case 5:
            lines.insert(at, lines[other])
        case 6:
            lines[at] = line[:place] + word + line[place:]
        case 7:
            lines[at] = line[:place] + line[place + 1 :]
        case _:
            lines[at] = line[:place] + bytes(stream.integer(256) for _ in range(6)) + line[place:]
    return b"\n".join(lines)


def checked(data: bytes, path: Path) -> Outcome:
    """Write a file and check it; whatever is raised is a bug of ours."""
    path.write_bytes(data)
    (file,) = check_paths([path], overrides={}, env={})
    own = [finding for finding in file.diagnostics if finding.span.source.endswith(path.name)]
    lacks_place = any(finding.span.line < 1 or finding.span.column < 1 or not finding.message for finding in own)
    return Outcome(frozenset(finding.code for finding in file.diagnostics), lacks_place)


def a_project(folder: Path) -> Path:
    """Make a folder in which the shipped experiments find their people."""
    (folder / ".git").mkdir()
    for name in FOLDERS:
        (folder / name).mkdir()
        for file in (ROOT / name).glob("*.yaml"):
            (folder / name / file.name).write_bytes(file.read_bytes())
    return folder


def main(count: int) -> None:
    """Mutate everything that is shipped."""
    with TemporaryDirectory() as folder:
        project = a_project(Path(folder))
        for file in SHIPPED:
            target = project / file.relative_to(ROOT)
            outcomes = [checked(data, target) for data in mutations(file.read_bytes(), count, file.name)]
            target.write_bytes(file.read_bytes())
            loaded = sum(not outcome.codes for outcome in outcomes)
            codes = sorted({code for outcome in outcomes for code in outcome.codes})
            refused = f"{count - loaded} are refused or warned of ({', '.join(codes)})"
            print(f"{file.relative_to(ROOT)}: {loaded} load, {refused}")
            assert not any(outcome.lacks_place for outcome in outcomes), file
    print(f"{len(SHIPPED)} files, {count * len(SHIPPED)} mutations, no traceback")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
