import json

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from snapshots import assert_snapshot

from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.fields.reading import InvalidAnswer, Value
from tinytroupe_cli.measurement.instruments import answer_schema, instrument
from tinytroupe_cli.measurement.question_texts import question_text, sentence_of, spoken
from tinytroupe_cli.models.answer_reading import read_answer
from tinytroupe_cli.models.port import Completion
from tinytroupe_cli.plan.types import PlannedField

INTENT = ("Would not buy", "Might buy", "Would buy")
FIELDS = {
    "choice": PlannedField(name="best_ad", kind="choice", options=("calm", "loud", 3, True)),
    "scale": PlannedField(name="interest", kind="scale", low=1, high=7, low_label="none", high_label="a lot"),
    "wide": PlannedField(name="warmth", kind="scale", low=0, high=100),
    "fine": PlannedField(name="grade", kind="scale", low=0, high=0.5),
    "likert": PlannedField(name="intent", kind="likert", options=INTENT),
    "number": PlannedField(name="would_pay", kind="number", low=0, high=2000, unit="USD"),
    "any": PlannedField(name="guess", kind="number"),
    "date": PlannedField(name="when", kind="date", low=20454, high=20818),  # 2026
    "yes_no": PlannedField(name="bought_before", kind="yes_no"),
    "text": PlannedField(name="why", kind="text"),
    "list": PlannedField(name="ideas", kind="list"),
    "rank": PlannedField(name="order", kind="rank", options=("A", "B", "C")),
}


def ask(kind, *, procedure="interview", seed=7):
    field = FIELDS[kind]
    options = Stream(seed).shuffled(field.options) if kind in ("choice", "rank") else None
    return instrument(field, key="item_1", procedure=procedure, options=options)


def ask_high_to_low(kind, *, procedure="interview"):
    one = ask(kind)
    return instrument(FIELDS[kind], key="item_1", procedure=procedure, options=one.shown[::-1])


def read(kind, answer):
    return ask(kind).read({"item_1": answer})


@pytest.mark.parametrize(
    ("kind", "answer", "value"),
    [
        ("choice", "calm", "calm"),
        ("choice", " Loud ", "loud"),
        ("choice", "3", 3),
        ("choice", 3, 3),
        ("choice", "yes", True),
        ("scale", "5", 5),
        ("scale", 5, 5),
        ("scale", 5.0, 5),
        ("wide", 63, 63),
        ("fine", 0.25, 0.25),
        ("likert", "might buy", "Might buy"),
        ("number", 450, 450),
        ("number", 449.5, 449.5),
        ("number", "about $1,200", 1200),
        ("any", -3, -3),
        ("any", -(10**15), -(10**15)),
        ("yes_no", "yes", True),
        ("yes_no", "No", False),
        ("yes_no", False, False),
        ("text", "  It is {{ too }} dear.\nReally. ", "It is {{ too }} dear.\nReally."),
        ("text", 12, "12"),
        ("list", ["a", " b ", ""], ["a", "b"]),
        ("list", [], []),
        ("list", "one", ["one"]),
        ("list", "- a lid\n- a handle", ["a lid", "a handle"]),
        ("list", "a lid, a handle and a spout, blue", ["a lid", "a handle and a spout", "blue"]),
        ("list", "It is dear, and I don't need it.", ["It is dear, and I don't need it."]),
        ("list", [{"idea": "a lid"}, {"idea": "a handle"}], ["a lid", "a handle"]),
        ("list", "None.", []),
        ("list", ["a lid", "a handle", "A lid", "a lid"], ["a lid", "a handle"]),
        ("choice", ["calm"], "calm"),
        ("choice", "Calm.", "calm"),
        ("choice", "calm, because I like it", "calm"),
        ("choice", {"value": "calm"}, "calm"),
        ("choice", "I'd go with the loud one", "loud"),
        ("scale", "7/7", 7),
        ("scale", "seven", 7),
        ("scale", "5 (quite)", 5),
        ("scale", "None", 1),
        ("scale", "a lot", 7),
        ("scale", "7 - a lot", 7),
        ("likert", "Would buy!", "Would buy"),
        ("likert", 2, "Might buy"),
        ("likert", "might", "Might buy"),
        ("number", "$1,200.50", 1200.5),
        ("number", "twenty-five", 25),
        ("number", {"value": 7, "currency": "USD"}, 7),
        ("date", "2026-03-01", "2026-03-01"),
        ("date", "on the 1st of March 2026, I think", "2026-03-01"),
        ("date", "March 1, 2026", "2026-03-01"),
        ("date", "Sunday, 25.12.2026", "2026-12-25"),
        ("date", "2026-03-01T10:00:00", "2026-03-01"),
        ("yes_no", "Yes, definitely", True),
        ("yes_no", "Nope", False),
        ("yes_no", "true", True),
        ("text", ["It is dear.", "Really."], "It is dear.\nReally."),
    ],
)
def test_an_answer_becomes_a_typed_value(kind, answer, value):
    reading = read(kind, answer)
    assert reading == Value(value)
    assert type(reading.value) is type(value)


