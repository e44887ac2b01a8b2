import pytest
from builders import a_cast, a_plan, a_question, a_trial
from snapshots import assert_snapshot

from tinytroupe_cli.api.estimating import estimate_plan
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.plan.types import (
    Condition,
    Limits,
    MemoryPlan,
    Models,
    PlannedField,
    PlannedStimulus,
    PlannedTool,
    Price,
)
from tinytroupe_cli.preview.describe import describe, describe_trial, money
from tinytroupe_cli.preview.estimate.estimate import Estimate, EstimateRange, ModelFacts, Money, RoleEstimate, estimate

PRICES = {"openai/fake": Price(input=0.25, output=2.0)}
FACTS = ModelFacts(price=PRICES.get)


AN_ESTIMATE = Estimate(
    roles=(
        RoleEstimate(
            role="people",
            model="openai/fake",
            calls=EstimateRange(low=15, high=17),
            prompt=EstimateRange(low=9_012, high=25_345),
            completion=EstimateRange(low=570, high=6_911),
            longest=2_000,
            usd=Money(low=0.0034, high=0.02),
        ),
        RoleEstimate(
            role="judge",
            model="local/small",
            calls=EstimateRange(low=4, high=4),
            prompt=EstimateRange(low=1_400, high=5_000),
            completion=EstimateRange(low=52, high=731),
            longest=900,
            usd=Money(low=0, high=0),
        ),
    ),
    shared=3,
    warnings=("the longest prompt for people may reach 9,000 tokens",),
)


def portrait(persona) -> str:
    return "x" * 40 * len(persona)


def alone(**changes):
    trial = a_trial()
    return a_trial(world=trial.world.model_copy(update={"type": "interviews", **changes}))


def calls(plan, facts=FACTS) -> dict[str, tuple[int, int]]:
    return {role.role: (role.calls.low, role.calls.high) for role in estimate(plan, facts, portrait).roles}


def test_a_turn_is_one_call_and_at_most_three_with_a_tenth_for_repairs():
    plan = a_plan(a_trial(people=5, steps=4, queries=()))

    assert calls(plan) == {"people": (20, 66)}


def test_measures_count_by_person_sample_and_who_answers():
    ids = tuple(member.id for member in a_cast(2))
    queries = (
        a_question(ids, samples=3),
        a_question(ids, name="mood", procedure="observe"),
        a_question((), name="all", procedure="observe"),
    )

    assert calls(a_plan(a_trial(steps=1, queries=queries))) == {"people": (2 + 6, 14), "judge": (3, 4)}


def test_people_who_act_only_on_something_new_take_fewer_calls():
    assert calls(a_plan(alone(activation="when_stimulated", steps=4).model_copy(update={"queries": ()}))) == {
        "people": (2, 7)
    }
    together = a_trial(steps=4, queries=())
    together = together.model_copy(
        update={"world": together.world.model_copy(update={"activation": "when_stimulated"})}
    )
    assert calls(a_plan(together)) == {"people": (2, 27)}


def in_two_conditions(trial, *, step: int):
    """The same trial twice; only what is said at `step` differs."""
    conditions = tuple(Condition(name=name, levels={"price": name}) for name in ("a", "b"))
    trials = [
        trial.model_copy(
            update={
                "id": f"{condition.name}-r1",
                "condition": condition.name,
                "stimuli": (
                    *trial.stimuli,
                    PlannedStimulus(
                        step=step, verb="say", text=f"Now {condition.name}", to=("person-1",), to_everyone=False
                    ),
                ),
            }
        )
        for condition in conditions
    ]
    return a_plan(*trials, conditions=conditions)


def test_what_conditions_have_in_common_is_asked_once():
    shared = in_two_conditions(alone(steps=3).model_copy(update={"queries": ()}), step=3)

    made = estimate(shared, FACTS, portrait)

    assert made.calls.low == 2 * 2 + 3  # person 2 never meets the difference
    assert made.shared == 5
    assert "5 calls are the same in several conditions and made only once." in describe(shared, made)


def test_in_a_room_one_persons_difference_reaches_all():
    made = estimate(in_two_conditions(a_trial(steps=3, queries=()), step=3), FACTS, portrait)

    assert made.shared == 4


def test_more_steps_read_more_than_their_share():
    def read(trial) -> tuple[int, int]:
        bounds = estimate(a_plan(trial), FACTS, portrait).roles[0].prompt
        return bounds.low, bounds.high

    short, long = read(a_trial(steps=2, queries=())), read(a_trial(steps=4, queries=()))
    assert all(few * 2 < many for few, many in zip(short, long, strict=True))


def test_an_unknown_price_stays_unknown_and_never_nothing():
    plan = a_plan()
    made = estimate(plan, ModelFacts(price=lambda _: None), portrait)

    assert made.usd is None
    assert money(made.usd) == "unknown"
    assert "$0" not in describe(plan, made)
    assert "The price of openai/fake is unknown" in describe(plan, made)


def test_a_question_about_a_transcript_too_long_for_its_judge_counts_the_notes_on_its_pieces():
    use = ModelConfig(name="local/small")
    local = Models(people=use, judge=use, author=use)
    asked = (a_question((), name="all", procedure="observe"),)
    short, long = (calls(a_plan(a_trial(steps=steps, queries=asked), models=local))["judge"] for steps in (1, 60))

    assert short == (1, 2)
    assert long[0] == 1
    assert long[1] > 3


