from builders import a_plan, a_trial

from tinytroupe_cli.plan.hashing import differences, plan_hash
from tinytroupe_cli.plan.types import Limits, Plan


def with_age(age: object) -> Plan:
    trial = a_trial()
    first = trial.people[0]
    changed = first.model_copy(update={"persona": {**first.persona, "age": age}})
    return a_plan(trial.model_copy(update={"people": (changed, *trial.people[1:])}))


def test_a_plan_read_back_from_its_file_is_the_same_run():
    plan = a_plan()

    assert plan_hash(Plan.model_validate_json(plan.model_dump_json(indent=2))) == plan_hash(plan)
    assert differences(plan, Plan.model_validate_json(plan.model_dump_json())) == []


def test_a_changed_plan_is_another_run_and_says_where_it_differs():
    plan = a_plan()

    assert plan_hash(with_age(29)) != plan_hash(plan)
    assert differences(plan, with_age(29)) == ["trials.people.person-1.persona.age"]
    assert differences(plan, a_plan(seed=8, title="New")) == ["title", "seed"]


def test_trials_that_are_new_or_gone_are_named():
    more = a_plan(a_trial(), a_trial(id="r2", replicate=2), replicates=2)

    assert differences(a_plan(), more) == ["replicates", "trials.r2"]


def test_the_order_of_a_personas_fields_is_part_of_the_plan():
    first, second = a_trial().people
    turned = first.model_copy(update={"persona": dict(reversed(first.persona.items()))})
    other = a_plan(a_trial().model_copy(update={"people": (turned, second)}))

    assert plan_hash(other) != plan_hash(a_plan())
    assert differences(a_plan(), other) == ["trials.people.person-1.persona (order)"]


def test_a_key_that_is_at_its_default_is_no_difference():
    written = a_plan().model_dump(mode="json")
    del written["models"]["embeddings"], written["description"]

    assert plan_hash(Plan.model_validate(written, strict=False)) == plan_hash(a_plan())


def test_a_raised_limit_is_the_same_run():
    raised = a_plan(limits=Limits(usd=5.0), formats=("json",))

    assert plan_hash(raised) == plan_hash(a_plan())
    assert differences(raised, a_plan()) == []