@pytest.mark.parametrize("kind", [kind for kind in FIELDS if kind != "rank"])
@pytest.mark.parametrize("answer", ["not stated", "Not stated.", " ", None])
def test_not_stated_is_a_value_of_every_field(kind, answer):
    assert read(kind, answer) == Value(None)
    assert read("list", [answer]) == Value(None)


def test_a_ranking_is_read_place_by_place():
    rank = ask("rank")
    assert rank.read({"item_1_place_1": "C", "item_1_place_2": "A", "item_1_place_3": "B"}) == Value(["C", "A", "B"])
    assert rank.read({f"item_1_place_{n}": "not stated" for n in (1, 2, 3)}) == Value(None)
    twice = rank.read({"item_1_place_1": "C", "item_1_place_2": "C", "item_1_place_3": "B"})
    assert twice == InvalidAnswer("an option was put in two places")
    open_place = rank.read({"item_1_place_1": "C", "item_1_place_2": "A", "item_1_place_3": "not stated"})
    assert open_place == InvalidAnswer("some places were left open")


@pytest.mark.parametrize(
    ("kind", "answer", "why"),
    [
        ("choice", "purple", "'purple' is not one of the options"),
        ("choice", ["calm", "loud"], "not one of the options"),
        ("scale", 8, "8 is above 7"),
        ("scale", "4 or 5", "'4 or 5' is unclear"),
        ("scale", 4.5, "4.5 is not a whole number"),
        ("number", -1, "-1 is below 0"),
        ("number", 2000.5, "2000.5 is above 2000"),
        ("number", float("nan"), "'nan' is not a number"),
        ("number", True, "not a number"),
        ("any", 10**15 + 1, "'1000000000000001' is too large a number"),
        ("yes_no", "maybe", "'maybe' is not one of the options"),
        ("text", {"a": 1}, "not a text"),
        ("list", [["a"]], "not a list of texts"),
        ("list", 3, "not a list"),
        ("choice", "calm or loud", "'calm or loud' is unclear"),
        ("choice", "neither calm nor loud", "'neither calm nor loud' is not one of the options"),
        ("scale", "5-7", "'5-7' is unclear"),
        ("scale", "1 - a lot", "'1 - a lot' is unclear"),
        ("scale", "8 out of 10", "'8 out of 10' is unclear"),
        ("likert", 4, "'4' is not one of the options"),
        ("likert", "would", "'would' is unclear"),
        ("number", "€7", "'€7' is unclear"),
        ("date", "03/04/2026", "'03/04/2026' is unclear"),
        ("date", "3 or 5 June 2026, or 6 June 2026", "'3 or 5 June 2026, or 6 June 2026' is unclear"),
        ("date", "in March", "'in March' is not a date with its year"),
        ("date", "2026-02-30", "'2026-02-30' is not a date with its year"),
        ("date", "2025-12-31", "2025-12-31 is before 2026-01-01"),
        ("date", "2027-01-01", "2027-01-01 is after 2026-12-31"),
        ("date", 5, "not a date"),
        ("number", "a lot", "'a lot' is not a number"),
        ("yes_no", "yes and no", "'yes and no' is unclear"),
    ],
)
def test_an_answer_that_breaks_the_rule_says_how(kind, answer, why):
    assert read(kind, answer) == InvalidAnswer(why)


