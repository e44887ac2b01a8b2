import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.language.evaluation import evaluate, look_up
from tinytroupe_cli.language.expressions import Call, ExpressionError, Name, names, outer_calls, parse, unknown

PERSON = {
    "name": "Lisa Carter",
    "age": 28,
    "gender": "Female",
    "occupation": {"title": "Night nurse", "years": 4.5},
    "skills": ["Python", "patience"],
    "nickname": None,
    "style": "dry",
}


def worth(text: str):
    return evaluate(parse(text), lambda name: look_up(name.path, PERSON))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("age > 20", True),
        ("age > 20 and 'nurse' in occupation.title", True),
        ("'NURSE' in occupation.title", True),
        ("gender == 'female'", True),
        ("'python' in skills", True),
        ("'java' not in skills", True),
        ("age in [27, 28]", True),
        ("18 <= age < 28", False),
        ("not (age == 28) or style != 'dry'", False),
        ("age * 2 - 6 / 3 + 1", 55.0),
        ("-age", -28),
        ("-3", -3),
        ("[1, 'a', null]", [1, "a", None]),
        ("true and not false", True),
        ('occupation["years"] >= 4.5', True),
        ("\n  age > 20\n  and age < 30\n", True),
    ],
)
def test_an_expression_means_what_it_says(text, value):
    assert worth(text) == value


@pytest.mark.parametrize("text", ["income > 3", "income < 3", "3 <= income", "nickname >= 1", "'x' in income"])
def test_ordering_with_a_missing_field_is_false_not_an_error(text):
    assert worth(text) is False


def test_a_missing_field_is_null():
    assert worth("income == null") is True
    assert worth("occupation.employer.city == null") is True
    assert worth("income + 1") is None


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("age > 'x'", 7, "can't order a number and text"),
        ("age + style > 3", 7, "text is not a number"),
        ("3 > 2 and 1 / 0 > 1", 11, "the expression can't be evaluated: division by zero"),
        ("'a' in age", 8, "can't look for text in a number"),
    ],
)
def test_types_that_do_not_fit_are_errors_with_a_column(text, column, message):
    with pytest.raises(ExpressionError) as caught:
        worth(text)

    assert (caught.value.column, caught.value.message) == (column, message)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("age > ", 6),
        ("age = 3", 5),
        ("  lambda: 3", 3),
        ("é == 1 and [x for x in y]", 12),
        ("age ** 2", 1),
        ("__import__('os')", 1),
        ("name.upper()", 1),
        ("'{}'.format(1)", 1),
        ("f'{age}'", 1),
        ("1j", 1),
        ("age if age else 3", 1),
        ("", 1),
    ],
)
def test_what_is_not_in_the_language_is_refused_where_it_stands(text, column):
    with pytest.raises(ExpressionError) as caught:
        parse(text)

    assert caught.value.column == column


def test_methods_carry_their_arguments_where_the_caller_allows_them():
    tree = parse("choice.ad.at(price=399, ad='calm').share('loud') >= -0.5", calls=True)

    [share] = outer_calls(tree)
    assert isinstance(share.target, Call)
    assert (share.method, [item.value for item in share.arguments]) == ("share", ["loud"])
    assert {key: value.value for key, value in share.target.named} == {"price": 399, "ad": "calm"}
    assert [name.path for name in names(tree)] == [("choice", "ad")]
    assert (share.column, share.length) == (36, 5)


@pytest.mark.parametrize("text", ["choice.ad.share(price)", "share('x')", "a.b(**c)", "a.b(*c)", "'a'.join(3)"])
def test_methods_take_literals_and_belong_to_names(text):
    with pytest.raises(ExpressionError):
        parse(text, calls=True)


def test_a_tree_too_deep_or_a_text_too_long_is_refused():
    for text in ("-" * 1500 + "1", "(" * 150 + "1" + ")" * 150, "1+" * 900 + "1", "a" * 3000, "1 + " * 40 + "1"):
        with pytest.raises(ExpressionError):
            evaluate(parse(text + " == "), lambda _: None)


def test_an_unknown_word_is_answered_with_the_nearest():
    error = unknown(Name(("choice", "intnt"), 5, 12), "intnt", ["intent", "ad"], what="field")

    assert (error.message, error.column, error.length) == ("unknown field 'intnt'", 12, 5)
    assert error.hint == "did you mean 'intent'?  fields: ad, intent"


@given(st.text(max_size=80) | st.text(alphabet="ab.()[]'\"<>=!+-*/ 01,andortin\n\\{}#", max_size=60))
def test_no_text_raises_anything_but_the_languages_own_error(text):
    error = None
    try:
        evaluate(parse(text, calls=True), lambda _: None, lambda _: 1)
    except ExpressionError as caught:
        error = caught
    assert error is None or (error.message and 1 <= error.column <= len(text) + 2)


values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)


@given(values, values, st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "in", "not in", "+", "-", "*", "/"]))
def test_any_two_values_compare_or_fail_in_the_languages_own_way(left, right, sign):
    both = {("a",): left, ("b",): right}
    try:
        worth = evaluate(parse(f"a {sign} b"), lambda name: both[name.path])
    except ExpressionError:
        return
    assert worth is None or isinstance(worth, bool | int | float)
