# ruff: noqa: E501, Q003 - tables of one-line experiments
import itertools
import json
import time
from pathlib import Path

import pytest

from tinytroupe_cli.api.estimating import estimate_plan
from tinytroupe_cli.compiler.compile import compile_plan
from tinytroupe_cli.compiler.parts import Resolvers, RunSettings
from tinytroupe_cli.compiler.resources.documents import FoundDocuments
from tinytroupe_cli.compiler.resources.tools import Signature
from tinytroupe_cli.core.errors import RunError, SpecError
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.personas.library import Library
from tinytroupe_cli.plan.hashing import plan_hash
from tinytroupe_cli.plan.types import Limits, Models, Plan
from tinytroupe_cli.spec.loader import load_experiment

USE = ModelConfig(name="openai/fake")
RUNNING = RunSettings(
    models=Models(people=USE, judge=USE, author=USE),
    prices={},
    limits=Limits(),
    formats=("json",),
    max_words=80,
    prompts="",
)
HEAD = "troupe: 1\nname: tv\n"
PEOPLE = {
    "lisa": {"name": "Lisa Carter", "age": 28, "occupation": {"title": "Data scientist"}, "gender": "female"},
    "oscar": {"name": "Oscar Weber", "age": 61, "occupation": {"title": "Night nurse"}, "pets": ["Rex"]},
    "amara": {"name": "Amara Okafor", "age": 44, "occupation": "Chef"},
}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    for folder in ("personas", "fragments", "personas/shoppers"):
        (tmp_path / folder).mkdir()
    for name, fields in PEOPLE.items():
        (tmp_path / f"personas/{name}.json").write_text(json.dumps(fields))
    for number in range(1, 7):
        (tmp_path / f"personas/shoppers/s{number}.yaml").write_text(f"name: Shopper {number}\nage: {20 + number}\n")
    (tmp_path / "fragments/thrifty.yaml").write_text("beliefs: [Money is time.]\nage: 99\n")
    (tmp_path / "fragments/sporty.yaml").write_text("beliefs: [Sweat cleans.]\n")
    (tmp_path / "plan.md").write_text("# Plan\nSpend {{ everything }}.\n")
    return tmp_path


def compiled(here: Path, text: str) -> Plan:
    def read(name: str) -> list[str]:
        if not (here / name).is_file():
            raise RunError(f"no file '{name}'")
        return [(here / name).read_text()]

    loaded = load_experiment(HEAD + text, "tv.yaml", env={})
    around = Resolvers(
        library=Library(here, ()),
        base_dir=here,
        read=read,
        find_documents=lambda _: FoundDocuments(()),
        resolve_tool=lambda name: Signature(name, "", {}),
    )
    plan, _ = compile_plan(loaded, around, RUNNING)
    return plan


def problems(here: Path, text: str) -> list[tuple[int, int, str, str]]:
    with pytest.raises(SpecError) as caught:
        compiled(here, text)
    return [(d.span.line, d.span.column, d.message, d.hint) for d in caught.value.diagnostics]


def test_the_smallest_experiment_is_one_trial_in_a_room(here):
    plan = compiled(here, "personas: [lisa, oscar]\nstimuli: [{say: Hello.}]\n")

    [trial] = plan.trials
    assert (trial.id, trial.condition, trial.replicate) == ("r1", "all", 1)
    assert [(member.id, member.name) for member in trial.people] == [("lisa", "Lisa Carter"), ("oscar", "Oscar Weber")]
    assert (trial.world.type, trial.world.steps, trial.world.start) == ("room", 4, "2026-01-05T09:00")
    assert (trial.world.step_length.amount, trial.world.step_length.unit) == (10, "minute")
    [hello] = trial.stimuli
    assert (hello.text, hello.source, hello.to, hello.to_everyone) == (
        "Hello.",
        "the moderator",
        ("lisa", "oscar"),
        True,
    )


def test_interviews_last_one_step_unless_told_otherwise(here):
    assert compiled(here, "personas: [lisa]\nworld: {type: interviews}\n").trials[0].world.steps == 1


