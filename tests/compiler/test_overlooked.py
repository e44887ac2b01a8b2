"""What a file says and nothing acts on."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import Project

HEAD = "troupe: 1\nname: x\npersonas: [lisa]\nworld: {type: interviews, steps: 1}\n"


def check(tmp_path: Path, more: str) -> tuple[int, str]:
    project = Project(tmp_path)
    project.write("x.yaml", HEAD + more)
    ended = project.troupe("check", "x.yaml")
    return ended.code, ended.err + ended.out


@pytest.mark.parametrize(
    "use",
    [
        'stimuli: [{say: "For {{ price }}?"}]',
        'stimuli: [{say: "For {{ condition.price }}?"}]',
        "stimuli: [{say: \"For {{ condition['price'] }}?\"}]",
        'stimuli: [{say: "{% if price > 10 %}Dear{% else %}Cheap{% endif %}"}]',
        'world: {place: "A shop with a sign: {{ price }}"}',
    ],
)
def test_a_factor_that_a_text_uses_is_no_finding(tmp_path: Path, use: str) -> None:
    head = HEAD if "world" not in use else HEAD.replace("world: {type: interviews, steps: 1}\n", "")
    project = Project(tmp_path)
    project.write("x.yaml", head + use + "\nfactors: {price: [9, 12]}\n")
    assert project.troupe("check", "x.yaml").code == 0


def test_a_factor_that_nothing_uses_is_an_error_at_its_line(tmp_path: Path) -> None:
    code, said = check(tmp_path, 'title: "A price of 9"\nstimuli: [{say: "Well?"}]\nfactors: {price: [9, 12]}\n')
    assert code == 2
    assert "x.yaml:7:11  E343  nothing uses the factor 'price'" in said


def test_a_factor_of_listed_conditions_is_looked_for_too(tmp_path: Path) -> None:
    listed = 'stimuli: [{say: "{{ ad }}"}]\nconditions: [{name: a, ad: x, price: 1}, {name: b, ad: y, price: 2}]\n'
    code, said = check(tmp_path, listed)
    assert code == 2
    assert "'price'" in said
    assert "'ad'" not in said


def test_an_idle_factor_is_one_that_says_so(tmp_path: Path) -> None:
    code, said = check(tmp_path, 'stimuli: [{say: "Well?"}]\nfactors: {price: {levels: [9, 12], idle: true}}\n')
    assert code == 0, said


@pytest.mark.parametrize(
    "written",
    [
        "{price}",
        "${price}",
        "{ price }",
        "{{price}",
        "%price%",
        "$price",
        "<price>",
        "[[price]]",
        "%(price)s",
        "{price:.2f}",
        "{price!r}",
    ],
)
def test_too_few_braces_are_a_warning_with_the_right_form(tmp_path: Path, written: str) -> None:
    text = f'stimuli: [{{say: "For {written} dollars?"}}]\nvars: {{price: 9}}\n'
    code, said = check(tmp_path, text)
    if written == "{{price}":  # Jinja can't read it either
        assert code == 2
    else:
        assert code == 0
        assert "write {{ vars.price }}" in said


def test_braces_that_name_nothing_here_are_left_alone(tmp_path: Path) -> None:
    code, said = check(
        tmp_path, 'stimuli: [{say: "Write {x: 1} or {cost}, <b>50%</b> of it, $9, a $cost"}]\nvars: {price: 9}\n'
    )
    assert code == 0
    assert "E345" not in said


@pytest.mark.parametrize(
    "place",
    [
        'stimuli: [{say: "Hi", from: "{{ vars.who }}"}]',
        'extract: [{name: v, of: each person, question: "Q?", fields: {a: {choice: ["{{ vars.who }}", b]}}}]',
    ],
)
def test_a_template_where_none_is_read_is_an_error(tmp_path: Path, place: str) -> None:
    code, said = check(tmp_path, place + "\nvars: {who: a clerk}\n")
    assert code == 2
    assert "E344" in said


@pytest.mark.parametrize(
    ("expectation", "code", "said"),
    [
        ("v.mood.share('calm') >= 50", 2, "between 0 and 1"),
        ("v.mood.share('calm') < 0", 2, "between 0 and 1"),
        ("v.like.mean() > 7", 2, "between 1 and 7"),
        ("v.pays.max() > 60", 2, "between 0 and 50"),
        ("v.like.mean() > 4 and v.mood.share('calm') == 2", 2, "between 0 and 1"),
        ("not v.like.min() >= 1", 2, "between 1 and 7"),
        ("v.like.mean() >= 1", 0, "always holds"),
        ("v.like.mean() > 6.9", 0, ""),
        ("v.like.mean() > 9 or v.mood.share('calm') > 0.5", 0, ""),
        ("v.pays.sd() < 60 and v.mood.missing() <= 1", 0, ""),
    ],
)
def test_what_can_never_hold_is_an_error_and_what_always_holds_a_warning(
    tmp_path: Path, expectation: str, code: int, said: str
) -> None:
    fields = "{mood: {choice: [calm, angry]}, like: {scale: [1, 7]}, pays: {number: {min: 0, max: 50}}}"
    query = f'extract: [{{name: v, of: each person, how: interview, question: "Q?", fields: {fields}}}]\n'
    found = check(tmp_path, query + f'expect: ["{expectation}"]\n')
    assert found[0] == code, found[1]
    assert said in found[1]
    assert ("E351" in found[1]) is bool(said)


def test_two_people_of_one_name_are_told_with_their_files(tmp_path: Path) -> None:
    project = Project(tmp_path)
    for name in ("a", "b"):
        project.write(f"people/{name}.yaml", "name: Bo Lee\n")
    project.write("x.yaml", HEAD.replace("[lisa]", '[{from: "people/*.yaml"}]'))
    said = project.troupe("check", "x.yaml").err
    assert "one in people/a.yaml, one in people/b.yaml" in said
