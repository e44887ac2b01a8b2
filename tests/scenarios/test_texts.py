"""troupe enrich and troupe restyle: a text in, a text out, over real HTTP."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from projects import MODEL, Project
from provider import CUT_OFF, FILTERED_SILENTLY, Body, FakeProvider

TEXT = 'Bread & butter: 3 < 4, "warm" it\'s {{ not }} a template.'


def prompt_of(body: Body) -> str:
    return "\n".join(str(message["content"]) for message in body["messages"])


def echo(body: Body) -> str:
    """Return the text that was to be written anew, in capitals."""
    return prompt_of(body).split("<text>\n")[1].split("\n</text>")[0].upper()


def test_a_text_is_enriched_with_the_context_and_the_requirements_as_they_were_written(tmp_path: Path) -> None:
    with FakeProvider(answer=echo) as fake:
        project = Project(tmp_path, fake.url)
        project.write("ad.md", TEXT)
        project.write("known.md", "The oven is <old> & slow.")
        words = ("--requirements", 'figures & "dates"', "--context", "known.md", "--context", "Baked in Bonn.")
        ended = project.troupe("enrich", "ad.md", *words, "--model", MODEL)
    assert ended.code == 0, ended.err
    [asked] = map(prompt_of, fake.requests)
    for part in (TEXT, 'figures & "dates"', "The oven is <old> & slow.", "Baked in Bonn."):
        assert part in asked
    assert not re.search(r"&(amp|lt|gt|quot|#\d+);", asked + ended.out)
    assert ended.out == TEXT.upper() + "\n"


def test_a_text_is_restyled_into_a_file_of_its_own_and_no_file_is_lost(tmp_path: Path) -> None:
    with FakeProvider(answer=echo) as fake:
        project = Project(tmp_path, fake.url)
        project.write("ad.md", TEXT)
        project.write("new.md", "mine")
        words = ("restyle", "ad.md", "--style", "as a <radio> host & friend", "--out", "new.md", "--model", MODEL)
        assert project.troupe(*words).code != 0
        assert fake.requests == []
        assert (tmp_path / "new.md").read_text() == "mine"
        assert project.troupe(*words, "--force").code == 0
    assert (tmp_path / "new.md").read_text() == TEXT.upper() + "\n"
    [asked] = map(prompt_of, fake.requests)
    assert "in this style: as a <radio> host & friend" in asked


def test_a_long_text_is_written_in_pieces_and_nothing_of_it_is_lost(tmp_path: Path) -> None:
    paragraphs = [f"Paragraph {number}: " + "bread and butter, " * 40 for number in range(20)]
    text = "\n\n".join(paragraphs)
    with FakeProvider(answer=echo) as fake:
        project = Project(tmp_path, fake.url)
        project.write("long.md", text)
        ended = project.troupe("restyle", "long.md", "--style", "short", "--out", "new.md", "--model", MODEL)
    assert ended.code == 0, ended.err
    assert len(fake.requests) > 3
    written = (tmp_path / "new.md").read_text()
    assert [part.strip() for part in written.split("\n\n")] == [part.upper().strip() for part in paragraphs]
    assert "What was written until now ends like this" not in prompt_of(fake.requests[0])
    assert "BREAD AND BUTTER" in prompt_of(fake.requests[1]).split("<before>")[1].split("</before>")[0]


@pytest.mark.parametrize(
    ("fault", "told"), [(FILTERED_SILENTLY, "declined to write this"), (CUT_OFF, "did not finish writing")]
)
def test_what_could_not_be_written_is_an_error_and_writes_no_file(tmp_path: Path, fault: object, told: str) -> None:
    with FakeProvider(answer=echo, faults=[fault]) as fake:  # type: ignore[list-item]
        project = Project(tmp_path, fake.url)
        project.write("ad.md", TEXT)
        ended = project.troupe("enrich", "ad.md", "--out", "new.md", "--model", MODEL)
    assert ended.code == 4
    assert told in ended.err
    assert not (tmp_path / "new.md").exists()


def test_no_file_is_nothing_to_do(tmp_path: Path) -> None:
    ended = Project(tmp_path).troupe("enrich", "gone.md", "--model", MODEL)
    assert ended.code == 6
    assert "'gone.md' is not a file" in ended.err


def test_the_tags_a_text_was_handed_over_in_are_taken_off(tmp_path: Path) -> None:
    with FakeProvider(answer=lambda body: f"<text>\n{echo(body)}\n</text>") as fake:
        project = Project(tmp_path, fake.url)
        project.write("ad.md", TEXT)
        assert project.troupe("enrich", "ad.md", "--model", MODEL).out == TEXT.upper() + "\n"


def test_a_text_that_has_such_tags_of_its_own_keeps_them(tmp_path: Path) -> None:
    own = "<text>\nA caption\n</text>"
    with FakeProvider(answer=lambda _: own.upper().replace("TEXT", "text")) as fake:
        project = Project(tmp_path, fake.url)
        project.write("ad.svg", own)
        assert project.troupe("enrich", "ad.svg", "--model", MODEL).out == "<text>\nA CAPTION\n</text>\n"
