"""Inputs that somebody might hand to `troupe check`: shipped files with changed nodes and bytes, and made ones.

Every strategy yields a `HostileInput`: the files of a project and the one to check.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from documents import a_docx, a_pdf
from hypothesis import strategies as st
from mutations import FOLDERS, SHIPPED, mutations

from tinytroupe_cli.language.positions import read_yaml

ROOT = Path(__file__).parents[2]
KEYS: dict[str, list[dict[str, Any]]] = read_yaml(
    (ROOT / "tests/compiler/samples/keys.yaml").read_text(), "keys.yaml"
).value
SHELL = """\
troupe: 1
name: fuzzed
personas: [lisa]
world: {type: interviews, steps: 1}
stimuli: [{say: "Would you buy it?"}]
"""
HOSTILE = [
    *(None, True, "", " ", 0, -1, 10**9, 10**30, 2**63, -0.5, 1e308, float("nan"), float("inf"), 5e-324, "1e400"),
    *("nan", "inf", "9" * 399, "9" * 5000, "a" * 300, "x" * 70_000, "../../etc/passwd", "/dev/zero", "~", ".", "/"),
    *(
        "{{ person }}",
        "{{ vars }}",
        "{% for a in vars.x %}",
        "${env:HOME}",
        "lisa",
        "*",
        "**/**/**",
        "*/../*/..",
        "\u202e",
    ),
    *(
        "\x00",
        "\x1b[2J",
        "\ud800",
        "=1+1",
        "a,b\nc",
        "person.age > 'x'",
        "1 + * 2",
        "(" * 300,
        "not " * 500,
        "1 year",
        "0s",
    ),
    *("99999999 weeks", "[a", "-", "#", "&x", "!x", "2026-13-45", "25-34", "100%", "NaN%", "a" + "\u0301" * 2000),
    *(
        [],
        {},
        [[]],
        {"": ""},
        {"x": None},
        {"wordings": ["a", "b"]},
        {"all": "x"},
        ["lisa"] * 3000,
        {"use": "lisa", "copies": 10**9},
    ),
    *(
        {"population": "canada", "size": 10**9},
        {"every": 0},
        {"every": 10**9},
        {"number": {"min": 5, "max": -5}},
        {"scale": [1, 10**9]},
    ),
    *({f"k{number}": number for number in range(300)}, [list(range(50))] * 20),
]
EXPRESSIONS = [
    *(
        "person",
        ".age",
        "age",
        " > ",
        " < ",
        " == ",
        "(",
        ")",
        " and ",
        " or ",
        "not ",
        "'x'",
        "40",
        "1e400",
        "-",
        " + ",
        " * ",
    ),
    *(
        " / ",
        "0",
        "**",
        "9" * 30,
        "len(",
        "any(",
        "[",
        "]",
        ",",
        " in ",
        "{",
        "}",
        "\\",
        '"',
        "v.price",
        ".mean",
        " | ",
        "%",
        "\n",
    ),
]
TAGS = [
    *(
        "{{ ",
        " }}",
        "{% for a in vars.l %}",
        "{% for b in vars.t %}",
        "{% endfor %}",
        "{% if a %}",
        "{% endif %}",
        "vars.t",
        "vars.l",
    ),
    *(
        "vars.m",
        "a",
        "b",
        " | sort",
        " | join(',')",
        " | tojson",
        " | round(99, 'ceil')",
        " | int",
        " ~ ",
        " * ",
        " + ",
        "[0]",
        "[::-1]",
    ),
    *(
        ".x",
        "9" * 20,
        "1e400",
        "'x'",
        "{% raw %}",
        "{# ",
        " #}",
        "loop.index",
        "range(",
        ")",
        "(",
        "(" * 200,
        "{% set x = 1 %}",
        "\n",
        "é",
    ),
    *(
        "{% for a in vars.t %}{% for b in vars.t %}",
        "{{ vars.t * 9 }}",
        "{{ 2 ** 9 }}",
        " is divisibleby 0",
        "- ",
        "person.age",
    ),
]


@dataclass(frozen=True)
class HostileInput:
    """Files of a project, and what to check."""

    kind: str
    target: str
    files: dict[str, bytes] = field(default_factory=dict)
    """Path -> content."""


def _value(path: Path) -> Any:
    return read_yaml(path.read_text(), path.name).value


GALLERY = {file.relative_to(ROOT).as_posix(): _value(file) for file in SHIPPED if file.suffix == ".yaml"}
SAMPLES = [_value_of for samples in KEYS.values() for _value_of in samples]


def places_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in a value."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, part in entries for place in places_in(part, (*path, key)))]


def changed(value: Any, path: tuple[Any, ...], change: Any) -> Any:
    """Return a copy of a value with the part at `path` replaced by `change(part)`; None removes it."""
    if not path:
        return change(value)
    key, *rest = path
    copy = dict(value) if isinstance(value, dict) else list(value)
    made = changed(copy[key], tuple(rest), change)
    if made is REMOVED:
        del copy[key]
    else:
        copy[key] = made
    return copy


REMOVED = object()


@st.composite
def _nodes(draw: st.DrawFn) -> HostileInput:
    name = draw(st.sampled_from(sorted(GALLERY)))
    value = GALLERY[name]
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from([place for place in places_in(value) if place] or [()]))
        match draw(st.integers(0, 5)):
            case 0:
                value = changed(value, place, lambda _: REMOVED) if place else value
            case 1:
                value = changed(value, place, lambda part: [part, part])
            case 2:
                value = changed(value, place, lambda part: {draw(st.text(max_size=8)): part})
            case 3:
                other = draw(st.sampled_from(SAMPLES))
                value = {**value, **other} if isinstance(value, dict) else other
            case _:
                value = changed(value, place, lambda _: draw(st.sampled_from(HOSTILE)))
    return HostileInput("changed nodes", name, {name: _dumped(value)})


def _dumped(value: Any) -> bytes:
    text = json.dumps(value) if _has_surrogates(value) else yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
    return text.encode("utf-8", "surrogatepass")


def _has_surrogates(value: Any) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in str(value))


@st.composite
def _bytes(draw: st.DrawFn) -> HostileInput:
    file = draw(st.sampled_from(SHIPPED))
    number = draw(st.integers(0, 10**6))
    (data,) = mutations(file.read_bytes(), 1, f"{file.name} {number}")
    return HostileInput("changed bytes", file.relative_to(ROOT).as_posix(), {file.relative_to(ROOT).as_posix(): data})


@st.composite
def _samples(draw: st.DrawFn) -> HostileInput:
    value = {**_shell(), **draw(st.sampled_from(SAMPLES)), **draw(st.sampled_from(SAMPLES))}
    place = draw(st.sampled_from([place for place in places_in(value) if place]))
    value = changed(value, place, lambda _: draw(st.sampled_from(HOSTILE)))
    return HostileInput("changed keys", "x.yaml", {"x.yaml": _dumped(value)})


@st.composite
def _shapes(draw: st.DrawFn) -> HostileInput:
    count = draw(st.sampled_from([50, 1_000, 30_000]))
    body = draw(
        st.sampled_from(
            [
                "vars: " + "[" * count + "]" * count,
                "vars: {x: " + "{a: " * count + "1" + "}" * count + "}",
                "vars: {" + ", ".join(f"k{number}: 1" for number in range(count)) + "}",
                "stimuli:\n" + "- say: x\n" * count,
                "extract:\n" + "- {name: v, question: x, fields: {a: text}}\n" * count,
                "extract:\n"
                + "".join(f"- {{name: v{n}, question: x, fields: {{a: text}}}}\n" for n in range(min(count, 2000))),
                "personas:\n" + "- lisa\n" * count,
                "factors: {" + ", ".join(f"f{number}: [1, 2]" for number in range(min(count, 40))) + "}",
                "factors: {f: [" + ", ".join(map(str, range(count))) + "]}",
                "x-a0: &a0 [1, 1, 1, 1]\n"
                + "".join(f"x-a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)),
                "x: y\n" * count,
                "- 1\n" * count,
                "# " + "x" * count,
                "title: " + "x " * count,
                "title: '" + "''" * count + "'",
                "expect: [" + ", ".join(["'v.a.mean > 1'"] * count) + "]",
                "expect: ['" + "(" * count + "1" + ")" * count + "']",
                "expect: ['" + " and ".join(["1 < 2"] * min(count, 3000)) + "']",
                "fragments: [" + ", ".join(["x"] * count) + "]",
                "\ufeff" * count,
            ]
        )
    )
    keys = {line.partition(":")[0] for line in body.splitlines()[:1]}
    shell = "".join(line + "\n" for line in SHELL.splitlines() if line.partition(":")[0] not in keys)
    return HostileInput("shapes", "x.yaml", {"x.yaml": (shell + body).encode()})


@st.composite
def _templates(draw: st.DrawFn) -> HostileInput:
    text = "".join(draw(st.lists(st.sampled_from(TAGS), min_size=1, max_size=14)))
    values = {"t": "x" * draw(st.sampled_from([3, 2_000, 60_000])), "l": list(range(200)), "m": {"x": 1.5, "y": None}}
    value = {**_shell(), "vars": values, "stimuli": [{"say": text}]}
    return HostileInput("templates", "x.yaml", {"x.yaml": _dumped(value)})


@st.composite
def _expressions(draw: st.DrawFn) -> HostileInput:
    text = "".join(draw(st.lists(st.sampled_from(EXPRESSIONS), min_size=1, max_size=12)))
    forms = [
        {"expect": [text]},
        {"stimuli": [{"say": "x", "to": {"where": text}}]},
        {"personas": [{"all": "*", "where": text}]},
    ]
    query = {
        "name": "v",
        "of": "each person",
        "how": "interview",
        "question": "x?",
        "fields": {"price": {"number": {}}},
    }
    return HostileInput(
        "expressions", "x.yaml", {"x.yaml": _dumped({**_shell(), "extract": [query], **draw(st.sampled_from(forms))})}
    )


@st.composite
def _tables(draw: st.DrawFn) -> HostileInput:
    ending = draw(st.sampled_from(["csv", "tsv", "json", "jsonl"]))
    cell = st.sampled_from(
        [
            "name",
            "age",
            "weight",
            "",
            '"',
            "a",
            "1",
            "1e400",
            "nan",
            "-",
            "\x00",
            "é",
            "9" * 400,
            "{",
            "[",
            "x" * 9_000,
            "=1",
        ]
    )
    rows = draw(st.lists(st.lists(cell, max_size=5), max_size=12))
    sign = draw(st.sampled_from([",", ";", "\t", "|", "\r"]))
    text = sign.join(["name", "age"]) + "\n" + "\n".join(sign.join(row) for row in rows)
    if ending.startswith("json"):
        text = draw(
            st.sampled_from(
                [
                    json.dumps(rows),
                    json.dumps([{"name": "a", "age": row} for row in rows]),
                    text,
                    "[" * 5000,
                    '{"a": ' * 900,
                ]
            )
        )
    if draw(st.booleans()):
        text = text * draw(st.sampled_from([2, 3_000]))
    weight = draw(st.sampled_from(["weight", "age", "null"]))
    rows_key = f"rows: {{file: rows.{ending}, weight: {weight}}}"
    population = f"troupe-population: 1\nname: p\n{rows_key}\n"
    spec = {**_shell(), "personas": [{"population": "p.yaml", "size": draw(st.sampled_from([1, 5, 10**9, -1]))}]}
    return HostileInput(
        "tables", "x.yaml", {"x.yaml": _dumped(spec), "p.yaml": population.encode(), f"rows.{ending}": text.encode()}
    )


@st.composite
def _documents(draw: st.DrawFn) -> HostileInput:
    ending, data = draw(st.sampled_from(sorted(DOCUMENTS.items())))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        piece = draw(
            st.one_of(
                st.binary(max_size=6), st.sampled_from([b"<div>" * 5_000, b"\x00" * 9, b"99999999999", b"<" * 2_000])
            )
        )
        data = data[:at] + piece + data[at + draw(st.integers(0, 40)) :]
    files = {f"d.{ending}": data, "x.yaml": _dumped({**_shell(), "documents": [f"d.{ending}"]})}
    return HostileInput("documents", "x.yaml", files)


@st.composite
def _office_parts(draw: st.DrawFn) -> HostileInput:
    """A Word file of which one part was changed, so that the archive around it is in order."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(DOCUMENTS["docx"])) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        names = [entry.filename for entry in old.infolist()]
        chosen = draw(st.sampled_from(names))
        for name in names:
            data = old.read(name)
            if name == chosen:
                at = draw(st.integers(0, len(data)))
                piece = draw(
                    st.sampled_from(
                        [
                            b"",
                            b"<w:p>",
                            b"</w:p>",
                            b"<w:tbl><w:tr><w:tc>" * 3_000,
                            b"&x;",
                            b"<!DOCTYPE x>",
                            b"\xff",
                            b"<w:p/>" * 9_000,
                        ]
                    )
                )
                data = data[:at] + piece + data[at + draw(st.integers(0, 9)) :]
            new.writestr(name, data)
    files = {"d.docx": made.getvalue(), "x.yaml": _dumped({**_shell(), "documents": ["d.docx"]})}
    return HostileInput("office files", "x.yaml", files)


def _shell() -> dict[str, Any]:
    return read_yaml(SHELL, "shell").value


DOCUMENTS = {
    "pdf": a_pdf("One page of text", "Another"),
    "docx": a_docx("# A heading", "A paragraph", rows=[["a", "b"], ["1", "2"]]),
    "html": b"<html><head><title>T</title></head><h1>H</h1><p>Text</p><table><tr><td>1</table><ul><li>a</ul></html>",
    "csv": b'name,age\nLisa,40\n"O, scar",35\n',
    "md": b"# A heading\n\nText.\n",
    "txt": b"Text.\n",
}


def hostile_inputs(*, with_documents: bool = True) -> st.SearchStrategy[HostileInput]:
    """Return inputs of all kinds; documents are slower, as most are parsed in a child process."""
    quick = [
        *[_nodes()] * 8,
        *[_samples()] * 6,
        *[_bytes()] * 4,
        _shapes(),
        *[_templates()] * 3,
        *[_expressions()] * 3,
        *[_tables()] * 3,
    ]
    return st.one_of(*quick, *([_documents(), _office_parts()] if with_documents else []))


__all__ = ["FOLDERS", "HostileInput", "hostile_inputs"]
