"""An experiment loads into typed values, or everything that is wrong in it is told at once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from snapshots import assert_snapshot

from tinytroupe_cli.cli.diagnostics import render_diagnostic
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.spec.config import IniFile, read_settings
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.loader import load_experiment
from tinytroupe_cli.spec.measures import Choice, Rank
from tinytroupe_cli.spec.people import FromFiles, UsePersona
from tinytroupe_cli.spec.running import ModelSpec, Roles
from tinytroupe_cli.spec.spec_model import Duration
from tinytroupe_cli.spec.stimuli import AtStep, Goal, Say, Where
from tinytroupe_cli.spec.validation_errors import PATTERN_WORDS

EVERYTHING = (Path(__file__).parent / "samples" / "everything.txt").read_text()
BASE = "troupe: 1\nname: ad\npersonas: [lisa]\n"


def load(part="", *, overrides=None, env=None):
    return load_experiment(BASE + part, "ad.yaml", env=env or {}, overrides=overrides)


def wrong(text, **given):
    with pytest.raises(SpecError) as raised:
        load_experiment(text, "ad.yaml", **{"env": {}, **given})
    return raised.value.diagnostics


def told(text, **given):
    return "\n".join(render_diagnostic(found).plain for found in wrong(text, **given))


def typed(part):
    return load(part).experiment


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("troupe: 1\nname: ad\npersnas: [lisa]\n", "unknown key 'persnas'"),
        ("troup: 1\nname: ad\npersonas: [lisa]\n", "unknown key 'troup'"),
        (f"{BASE}extract: [{{name: a, qestion: 'How?', fields: {{a: text}}}}]\n", "unknown key 'qestion'"),
        (f"{BASE}prices: {{a: {{input: 1, outptu: 2}}}}\n", "unknown key 'outptu' in 'a'"),
        (f"{BASE}model: {{judge: {{us: openai/x}}}}\n", "unknown key 'us' in 'judge'"),
    ],
)
def test_a_misspelled_key_that_must_be_there_is_one_error(text, message):
    (found,) = wrong(text)
    assert (found.message, found.code) == (message, "E104")
    assert found.hint.startswith("did you mean")


def test_a_missing_key_is_told_where_no_unknown_key_is_near():
    found = wrong("troupe: 1\nname: ad\nfoo: [lisa]\n")
    assert [one.code for one in found] == ["E105", "E104"]
    (missing,) = wrong(f"{BASE}conditions: [{{nam: a, price: 3}}]\n")  # a condition may have any key
    assert missing.message == "'name' is missing"


def test_a_small_experiment_has_the_defaults_of_the_language():
    experiment = typed("")
    assert (experiment.seed, experiment.replicates, experiment.design) == (0, 1, "within")
    assert (experiment.world.type, experiment.world.order, experiment.world.steps) == ("room", "simultaneous", None)


def test_every_form_has_its_type():
    experiment = typed("""\
model: {people: openai/x, judge: {use: openai/y, temperature: 0}}
limits: {tokens: 500k, calls: 2M}
world: {start: 2026-11-23T09:00, step: 3 months}
stimuli:
  - say: Hello
    from: the radio
  - goal: Listen
    to: {where: age > 40}
    at: {step: 2}
extract:
  - name: a
    question: Which?
    fields: {one: {choice: [yes, no, 3]}, two: {rank: [a, b]}, three: text}
