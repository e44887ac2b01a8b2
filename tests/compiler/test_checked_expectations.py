import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.compiler.measures.expectations import check_expectation
from tinytroupe_cli.plan.types import Condition, PlannedField

FIELDS = {
    "choice": {
        field.name: field
        for field in (
            PlannedField(name="ad", kind="choice", options=("calm", "loud", "neither")),
            PlannedField(name="would_pay", kind="number"),
            PlannedField(name="intent", kind="likert", options=("Never", "Perhaps", "Surely")),
            PlannedField(name="before", kind="yes_no"),
            PlannedField(name="why", kind="text"),
            PlannedField(name="order", kind="rank", options=("speed", "price")),
        )
    }
}
CONDITIONS = [
    Condition(name=f"{ad}-{price}", levels={"ad": ad, "price": price})
    for ad in ("calm", "loud")
    for price in (399, 559)
]


def problems(text: str):
    return [(error.column, error.message, error.hint) for error in check_expectation(text, FIELDS, CONDITIONS)]


@pytest.mark.parametrize(
    "text",
    [
        "choice.ad.share('calm') >= 0.3",
        "choice.ad.at(price=399).share('Calm') > choice.ad.at(price=559, ad='loud').share('calm')",
        "choice.intent.mean() >= 2 and choice.intent.share('Surely') > 0.1",
        "not choice.why.missing() > 2",
        "choice.before.share(true) + choice.before.share('no') == 1",
        "choice.would_pay.median() / choice.would_pay.max() < 1",
        "choice.order.mean('speed') < 1.5 and choice.ad.count() == 4 and choice.ad.count('loud') < 3",
        "choice.ad.at(price=399).share('calm').low > 0.2 and choice.intent.mean().high < 3",
        "compare('choice.ad', 'calm', 'loud', option='neither').p_corrected < 0.05",
        "compare('choice.intent', 399, 559, ad='calm').low > 0",
        "compare('choice.before', 'female', 'male', by='gender').estimate > 0",
    ],
)
def test_what_can_be_worked_out_passes(text):
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "column", "message", "hint"),
    [
        ("choise.ad.share('calm') > 0", 1, "unknown query 'choise'", "did you mean 'choice'?"),
        ("choice.add.share('calm') > 0", 8, "unknown field 'add'", "did you mean 'ad'?"),
        ("choice.ad.share('clam') > 0", 17, "no answer 'clam'", "did you mean 'calm'?"),
        ("choice.ad.shares('calm') > 0", 11, "unknown method 'shares'", "did you mean 'share'?"),
        ("choice.ad.share() > 0", 11, "share(…) expects an answer, such as 'A', between its parentheses", ""),
        ("choice.ad.mean() > 0", 11, "'mean' needs numbers, but 'ad' is a choice", "'share' and 'count'"),
        (
            "choice.ad.share(calm) > 0",
            17,
            "a value is expected here, not 'calm'",
            "put text in quotes: share('calm'). A number",
        ),
        ("choice.would_pay.mean(3) > 0", 18, "mean(…) expects nothing between its parentheses", ""),
        ("choice.would_pay.share('x') > 0", 24, "'would_pay' is answered with numbers", ""),
        ("choice.ad.share('calm').lo > 0", 25, "share(…) has no 'lo'", "did you mean 'low'?"),
        ("choice.intent.median().low > 0", 24, "median(…) has no 'low'", "only share, mean and compare"),
        ("compare('choice.ad', 'calm', 'loud') > 0", 1, "compare(…) has several figures", "name one: .estimate, .low"),
        ("compare('choice.why', 399, 559).p < 1", 10, "no measure to compare", "did you mean 'choice.ad'?"),
        ("compare('choice.intent', 399).p < 1", 1, "compare(…) expects a measure and two levels", ""),
        ("compare('choice.intent', 399, 560).p < 1", 31, "no level '560'", "levels of the factors: 399"),
        ("compare('choice.intent', 399, 559, tone=1).p < 1", 1, "unknown factor 'tone'", "factors: ad"),
        ("compare('choice.intent', 399, 559, ad='clam').p < 1", 39, "no level 'clam'", "did you mean 'calm'?"),
        ("compare('choice.ad', 399, 559).p < 1", 1, "'ad' is compared option by option: add option=…", "calm"),
        ("compare('choice.ad', 399, 559, option='clam').p < 1", 39, "no option 'clam'", "did you mean 'calm'?"),
        (
            "compare('choice.intent', 399, 559, option='x').p < 1",
            1,
            "'intent' is compared as a whole, without an option",
            "",
        ),
        (
            "compare(choice.ad, 399, 559).p < 1",
            9,
            "a value is expected here, not 'choice.ad'",
            "put text in quotes: 'choice.ad'. A number, true, false or null needs none",
        ),
        ("compare().p < 1", 1, "compare(…) begins with a measure, such as 'choice.ad'", ""),
        ("choice.ad.at(prize=399).count() > 0", 11, "unknown factor 'prize'", "did you mean 'price'?"),
        ("choice.ad.at(price=400).count() > 0", 20, "'price' has no level '400'", "levels of price: 399, 559"),
        ("choice.ad.at(price=399) > 0", 11, "'at' only selects conditions", "end with share"),
        ("choice.ad.count().at(price=399) > 0", 19, "'at' only selects conditions", "end with"),
        ("choice.ad.count().mean() > 0", 19, "nothing can follow count(…)", ""),
        ("choice.would_pay > 3", 1, "'choice.would_pay' refers to many answers", "summarize them"),
        ("choice > 3", 1, "'choice' does not have the form query.field", "fields of choice: ad, before"),
        ("choice.ad.count()", 1, "an expectation must be true or false", "add a comparison"),
        ("choice.ad.count( > 3", 1, "the expression can't be read from here on", ""),
        ("choice.ad.count() >= ", 1, "the expression is incomplete: something is missing at the end", ""),
    ],
)
def test_what_cannot_be_worked_out_is_said_in_its_place(text, column, message, hint):
    [(found_column, found_message, found_hint)] = problems(text)

    if "can't be read" not in message and "incomplete" not in message:
        assert found_column == column
    assert found_message == message
    assert found_hint.startswith(hint)


def test_every_problem_of_an_expectation_is_reported():
    assert len(problems("choise.ad.count() > 0 and choice.add.count() > 0 and choice.ad > 1")) == 3


@given(st.text("choice.ad()share'=> 0,at", max_size=40))
def test_no_text_gets_past_without_a_verdict(text):
    assert isinstance(problems(text), list)
