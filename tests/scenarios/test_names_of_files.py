"""Names that become files stay in their folder, and are short enough for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import Project
from provider import FakeProvider

HEAD = "troupe: 1\nname: x\npersonas: [lisa]\nworld: {type: interviews, steps: 1}\nstimuli: [{say: Hello}]\n"
LONG = "a" * 300


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEAD.replace("name: x", f"name: {LONG}"), 2),
        (HEAD + f"conditions: [{{name: {LONG}, price: 1}}]\n", 6),
        (HEAD + f"factors: {{price: {{{LONG}: 1, b: 2}}}}\n", 6),
        (HEAD + "factors:\n" + "".join(f"  f{n}: [{'b' * 23}{n}]\n" for n in range(9)), 7),
        (HEAD + f'extract: [{{name: {LONG}, how: interview, question: "Why?", fields: {{why: text}}}}]\n', 6),
        (HEAD + f"systems: [{{name: {LONG}, command: [python]}}]\n", 6),
        (HEAD + f"reduce: [{{name: {LONG}, of: answers}}]\n", 6),
        (HEAD.replace("personas: [lisa]", "personas: [{population: town}]"), 2),
    ],
)
def test_a_name_too_long_for_a_file_is_refused_at_its_line(tmp_path: Path, text: str, line: int) -> None:
    here = Project(tmp_path, "", text)
    here.write("populations/town.yaml", f"troupe-population: 1\nname: {LONG}\nattributes: {{age: {{range: [1, 9]}}}}\n")
    ended = here.troupe("check", "x.yaml")
    assert ended.code == 2
    assert f".yaml:{line}:" in ended.err
    assert "characters" in ended.err


@pytest.mark.parametrize("name", ["../up", "a/b", "..", ".hidden", "C:x", "a\\\\b"])
def test_a_name_that_leaves_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    here = Project(tmp_path, "", HEAD.replace("name: x", f'name: "{name}"'))
    assert here.troupe("check", "x.yaml").code == 2
    here.write("x.yaml", HEAD + f'reduce: [{{name: "{name}", of: answers}}]\n')
    assert here.troupe("check", "x.yaml").code == 2


def test_people_with_long_names_have_files(tmp_path: Path) -> None:
    person = f"{{use: lisa, as: {'Lisa ' * 60}}}"
    with FakeProvider() as fake:
        here = Project(tmp_path, fake.url, HEAD.replace("[lisa]", f"[{person}]") + "tools: [write_document]\n")
        assert here.run().code == 0


def test_results_in_a_folder_with_a_gitignore_leave_it_as_it_is(tmp_path: Path) -> None:
    with FakeProvider() as fake:
        here = Project(tmp_path, fake.url, HEAD)
        here.write(".gitignore", "mine\n")
        assert here.run("--results", ".").code == 0
    assert (tmp_path / ".gitignore").read_text() == "mine\n"
