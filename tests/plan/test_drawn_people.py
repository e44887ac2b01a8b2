"""A plan holds who was drawn, and becomes whole once they are written."""

from builders import a_member, a_plan, a_trial

from tinytroupe_cli.plan.drawn_people import WrittenPeople, complete, id_of, stand_in, with_people
from tinytroupe_cli.plan.hashing import plan_hash
from tinytroupe_cli.plan.types import PlannedPopulation, PopulationDraw

PERSON = id_of("town", 1)
TOWN = PlannedPopulation(
    name="town", source="town.yaml", context="", size=1, draw="abc", generated_fields=("style",), margins=()
)


def a_drawn_plan():
    name = stand_in(PERSON)
    drawn = PopulationDraw(population="town", number=1, facts={"age": 28}, generated_fields=("style",))
    member = a_member(PERSON, name).model_copy(update={"drawn": drawn})
    trial = a_trial((member,))
    stimulus = trial.stimuli[0].model_copy(update={"text": f'"{name}", they say'})
    query = trial.queries[0].model_copy(update={"questions": {PERSON: f"And you, {name.upper()}?"}})
    return a_plan(trial.model_copy(update={"stimuli": (stimulus,), "queries": (query,)}), populations=(TOWN,))


def test_a_name_with_quotes_and_braces_comes_into_every_text_as_it_is():
    name = 'Ana "Nú" {x} \\ O\'Neil'
    whole = with_people(a_drawn_plan(), WrittenPeople(people={PERSON: {"name": name}}))
    trial = whole.trials[0]
    assert trial.people[0].name == name
    assert trial.stimuli[0].text == f'"{name}", they say'
    assert trial.queries[0].questions == {PERSON: f"And you, {name}?"}
    assert stand_in(PERSON) not in whole.model_dump_json()


def test_a_whole_plan_has_nobody_who_is_only_drawn():
    problems = {PERSON: "it is odd", "town-b-001": "of another population"}
    people = {PERSON: {"name": "Ana", "style": "brief"}}
    whole = with_people(a_drawn_plan(), WrittenPeople(people=people, problems=problems))
    assert whole.trials[0].people[0].drawn is None
    assert whole.trials[0].people[0].persona["style"] == "brief"
    assert whole.populations[0].problems == {PERSON: "it is odd"}


def test_the_plan_is_the_same_before_and_after_people_are_written():
    assert plan_hash(a_drawn_plan()) == plan_hash(a_drawn_plan())
    whole = with_people(a_drawn_plan(), WrittenPeople(people={PERSON: {"name": "Ana"}}))
    assert plan_hash(whole) != plan_hash(a_drawn_plan())


def test_what_fragments_added_and_what_was_written_stand_together():
    drawn = {"name": stand_in("x"), "age": 3, "beliefs": ["from a fragment"], "preferences": {"likes": ["tea"]}}
    written = {"name": "Ana", "beliefs": "her own", "preferences": "hates cold", "age": 4}
    assert complete(drawn, written) == {
        "name": "Ana",
        "age": 4,
        "beliefs": ["her own", "from a fragment"],
        "preferences": {"own": "hates cold", "likes": ["tea"]},
    }
