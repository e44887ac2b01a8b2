"""What is wrong in a file is said, with its place; nothing in one causes a traceback."""

from pathlib import Path

import pytest
from snapshots import assert_snapshot

from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.language.positions import read_json, read_yaml
from tinytroupe_cli.personas.fragment import fragment_from
from tinytroupe_cli.personas.library import Library
from tinytroupe_cli.personas.persona import persona_from
from tinytroupe_cli.personas.rendering import render_persona
from tinytroupe_cli.personas.search_path import starters_folder


def problems(text: str, *, json: bool = False, fragment: bool = False) -> list[Diagnostic]:
    source = "who.json" if json else "who.yaml"
    try:
        document = (read_json if json else read_yaml)(text, source)
        read = (fragment_from if fragment else persona_from)(document)
    except SpecError as error:
        return list(error.diagnostics)
    return list(read.warnings)


def described(found: list[Diagnostic]) -> str:
    lines: list[str] = []
    for finding in found:
        kind = "error" if finding.is_error else "warning"
        lines.append(f"{kind} {finding.code} {finding.span.line}:{finding.span.column} {finding.message}")
        lines.append(f"  {finding.text}")
        lines.append(f"  hint: {finding.hint}" if finding.hint else "  (no hint)")
    return "\n".join(lines) + "\n"


WRONG = {
    "empty": "",
    "only a comment": "# nobody\n",
    "a list at the top": "- name: Ann\n",
    "a text": "Ann",
    "no name": "age: 3\n",
    "a name in another case": "Name: Ann\nage: 3\n",
    "a number for a name": "name: 42\n",
    "an empty name": "name: ' '\n",
    "a list for a name": "name: [Ann, Bo]\n",
    "a name of two lines": 'name: "Ann\\nBo"\n',
    "a misspelt key": "name: Ann\noccuption: Baker\npersonality:\n  trait: [kind]\n",
    "an age in words": "name: Ann\nage: forty\n",
    "a type of another kind": "type: TinyWorld\npersona: {name: Ann}\n",
    "a fragment for a persona": "type: Fragment\npersona: {beliefs: [x]}\n",
    "no type": "persona: {name: Ann}\n",
    "no persona": "type: TinyPerson\nagent: {name: Ann}\n",
    "a list for a persona": "type: TinyPerson\npersona: [Ann]\n",
    "a persona without a name": "type: TinyPerson\npersona: {age: 3}\n",
    "too deep": "name: Ann\nx: " + "[" * 60 + "]" * 60,
}


def test_what_a_user_reads_about_a_wrong_file():
    told = [f"# {title}\n{described(problems(text))}" for title, text in WRONG.items()]
    assert_snapshot("\n".join(told), "personas/wrong_files.txt")


@pytest.mark.parametrize("title", WRONG)
def test_a_wrong_file_is_reported_with_a_place(title: str):
    found = problems(WRONG[title])
    assert found
    assert all(finding.span.line >= 1 and finding.span.column >= 1 for finding in found)


def test_any_other_key_is_legal():
    assert (
        problems("name: Ann\nspouse: {age: 3}\nchildren: 2\ntype: nurse\nhobbies: [x]\ncountry_of_residence: null\n")
        == []
    )


def test_a_persona_given_as_a_fragment_is_told_so():
    (found,) = problems('{"type": "TinyPerson", "persona": {"name": "Ann"}}', json=True, fragment=True)
    assert found.message == "this is a persona, but a fragment is expected"


def test_a_fragment_needs_no_name():
    assert problems("beliefs: [x]\n", fragment=True) == []


def test_half_a_character_and_endless_numbers_are_findings():
    (half,) = problems('{"name": "Ann",\n "style": "\\ud800"}', json=True)
    (endless,) = problems('{"name": "Ann",\n "pets": [1e999]}', json=True)
    assert half.code == endless.code == "E202"
    assert endless.span.line == 2


def test_a_name_may_have_any_letters_that_fit_a_line():
    assert problems("name: क्\u200dष Ñandú-O'Neil\n") == []


def test_a_binary_file_is_a_finding(tmp_path: Path):
    path = tmp_path / "who.yaml"
    path.write_bytes(b"name: Ann\nage: \xff\xfe\x00")
    with pytest.raises(SpecError) as raised:
        Library(tmp_path, ()).load_persona(path)
    (found,) = raised.value.diagnostics
    assert (found.code, found.span.source, found.span.line, found.span.column) == ("E209", "who.yaml", 2, 6)


def test_a_folder_in_place_of_a_file_is_a_finding(tmp_path: Path):
    (tmp_path / "who.yaml").mkdir()
    with pytest.raises(SpecError, match="1 problem"):
        Library(tmp_path, ()).load_persona(tmp_path / "who.yaml")


JUNK = [b"[1, {a: 2}]", b"null", b"3", b"{}", b"[", b"*x", b"!!python/x y"]


def mutated(data: bytes, chance: Stream) -> bytes:
    lines = data.split(b"\n")
    at = chance.integer(len(lines))
    match chance.integer(7):
        case 0:
            del lines[at]
        case 1:
            lines[at] = b" " * (1 + chance.integer(4)) + lines[at]
        case 2:
            lines[at] = lines[at].lstrip()
        case 3:
            key, _, _ = lines[at].partition(b":")
            lines[at] = key + b": " + JUNK[chance.integer(len(JUNK))]
        case 4:
            lines[at] = lines[at] + bytes(chance.integer(256) for _ in range(8))
        case 5:
            lines[at], lines[-1] = lines[-1], lines[at]
        case _:
            lines.insert(at, lines[chance.integer(len(lines))])
    return b"\n".join(lines)


SHIPPED = sorted(path for folder in ("personas", "fragments") for path in (starters_folder() / folder).glob("*.yaml"))
OTHERS = sorted((Path(__file__).parent / "fixtures").rglob("*.json"))


@pytest.mark.parametrize("path", [*SHIPPED, *OTHERS], ids=lambda path: path.name)
def test_200_mutations_of_a_file_load_or_are_reported_with_a_place(path: Path, tmp_path: Path):
    chance = Stream(7, path.name)
    library = Library(tmp_path, ())
    target = tmp_path / path.name
    for _ in range(200):
        target.write_bytes(mutated(path.read_bytes(), chance))
        load = library.load_fragment if "fragment" in str(path) else library.load_persona
        found: tuple[Diagnostic, ...] = ()
        try:
            text = render_persona(load(target).fields)
        except SpecError as error:
            text, found = "", error.diagnostics
        assert text or found
        assert all(finding.span.line >= 1 and finding.span.source == path.name for finding in found)
