"""Everything that is read has a bound; a file beyond it is refused by name, with what was found and the maximum."""

from __future__ import annotations

import io
import os
import time
import zipfile
from pathlib import Path

import pytest

from tinytroupe_cli.api.checking import check_paths
from tinytroupe_cli.core.archives import check_archive
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.limited_process import FailedCall, LimitedCall, LimitError, call_limited
from tinytroupe_cli.inputs.document_parsers import parse_document
from tinytroupe_cli.language.templates import TemplateError, read_template

SPEC = """\
troupe: 1
name: x
personas: [ann]
world: {type: interviews, steps: 1}
stimuli: [{say: "Would you buy it?"}]
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.ini").touch()
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas/ann.yaml").write_text("name: Ann Berg\nage: 40\n")
    return tmp_path


def told(project: Path, text: str) -> list[str]:
    """Return what `check` says of an experiment: place, code and message."""
    (project / "x.yaml").write_text(text)
    (file,) = check_paths([project / "x.yaml"], overrides={}, env={})
    return [f"{found.span.source}:{found.span.line} {found.code} {found.message}" for found in file.diagnostics]


@pytest.mark.parametrize(
    ("name", "written", "message"),
    [
        ("notes.txt", "documents: [notes.txt]", "x.yaml:6 E315 'notes.txt' is a pipe, not a file"),
        ("notes.pdf", "documents: [notes.pdf]", "x.yaml:6 E315 'notes.pdf' is a pipe, not a file"),
        ("people.yaml", "personas: [{population: people.yaml}]", "people.yaml:1 E209 this is a pipe, not a file"),
        ("rows.csv", "personas: [{population: p.yaml}]", "p.yaml:3 E223 'rows.csv' is a pipe, not a file"),
        ("personas/bob.yaml", "personas: [bob]", "personas/bob.yaml:1 E209 this is a pipe, not a file"),
    ],
)
def test_a_pipe_is_refused_at_once(project: Path, name: str, written: str, message: str) -> None:
    os.mkfifo(project / name)
    (project / "p.yaml").write_text("troupe-population: 1\nname: p\nrows: rows.csv\n")
    spec = SPEC.replace("personas: [ann]\n", "") if written.startswith("personas") else SPEC

    (found,) = told(project, spec + written + "\n")

    assert found.endswith(message)


def test_a_link_that_leads_nowhere_says_where_it_leads(project: Path) -> None:
    (project / "notes.txt").symlink_to("gone.txt")

    (found,) = told(project, SPEC + "documents: [notes.txt]\n")

    assert "'notes.txt' is a link to 'gone.txt', which does not exist" in found


def test_a_file_is_measured_before_it_is_read(project: Path) -> None:
    with (project / "notes.txt").open("wb") as file:
        file.truncate(50_000_000_000)  # takes no room

    (found,) = told(project, SPEC + "documents: [notes.txt]\n")

    assert "'notes.txt' is too large: 50000 MB; the maximum is 3 MB" in found


def test_a_list_has_a_maximum_of_entries(project: Path) -> None:
    found = told(project, SPEC.replace("[ann]", "[" + "ann, " * 2_001 + "]"))

    assert [line.partition(" ")[2] for line in found] == ["E107 this has 2,001 entries; the maximum is 2,000"]


def test_people_take_part_in_trials_a_bounded_number_of_times(project: Path) -> None:
    (found,) = told(project, SPEC.replace("[ann]", "[{use: ann, copies: 1000}]") + "replicates: 201\n")

    assert "E341 people take part in trials 201,000 times in all; the maximum is 200,000" in found


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in vars.big %}{% for b in vars.big %}{% endfor %}{% endfor %}",
        "{% for a in vars.big %}{% if vars.big == vars.big %}{% endif %}{% endfor %}",
        "{% for a in vars.big %}{{ (vars.big | sort | first) }}{% endfor %}",
        "{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}",
    ],
)
def test_the_steps_of_a_template_are_counted(text: str) -> None:
    with pytest.raises(TemplateError, match="its loops take more than 200,000 steps") as raised:
        read_template(f"Hello\n{text}").render({"vars": {"big": "x" * 100_000}})

    assert raised.value.offset == len("Hello\n") or "sort" in text or "==" in text


@pytest.mark.parametrize(
    "text",
    [
        "{{ 1e400 }}",
        "{{ " + "9" * 4_500 + " }}",
        "{{ 1.5 | round(10 ** 9) }}",
        "{{ 1.5 | round(999999999, 'ceil') }}",
        "{{ 'inf' | float | int }}",
        "{{ 'nan' | float | round }}",
        "{{ [1e308, 1e308] | sum | int }}",
        "{{ -('inf' | float) }}",
        "{{ 'inf' | float | tojson }}",
        "{{ (1 / 5e-324) | int }}",
    ],
)
def test_a_number_beyond_all_bounds_in_a_template_is_an_error(text: str) -> None:
    with pytest.raises(TemplateError):
        read_template(text).render({})


@pytest.mark.parametrize(
    "text",
    [
        "{{ range }}",
        "{{ range | string }}",
        "{{ range ~ 'x' }}",
        "{{ self ~ 'x' }}",
        "{% for a in [1] %}{{ loop }}{% endfor %}",
        "{% for a in [1] %}{{ loop.cycle ~ 'x' }}{% endfor %}",
    ],
)
def test_a_template_shows_data_alone(text: str) -> None:
    """Jinja's own objects would be shown with their address in memory, another in every run."""
    with pytest.raises(TemplateError):
        read_template(text).render({})


