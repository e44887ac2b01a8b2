"""Wordings that a model writes: what is taken, what is dropped, and what becomes of the plan."""

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from compiling import a_folder, compiled_text

from tinytroupe_cli.core.errors import RunError, SpecError
from tinytroupe_cli.plan.written_wordings import is_missing, tags, with_wordings
from tinytroupe_cli.runs.wording_generation import generate_wordings
from tinytroupe_cli.runs.wordings_file import read_wordings, write_wordings
from tinytroupe_cli.spec.wordings import WordingsOfText

TEXT = "At {{ price }}, {{person.name}}: buy?"
KEPT = "{{ person.name }}, would you buy it at {{ price }}?"


@dataclass
class FakeParaphraser:
    """Writes one list after another; the judge finds fault with what says "never"."""

    lists: list[list[str]]
    asked: list[tuple[int, list[str]]] = field(default_factory=list)

    async def paraphrase(self, _text, _variables, others, *, count, attempt):
        self.asked.append((count, list(others)))
        return tuple(self.lists[attempt]) if attempt < len(self.lists) else ()

    async def fault(self, _text, paraphrase):
        return "it does not mean the same" if "never" in paraphrase else ""


def generated(lists, count=3, text=TEXT):
    fake = FakeParaphraser(lists)
    return asyncio.run(generate_wordings([text], count, fake))[0], fake


def test_the_original_is_the_first_wording():
    found, fake = generated([[KEPT, "Buy at {{price}}, {{ person.name }}?"]])
    assert found.wordings == [TEXT, KEPT, "Buy at {{price}}, {{ person.name }}?"]
    assert not found.dropped
    assert fake.asked == [(2, [])]


@pytest.mark.parametrize(
    ("paraphrase", "fault"),
    [
        ("Would you buy it at {{ price }}?", "its variables are not those of the text"),
        ("{{ price }} {{ price }} {{ person.name }}", "its variables are not those of the text"),
        (KEPT + "{% if x %}{% endif %}", "its variables are not those of the text"),
        ("at {{ price }},  {{person.name}}: buy", "it is the same as another wording"),
        ("{{ price }}, {{ person.name }}, never?", "it does not mean the same"),
        ("{{ price }}, {{ person.name }} " + "and so on " * 30, "it is much longer than the text"),
    ],
)
def test_a_paraphrase_that_fails_is_written_again_and_named(paraphrase, fault):
    found, fake = generated([[paraphrase], [KEPT]], count=2)
    assert found.wordings == [TEXT, KEPT]
    assert len(found.dropped) == 1
    assert found.dropped[0].endswith(fault)
    assert fake.asked == [(1, []), (1, [paraphrase])]


def test_what_fails_three_times_is_dropped_and_all_texts_have_as_many_wordings():
    found, fake = generated([[KEPT, "never"], ["never 2"], ["never 3"], ["not asked for"]])
    assert found.wordings == [TEXT, KEPT]
    assert len(found.dropped) == len(fake.asked) == 3


def test_without_any_paraphrase_the_run_says_so():
    with pytest.raises(RunError, match=r"no paraphrase of 'At .* could be used: Never: its variables"):
        generated([["Never"]])


def test_variables_are_compared_without_their_spaces():
    assert tags("{{a}} {{  b.c }}\n{{ d|upper }}") == ["{{ a }}", "{{ b.c }}", "{{ d|upper }}"]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return a_folder(tmp_path)


def planned(here, cross="rotate"):
    text = f"""
personas: [{{use: lisa, copies: 12}}]
world: {{type: interviews}}
factors: {{price: [399, 559]}}
wordings: {{count: 5, cross: {cross}}}
stimuli: [{{say: "Hello {{{{person.name}}}}, it costs {{{{ price }}}}."}}]
extract: [{{name: q, how: interview, question: "Buy?", fields: {{f: yes_no}}}}]
"""
    return compiled_text(here, text)[0]


WRITTEN = [
    WordingsOfText(
        text="Hello {{person.name}}, it costs {{ price }}.",
        wordings=[
            "Hello {{person.name}}, it costs {{ price }}.",
            "{{ price }} is the price, {{person.name}}.",
            "{{person.name}}, {{price}}!",
        ],
    ),
    WordingsOfText(text="Buy?", wordings=["Buy?", "Would you?", "Yes?"]),
]


def test_until_they_are_written_a_plan_shows_the_originals(here):
    plan = planned(here)
    assert is_missing(plan)
    shown = with_wordings(plan, [])
    assert "⟪" not in shown.model_dump_json()
    assert {text for trial in shown.trials for text in trial.queries[0].questions.values()} == {"Buy?"}


def test_written_wordings_are_filled_in_for_each_person(here):
    plan = with_wordings(planned(here), WRITTEN)
    assert not is_missing(plan)
    assert "⟪" not in plan.model_dump_json()
    second = next(trial for trial in plan.trials if trial.wording == 2)
    assert {stimulus.text for stimulus in second.stimuli} == {f"399 is the price, {one.name}." for one in second.people}
    assert set(second.queries[0].questions.values()) == {"Would you?"}


def test_people_of_a_version_that_is_missing_meet_another(here):
    plan = with_wordings(planned(here), WRITTEN)
    assert {trial.wording for trial in plan.trials} == {1, 2, 3}
    assert plan.wordings.count == 3
    assert sorted(one for own in plan.wordings.people for one in own) == sorted(plan.assignment.people)
    for trial in plan.trials:
        assert {one.id for one in trial.people} <= set(plan.wordings.people[trial.wording - 1])


def test_crossed_the_trials_of_a_version_that_is_missing_are_left_out(here):
    plan = with_wordings(planned(here, "all"), WRITTEN)
    assert [trial.wording for trial in plan.trials] == [1, 2, 3] * 2


def test_lists_of_other_texts_must_have_as_many_then(here):
    plan = planned(here)
    listed = plan.wordings.texts[1].model_copy(update={"wordings": ("a", "b", "c", "d", "e")})
    worded = plan.wordings.model_copy(update={"texts": (plan.wordings.texts[0], listed)})
    with pytest.raises(RunError, match="the model wrote 3 usable wordings, but other texts have 5"):
        with_wordings(plan.model_copy(update={"wordings": worded}), WRITTEN)


def test_a_text_with_blocks_cannot_be_paraphrased(here):
    text = 'personas: [lisa]\nwordings: {count: 3, cross: all}\nstimuli: [{say: "{% if true %}x{% endif %}"}]\n'
    with pytest.raises(SpecError) as raised:
        compiled_text(here, text)
    assert [one.code for one in raised.value.diagnostics if one.is_error] == ["E505"]


def test_the_file_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "wordings.yaml"
    assert read_wordings(path) == []
    write_wordings(path, WRITTEN)
    assert read_wordings(path) == WRITTEN
    path.write_text(json.dumps({"text": "x"}))
    with pytest.raises(RunError, match="can't be read"):
        read_wordings(path)
