import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.language.templates import TemplateError, read_template

SCOPE = {
    "vars": {"budget": 600, "ratio": 4.5, "items": ["a", "b"], "deep": {"er": "down"}},
    "condition": {"price": 399, "ad": "Calm {{ words }}"},
    "price": 399,
    "ad": "Calm {{ words }}",
    "person": {"name": "Lisa Carter", "age": 28, "occupation": {"title": "Architect"}, "nickname": None},
    "step": 1,
    "replicate": 2,
}


def rendered(text: str) -> str:
    return read_template(text).render(SCOPE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It costs ${{ price }}.", "It costs $399."),
        ("{{ vars.ratio }} and {{ vars['budget'] }}", "4.5 and 600"),
        ("{{ person.occupation.title | lower }}, {{ person.age + 1 }}", "architect, 29"),
        ("{{ condition.ad }}", "Calm {{ words }}"),
        ("{{ price * 1.2 }} {{ price * 1.0 }} {{ 10.0 }}", "478.8 399.0 10.0"),
        ("{{ vars.items }}", "a, b"),
        ("{{ vars.items | join(' or ') }} {{ vars.items[0] }} {{ vars.deep | tojson }}", 'a or b a {"er": "down"}'),
        ("{% for item in vars.items %}{{ loop.index }}{{ item }} {% endfor %}", "1a 2b "),
        ("{% if step == 1 %}first{% else %}later{% endif %} of {{ replicate }}\n", "first of 2\n"),
        ("{{ person.nickname | default('none') }}", "none"),
        ("{% for n in range(3) %}{{ n }}{% endfor %}", "012"),
        ("{{ step == 1 }} {# a note #}", "true "),
        ('"{single} braces" <b> & é', '"{single} braces" <b> & é'),
    ],
)
def test_a_text_is_filled_in(text, expected):
    assert rendered(text) == expected


@pytest.mark.parametrize(
    ("text", "offset", "message", "hint"),
    [
        ("Hi {{ perso.name }}", 6, "unknown name 'perso'", "did you mean 'person'?"),
        ("{{ budget }}", 3, "unknown name 'budget'", "write vars.budget"),
        ("Hi {{ person.agee }}", 13, "person has no field 'agee'", "did you mean 'age'?"),
        ("{{ person.occupation.titel }}", 21, "person.occupation has no field 'titel'", "did you mean 'title'?"),
        (
            "{{ person.nickname }}",
            10,
            "person has no field 'nickname'",
            "did you mean 'name'?  the fields are: age, name, occ",
        ),
        ("{{ vars.budgt }}", 8, "vars has no field 'budgt'", "did you mean 'budget'?"),
        ("{{ ad | uper }}", 8, "unknown filter 'uper'", "did you mean 'upper'?"),
        ("{{ vars }}", 0, "the text can't be filled in: this is a mapping", ""),
        ("{{ price / 0 }}", 0, "the text can't be filled in: division by zero", ""),
        ("{{ ad.upper }}", 6, "no 'upper' here", ""),
    ],
)
def test_what_is_not_there_is_an_error_in_its_place(text, offset, message, hint):
    with pytest.raises(TemplateError) as caught:
        rendered(text)

    assert caught.value.offset == offset
    assert caught.value.message.startswith(message)
    assert caught.value.hint.startswith(hint)


@pytest.mark.parametrize("text", ["one\ntwo {{ price", "{% if %}", "{{ }}", "{% for x in vars.items %}", "{# open"])
def test_a_text_that_is_no_template_says_where(text):
    with pytest.raises(TemplateError) as caught:
        read_template(text)

    assert text[caught.value.offset] == "{"
    assert caught.value.message.startswith("invalid template")


@pytest.mark.parametrize(
    "text",
    [
        "{{ person.__class__ }}",
        "{{ vars.items.append(3) }}",
        "{{ ''.__class__.__mro__ }}",
        "{% set x = 3 %}",
        "{% macro m() %}{{ m() }}{% endmacro %}",
        "{% include 'x' %}",
        "{{ 9 ** 9 }}",
        "{{ 'a' * 999999999 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ [1] * 999999999 }}",
        "{{ 'x' | center(999999999) }}",
        "{{ range(999999999) | list }}",
        "{{ '" + "a" * 99 + "' | join('" + "b" * 99 + "') | join('" + "c" * 99 + "') }}",
        "{% for a in range(9) %}{% for b in range(9) %}{% for c in range(9) %}x{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in range(999) %}{% for b in range(999) %}xxxxxxxxxxxxxxxx{% endfor %}{% endfor %}",
        "{{ person | attr('get') }}",
        "{{ " + "(" * 500 + "1" + ")" * 500 + " }}",
    ],
)
def test_a_text_can_neither_reach_python_nor_run_away(text):
    began = time.process_time()

    with pytest.raises(TemplateError):
        rendered(text)

    assert time.process_time() - began < 2


plain = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="{}"), max_size=300)


@given(plain)
def test_text_without_tags_arrives_unchanged(text):
    assert rendered(text) == text
    assert rendered(f"{{ {text} }} é") == f"{{ {text} }} é"


@given(st.text(max_size=100))
def test_a_value_is_never_read_as_a_template(value):
    assert read_template("<{{ vars.value }}>").render({"vars": {"value": value}}) == f"<{value}>"
    assert read_template("{{ vars.value }}").render({"vars": {"value": "{{ 7 * 7 }}" + value}}) == "{{ 7 * 7 }}" + value


def test_two_thousand_words_arrive_unchanged():
    text = "\n".join(f'word {n}: "quoted", {{single}}, é' for n in range(2000))

    assert rendered(text) == text
    assert rendered(text + "{{ price }}") == text + "399"


@given(st.text(alphabet="{}%#| aper.son()[]'\"+*1-", max_size=40))
def test_no_text_raises_anything_but_a_template_error(text):
    try:
        made = rendered(text)
    except TemplateError:
        return
    assert isinstance(made, str)