def test_the_experiments_own_price_wins():
    use = ModelConfig(name="openai/gpt-4o-mini")
    models = Models(people=use, judge=use, author=use)
    dear = a_plan(models=models, prices={use.name: Price(input=1000, output=1000)})

    assert estimate_plan(dear).usd.low > estimate_plan(a_plan(models=models)).usd.high * 100
    assert estimate_plan(a_plan()).usd is None


def test_a_model_on_this_machine_costs_nothing_and_says_so():
    use = ModelConfig(name="local/small")
    plan = a_plan(models=Models(people=use, judge=use, author=use))
    made = estimate_plan(plan)

    assert made.usd == Money(low=0, high=0)
    assert "$0, on this machine" in describe(plan, made)


def test_a_prompt_that_may_outgrow_the_models_window_is_announced():
    facts = ModelFacts(price=PRICES.get, window={"openai/fake": 4096}.get)

    assert not estimate(a_plan(), facts, portrait).warnings
    [warning] = estimate(a_plan(a_trial(people=10, steps=30, queries=())), facts, portrait).warnings
    assert warning.startswith("the longest prompt for people may reach")


@pytest.mark.parametrize(
    ("low", "high", "text"), [(0.0, 0.0, "$0"), (0.00123, 0.0456, "$0.0012-$0.046"), (1.5, 2000.0, "$1.50-$2,000.00")]
)
def test_money_reads_like_money(low, high, text):
    assert money(Money(low=low, high=high)) == text


def a_rich_plan():
    ids = tuple(member.id for member in a_cast(3))
    fields = (
        PlannedField(name="ad", kind="choice", options=("A", "B", "neither")),
        PlannedField(name="interest", kind="scale", low=1, high=7, low_label="not at all", high_label="extremely"),
        PlannedField(name="intent", kind="likert", options=("Never", "Perhaps", "Surely")),
        PlannedField(name="would_pay", kind="number", low=0, high=2000, unit="USD"),
        PlannedField(name="before", kind="yes_no"),
        PlannedField(name="why", kind="text"),
        PlannedField(name="ideas", kind="list"),
        PlannedField(name="ranking", kind="rank", options=("speed", "price")),
    )
    queries = (a_question(ids, fields=fields), a_question((), name="ideas", procedure="observe", samples=2))
    trial = in_two_conditions(a_trial(people=3, steps=2, queries=queries), step=2)
    return trial.model_copy(
        update={
            "title": "Which TV ad wins?",
            "description": "Two prices,\none audience.",
            "limits": Limits(usd=2, calls=1000, minutes=15),
            "expect": ("choice.ad.share('A') >= 0.3",),
        }
    )


def test_what_troupe_plan_shows():
    plan = a_rich_plan()

    assert_snapshot(describe(plan, AN_ESTIMATE), "plan/rich.txt")
    assert_snapshot(describe_trial(plan.trials[1]), "plan/trial.txt")


def test_a_small_plan_is_short():
    plan = a_plan()

    assert_snapshot(describe(plan, AN_ESTIMATE.model_copy(update={"roles": AN_ESTIMATE.roles[:1]})), "plan/small.txt")


def test_a_long_run_reads_no_more_per_turn_than_people_keep_in_mind():
    def longest(steps: int) -> int:
        made = estimate(a_plan(a_trial(steps=steps, queries=())), FACTS, portrait)
        return made.roles[0].longest

    assert longest(20) < longest(400) == longest(500)


def test_the_facts_people_keep_are_calls_that_are_counted():
    def made(steps: int, **memory):
        trial = a_trial(steps=steps, queries=()).model_copy(update={"memory": MemoryPlan(**memory)})
        return calls(a_plan(trial))["people"]

    assert made(20) == (40, 132)
    assert made(100)[0] == 2 * (100 + 6)
    assert made(100, consolidate=False)[0] == 2 * 100


def test_memories_found_by_their_meaning_take_vectors_that_are_counted():
    def made(**models) -> dict[str, tuple[int, int]]:
        trial = a_trial(steps=60, queries=())
        use = ModelConfig(name="openai/fake")
        return calls(a_plan(trial, models=Models(people=use, judge=use, author=use, **models)))

    assert "embeddings" not in made()
    low, high = made(embeddings=ModelConfig(name="openai/fake"))["embeddings"]
    assert low == 0
    assert high > 2 * 2 * 30


def test_documents_and_tools_may_add_answers_forms_and_enriched_documents():
    def with_(**changes):
        return tuple(member.model_copy(update=changes) for member in a_cast(2))

    writing = PlannedTool(name="write_document", kind="write_document", enrich="more of it")
    people = {
        "none": a_cast(2),
        "documents": with_(documents=("plan.md",)),
        "writing": with_(tools=(writing,)),
    }
    found = {name: calls(a_plan(a_trial(people=cast, steps=2))) for name, cast in people.items()}
    turns = 2 * 2
    low, high = found["none"]["people"]
    assert found["documents"]["people"][0] == found["writing"]["people"][0] == low
    assert found["documents"]["people"][1] >= high + 3 * turns
    assert found["writing"]["people"][1] >= high + 4 * turns
    assert found["writing"]["author"][0] == 0
    assert found["writing"]["author"][1] >= turns
