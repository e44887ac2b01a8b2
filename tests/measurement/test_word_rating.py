"""Words -> a rating on a scale: with an embedder that only knows equal texts and, marked `local`, the real one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cache

import pytest

from tinytroupe_cli.fields.likert_scales import LIKERT
from tinytroupe_cli.measurement.anchors import statements_for
from tinytroupe_cli.measurement.leaning import LETTERS, Choose
from tinytroupe_cli.measurement.similarity_rating import Rating
from tinytroupe_cli.measurement.word_rating import rated, sentences, value_of
from tinytroupe_cli.measurement.yes_no_cues import cue
from tinytroupe_cli.models.local_files import LocalFiles, user_models_folder
from tinytroupe_cli.models.local_lookup import find_entry
from tinytroupe_cli.models.sentence_model import SentenceModel
from tinytroupe_cli.plan.types import PlannedField

TRUST = PlannedField(name="trust", kind="scale", low=1, high=7)
INTENT = PlannedField(name="intent", kind="likert", options=LIKERT["purchase_intent"])
WARMTH = PlannedField(
    name="warmth", kind="scale", low=1, high=7, low_label="clearly against the box", high_label="clearly for the box"
)
QUESTION = "What do you say?"


class Exact:
    """Equal texts have equal vectors, others nothing in common."""

    def __init__(self, *unknown: str) -> None:
        self.seen: dict[str, int] = {}
        self.unknown = unknown

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        numbers = [self.seen.setdefault(text, len(self.seen)) for text in texts]
        vectors = [[float(at == number) for at in range(500)] for number in numbers]
        return [[] if text in self.unknown else vector for text, vector in zip(texts, vectors, strict=True)]


def a_rating(
    words: str, field: PlannedField = TRUST, *, choose: Choose | None = None, embedder: Exact | None = None
) -> Rating | None:
    return asyncio.run(rated(words, field, QUESTION, embedder or Exact(), choose=choose))


def a_value(words: str, field: PlannedField = TRUST):
    rating = a_rating(words, field)
    assert rating is not None
    return value_of(rating, field)


def chooser(*answers: str | None, asked: list[str] | None = None) -> Choose:
    left = iter(answers)

    async def choose(question: str, options: tuple[str, ...]) -> str | None:
        assert options == LETTERS
        if asked is not None:
            asked.append(question)
        return next(left)

    return choose


@pytest.mark.parametrize("at", [0, 2, 3, 4, 6])
def test_words_that_are_a_statement_get_its_point(at: int):
    found = statements_for(TRUST, QUESTION)
    assert found is not None
    rating = a_rating(found.sets[1][at])
    assert rating is not None
    assert rating.mode == at + 1
    assert value_of(rating, TRUST) == at + 1


@pytest.mark.parametrize(
    ("field", "lowest", "highest"),
    [
        (INTENT, "Definitely would not buy", "Definitely would buy"),
        (PlannedField(name="trust", kind="scale", low=0, high=10), 0, 10),
        (PlannedField(name="trust", kind="scale", low=0, high=100), 0, 100),
        (PlannedField(name="trust", kind="scale", low=-3, high=3), -3, 3),
        (PlannedField(name="trust", kind="scale", low=0, high=0.5), 0.0, 0.5),
        (PlannedField(name="distrust", kind="scale", low=1, high=5), 1, 5),
    ],
)
def test_the_ends_of_any_scale_can_be_reached(field: PlannedField, lowest: object, highest: object):
    found = statements_for(field, QUESTION)
    assert found is not None
    assert a_value(found.sets[0][0], field) == pytest.approx(lowest, abs=0.01)
    assert a_value(found.sets[0][-1], field) == pytest.approx(highest, abs=0.01)


def test_each_sentence_has_its_say():
    rating = a_rating("I believe every word of it. I don't believe a word of it!")
    assert rating is not None
    assert rating.mean < 4  # the second one says no, and a plain no weighs more
    rating = a_rating("I mostly trust it. I trust it completely.")
    assert rating is not None
    assert 5 < rating.mean < 7


def test_a_no_shifts_what_vectors_leave_open():
    rating = a_rating("No, that is all I have to say.")
    assert rating is not None
    assert rating.mean < 2
    assert value_of(rating, TRUST) == 1


def test_a_yes_and_a_no_follow_a_scale_that_counts_down():
    field = PlannedField(name="x", kind="likert", options=LIKERT["trust"][::-1])
    assert a_value("No, that is all.", field) == LIKERT["trust"][0]
    assert a_value("Yes, that is all.", field) == LIKERT["trust"][-1]


def test_words_near_to_nothing_are_flat_and_in_the_middle():
    rating = a_rating("It rained all day.")
    assert rating is not None
    assert rating.is_flat
    assert value_of(rating, TRUST) == 4


@pytest.mark.parametrize("words", ["", " … ", "I'm sorry, but I can't assist with that request."])
def test_words_that_say_nothing_have_no_rating(words: str):
    assert a_rating(words) is None


def test_a_text_the_embedder_refuses_has_no_rating():
    assert a_rating("Bad words.", embedder=Exact("Bad words.")) is None
    assert a_rating("Fine words.", embedder=Exact("I don't trust it at all.")) is None
    assert a_rating("Fine words.", embedder=Exact(QUESTION)) is not None


def test_a_field_nothing_is_known_of_has_no_rating():
    assert a_rating("I trust it.", PlannedField(name="x", kind="scale", low=1, high=7)) is None


def test_labels_of_an_unknown_construct_are_rated_only_with_a_model_to_take_a_side():
    field = PlannedField(name="x", kind="scale", low=1, high=5, low_label="by hand", high_label="by machine")
    assert a_rating("Mostly by machine.", field) is None
    assert a_rating("Mostly by machine.", field, choose=chooser("B", None)) is None
    rating = a_rating("Absolutely by machine.", field, choose=chooser("B", "A"))
    assert rating is not None
    assert value_of(rating, field) == 5


def test_a_model_that_takes_a_side_in_both_orders_shifts_the_rating():
    asked: list[str] = []
    rating = a_rating("It rained all day.", WARMTH, choose=chooser("A", "B", asked=asked))
    assert rating is not None
    assert value_of(rating, WARMTH) == 1
    assert not rating.is_flat
    first, second = asked
    assert "A) clearly against the box\nB) clearly for the box" in first
    assert "A) clearly for the box\nB) clearly against the box" in second
    assert all('Answer: "It rained all day."' in one for one in asked)


@pytest.mark.parametrize("letters", [("A", "A"), ("B", "B"), ("C", "C")])
def test_a_model_that_takes_the_same_letter_in_both_orders_has_taken_no_side(letters: tuple[str, str]):
    rating = a_rating("It rained all day.", choose=chooser(*letters))
    assert rating is not None
    assert value_of(rating, TRUST) == 4


def test_a_model_that_answers_nothing_leaves_it_to_the_vectors():
    without = a_rating("I trust it.")
    assert without == a_rating("I trust it.", choose=chooser("B", None))
    assert without == a_rating("I trust it.", choose=chooser("maybe"))


def test_sentences_end_where_they_end():
    assert sentences('"No." I mean it… Really?! 9.50 is\ntoo much') == [
        '"No.',
        "I mean it…",
        "Really?!",
        "9.50 is",
        "too much",
    ]


@pytest.mark.parametrize(
    ("sentence", "construct", "expected"),
    [
        ("No, I don't think I would order it.", "intent", -1),
        ("I can't say I'd want that.", "attitude", -1),
        ("I wouldn't let that thing near me.", "trust", -1),
        ("I'm not stressed at all.", "stress", -1),
        ("Nope.", "intent", -1),
        ("Probably not.", "intent", -1),
        ("Yes, every week.", "intent", 1),
        ("Of course!", "agreement", 1),
        ("On the whole I'd say yes.", "agreement", 1),
        ("I couldn't agree more.", "agreement", 1),
        ("No complaints.", "satisfaction", 1),
        ("I'd have no problem recommending it.", "recommendation", 1),
        ("No problems at work.", "stress", -1),
        ("No wonder everybody has one.", "intent", 0),
        ("For some yes, for others no.", "agreement", 0),
        ("Yesterday I cooked.", "intent", 0),
        ("I know it well.", "intent", 0),
        ("No.", "", 0),
    ],
)
def test_a_plain_yes_or_no_is_heard(sentence: str, construct: str, expected: int):
    assert cue(sentence, construct) == expected


class Real:
    """all-MiniLM-L6-v2 of the user's models folder."""

    def __init__(self) -> None:
        entry, files = find_entry("all-minilm-l6-v2"), LocalFiles(user_models_folder())
        if not files.is_present(entry):
            pytest.skip("troupe model pull all-minilm-l6-v2")
        model = SentenceModel(files.path(entry))
        self.vector = cache(lambda text: model.encode(text).numbers)

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [self.vector(text) for text in texts]


@pytest.mark.local
def test_with_the_real_model_no_is_low_yes_is_high_and_maybe_is_between():
    real = Real()
    question = "Would you order the meal box at 9 dollars a plate?"

    def value(words: str) -> float:
        rating = asyncio.run(rated(words, WARMTH, question, real))
        assert rating is not None
        return rating.mean

    assert value("No, I don't think I would order it.") < 2.5
    assert value("Yes, I'd order it every week.") > 5.5
    assert 3 <= value("I'm not sure, maybe if it were cheaper.") <= 5