""")
    assert experiment.model == Roles(people="openai/x", judge=ModelSpec(use="openai/y", temperature=0))
    assert experiment.limits
    assert (experiment.limits.tokens, experiment.limits.calls) == (500_000, 2_000_000)
    assert experiment.world.step == Duration(amount=3, unit="month")
    assert str(experiment.world.start) == "2026-11-23 09:00:00"
    say, goal = experiment.stimuli
    assert isinstance(say, Say)
    assert (say.source, say.to, say.at) == ("the radio", "everyone", "start")
    assert goal == Goal(goal="Listen", to=Where(where="age > 40"), at=AtStep(step=2))
    assert experiment.extract[0].fields == {
        "one": Choice(choice=["yes", "no", 3]),
        "two": Rank(rank=["a", "b"]),
        "three": "text",
    }


def test_the_cast_is_told_apart_by_its_keys():
    text = "troupe: 1\nname: ad\npersonas:\n - lisa\n - {use: lisa, as: Lisa Two}\n - {from: 'p/*', sample: 2}\n"
    name, use, files = load_experiment(text, "ad.yaml", env={}).experiment.personas
    assert name == "lisa"
    assert isinstance(use, UsePersona)
    assert use.name == "Lisa Two"
    assert isinstance(files, FromFiles)
    assert (files.files, files.sample) == ("p/*", 2)


def test_keys_that_begin_with_x_belong_to_the_user():
    experiment = typed("x-note: [1]\nworld: {x-why: because}\nstimuli: [{say: hi, x-id: 3}]\nvars: {x-y: 1}\n")
    assert experiment.vars == {"x-y": 1}
    assert len(experiment.stimuli) == 1


def test_the_whole_language_has_types_and_only_what_is_not_built_is_refused():
    assert {found.code for found in wrong(EVERYTHING)} == {"E190"}


def test_a_loaded_experiment_never_changes():
    with pytest.raises(ValueError, match="frozen"):
        typed("").seed = 3


WRONG = {
    "reading": [
        "",
        "- a\n",
        BASE + "title: Ads: which?\n",
        BASE + "title: 'abc\n",
        BASE + "\ttitle: x\n",
        BASE + "title: x\x00y\n",
        BASE + "<<<<<<< mine\ntitle: a\n=======\ntitle: b\n>>>>>>> theirs\n",
        BASE + "---\nname: b\n",
        BASE + "title: a\ntitle: b\n",
        BASE + "title: !!str 5\nvars: {<<: {a: 1}}\n",
        BASE + "stimuli:\n  - say: hi\n   to: lisa\n",
        BASE + "stimuli:\n  - say: hi\n  to: lisa\n",
        BASE + "stimuli: [say: hi\n",
    ],
    "keys": [
        "name: ad\npersonas: [lisa]\n",
        BASE + "wrld: {}\n1: one\n",
        BASE + "world: {step_count: 4, orders: x}\n",
        BASE + "stimuli:\n  - sya: hi\n  - say: hi\n    think: ho\n  - to: lisa\n  - hi\n  - say: hi\n    too: lisa\n",
        BASE + "model: {use: openai/x}\n",
        BASE + "model: {people: {use: openai/x, temprature: 3}, judge: {temperature: 0}}\n",
        BASE + "model:\n  author:\n    use: openai/x\n    turns: script\n  embeddings: {use: openai/e, turns: auto}\n",
        BASE + "systems: [{name: bot, model: {use: openai/x, prompt: Hi, turns: script}}]\n",
        BASE + "extract:\n  - {name: a, fields: {a: {choise: [a, b]}, b: {number: {mn: 3}}}}\n",
        BASE.replace(
            "[lisa]", "\n  - usee: lisa\n  - {use: a, from: b}\n  - {use: lisa, fragmnts: [a]}\n  - {}\n  - '': b"
        ),
        BASE + "conditions: [{price: 3}]\n",
    ],
    "values": [
        "troupe: 2\nname: An Ad\npersonas: []\n",
        "troupe: '1'\nname: ad\npersonas: lisa\n",
        BASE + "seed: 1.0\nreplicates: 0\ntitle: 5\ndescription: true\nvars: [1]\n",
        BASE + "world: {steps: four, step: 10, start: soon, type: rom}\n",
        BASE + "world: {start: 2026-02-30T18:30}\n",
        BASE + "interventions: [{name: a, when: {step: 2}, then: [{shout: hi}, 5, {}]}]\n",
        BASE + "world: {steps: 1000000, step: 90000000 years, start: 2026-11-23T09:00Z}\n",
        BASE + "world: {steps: 100, step: 500 years}\n",
        BASE + "limits: {usd: lots, tokens: 5x, calls: -1, minutes: 0}\n",
        BASE + "stimuli:\n  - say: 5\n  - {say: x, at: never}\n  - {say: x, at: {step: 0}}\n  - {say: x, to: [a, 5]}\n",
        BASE + "world:\nstimuli: hello\nextract: [5]\nexpect: [3]\n",
        BASE + "extract:\n  - {name: a b, question: q, fields: {a: nummer, b: {scale: [1]}, c: {scale: [1.5, 7]}}}\n"
        "  - {name: a, question: q, fields: {d: {choice: [a]}, e: 5, f: {list: [text]}, g: {likert: 5}}}\n",
        BASE + "design: btween\nreport: {formats: [htm]}\nprices: {a: {input: free}}\n",
        BASE + "title: " + "very " * 30 + "long\nworld: {name: 'a', place: " + "x" * 90 + ", order: sequentially}\n",
    ],
}


@pytest.mark.parametrize("theme", WRONG)
def test_what_a_user_reads_about_a_wrong_experiment(theme):
    parts = [told(text) for text in WRONG[theme]]
    assert_snapshot("\n\n────\n".join(parts) + "\n", f"diagnostics/{theme}.txt")


def test_no_message_speaks_of_the_library_beneath():
    words = ("pydantic", "Input should", "a valid", "dict", "NoneType", "instance", "Traceback", "input_value")
    messages = [found.message + found.hint for texts in WRONG.values() for text in texts for found in wrong(text)]
    assert [message for message in messages if any(word in message for word in words)] == []


def test_everything_that_is_wrong_is_told_at_once_in_the_order_of_the_file():
    found = wrong(
        "troupe: 1\nname: An Ad\nseed: x\npersonas: [lisa]\nworld: {steps: 0}\n"
        "baseline: one_prompt\nstimuli:\n- sya: ${env:NO}\n"
    )
    assert [(one.code, one.span.line) for one in found] == [
        ("E107", 2),
        ("E106", 3),
        ("E107", 5),
        ("E107", 6),
        ("E104", 8),
        ("E114", 8),
    ]


def test_a_value_is_set_over_the_text_and_read_as_yaml_reads_it():
    part = "stimuli:\n  - say: hi\nworld: {steps: 4}\n"
    given = {
        "world.steps": "2",
        "stimuli.0.say": "Well: what # now?",
        "title": "'5'",
        "factors.price": "[1, 2.5, no]",
        "limits.usd": "1e1",
    }
    experiment = load(part, overrides=given).experiment
    assert experiment.world.steps == 2
    assert experiment.stimuli[0] == Say(say="Well: what # now?")
    assert experiment.title == "5"
    assert experiment.factors == {"price": [1, 2.5, "no"]}
    assert experiment.limits
    assert experiment.limits.usd == 10.0


def test_what_a_user_reads_about_a_wrong_set():
    tries = [
        {"wrld.steps": "2"},
        {"world.stepps": "2"},
        {"world.steps": "two"},
        {"personas.3": "oscar"},
        {"personas.first": "oscar"},
        {"title.de": "Hallo"},
        {"title": "[a"},
        {"title": "'a' b"},
        {"world..steps": "2"},
        {"world.steps": "two", "seed": "x"},
        {"report.formats": "[junit]"},
    ]
    parts = [told(BASE + "title: Ad\n", overrides=given) for given in tries]
    assert_snapshot("\n\n────\n".join(parts) + "\n", "diagnostics/set.txt")


@given(st.integers(0, 10**6))
def test_set_is_the_same_as_writing_it(number):
    assert load(overrides={"seed": str(number)}).experiment == typed(f"seed: {number}\n")


KEYS = [name for name, field in Experiment.model_fields.items() if not field.is_required()]


@given(st.sampled_from(KEYS), st.text(st.characters(codec="utf-8"), max_size=15))
def test_any_set_loads_or_is_refused_by_its_own_name(key, value):
    sources = set()
    try:
        load(overrides={key: value})
    except SpecError as error:
        sources = {found.span.source for found in error.diagnostics}
    assert sources <= {f"--set {key}"}


MODEL_AT = "model: {people: {use: openai/x, api_base: 'ADDRESS'}}\n"
PLACES = [
    MODEL_AT.replace("ADDRESS", "http://${env:WHO}/v1"),
    "model: 'openai/x@http://${env:WHO}/v1'\n",
    "model: {judge: 'openai/x@http://ann:${env:WHO}@127.0.0.1/v1'}\n",
    "systems: [{name: bot, http: {url: 'http://127.0.0.1/${env:WHO}', headers: {key: '${env:WHO}'}}}]\n",
    "systems: [{name: bot, http: {url: 'http://127.0.0.1/', json: {key: '${env:WHO}', text: '{{ message }}'}}}]\n",
    "systems: [{name: bot, model: {prompt: Hi, use: openai/x, api_base: '${env:WHO}'}}]\n",
]


@pytest.mark.parametrize("part", PLACES)
def test_addresses_and_headers_name_the_environment_and_keep_the_name(part):
    experiment = load(part, env={"WHO": "127.0.0.1:80"}).experiment
    assert "${env:WHO}" in experiment.model_dump_json()
    assert "127.0.0.1:80" not in experiment.model_dump_json()


@pytest.mark.parametrize(
    ("part", "place"),
    [
        ("title: For ${env:WHO}\n", (4, 8)),
        ("seed: ${env:WHO}\n", (4, 7)),
        ("vars: {a: [1, '${env:WHO:-none}']}\n", (4, 15)),
        ("model: '${env:WHO}'\n", (4, 8)),
        ("model: {people: '${env:WHO}/x@http://127.0.0.1'}\n", (4, 17)),
        ("systems: [{name: bot, command: [bot, '--key=${env:WHO}']}]\n", (4, 38)),
        ("stimuli: [{say: 'http://a@b/${env:WHO}'}]\n", (4, 17)),
    ],
)
def test_in_a_text_the_environment_is_refused(part, place):
    (found,) = wrong(BASE + part, env={"WHO": "planted-4711"})
    assert (found.code, found.span.line, found.span.column) == ("E114", *place)
    assert "4711" not in str(found)


def test_the_hint_for_a_command_names_env():
    (found,) = wrong(BASE + "systems: [{name: bot, command: [bot, '${env:WHO}']}]\n", env={"WHO": "x"})
    assert found.hint.endswith("env: [WHO]")


def test_a_password_in_an_address_and_a_keys_value_are_refused_and_not_repeated():
    password = wrong(BASE + MODEL_AT.replace("ADDRESS", "http://ann:hunter2-4711@127.0.0.1/v1"))
    key = wrong(BASE + "title: My sk-planted-4711 key\n", env={"OPENAI_API_KEY": "sk-planted-4711"})
    assert [found.code for found in (*password, *key)] == ["E115", "E115"]
    assert "4711" not in str([*password, *key])


IN_REQUEST = 'systems: [{name: bot, http: {url: "http://127.0.0.1/chat", PLACE: {NAME: "VALUE"}}}]\n'


def in_request(name, value, place="headers"):
    return BASE + IN_REQUEST.replace("PLACE", place).replace("NAME", name).replace("VALUE", value)


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("Authorization", "Bearer sk-planted-4711", "write Bearer ${env:NAME}"),
        ("authorization", "Basic YW5uOnBsYW50ZWQ0NzEx", "write Basic ${env:NAME}"),
        ("Authorization", "planted-4711", "write ${env:NAME}"),
        ("Proxy-Authorization", "planted-4711", "write ${env:NAME}"),
        ("x-api-key", "planted-4711", "write ${env:NAME}"),
        ("Ocp-Apim-Subscription-Key", "planted-4711", "write ${env:NAME}"),
        ("X-Auth-Token", "planted-4711", "write ${env:NAME}"),
        ("X-Auth-Token", "${env:TOKEN:-planted-4711}", "write ${env:NAME}"),
        ("Cookie", "session=planted-4711", "write ${env:NAME}"),
        ("X-Forwarded-Auth", "Bearer planted-4711", "write Bearer ${env:NAME}"),
        ("X-Anything", "sk-planted4711planted4711", "write ${env:NAME}"),
        ("X-Callback", "http://ann:planted-4711@shop.example/", "write http://user:${env:NAME}@host"),
    ],
)
def test_a_key_in_a_header_is_refused_and_not_repeated(name, value, hint):
    (found,) = wrong(in_request(name, value))
    assert (found.code, found.span.line) == ("E115", 4)
    assert found.hint.startswith(hint)
    assert not any(word in str(found) for word in ("planted", "4711", "YW5u"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Authorization", "Bearer ${env:TOKEN:-none}"),
        ("Authorization", "Bearer {{ vars.nothing_secret }}"),
        ("Authorization", "Bearer not-needed"),
        ("x-api-key", "none"),
        ("Idempotency-Key", "{{ conversation }}-first"),
        ("Idempotency-Key", "first-of-all"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("X-Request-Id", "3f2b9c1e-1111-2222-3333-444455556666"),
        ("X-Tokens-Used", "of-all-people"),
        ("X-Monkey", "of-all-people"),
        ("User-Agent", "troupe (key accounts)"),
    ],
)
def test_a_header_without_a_key_is_accepted(name, value):
    assert load(in_request(name, value).removeprefix(BASE)).experiment


def test_a_key_in_a_body_or_a_setting_is_refused_and_not_repeated():
    for name in ("api_key", "accessToken", "client_secret", "password"):
        (found,) = wrong(in_request(name, "planted-4711", "json"))
        assert (found.code, "planted" in str(found)) == ("E115", False)
    for name, value in (("key", "of-a-customer"), ("token", "{{ conversation }}"), ("text", "{{ message }}")):
        assert load(in_request(name, value, "json").removeprefix(BASE)).experiment
    found = wrong(BASE + "model: {people: {use: openai/x, api_key: planted-4711}}\n")
    assert {one.code for one in found} == {"E104", "E115"}
    assert "planted" not in str(found)


def test_bytes_that_are_no_text_are_refused_wherever_they_come_from():
    (found,) = wrong(BASE, overrides={"title": "caf\udce9"})
    assert (found.code, found.span.source) == ("E109", "--set title")
    (found,) = wrong(BASE + PLACES[0], env={"WHO": "caf\udce9"})
    assert (found.code, found.span.line) == ("E108", 4)


def test_a_missing_variable_is_told_where_it_is_wanted():
    (found,) = wrong(BASE + MODEL_AT.replace("ADDRESS", "http://${env:WHO}/v1"))
    assert (found.code, found.span.line, found.span.column) == ("E108", 4, 43)
    assert load(MODEL_AT.replace("ADDRESS", "http://${env:WHO:-127.0.0.1}/v1")).experiment


def test_a_secret_is_warned_of_and_not_repeated():
    secret = "sk-" + "a1" * 12
    (warning,) = load(f"description: use {secret} please\n").warnings
    assert (warning.code, warning.is_error) == ("E110", False)
    assert secret not in render_diagnostic(warning).plain


def _patterns(value):
    match value:
        case dict():
            found = {value["pattern"]} if isinstance(value.get("pattern"), str) else set()
            return found.union(*(_patterns(part) for part in value.values()))
        case list():
            return set().union(*(_patterns(part) for part in value))
        case _:
            return set()


def test_each_pattern_of_the_language_is_told_in_words():
    assert _patterns(Experiment.model_json_schema()) == set(PATTERN_WORDS)


@pytest.mark.parametrize(
    "part",
    [
        "code: [{measure: v.why, as: ../../evil, categories: {a: b, c: d}}]\n",
        f"code: [{{measure: v.why, as: {'a' * 300}, categories: {{a: b, c: d}}}}]\n",
        "score: [{name: a b, items: [v.a, v.b]}]\n",
        "until: {measure: v.why, half_width: wide}\n",
        f"propositions: [{{name: {'a' * 300}, claim: x}}]\n",
    ],
)
def test_a_name_that_cannot_be_one_is_an_error_at_its_place(part):
    (found,) = wrong(BASE + part)
    assert (found.code, found.span.line) == ("E107", 4)


def test_a_key_in_a_projects_config_is_refused_and_not_repeated():
    for line in ("api_key = planted-4711", "api_base = http://ann:planted-4711@127.0.0.1/v1?x=1"):
        with pytest.raises(SpecError) as raised:
            read_settings([IniFile("./config.ini", f"[model]\n{line}\n")])
        (found,) = raised.value.diagnostics
        assert (found.code, found.span.line) == ("E115", 2)
        assert "planted" not in str(found)
    at_home = "[model]\napi_base = http://ann:planted-4711@127.0.0.1/v1\n"
    assert read_settings([IniFile("~/config.ini", at_home, is_users=True)]).api_base
    assert read_settings([IniFile("./config.ini", "[model]\nmax_tokens = 200000\n")]).max_tokens


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("{scale: [1, 2, 3, 4, 5, 6, 7]}", "write scale: [1, 7]"),
        ("{scale: '1-7 (1 = low, 7 = high)'}", "write scale: [1, 7]"),
        ("{scale: ['1', '7']}", "write 1, without quotes"),
        ("{type: choice, options: [a, b]}", "write {choice: [a, b]}"),
        ("{type: number, min: 0, max: 40}", "write {number: {min: 0, max: 40}}"),
        ("{kind: boolean}", "write yes_no"),
    ],
)
def test_a_field_written_as_elsewhere_is_shown_in_its_form(written, form):
    [found, *_] = wrong(
        f"troupe: 1\nname: x\npersonas: [a]\nextract: [{{name: q, question: W, fields: {{a: {written}}}}}]\n"
    )
    assert found.hint == form


def test_rounds_called_step_are_shown_in_their_form():
    [found] = wrong("troupe: 1\nname: x\npersonas: [a]\nworld: {step: 3}\n")
    assert found.hint.startswith("write steps: 3")


@pytest.mark.parametrize("written", ["{'': yes_no}", "{type: 3, kind: choice, options: [a]}", "{type: 3, '': yes_no}"])
def test_a_field_of_unclear_kind_with_odd_keys_is_a_finding(written):
    [found, *_] = wrong(
        f"troupe: 1\nname: x\npersonas: [a]\nextract: [{{name: q, question: W, fields: {{a: {written}}}}}]\n"
    )
    assert found.code.startswith("E1")
