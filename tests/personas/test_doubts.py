"""What is wrong with somebody a model wrote is found in their words."""

import pytest

from tinytroupe_cli.personas.plausibility import (
    contradictions,
    doubts_by_kind,
    find_problems,
    name_doubts,
    other,
    word_overlap,
    words_of,
)

WOMAN = {"age": 34, "gender": "female"}


@pytest.mark.parametrize(
    ("text", "facts", "found"),
    [
        ("A 70-year-old who still runs", WOMAN, "it says 70-year-old, but they are 34"),
        ("34 years old and tired", WOMAN, ""),
        ("moved here 20 years ago", WOMAN, ""),
        ("in her early 50s", WOMAN, "it says 'in her early 50s', but they are 34"),
        ("in her mid-30s", WOMAN, ""),
        ("He keeps his tools clean", WOMAN, "it speaks of a man, but she is a woman"),
        ("She keeps his tools clean", WOMAN, ""),
        ("She keeps her tools clean", {"gender": "Male"}, "it speaks of a woman, but he is a man"),
        ("They keep their tools clean", {"gender": "non-binary"}, ""),
        ("He and she", {}, ""),
    ],
)
def test_an_age_and_a_sex_against_the_facts_are_told(text, facts, found):
    assert "; ".join(contradictions(text, facts)) == found


@pytest.mark.parametrize("name", ["", "H. T.", "M.K.D.R.", "Ann\nLee", "Agent 7", "John Doe", "ANN LEE", "x" * 61])
def test_what_is_no_name_or_somebody_elses_is_told(name):
    assert list(name_doubts(name, {"ann lee"}))


def test_a_name_is_a_name_in_any_script():
    assert not list(name_doubts("Nguyễn Thị Ánh", set()))
    assert not list(name_doubts("Suharto", set()))


def test_nothing_said_and_the_same_said_twice_are_told():
    assert list(find_problems({"style": " "}, ("style", "beliefs"), {}, [])) == ["nothing was said of style, beliefs"]
    assert list(find_problems({"a": "Yes.", "b": "Yes."}, ("a", "b"), {}, [])) == ["the same was said twice"]


def test_likeness_is_of_words_not_of_letters():
    one = words_of("collects copper kettles under the bridge near the market garden")
    two = words_of("Collects kettles (copper!) near the garden, the market, under a bridge")
    three = words_of("repairs bicycles behind the station and hates every loud radio")
    assert word_overlap(one, two) == 1.0
    assert word_overlap(one, three) < 0.1
    assert word_overlap(words_of("likes tea"), words_of("likes tea and cake")) == 0.0


def test_a_double_is_told_by_the_others_name():
    said = {"name": "Bo", "beliefs": "collects copper kettles under the bridge near the market garden"}
    before = [other({**said, "name": "Ann"}, ("beliefs",))]
    assert list(find_problems(said, ("beliefs",), {}, before)) == ["it is nearly the same as Ann"]


def test_the_problems_of_a_person_are_told_apart_by_kind():
    asked = ("beliefs", "home")
    said = {"name": "Bo", "beliefs": "At 70 years old she collects copper kettles under bridges near markets"}
    before = [other({**said, "name": "Ann"}, asked)]
    problems = "; ".join(find_problems(said, asked, WOMAN, before))
    assert doubts_by_kind(problems) == {
        "incomplete": "nothing was said of home",
        "doubtful": "it says 70 years old, but they are 34",
        "alike": "it is nearly the same as Ann",
    }
    lost = "could not be written: I can't; it is nearly the same as nothing"
    assert doubts_by_kind(lost) == {"incomplete": lost}
    assert doubts_by_kind("the same was said twice; nothing was said of home") == {
        "incomplete": "the same was said twice; nothing was said of home"
    }
