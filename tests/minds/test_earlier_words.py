"""What is found by an index, event by event, gives the same verdicts as a comparison with everything in the past."""

# ruff: noqa: RUF001 - Chinese has its own comma

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from tinytroupe_cli.events.perceptions import PERCEPTIONS
from tinytroupe_cli.events.types import Acted, Event, Perceived
from tinytroupe_cli.minds.earlier_words import EarlierWords, SaidBefore
from tinytroupe_cli.minds.guards import fault_of
from tinytroupe_cli.minds.repetition import is_same_line, repeated_in, without_quotations
from tinytroupe_cli.minds.text_index import FEW, TextIndex

PEOPLE = ("lisa", "oscar", "amara")
WORDS = ("we", "like", "soup", "and", "bread", "not", "at", "6", "7", "dollars", "我们", "喜欢", "汤")
MARKS = (" ", " ", " ", " ", ", ", ". ", "? ", "，", "。", ' "', '" ', "... ")

texts = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(MARKS)), min_size=1, max_size=40).map(
    lambda parts: "".join(word + mark for word, mark in parts).strip() or "we"
)
shares = st.sampled_from((0.1, 0.6, 0.85, 1.0))
fillers = [f"Number {at} is one of many texts that nobody repeats, as {at + 1} is." for at in range(FEW + 1)]


@st.composite
def similar(draw: st.DrawFn) -> list[str]:
    """Draw texts, some of them made of pieces of others."""
    found = draw(st.lists(texts, min_size=2, max_size=12))
    first, second = draw(st.sampled_from(found)), draw(st.sampled_from(found))
    at = draw(st.integers(0, len(first)))
    return [*found, first[:at] + second, first[at:], f'She said: "{first}" {second}']


@settings(max_examples=100, deadline=None)
@given(similar(), shares)
def test_every_text_that_is_repeated_is_found(earlier: list[str], most: float):
    index = TextIndex()
    for text in (*fillers, *earlier):
        index.add(text)
    for words in earlier:
        found = [index.text(number) for number in index.candidates(words, most=most)]
        for text in earlier:
            is_repeat = repeated_in(words, [text], most=most) is not None or is_same_line(words, [text])
            assert text in found or not is_repeat


def test_an_index_finds_little_else():
    index = TextIndex()
    for text in fillers:
        index.add(text)
    assert len(index.candidates("Would anybody here pay seven dollars for a bowl of soup with bread?", most=0.6)) < 3


@st.composite
def pasts(draw: st.DrawFn) -> tuple[list[Event], list[str]]:
    """Draw a past and what was said in it."""
    said = draw(similar())
    some, person = st.sampled_from(said), st.sampled_from(PEOPLE)
    to = st.sampled_from((*PEOPLE, "everyone", "the host", ""))
    senses = st.sampled_from(("talk", "talk", "talk", "say", "think", "system", "recall"))
    acts = st.builds(
        Acted, trial=st.just("r1"), person=person, action=st.sampled_from(("TALK", "THINK", "DONE")), to=to, text=some
    )
    groups = st.lists(person, min_size=1, max_size=3, unique=True).map(tuple)
    sources = st.sampled_from((*PEOPLE, "the host"))
    reached = st.builds(Perceived, trial=st.just("r1"), people=groups, sense=senses, source=sources, to=to, text=some)
    return draw(st.lists(st.one_of(acts, reached), max_size=25)), said


def all_before(past: Sequence[Event], listeners: frozenset[str]) -> tuple[SaidBefore, tuple[str, ...]]:
    """Return, from the whole past, what Lisa's words are compared with, and her thoughts."""
    did = [event for event in past if isinstance(event, Acted) and event.person == "lisa"]
    last = max((at for at, event in enumerate(past) if isinstance(event, Acted) and event.person == "lisa"), default=-1)
    came = [
        (at > last, event)
        for at, event in enumerate(past)
        if isinstance(event, Perceived)
        and "lisa" in event.people
        and (event.sense != "talk" or listeners <= {*event.people, event.source})
    ]
    before = SaidBefore(
        own=tuple(
            event.text
            for event in did
            if event.action == "TALK"
            and (not listeners or event.to in ("", "everyone") or all(one == event.to for one in listeners))
        ),
        others=tuple(
            event.text
            for is_new, event in came
            if PERCEPTIONS[event.sense].is_spoken and event.source != "lisa" and (event.sense == "talk" or not is_new)
        ),
        asked=tuple(event.text for is_new, event in came if PERCEPTIONS[event.sense].is_put and is_new),
    )
    return before, tuple(event.text for event in did if event.action == "THINK")


@settings(max_examples=100, deadline=None)
@given(pasts(), st.booleans(), st.sets(st.sampled_from(PEOPLE[1:])).map(frozenset), shares)
def test_verdicts_are_those_of_a_comparison_with_everything(found, is_large, listeners, most):
    past, said = found
    earlier = EarlierWords("lisa")
    for text in fillers * is_large:
        earlier.texts.add(text)
    for length in (*range(0, len(past), 5), len(past)):
        earlier.take(past[:length])
        whole, thoughts = all_before(past[:length], listeners)
        for words in said:
            like = earlier.like_words((words, without_quotations(words)), listeners, most=most)
            assert set(like.own) <= set(whole.own)
            assert set(like.others) <= set(whole.others)
            kept = fault_of(words, own=like.own, others=like.others, asked=like.asked, most=most)
            assert kept == fault_of(words, own=whole.own, others=whole.others, asked=whole.asked, most=most)
            like = earlier.like_thought(words, listeners, most=most)
            kept = fault_of(words, own=like.own, others=(), asked=like.asked, most=most)
            assert kept == fault_of(words, own=thoughts, others=(), asked=whole.asked, most=most)


def test_another_past_is_taken_in_from_its_beginning():
    spoke = Acted(trial="r1", person="lisa", action="TALK", to="everyone", text="I would never pay that for a soup.")
    earlier = EarlierWords("lisa")
    earlier.take([spoke])
    assert earlier.like_words((spoke.text,), frozenset(), most=0.6).own == (spoke.text,)
    earlier.take([spoke.model_copy(update={"text": "No."})])
    assert earlier.like_words((spoke.text,), frozenset(), most=0.6).own == ("No.",)
