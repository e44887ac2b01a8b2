"""Whatever happens to an experiment's text, it compiles or is refused with a place; it never breaks."""

from pathlib import Path

import pytest

from tinytroupe_cli.api.planning import compile_file
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.core.random_streams import Stream

ROOT = Path(__file__).parents[2]
EXPERIMENTS = sorted((ROOT / "experiments").glob("*.yaml"))
WORDS = [
    "{{ person.x }}",
    "{{",
    "[1, 2]",
    "{where: 'age >'}",
    "null",
    "-1",
    "1e9",
    "lisa",
    "x",
    "no",
    "{}",
    "''",
    "\x00",
    "é: ",
    "- ",
]


def mutated(text: str, stream: Stream) -> str:
    lines = text.splitlines()
    at = stream.integer(len(lines))
    word = WORDS[stream.integer(len(WORDS))]
    match stream.integer(7):
        case 0:
            del lines[at]
        case 1:
            lines[at] = " " * stream.integer(5) + lines[at].lstrip()
        case 2:
            key, colon, _ = lines[at].partition(":")
            lines[at] = f"{key}{colon} {word}"
        case 3:
            lines.insert(at, lines[stream.integer(len(lines))])
        case 4:
            place = stream.integer(len(lines[at]) + 1)
            lines[at] = lines[at][:place] + word + lines[at][place:]
        case 5:
            other = stream.integer(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case _:
            place = stream.integer(len(lines[at]) + 1)
            lines[at] = lines[at][:place] + lines[at][place + 1 :]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_a_mutated_experiment_compiles_or_is_refused_with_a_place(path, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    (tmp_path / ".git").mkdir()
    for folder in ("personas", "fragments", "populations"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    (tmp_path / "experiments").mkdir()
    for folder in (ROOT / "experiments").iterdir():
        if folder.is_dir():
            (tmp_path / "experiments" / folder.name).symlink_to(folder)
    target = tmp_path / "experiments" / path.name
    compiled, refused = 0, list[SpecError]()
    for number in range(200):
        target.write_text(mutated(path.read_text(), Stream(number, path.name)))
        try:
            compile_file(target, env={}, folder=tmp_path)
            compiled += 1
        except SpecError as error:
            refused.append(error)

    findings = [finding for error in refused for finding in error.diagnostics]
    assert all(finding.span.line >= 1 and finding.span.column >= 1 and finding.message for finding in findings)
    assert compiled > 20
    assert len(refused) > 20
