from __future__ import annotations

from pathlib import Path

import pytest
from documents import a_docx, a_pdf

from tinytroupe_cli.api.planning import compile_file
from tinytroupe_cli.core.errors import SpecError

SMALL = """\
troupe: 1
name: small
personas: [lisa, oscar]
"""
HTML = b"""<html><head><title>Van &amp; Co</title><style>p {color: red}</style></head><body>
<h2>Costs</h2><p>It costs <b>90,000</b> &euro;.</p><script>alert(1)</script><ul><li>one</li></ul></body></html>"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "config.ini").write_text("[model]\npeople = openai/gpt-4o-mini\n")
    (tmp_path / "notes").mkdir()
    return tmp_path


def compiled(project: Path, text: str):
    (project / "x.yaml").write_text(SMALL + text, encoding="utf-8")
    return compile_file(project / "x.yaml", env={}, folder=project)


def complaints(project: Path, text: str) -> list[str]:
    with pytest.raises(SpecError) as caught:
        compiled(project, text)
    return [f"{one.span.line}:{one.span.column} {one.code} {one.message}" for one in caught.value.diagnostics]


@pytest.mark.parametrize(
    ("name", "data", "title", "text"),
    [
        ("a.txt", b"\xef\xbb\xbfPlain caf\xc3\xa9.\n", "", "Plain café.\n"),
        ("a.md", b"# The plan\n\nText {{ x }} <b>.", "The plan", "# The plan\n\nText {{ x }} <b>."),
        ("a.html", HTML, "Van & Co", "## Costs\n\nIt costs **90,000** €.\n\n- one"),
        ("a.csv", b'name;price\n"Van";90\n\nBus;\n', "", "- name: Van; price: 90\n- name: Bus"),
        ("a.pdf", a_pdf("First page", "Second page"), "", "## Page 1\n\nFirst page\n\n## Page 2\n\nSecond page"),
        (
            "a.docx",
            a_docx("# Costs", "Much.", title="The brief", rows=[["van", "90"]]),
            "The brief",
            "# Costs\n\nMuch.\n\n- van; 90",
        ),
    ],
)
def test_documents_of_every_kind_become_text(project: Path, name: str, data: bytes, title: str, text: str) -> None:
    (project / "notes" / name).write_bytes(data)

    plan = compiled(project, f"documents: [notes/{name}]\n").plan

    assert [(one.name, one.title, one.text) for one in plan.library] == [(name, title, text)]
    assert [member.documents for member in plan.trials[0].people] == [(name,), (name,)]


def test_folders_and_patterns_lead_to_documents_and_one_is_kept_once(project: Path) -> None:
    for name in ("b.md", "a.md", "deep/c.txt", "photo.png", ".hidden.md"):
        path = project / "notes" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"About {name}")

    found = compiled(project, "documents: ['notes/*.md', notes/]\n")

    assert [one.name for one in found.plan.library] == ["a.md", "b.md", "c.txt"]
    assert [(one.code, one.message) for one in found.warnings] == [("E316", "these files are skipped: notes/photo.png")]


def test_documents_of_one_name_are_told_apart(project: Path) -> None:
    for folder in ("north", "south"):
        (project / "notes" / folder).mkdir()
        (project / "notes" / folder / "plan.md").write_text(folder)

    plan = compiled(project, "documents: [notes]\n").plan

    assert [one.name for one in plan.library] == ["north/plan.md", "south/plan.md"]


def test_a_cast_entry_has_documents_besides_everyones_and_texts_stand_in_the_plan_once(project: Path) -> None:
    (project / "shared.txt").write_text("What all know.")
    (project / "law.txt").write_text("What a lawyer knows.")
    text = "personas: [{use: lisa, documents: [law.txt]}, oscar]\ndocuments: [shared.txt]\nreplicates: 3\n"
    (project / "x.yaml").write_text(SMALL.replace("personas: [lisa, oscar]\n", "") + text)

    plan = compile_file(project / "x.yaml", env={}, folder=project).plan

    assert [member.documents for member in plan.trials[2].people] == [("shared.txt", "law.txt"), ("shared.txt",)]
    assert plan.model_dump_json().count("What a lawyer knows.") == 1


@pytest.mark.parametrize(
    ("name", "data", "complaint"),
    [
        ("none.md", None, "no document 'notes/none.md'"),
        ("*.odt", None, "no document 'notes/*.odt'"),
        ("a.odt", b"x", "'notes/a.odt' is not a document that can be read"),
        ("empty.md", b" \n", "'notes/empty.md' has no text"),
        ("latin.txt", b"\xe9", "'notes/latin.txt' is not UTF-8 text"),
        ("scan.pdf", a_pdf(""), "'notes/scan.pdf' has no text"),
        ("locked.pdf", a_pdf("Secret", password="x"), "'notes/locked.pdf' is encrypted"),
        ("broken.pdf", b"%PDF-1.4 oh no", "'notes/broken.pdf' can't be read as PDF"),
        ("broken.docx", b"PK\x03\x04 oh no", "'notes/broken.docx' can't be read as DOCX"),
        ("empty.docx", a_docx(), "'notes/empty.docx' has no text"),
    ],
)
def test_a_document_nobody_can_read_is_a_mistake_with_its_place(
    project: Path, name: str, data: bytes | None, complaint: str
) -> None:
    if data is not None:
        (project / "notes" / name).write_bytes(data)

    [told] = complaints(project, f"documents:\n  - notes/{name!s}\n".replace("- notes/*", "- notes/*"))

    assert told.startswith(f"5:5 E315 {complaint}")


def test_one_damaged_file_of_a_folder_is_told_too(project: Path) -> None:
    (project / "notes" / "good.md").write_text("Good.")
    (project / "notes" / "bad.pdf").write_bytes(b"%PDF")

    [told] = complaints(project, "documents: [notes]\n")

    assert "notes/bad.pdf" in told


def test_a_long_document_is_read_in_parts_that_say_so_and_lose_nothing(project: Path) -> None:
    text = "\n\n".join(f"Paragraph {number} says something of its own." for number in range(300))
    (project / "notes" / "long.md").write_text(text)

    stimuli = compiled(project, "stimuli: [{read: notes/long.md}]\n").plan.trials[0].stimuli

    assert len(stimuli) > 1
    assert [one.text.split("\n")[0] for one in stimuli] == [
        f"notes/long.md, part {number} of {len(stimuli)}:" for number in range(1, len(stimuli) + 1)
    ]
    assert "\n\n".join(one.text.split("\n\n", maxsplit=1)[1] for one in stimuli) == text


@pytest.mark.parametrize(
    ("model", "complaint"),
    [
        ("openai/unheard-of", "the maximum is 16,000"),
        ("openai/gpt-4", "the window of openai/gpt-4 has 8,192, and a document can fill at most half of it"),
    ],
)
def test_a_document_too_long_for_the_model_is_refused_not_cut(project: Path, model: str, complaint: str) -> None:
    (project / "notes" / "huge.md").write_text("Words and words. " * 3_000)

    with pytest.raises(SpecError) as caught:
        compiled(project, f"model: {model}\nstimuli: [{{read: notes/huge.md}}]\n")

    [told] = caught.value.diagnostics
    assert told.code == "E313"
    assert told.message.endswith(complaint)
    assert told.hint == "let people look things up in it instead: documents: [notes/huge.md]"


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.html", "a.csv"])
def test_every_kind_can_be_read_aloud_too(project: Path, name: str) -> None:
    data = {"a.pdf": a_pdf("A van"), "a.docx": a_docx("A van"), "a.html": b"<p>A van", "a.csv": b"what\nA van"}
    (project / name).write_bytes(data[name])

    [stimulus] = compiled(project, f"stimuli: [{{read: {name}}}]\n").plan.trials[0].stimuli

    assert "A van" in stimulus.text