def test_what_filters_yield_is_shown_as_a_list() -> None:
    text = "{{ [3, 1] | reverse }}; {{ [3, 1, 3] | unique }}; {{ range(3) }}"

    assert read_template(text).render({}) == "1, 3; 3, 1; 0, 1, 2"


def packed(**parts: bytes) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("_", "."), data)
    made.seek(0)
    return made


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"a_bin": bytes(100_000_001)}, "is too large: 100 MB unpacked; the maximum is 100 MB"),
        ({"a_xml": bytes(40_000_001)}, "is too large: 40 MB in 'a.xml'"),
        ({"a_xml": b"<a>" * 1_000_000, "b_xml": b"<b>" * 1_000_001}, "more than 2,000,000 tags"),
        ({"a_xml": b"<?xml?>" + b" " * 999_990 + b"<!DOCTYPE x>"}, "has a document type in 'a.xml'"),
    ],
)
def test_an_archive_is_measured_before_it_is_unpacked(parts: dict[str, bytes], message: str) -> None:
    with pytest.raises(RunError, match=message):
        check_archive(packed(**parts))


def endless() -> None:
    """Never return; called in a child."""
    while True:
        pass


def greedy() -> int:
    """Need a gigabyte; called in a child."""
    return len(bytearray(1_000_000_000))


def test_a_call_beyond_its_limits_ends_alone() -> None:
    functions = f"{Path(__file__).stem}"
    began = time.perf_counter()

    (slow,) = call_limited(f"faults.{functions}:endless", [LimitedCall((), 1)])
    (large,) = call_limited(f"faults.{functions}:greedy", [LimitedCall((), 9)])
    none, length = call_limited("builtins:len", [LimitedCall((3,), 5), LimitedCall(("abc",), 5)])

    assert isinstance(slow, LimitError)
    assert "within 1 second" in slow.message
    assert isinstance(large, LimitError)
    assert "500 MB" in large.message
    assert isinstance(none, FailedCall)
    assert length == 3
    assert time.perf_counter() - began < 30


def test_a_child_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")

    (found,) = call_limited("os:getenv", [LimitedCall(("OPENAI_API_KEY",), 5)])

    assert found is None


def page(folder: Path, text: str) -> tuple[str, str]:
    (folder / "page.html").write_text(text)
    return parse_document(str(folder / "page.html"), ".html")


@pytest.mark.parametrize(
    "text",
    [
        "<ul>" + "<li>an <b>item" * 600,
        "<p>a line" * 3_000,
        "<table>" + "<tr><td>a<td>b" * 900,
        "<dl>" + "<dt>a<dd>b" * 700,
    ],
)
def test_a_page_whose_end_tags_are_left_out_is_read(tmp_path, text: str) -> None:
    _, read = page(tmp_path, text)

    assert read.count("a") >= 600


def test_a_page_is_read_as_a_browser_shows_it(tmp_path) -> None:
    _, read = page(
        tmp_path,
        "<ul><li>a<li>b<ul><li>c<li>d</ul><li>e</ul><p>one<p>two<h1>Head</h1><table><tr><th>x<th>y<tr><td>1<td>2</table>",
    )

    assert read == "- a\n- b\n  - c\n  - d\n- e\n\none\n\ntwo\n\n# Head\n\n| x | y |\n| --- | --- |\n| 1 | 2 |"


def test_elements_without_end_are_refused_before_the_page_is_built(tmp_path) -> None:
    with pytest.raises(RunError, match="256 elements"):
        page(tmp_path, "<div>" * 500_000)
