import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.language.positions import read_yaml
from tinytroupe_cli.language.problems import inside
from tinytroupe_cli.language.templates import TemplateError

TEXT = """\
plain: Hello {{ perso }} there
quoted: "Hello {{ perso }}"
literal: |
  First line.
  Hello {{ x }} and {{ perso }}
folded: >
  A first line that goes
  on and on and
  ends in {{ perso }} here.
flow: [one, "two {{ perso }}"]
escaped: "\\u0048i \\u007b\\u007b perso }}"
after: perso
"""
DOCUMENT = read_yaml(TEXT, "ad.yaml")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("plain",), (1, 17)),
        (("quoted",), (2, 19)),
        (("literal",), (5, 24)),
        (("folded",), (9, 14)),
        (("flow", 1), (10, 21)),
        (("escaped",), (11, 32)),
    ],
)
def test_a_word_of_a_value_is_found_where_it_was_written(path, place):
    value = DOCUMENT.value
    for key in path:
        value = value[key]

    span = inside(TEXT, DOCUMENT.span(path), value, value.index("perso"), len("perso"))

    assert (span.line, span.column, span.length) == (*place, 5)


def test_what_cannot_be_found_again_is_the_whole_value():
    document = read_yaml('a: "\\u0070erso"\nb: perso\n', "x.yaml")

    assert inside(document.text, document.span(("a",)), "perso", 0, 5).line == 1


@given(st.text(max_size=30), st.integers(0, 40), st.integers(1, 9))
def test_any_place_in_any_value_has_a_position(value, offset, length):
    span = inside(TEXT, DOCUMENT.span(("folded",)), value, offset, length)

    assert 1 <= span.line <= 12
    assert span.column >= 1
    assert span.length >= 1


def test_findings_are_raised_together_in_the_order_of_the_file_and_once_each():
    findings = Findings(DOCUMENT)
    error = TemplateError("unknown name 'perso'", offset=9, length=5, hint="did you mean 'person'?")
    findings.add_inside("E310", error, ("quoted",), DOCUMENT.value["quoted"])
    findings.add("E301", "odd", ("plain",), is_error=False)
    findings.add_inside("E310", error, ("quoted",), DOCUMENT.value["quoted"])

    with pytest.raises(SpecError) as caught:
        findings.raise_errors()

    assert [(d.code, d.span.line, d.span.column, d.is_error) for d in caught.value.diagnostics] == [
        ("E301", 1, 8, False),
        ("E310", 2, 19, True),
    ]
    assert [warning.code for warning in findings.warnings] == ["E301"]


def test_warnings_alone_raise_nothing():
    findings = Findings(DOCUMENT)
    findings.add("E301", "odd", ("plain",), is_error=False)

    findings.raise_errors()