@pytest.mark.parametrize(
    "answer",
    [
        ["C", "A", "B"],
        "1. C 2. A 3. B",
        "C > A > B",
        "C, A, B",
        {"A": 2, "B": 3, "C": 1},
        {"1": "C", "2": "A", "3": "B"},
    ],
)
def test_a_ranking_in_one_piece_is_read_too(answer):
    assert ask("rank").read({"item_1": answer}) == Value(["C", "A", "B"])


def test_a_ranking_in_one_piece_names_every_option_once():
    assert ask("rank").read({"item_1": ["C", "A"]}) == InvalidAnswer("it ranks 2 of 3")
    assert ask("rank").read({"item_1": ["C", "A", "A"]}) == InvalidAnswer("an option was put in two places")


@pytest.mark.parametrize(
    ("kind", "answer", "raw"),
    [
        ("number", "about $7", "about $7"),
        ("number", 7, None),
        ("number", "7", None),
        ("scale", "7", None),
        ("scale", "7/7", "7/7"),
        ("choice", "calm", None),
        ("choice", "Calm.", "Calm."),
        ("yes_no", "yes", None),
        ("yes_no", True, None),
        ("yes_no", "Yes, definitely", "Yes, definitely"),
        ("text", " It is dear. ", None),
        ("text", "not stated", None),
        ("text", None, None),
        ("list", ["a", "b "], None),
        ("list", "a\nb", "a\nb"),
        ("number", "a lot", "a lot"),
        ("number", "x" * 3000, "x" * 1999 + "…"),
    ],
)
def test_what_was_written_is_kept_where_it_was_read_otherwise(kind, answer, raw):
    one = ask(kind)
    assert one.raw({"item_1": answer}, one.read({"item_1": answer})) == raw


def test_a_key_may_be_the_items_label():
    schema = answer_schema([ask("number")])
    completion = Completion(text='{"would pay": "about $7"}')
    assert read_answer(completion, schema).values == {"item_1": "about $7"}


def test_where_one_thing_is_asked_plain_words_answer_it():
    for kind, words in (("choice", "Calm."), ("text", "It is dear."), ("rank", "C > A > B")):
        one = ask(kind)
        found = read_answer(Completion(text=words), answer_schema([one]))
        assert found.values is not None
        assert isinstance(one.read(found.values), Value)


def test_an_answer_left_out_is_unusable_not_silent():
    assert ask("text").read({}) == InvalidAnswer("no answer was given")


def test_an_option_called_not_stated_is_an_option():
    field = PlannedField(name="colour", kind="choice", options=("red", "Not stated"))
    one = instrument(field, key="item_1", procedure="interview")
    assert one.read({"item_1": "Not stated"}) == Value("Not stated")
    assert sorted(one.keys["item_1"]["enum"]) == ["Not stated", "red"]


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(FIELDS)), ANY_JSON)
def test_the_parser_never_raises_and_never_keeps_what_is_out_of_bounds(kind, answer):
    places = {f"item_1_place_{n}": answer for n in (1, 2, 3)}
    reading = ask(kind).read({"item_1": answer, **places})
    assert isinstance(reading, Value | InvalidAnswer)
    if kind in {"scale", "wide", "number", "fine"} and isinstance(reading, Value) and reading.value is not None:
        assert FIELDS[kind].low <= reading.value <= FIELDS[kind].high


@given(st.integers(), st.sampled_from(("calm", "loud", 3, True)))
def test_the_order_of_options_never_changes_what_is_recorded(seed, option):
    words = {"calm": "calm", "loud": "loud", 3: "3", True: "yes"}
    one = ask("choice", seed=seed)
    assert sorted(map(str, one.shown)) == sorted(["calm", "loud", "3", "True"])
    assert one.read({"item_1": words[option]}) == Value(option)


@given(st.integers(), st.permutations(["A", "B", "C"]))
def test_a_ranking_is_recorded_as_given_whatever_was_shown(seed, given_order):
    answers = {f"item_1_place_{n}": option for n, option in enumerate(given_order, start=1)}
    assert ask("rank", seed=seed).read(answers) == Value(given_order)


def test_likert_points_and_numbers_keep_their_order():
    for kind, points in (("likert", INTENT), ("scale", "1234567")):
        assert ask(kind).keys["item_1"]["enum"] == [*points, "not stated"]
        assert ask_high_to_low(kind).keys["item_1"]["enum"] == [*points[::-1], "not stated"]


