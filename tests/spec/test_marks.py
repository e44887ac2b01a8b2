"""Values know their place in the text; what a person rarely means is refused."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.language.positions import read_json, read_yaml
from tinytroupe_cli.language.scalars import plain_scalar

LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=12)
SCALARS = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | LETTERS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(LETTERS, inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(LETTERS, VALUES, min_size=1, max_size=4)


def paths(value, path=()):
    if path:
        yield path, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from paths(child, (*path, key))


def refused(text, read=read_yaml):
    with pytest.raises(SpecError) as raised:
        read(text, "a.yaml")
    return raised.value.diagnostics


def stretch(document, span):
    return document.line(span)[span.column - 1 :]


def block_yaml(value, indent=0):
    """Write YAML as people do: one entry a line, everything else as JSON."""
    pad = "  " * indent
    lines = []
    for key, item in value.items():
        if isinstance(item, dict) and item:
            lines += [f"{pad}{json.dumps(key, ensure_ascii=False)}:", block_yaml(item, indent + 1)]
        elif isinstance(item, list) and item:
            lines += [
                f"{pad}{json.dumps(key, ensure_ascii=False)}:",
                *(f"{pad}- {json.dumps(entry, ensure_ascii=False)}" for entry in item),
            ]
        else:
            lines.append(f"{pad}{json.dumps(key, ensure_ascii=False)}: {json.dumps(item, ensure_ascii=False)}")
    return "\n".join(lines)


@given(DOCUMENTS, st.sampled_from([None, 1, 3]), st.booleans())
def test_in_json_every_value_and_key_stands_where_its_span_says(value, indent, is_ascii):
    document = read_json(json.dumps(value, indent=indent, ensure_ascii=is_ascii), "a.json")
    assert document.value == value
    for path, expected in paths(value):
        begins = stretch(document, document.span(path))
        assert begins[0] in "{[" if isinstance(expected, dict | list) else json.JSONDecoder().raw_decode(begins)
        if isinstance(path[-1], str):
            key, _ = json.JSONDecoder().raw_decode(stretch(document, document.span(path, key=True)))
            assert key == path[-1]


@given(DOCUMENTS)
def test_in_yaml_every_key_and_plain_value_stands_where_its_span_says(value):
    document = read_yaml(block_yaml(value), "a.yaml")
    assert document.value == value
    for path, expected in paths(value):
        span = document.span(path)
        if not isinstance(expected, dict | list):
            written = stretch(document, span)[: span.length]
            assert json.loads(written) == expected
        if isinstance(path[-1], str):
            key = document.span(path, key=True)
            assert json.loads(stretch(document, key)[: key.length]) == path[-1]


@settings(max_examples=300)
@given(st.text(max_size=60) | st.text("[]{}:-?,#&*!|>'\"%@` \n\tab1", max_size=60))
def test_any_text_is_read_or_refused_with_a_place(text):
    for read in (read_yaml, read_json):
        try:
            read(text, "a.yaml")
        except SpecError as error:
            for found in error.diagnostics:
                assert found.span.source == "a.yaml"
                assert 1 <= found.span.line <= max(len(text.splitlines()), 1)
                assert 1 <= found.span.column <= len(found.text) + 1


@pytest.mark.parametrize("text", ["no", "on", "yes", "y", "1:30", "2026-11-23", "1_000", "0b1", ".inf", ".nan", "="])
def test_words_that_yaml_1_1_would_change_stay_text(text):
    assert read_yaml(f"a: {text}", "a.yaml").value == {"a": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e3", 1000.0),
        ("1E-3", 0.001),
        (".5", 0.5),
        ("5.", 5.0),
        ("-17", -17),
        ("+3", 3),
        ("007", 7),
        ("0o14", 12),
        ("0xFF", 255),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("", None),
        ("Null", None),
        ("1e999", "1e999"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_plain_words_follow_yaml_1_2(text, value):
    assert plain_scalar(text) == value
    assert type(plain_scalar(text)) is type(value)
    assert read_yaml(f"a: {text}", "a.yaml").value == {"a": value}


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_every_number_is_read_as_it_was_written(number):
    assert plain_scalar(str(number)) == number


def test_quoted_words_are_text():
    assert read_yaml("a: 'true'\nb: \"1\"\nc: |\n  1\n", "a.yaml").value == {"a": "true", "b": "1", "c": "1\n"}


def test_keys_are_text_even_when_they_look_like_something_else():
    assert read_yaml("1: a\ntrue: b\n~: c\n", "a.yaml").value == {"1": "a", "true": "b", "~": "c"}


def test_both_lines_of_a_doubled_key_are_named():
    (found,) = refused("a: 1\nb:\n  c: 1\n  c: 2\n")
    assert (found.code, found.span.line, found.also[0][0].line) == ("E102", 4, 3)
    (found,) = refused('{"a": {"b": 1,\n "b": 2}, "b": 3}', read_json)
    assert (found.code, found.span.line, found.span.column, found.also[0][0].line) == ("E102", 2, 2, 1)


def test_every_doubled_key_is_found_at_once():
    assert len(refused("a: 1\na: 2\nb: [{c: 1, c: 2}]\n")) == 2
    assert len(refused('{"a": 1, "a": 2, "b": [{"c": 1, "c": 2}]}', read_json)) == 2


def test_an_alias_is_read():
    assert read_yaml("a: &x [1]\nb: *x\n", "a.yaml").value == {"a": [1], "b": [1]}


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [*x]\n",
        "a: &x {b: *x}\n",
        "<<: {a: 1}\n",
        "a: !!str 1\n",
        "a: !mine {b: 1}\n",
        "a: !!python/object:os.system x\n",
        "? [a]\n: b\n",
        "? {a: 1}\n: b\n",
        "a: " + "[" * 500 + "]" * 500,
        "a: " + "[" * 50_000,
        "- " * 5000 + "x",
        "\n".join(" " * level + "a:" for level in range(300)),
        "a: &a [x, x]\n"
        + "\n".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]" for n in range(22)),
    ],
)
def test_yaml_that_surprises_is_refused(text):
    assert {found.code for found in refused(text)} == {"E103"}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: 1\nb: x\x00y\n", 2, 5),
        ("é: \x07\n", 1, 4),
        ("a: \ud800\n", 1, 4),
        ("a: 1\n\tb: 2\n", 2, 1),
        ("a: 'x\nb: 1\n", 1, 4),
        ("a: 1\n---\nb: 2\n", 2, 1),
        ("a: [1, 2\nb: 3\n", 2, 2),
        ("a: *nobody\n", 1, 4),
        ("<<<<<<< mine\na: 1\n=======\na: 2\n>>>>>>> theirs\n", 1, 1),
    ],
)
def test_what_is_not_yaml_is_refused_at_its_place(text, line, column):
    (found,) = refused(text)
    assert (found.code, found.span.line, found.span.column) == ("E101", line, column)
    assert found.hint


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, 1),
        ('{"a": 1,}', 1, 9),
        ('{"a":\n nope}', 2, 2),
        ("{'a': 1}", 1, 2),
        ('{"a": "x\ny"}', 1, 9),
        ('{"a": NaN}', 1, 1),
    ],
)
def test_what_is_not_json_is_refused_at_its_place(text, line, column):
    (found,) = refused(text, read_json)
    assert (found.code, found.span.line, found.span.column) == ("E101", line, column)


def test_json_nested_beyond_reading_is_refused():
    (found,) = refused("[" * 100_000 + "]" * 100_000, read_json)
    assert found.code == "E103"


def test_surrogate_pairs_are_one_character_and_places_count_what_is_written():
    document = read_json('{"a": "\\ud83d\\ude00", "😀": [1,\t"x"]}', "a.json")
    assert document.value == {"a": "😀", "😀": [1, "x"]}
    assert document.span(("😀",), key=True).column == 23
    assert document.span(("😀", 1)).column == 32


@pytest.mark.parametrize("read", [read_yaml, read_json])
def test_a_byte_order_mark_counts_for_nothing(read):
    document = read('\ufeff{"a": 1}', "a")
    assert document.value == {"a": 1}
    assert document.span(("a",)).column == 7


@pytest.mark.parametrize("read", [read_yaml, read_json])
def test_what_is_not_there_stands_at_its_parent(read):
    document = read('{"a":\n {"b": 1}}', "a")
    assert document.span(("a", "c", "d")) == document.span(("a",))
    assert document.span(("a", "c"), key=True) == document.span(("a",))


def test_an_empty_file_has_a_place():
    document = read_yaml("# nothing\n", "a.yaml")
    assert document.value is None
    assert document.span(("a",)).line == 1