def test_within_plays_every_condition_in_every_replicate_with_everyone_and_one_seed(here):
    plan = compiled(
        here,
        "personas: [lisa, oscar]\nreplicates: 2\nfactors: {ad: {calm: Breathe., loud: NOW!}, price: [399, 559]}\n"
        "stimuli: [{say: '{{ ad }} ${{ price }}, {{ condition.price }}, round {{ replicate }}'}]\n",
    )

    assert [trial.id for trial in plan.trials[:5]] == [
        "calm-399-r1",
        "calm-559-r1",
        "loud-399-r1",
        "loud-559-r1",
        "calm-399-r2",
    ]
    assert plan.trials[2].stimuli[0].text == "NOW! $399, 399, round 1"
    assert plan.factors == {"ad": ("calm", "loud"), "price": (399, 559)}
    seeds = [{trial.seed for trial in plan.trials if trial.replicate == replicate} for replicate in (1, 2)]
    assert [len(found) for found in seeds] == [1, 1]
    assert seeds[0] != seeds[1]
    assert all(len(trial.people) == 2 for trial in plan.trials)


def test_between_deals_everyone_to_one_condition_and_asks_only_them(here):
    plan = compiled(
        here,
        "personas: [{from: personas/shoppers/*.yaml}]\ndesign: between\nfactors: {price: {levels: [1, 2, 3], idle: true}}\n"
        "stimuli: [{say: Hello.}, {goal: Win., to: [s1, s2]}]\n"
        "extract: [{name: q, question: Well?, fields: {a: text}}]\n",
    )

    groups = [[member.id for member in trial.people] for trial in plan.trials]
    assert sorted(itertools.chain(*groups)) == [f"s{n}" for n in range(1, 7)]
    assert [len(group) for group in groups] == [2, 2, 2]
    for trial, group in zip(plan.trials, groups, strict=True):
        assert list(trial.stimuli[0].to) == group
        assert [s.to for s in trial.stimuli[1:]] == [tuple(p for p in group if p in {"s1", "s2"})] * (
            bool({"s1", "s2"} & set(group))
        )
        assert list(trial.queries[0].people) == group
        assert list(trial.queries[0].questions) == group


def test_a_sample_is_drawn_by_the_seed_without_replacement_in_sorted_order(here):
    def drawn(seed: int) -> list[str]:
        text = f"seed: {seed}\npersonas: [{{from: 'personas/shoppers/*.yaml', sample: 3}}]\n"
        return [member.id for member in compiled(here, text).trials[0].people]

    draws = [drawn(seed) for seed in range(8)]
    assert all(len(set(draw)) == 3 and draw == sorted(draw) for draw in draws)
    assert len({tuple(draw) for draw in draws}) > 1
    assert drawn(3) == draws[3]


def test_cast_entries_rename_set_and_merge(here):
    plan = compiled(
        here,
        "personas:\n  - lisa\n  - {use: lisa, as: Élise the Sceptic, fragments: [thrifty], "
        "set: {age: 61, occupation.title: Architect}}\nfragments: [sporty]\n",
    )

    lisa, elise = plan.trials[0].people
    assert lisa.persona["age"] == 28
    assert lisa.persona["beliefs"] == ["Sweat cleans."]
    assert (elise.id, elise.name) == ("elise-the-sceptic", "Élise the Sceptic")
    assert elise.persona["age"] == 61, "what is set wins over a fragment"
    assert elise.persona["occupation"] == {"title": "Architect"}
    assert elise.persona["beliefs"] == ["Money is time.", "Sweat cleans."]
    assert list(elise.sources) == ["personas/lisa.json", "fragments/thrifty.yaml", "fragments/sporty.yaml"]


def test_people_are_called_by_id_file_or_full_name(here):
    plan = compiled(
        here,
        "personas: [{use: lisa, as: Lisa Two}, oscar, lisa]\n"
        "stimuli: [{say: A, to: lisa}, {say: B, to: [Oscar Weber, lisa-two]}, {say: C, to: 'lisa carter'}]\n",
    )

    assert [s.to for s in plan.trials[0].stimuli] == [("lisa",), ("lisa-two", "oscar"), ("lisa",)]
    assert not any(s.to_everyone for s in plan.trials[0].stimuli)


def test_a_text_about_a_person_reads_differently_for_each(here):
    plan = compiled(
        here,
        "personas: [lisa, oscar]\nstimuli: [{say: 'A {{ person.occupation.title }} of {{ person.age }}?'}]\n"
        "extract: [{name: q, question: 'Well, {{ person.name }}?', fields: {a: text}}]\n",
    )

    [trial] = plan.trials
    assert [(s.to, s.text) for s in trial.stimuli] == [
        (("lisa",), "A Data scientist of 28?"),
        (("oscar",), "A Night nurse of 61?"),
    ]
    assert trial.queries[0].questions == {"lisa": "Well, Lisa Carter?", "oscar": "Well, Oscar Weber?"}