def test_a_scale_read_from_high_to_low_is_asked_that_way_and_recorded_as_written():
    scale = ask_high_to_low("scale")
    assert "from 7 (a lot) to 1 (none)" in scale.wording
    assert "from 100 to 0" in ask_high_to_low("wide").wording
    assert scale.read({"item_1": "2"}) == Value(2)
    assert scale.read({"item_1": "a lot"}) == Value(7)
    likert = ask_high_to_low("likert")
    assert likert.wording.endswith('one of "Would buy", "Might buy", "Would not buy"')
    assert likert.read({"item_1": "would buy"}) == Value("Would buy")
    assert likert.shown == INTENT[::-1]


def test_a_bare_number_for_labels_read_from_high_to_low_could_be_point_or_place_and_is_asked_again():
    assert ask("likert").read({"item_1": "1"}) == Value("Would not buy")
    assert isinstance(ask_high_to_low("likert").read({"item_1": "1"}), InvalidAnswer)


def test_a_scale_is_named_aloud_in_the_direction_it_is_read():
    field = FIELDS["scale"]
    assert spoken("Well?", [(ask_high_to_low("scale"), field)]) == 'Well? (Say too: interest, from "a lot" to "none".)'
    assert 'between "a lot" and "none"' in sentence_of(ask_high_to_low("scale"), field, "").wording
    assert 'between "none" and "a lot"' in sentence_of(ask("scale"), field, "").wording


def everything(procedure):
    return [
        instrument(field, key=f"item_{n}", procedure=procedure, options=Stream(n).shuffled(field.options) or None)
        if field.kind in ("choice", "rank")
        else instrument(field, key=f"item_{n}", procedure=procedure)
        for n, field in enumerate(FIELDS.values(), start=1)
    ]


def test_the_schema_is_flat_portable_and_takes_not_stated_everywhere():
    body = answer_schema(everything("interview")).body
    jsonschema.Draft202012Validator.check_schema(body)
    assert body["required"] == list(body["properties"])
    assert body["additionalProperties"] is False
    allowed = {"type", "enum", "items"}
    assert all(set(schema) <= allowed for schema in body["properties"].values())
    blank = {
        key: None if isinstance(schema["type"], list) else ["not stated"] if "items" in schema else "not stated"
        for key, schema in body["properties"].items()
    }
    jsonschema.validate(blank, body)
    assert all(one.read(blank) == Value(None) for one in everything("interview"))


@pytest.mark.parametrize("procedure", ["interview", "observe"])
def test_a_question_shows_every_item_and_no_key_of_the_users(procedure):
    text = question_text("Which ad did they choose, and why?", everything(procedure), procedure)
    schema = json.dumps(answer_schema(everything(procedure)).body)
    assert not any(name in text + schema for name in ("best_ad", "would_pay", "bought_before"))
    assert_snapshot(text + "\n", f"measurement/question_{procedure}.txt")


def test_null_is_offered_only_where_a_number_is_asked():
    plain = question_text("Why?", [ask("text")], "observe")
    assert "null" not in plain
    assert question_text("How much?", [ask("any")], "interview").endswith("could not or would not answer: null.")


def test_a_person_who_answers_in_their_own_words_may_leave_it_empty():
    one = question_text("Why?", [ask("text")], "interview")
    assert one.endswith("Leave it empty only if you could not or would not answer.")
    assert "not stated" not in one
    assert question_text("Why?", [ask("text")] * 2, "interview").endswith(
        "Leave one empty only if you could not or would not answer."
    )
    for answer in ("", " ", "not stated"):
        assert ask("text").read({"item_1": answer}) == Value(None)


def test_an_answer_that_is_a_models_stock_refusal_is_no_answer():
    assert read("text", "I'm sorry, but I can't help with that.") == InvalidAnswer("the model declines")


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("text", "In my own words, briefly."),
        ("list", ["a list, one short entry each; an empty list if there are none"]),
        ("list", ["a list", "one short entry each"]),
    ],
)
def test_an_answer_that_repeats_how_to_answer_is_no_answer(kind, answer):
    assert read(kind, answer) == InvalidAnswer("it only repeats how to answer")
    assert isinstance(read("text", "Briefly: it is too dear for what it does."), Value)
