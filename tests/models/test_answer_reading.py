"""What a model writes becomes the answer that was asked for, whatever stands around it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinytroupe_cli.models.answer_reading import NOTHING_ASKED, TWO_ANSWERS, read_answer
from tinytroupe_cli.models.port import AnswerSchema, Completion

TEXT = {"type": "string"}
ITEMS = {
    "item_1": {"type": ["number", "null"]},
    "item_2": {"type": "string", "enum": ["calm", "angry", "not stated"]},
    "item_3": TEXT,
}
SURVEY = AnswerSchema.flat("answer", ITEMS, as_written=True, aliases={"price": "item_1"})
TURN = AnswerSchema.flat("moment", {"thought": TEXT, "words": TEXT, "goal": TEXT}, as_written=True, optional=("goal",))
VERDICT = AnswerSchema.flat(
    "verdict",
    {"why": TEXT, "holds": {"type": "string", "enum": ["yes", "no", "no evidence"]}, "sure": {"enum": ["0", "1"]}},
    optional=("why", "sure"),
)
ONE = AnswerSchema.flat("answer", {"words": TEXT})
GOOD = {"item_1": 7, "item_2": "angry", "item_3": "I {really} think so."}
WRITTEN = json.dumps(GOOD)


def read(text, answer=SURVEY, finish="stop"):
    return read_answer(Completion(text=text, finish=finish), answer)


@pytest.mark.parametrize(
    "text",
    [
        WRITTEN,
        f"<think>{{should I?}}</think>\nHere it is:\n```json\n{WRITTEN}\n```\nHope that helps {{smile}}!",
        f'<think>Maybe {{"item_1": 1, "item_2": "calm", "item_3": "x"}}.</think>{WRITTEN}',
        f"I thought of {{this}} and <that>.</think>\n{WRITTEN}",
        f"{WRITTEN}\nIs that {{enough}}?",
        f"Sure! {WRITTEN}",
        f"```\n{WRITTEN}\n```",
        f"[{WRITTEN}]",
        json.dumps(WRITTEN),
        json.dumps({"answer": GOOD}),
        json.dumps({"response": {"data": [GOOD]}}),
        json.dumps({"answer": WRITTEN}),
        json.dumps({"type": "answer", "confidence": 0.8, **GOOD}),
        json.dumps([{"item_1": 7}, {"item_2": "angry", "item_3": "I {really} think so."}]),
        json.dumps([{"key": key, "value": value} for key, value in GOOD.items()]),
        json.dumps({"items": [{"id": key, "answer": value, "note": "x"} for key, value in GOOD.items()]}),
        '{"item_1": 7}\n{"item_2": "angry"}\n{"item_3": "I {really} think so."}',
        "| item | answer |\n|---|---|\n| item_1 | 7 |\n| item_2 | angry |\n| item_3 | I really think so. |",
        "<item_1>7</item_1>\n<item_2> angry </item_2>\n<item_3>I really think so.</item_3>",
        json.dumps({"Item 1": 7, "ITEM-2": "angry", "item3": "I {really} think so."}),
        json.dumps({"price": 7, "item_2": "angry", "item_3": "I {really} think so."}),
        f'The form is {{"item_1": null, "item_2": "", "item_3": ""}}. Mine: {WRITTEN}',
        f"{WRITTEN}\n{WRITTEN}",
        "{'item_1': 7, 'item_2': 'angry', 'item_3': 'I {really} think so.',}",
        "item_1: 7\nitem_2: angry\nitem_3: I really think so.",
        WRITTEN.removesuffix("}"),
        f"\ufeff{WRITTEN}",
        '{"item_1": 7, "item_2": "angry", "item_3": "It is\ntoo dear."}',
    ],
)
def test_the_one_value_that_fits_is_found(text):
    found = read(text)
    assert found.values is not None, found.fault
    assert str(found.values["item_1"]) == "7"
    assert found.values["item_2"] == "angry"
    assert found.values["item_3"]
    assert set(found.values) == set(ITEMS)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "it is not a JSON object"),
        ("null", "it is not a JSON object"),
        ("7", "it is not a JSON object"),
        ("I would rather not use JSON.", "it is not a JSON object"),
        ("{}", NOTHING_ASKED),
        ('{"nothing": "that was asked for"}', NOTHING_ASKED),
        ('{"type": "object", "properties": {"item_1": {"type": "number"}}}', NOTHING_ASKED),
        (f'{WRITTEN} or {{"item_1": 8, "item_2": "angry", "item_3": "x"}}', TWO_ANSWERS),
        ("x" * 500_000, "it is longer than any answer"),
    ],
)
def test_what_cannot_be_used_says_why(text, fault):
    found = read(text)
    assert found.values is None
    assert found.fault == fault
    assert not found.is_refusal


def test_a_key_written_twice_with_two_values_is_left_out():
    assert read('{"item_1": 7, "item_1": 9, "item_3": "x"}').values == {"item_3": "x"}


def test_a_reply_that_was_cut_off_is_not_mended():
    assert read('{"item_1": 7, "item_2": "angr', finish="length").values is None
    assert read(f"{WRITTEN} and now some", finish="length").values == GOOD


def test_a_turn_without_its_optional_parts_is_a_turn():
    assert read('{"thought": "Hm.", "words": "Yes."}', TURN).values == {"thought": "Hm.", "words": "Yes."}
    assert read('{"goal": "Lunch."}', TURN).values is None
    assert read("Well, I think it is too dear.", TURN).fault == "it is not a JSON object"


def test_a_checked_answer_is_read_by_its_schema_and_keeps_what_was_written():
    found = read('{"why": 5, "holds": "Yes, clearly.", "sure": "high"}', VERDICT)
    assert found.values == {"why": "5", "holds": "yes"}
    assert found.raw == {"why": 5, "holds": "Yes, clearly.", "sure": "high"}
    assert read('{"holds": true}', VERDICT).values == {"holds": "yes"}
    assert read('{"why": "So."}', VERDICT).fault == "'holds' is missing"
    assert "holds" in read('{"why": "So.", "holds": "yes and no"}', VERDICT).fault


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ({"type": "integer"}, "about 34", 34),
        ({"type": "integer"}, 34.0, 34),
        ({"type": "string"}, 34, "34"),
        ({"type": "string"}, None, ""),
        ({"type": "string"}, ["a", "b"], "a; b"),
        ({"type": "boolean"}, "Yes.", True),
        ({"type": "array", "items": TEXT}, "a\nb", ["a", "b"]),
        ({"type": "array", "items": TEXT}, None, []),
        ({"type": "string", "enum": ["0", "5", "9"]}, 5, "5"),
        ({"type": "string", "enum": ["0", "5", "9"]}, "9/9", "9"),
        ({"type": ["number", "null"]}, None, None),
    ],
)
def test_a_value_in_another_form_is_taken_in_the_form_asked_for(kind, written, value):
    found = read(json.dumps({"one": written}), AnswerSchema.flat("answer", {"one": kind}))
    assert found.values == {"one": value}
    assert type(found.values["one"]) is type(value)


def test_where_one_text_was_asked_for_plain_words_are_the_answer():
    assert read("It is {rather} dear.", ONE).values == {"words": "It is {rather} dear."}
    assert read('"It is dear."', ONE).values == {"words": "It is dear."}
    assert read('{"response": "It is dear."}', ONE).values == {"words": "It is dear."}
    assert read("<think>I was going to", ONE).values is None
    assert read('{"words": "<think>hm</think>Hello."}', ONE).values == {"words": "Hello."}


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't help with that request.",
        "I cannot fulfill this request. It would be harmful.",
        "As an AI language model, I don't have personal opinions.",
        "Es tut mir leid, aber ich kann dabei nicht helfen.",
        "<think>No.</think>I'm unable to assist with that.",
        '{"error": "I cannot do that"}',
        '{"refusal": "This is against the policy."}',
        '{"response": {"refusal": "I will not."}}',
        "```\nI cannot assist with that.\n```",
    ],
)
@pytest.mark.parametrize("answer", [SURVEY, TURN, VERDICT, ONE], ids=["survey", "turn", "verdict", "one text"])
def test_a_refusal_in_place_of_an_answer_is_a_refusal(text, answer):
    assert read(text, answer).is_refusal


def test_what_a_person_says_is_no_refusal():
    for text in ("I'm sorry, I can't afford that.", "I can't help but laugh.", "I won't pay that much."):
        assert not read(text, SURVEY).is_refusal
        assert read(text, ONE).values == {"words": text}


HOSTILE = [
    "[" * 1200,
    "{" * 300,
    "{" * 150,
    '{"a":' * 5000,
    "[" * 100_000,
    '{"' * 50_000,
    '{"item_1": ' + "[" * 500 + "]" * 500 + ', "item_3": "x"}',
    '{"item_1": ' + "9" * 5000 + "}",
    '{"item_1": 1e999, "item_2": NaN, "item_3": -Infinity}',
    '{"item_3": "half a pair \\ud83d"}',
    "\udc00{}",
    '{"item_3": "\\u0000"}',
    "\x00" * 100,
    "\r" * 100 + WRITTEN,
    "\u202e" + WRITTEN,
    "```" * 10_000,
    "<think>" * 10_000,
    "item_1:" * 10_000,
    "{'a': " * 190,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("answer", [SURVEY, TURN, VERDICT, ONE], ids=["survey", "turn", "verdict", "one text"])
def test_no_reply_is_more_than_a_bad_reply(text, answer):
    found = read(text, answer)
    assert found.values is not None or found.fault
    json.dumps(found.values, allow_nan=False).encode()


PIECES = st.sampled_from(
    [
        "{",
        "}",
        "[",
        "]",
        '"',
        "'",
        ":",
        ",",
        "item_1",
        '"item_1": ',
        "7",
        "null",
        "```",
        "<think>",
        "</think>",
        "\\u",
        "\n",
        " ",
    ]
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["item_1", "words", "holds", "x"]) | st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    st.text(alphabet=st.characters(categories=None))
    | st.lists(PIECES, max_size=30).map("".join)
    | ANY_JSON.map(json.dumps),
    st.sampled_from([SURVEY, TURN, VERDICT, ONE]),
    st.sampled_from(["stop", "length"]),
)
def test_no_text_raises_and_all_that_is_read_can_be_stored(text, answer, finish):
    found = read(text, answer, finish)
    json.dumps([found.values, found.raw], allow_nan=False, ensure_ascii=False).encode()
    if found.values is not None and not answer.as_written:
        assert set(answer.body["required"]) - set(answer.optional) <= set(found.values)