def test_stimuli_come_at_their_steps(here):
    plan = compiled(
        here,
        "personas: [lisa]\nworld: {steps: 5}\nstimuli:\n  - {say: last, at: end}\n  - {say: 'now {{ step }}', at: {every: 2}}\n"
        "  - {say: third, at: {step: 3}}\n  - {think: first}\n  - {say: '{% if step == 4 %}four{% endif %}', at: {every: 1}}\n",
    )

    assert [(s.step, s.text) for s in plan.trials[0].stimuli] == [
        (1, "first"),
        (2, "now 2"),
        (3, "third"),
        (4, "now 4"),
        (4, "four"),
        (5, "last"),
    ]


def test_the_audience_can_be_those_of_whom_something_is_true(here):
    plan = compiled(
        here,
        "personas: [lisa, oscar, amara]\n"
        "stimuli: [{say: Hi, to: {where: \"age > 40 and 'nurse' in occupation.title\"}}, {say: Ho, to: {where: gender == 'Female'}}]\n",
    )

    assert [s.to for s in plan.trials[0].stimuli] == [("oscar",), ("lisa",)]


def test_a_document_is_put_before_people_whole_and_unread_by_templates(here):
    [trial] = compiled(here, "personas: [lisa]\nstimuli: [{read: plan.md}]\n").trials

    assert (trial.stimuli[0].verb, trial.stimuli[0].text) == ("read", "# Plan\nSpend {{ everything }}.\n")


def test_someone_of_the_cast_can_be_the_voice_and_does_not_hear_themself(here):
    [trial] = compiled(here, "personas: [lisa, oscar]\nstimuli: [{say: Hi, from: Oscar Weber}]\n").trials

    assert (trial.stimuli[0].source, trial.stimuli[0].to) == ("oscar", ("lisa",))


def test_every_field_type_is_planned(here):
    fields = (
        "{c: {choice: [A, B, 3]}, s: {scale: [1, 7], low: no, high: much}, l: {likert: purchase_intent}, "
        "m: {likert: [bad, good]}, n: {number: {min: 0, max: 9}, unit: USD}, o: number, y: yes_no, t: text, "
        "i: {list: text}, r: {rank: [x, y]}}"
    )
    plan = compiled(
        here, f"personas: [lisa]\nextract: [{{name: q, of: world, question: '{{{{ step }}}}', fields: {fields}}}]\n"
    )

    [query] = plan.trials[0].queries
    assert (query.people, query.questions) == ((), {"": "4"})
    found = {field.name: field for field in query.fields}
    assert found["c"].options == ("A", "B", 3)
    assert (found["s"].low, found["s"].high, found["s"].low_label, found["s"].high_label) == (1, 7, "no", "much")
    assert found["l"].options[-1] == "Definitely would buy"
    assert found["m"].options == ("bad", "good")
    assert (found["n"].low, found["n"].high, found["n"].unit) == (0, 9, "USD")
    assert [found[name].kind for name in "oytir"] == ["number", "yes_no", "text", "list", "rank"]


def test_the_world_can_depend_on_the_condition(here):
    plan = compiled(here, "personas: [lisa]\nfactors: {room: [kitchen, cellar]}\nworld: {place: 'In the {{ room }}'}\n")

    assert [trial.world.place for trial in plan.trials] == ["In the kitchen", "In the cellar"]


def test_listed_conditions_name_the_trials(here):
    plan = compiled(
        here,
        "personas: [lisa]\nconditions: [{name: Control, price: 559}, {name: discount, price: 399}]\n"
        "stimuli: [{say: '${{ price }}'}]\n",
    )

    assert [(t.id, t.condition, t.stimuli[0].text) for t in plan.trials] == [
        ("control-r1", "Control", "$559"),
        ("discount-r1", "discount", "$399"),
    ]


def test_no_label_of_the_experiment_reaches_a_text_of_a_trial(here):
    plan = compiled(
        here,
        "title: Hypothetisis\npersonas: [lisa]\nfactors: {zfactor: {levels: {zlevel: one, zother: two}, idle: true}}\n"
        "stimuli: [{say: 'See {{ zfactor }}.'}]\n"
        "extract: [{name: zquery, question: 'Well?', fields: {zfield: yes_no}}]\n",
    )

    for trial in plan.trials:
        texts = [s.text for s in trial.stimuli] + [q for query in trial.queries for q in query.questions.values()]
        shown = " ".join([*texts, trial.world.place, trial.world.name, *(s.source for s in trial.stimuli)])
        assert not any(label in shown for label in ("zlevel", "zother", "zquery", "zfield", "tv", "Hypo"))


def test_the_same_text_compiles_to_the_same_plan(here):
    text = "personas: [lisa, {from: 'personas/shoppers/*.yaml', sample: 3}]\ndesign: between\nfactors: {p: {levels: [1, 2], idle: true}}\n"

    assert plan_hash(compiled(here, text)) == plan_hash(compiled(here, text))
    assert plan_hash(compiled(here, text)) != plan_hash(compiled(here, "seed: 5\n" + text))


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("personas: [lsa]\n", (3, 12), "no persona 'lsa'", "did you mean 'lisa'?"),
        ("personas: [lisa, {use: oscar, as: Lisa Carter}]\n", (3, 18), "a second person called 'Lisa Carter'", "give one"),
        ("personas: [{use: lisa, fragments: [trifty]}]\n", (3, 36), "no fragment 'trifty'", "did you mean 'thrifty'?"),
        ("personas: [lisa]\nfragments: [thrifty]\n", (2, 6), "`age` is 99 here, but Lisa Carter", "fragments add"),
        ("personas: [{from: 'nobody/*.yaml'}]\n", (3, 19), "no person matches 'nobody/*.yaml'", ""),
        ("personas: [{from: 'personas/shoppers/*', sample: 9}]\n", (3, 50), "can't draw 9 people from 6", "'personas"),
        ("personas: [lisa]\nstimuli: [{say: Hi, to: liza}]\n", (4, 25), "nobody in the cast is called 'liza'", "did you mean 'lisa'?"),
        ("personas: [lisa]\nstimuli: [{say: Hi, to: [lisa, x]}]\n", (4, 32), "nobody in the cast is called 'x'", "the cast: lisa (Lisa Carter)"),
        ("personas: [lisa]\nstimuli: [{say: Hi, to: {where: agee > 3}}]\n", (4, 33), "nobody has a field 'agee'", "did you mean 'age'?"),
        ("personas: [lisa]\nstimuli: [{say: Hi, to: {where: name > 3}}]\n", (4, 40), "can't order text and a number (for Lisa Carter)", ""),
        ("personas: [lisa]\nstimuli: [{say: 'Hi {{ prise }}'}]\nfactors: {price: [1]}\n", (4, 24), "unknown name 'prise'", "did you mean 'price'?"),
        ("personas: [lisa]\nstimuli: [{say: 'Hi {{ person.agee }}'}]\n", (4, 31), "Lisa Carter has no field 'agee'", "did you mean 'age'?"),
        ("personas: [lisa, oscar]\nstimuli: [{say: '{{ person.pets }}'}]\n", (4, 28), "Lisa Carter has no field 'pets'", "the fields are: age"),
        ("personas: [lisa]\nstimuli: [{say: 'Hi {{ persn.age }}'}]\n", (4, 24), "unknown name 'persn'", "did you mean 'person'?  available here: condition, person, rep"),
        ("personas: [lisa]\nstimuli: [{say: '{{ prise }}'}]\nvars: {price: 9}\n", (4, 21), "unknown name 'prise'", "did you mean 'vars.price'?"),
        ("personas: [lisa]\nextract: [{name: q, of: each-person, question: W, fields: {a: text}}]\n", (4, 25), "nobody in the cast is called 'each-person'", "did you mean 'each person'?"),
        ("personas: [lisa]\nextract: [{name: q, of: everyone, question: W, fields: {a: text}}]\n", (4, 25), "nobody in the cast is called 'everyone'", "did you mean 'each person'?"),
        ("personas: [lisa]\nstimuli: [{say: Hi, to: all}]\n", (4, 25), "nobody in the cast is called 'all'", "did you mean 'everyone'?"),
        ("personas: [lisa]\nextract: [{name: q, question: W, fields: {a: {scale: [7, 1]}}}]\n", (4, 54), "the lowest value, 7, is not below", "write the lowest first"),
        ("personas: [lisa]\nworld: {place: '{{ foo }}'}\n", (4, 20), "unknown name 'foo'", "available here: condition, replicate, vars"),
        ("personas: [lisa]\nfactors: {p: [12, 9, 100]}\nconditions: [{name: a, p: 5}]\n", (5, 27), "unknown level '5'", "levels of p: 9, 12, 100"),
        ("personas: [lisa]\nstimuli: [{say: 'Hi {{'}]\n", (4, 21), "invalid template", "to show braces"),
        ("personas: [lisa]\nworld: {place: '{{ person.name }}'}\n", (4, 20), "this text is not for one particular person", ""),
        ("personas: [lisa]\nstimuli: [{say: Hi, at: {step: 5}}]\n", (4, 32), "the world ends after 4 steps", "set world.steps to 5 or more"),
        ("personas: [lisa]\nstimuli: [{read: nothing.md}]\n", (4, 18), "no file 'nothing.md'", ""),
        ("personas: [lisa]\nstimuli: [{show: {}}]\n", (4, 18), "nothing is shown", ""),
        ("personas: [lisa]\nextract: [{name: q, of: world, how: interview, question: W, fields: {a: text}}]\n", (4, 37), "only people can be", ""),
        ("personas: [lisa]\nextract: [{name: q, of: lis, question: W, fields: {a: text}}]\n", (4, 25), "nobody in the cast is called 'lis'", "did"),
        ("personas: [lisa]\nextract: [{name: q, question: W, fields: {a: {likert: agrement}}}]\n", (4, 55), "unknown Likert scale", "did you mean 'agreement'?"),
        ("personas: [lisa]\nextract: [{name: q, question: W, fields: {a: {choice: [A, a]}}}]\n", (4, 59), "'a' appears twice", ""),
        ("personas: [lisa]\nextract: [{name: q, question: W, fields: {a: {scale: [7, 1]}}}]\n", (4, 54), "the lowest value, 7, is not below", ""),
        ("personas: [lisa]\nfactors: {step: [1, 2]}\n", (4, 17), "a factor can't be called 'step'", "choose"),
        ("personas: [lisa]\nfactors: {price: [1, 1]}\n", (4, 22), "level 1 appears twice", ""),
        ("personas: [lisa]\ndesign: between\nfactors: {price: [1, 2]}\n", (4, 9), "1 person can't fill 2 conditions", "add people"),
        ("personas: [lisa]\nreplicates: 10001\n", (4, 13), "this makes 10,001 trials", ""),
        (
            "personas: [lisa]\nextract: [{name: q, question: W, fields: {a: yes_no}}]\nexpect:\n  - \"q.a.share(true) > 0 and q.b.count() > 0\"\n",
            (6, 32),
            "unknown field 'b'",
            "fields of q: a",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_said_in_its_place(here, text, place, message, hint):
    [(line, column, found, found_hint)] = problems(here, text)

    assert (line, column) == place
    assert found.startswith(message)
    assert found_hint.startswith(hint)


def test_mistakes_of_all_parts_are_said_at_once_in_the_order_of_the_file(here):
    found = problems(
        here,
        "factors: {price: [1, 1]}\npersonas: [lisa, oscar]\nstimuli: [{say: Hi, to: bob}, {say: '{{ x }}'}]\n"
        "extract: [{name: q, question: '{{ y }}', fields: {a: {likert: z}}}]\nexpect: [q.b.mean() > 0]\n",
    )

    assert [(line, message) for line, _, message, _ in found] == [
        (3, "level 1 appears twice"),
        (5, "nobody in the cast is called 'bob'"),
        (5, "unknown name 'x'"),
        (6, "unknown name 'y'"),
        (6, "unknown Likert scale 'z'"),
        (7, "unknown field 'b'"),
    ]


def test_a_missing_person_does_not_make_every_mention_of_them_a_mistake(here):
    found = problems(here, "personas: [lsa, oscar]\nstimuli: [{say: Hi, to: lisa}]\n")

    assert [message for _, _, message, _ in found] == ["no persona 'lsa'"]


def test_a_field_that_many_people_lack_is_one_mistake_that_names_the_first(here):
    text = "personas: [{from: 'personas/shoppers/*.yaml'}]\nreplicates: 3\nstimuli: [{say: '{{ person.job }}'}]\n"

    assert [message for _, _, message, _ in problems(here, text)] == ["Shopper 1 has no field 'job'"]


def test_a_large_experiment_compiles_in_moments(here):
    for number in range(300):
        (here / f"personas/shoppers/t{number}.yaml").write_text(f"name: Taster {number}\nage: {20 + number % 60}\n")
    began = time.process_time()

    plan = compiled(
        here,
        "personas: [{from: 'personas/shoppers/t*.yaml'}]\nfactors: {price: [1, 2, 3, 4]}\nreplicates: 2\n"
        "world: {type: interviews, steps: 5}\nstimuli: [{say: '{{ person.name }}, ${{ price }}?', at: {every: 1}}]\n"
        "extract: [{name: q, question: 'Well, {{ person.name }}?', fields: {a: text}}]\n",
    )
    made = estimate_plan(plan)

    assert made.calls.low == 2 * 4 * 300 * 6
    assert time.process_time() - began < 10
