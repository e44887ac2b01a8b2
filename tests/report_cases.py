"""Runs to report on: an interview that went well, a 2 x 2 room, and one where much went wrong."""

from __future__ import annotations

from builders import a_member, a_plan, a_question, a_trial

from tinytroupe_cli.events.types import (
    Acted,
    Failed,
    Measured,
    MentalStateReported,
    Misaddressed,
    Perceived,
    Refused,
    StepBegan,
    TrialBegan,
    TrialEnded,
)
from tinytroupe_cli.models.port import ModelConfig, Usage
from tinytroupe_cli.plan.types import Condition, Models, Pace, PlannedField, PlannedStimulus, WorldPlan
from tinytroupe_cli.reports.provenance import Provenance
from tinytroupe_cli.reports.usage import ModelUsage, RunUsage

PEOPLE = ("lisa", "oscar")
VERDICT = (
    PlannedField(name="would_subscribe", kind="yes_no"),
    PlannedField(name="fair_price", kind="number", low=0, high=40, unit="dollars a plate"),
    PlannedField(name="why", kind="text"),
)


def begun(trial):
    people = tuple(member.id for member in trial.people)
    names = {member.id: member.name for member in trial.people}
    return TrialBegan(trial=trial.id, people=people, names=names, place=trial.world.place)


def a_turn(trial, person, step, words, *, to="the interviewer"):
    where = {"trial": trial.id, "step": step, "time": f"2026-03-02T18:{28 + 2 * step}", "person": person}
    return [
        Acted(**where, action="THINK", text=f"Step {step} already."),
        Acted(**where, action="TALK", to=to, text=words),
        MentalStateReported(**where, emotion="calm"),
    ]


def an_interview():
    world = WorldPlan(
        type="interviews",
        place="A video call from her kitchen",
        start="2026-03-02T18:30",
        step_length=Pace(amount=2),
        steps=2,
    )
    lisa = a_member("lisa", "Lisa Carter", residence="Toronto, Canada")
    trial = a_trial(
        id="r1",
        world=world,
        people=(lisa,),
        stimuli=(
            PlannedStimulus(step=1, verb="say", source="the interviewer", text="What did you eat?", to=("lisa",)),
            PlannedStimulus(step=2, verb="goal", text="Be done by seven.", to=("lisa",), to_everyone=False),
        ),
        queries=(
            a_question(
                ("lisa",),
                name="verdict",
                fields=VERDICT,
                questions={"lisa": "At 9 dollars a plate: where do you stand?"},
            ),
        ),
    )
    plan = a_plan(
        trial,
        name="quickstart",
        title="Would Lisa pay for a meal kit?",
        expect=("verdict.would_subscribe.share('yes') >= 0.5", "verdict.fair_price.mean() > 3"),
        models=Models(**dict.fromkeys(("people", "judge", "author"), ModelConfig(name="local/small"))),
    )
    events = [
        begun(trial),
        StepBegan(trial="r1", step=1),
        Perceived(
            trial="r1", step=1, people=("lisa",), sense="say", source="the interviewer", text="What did you eat?"
        ),
        *a_turn(trial, "lisa", 1, "Leftovers, mostly. I cooked once."),
        StepBegan(trial="r1", step=2),
        *a_turn(
            trial, "lisa", 2, "If it were cheaper than the shop I might, for a month, to see how much I throw away."
        ),
        Measured(
            trial="r1",
            step=2,
            query="verdict",
            person="lisa",
            values={"would_subscribe": False, "fair_price": 6.5, "why": "I can shop for less, and I like to choose."},
        ),
        TrialEnded(trial="r1", step=2),
    ]
    account = ModelUsage(model="local/small", calls=3, usage=Usage(prompt=2100, completion=240), usd=0.0, is_local=True)
    provenance = Provenance(
        run="results/quickstart/2026-11-23T09-41-07-3f9a",
        versions={"troupe": "0.1.0", "python": "3.11"},
        hashes={"spec": "5bec"},
        command="troupe run experiments/quickstart.yaml",
        started="2026-11-23T09:41:07+00:00",
    )
    return plan, {"r1": events}, RunUsage(models=(account,), seconds=75.2), provenance


ROOM_FIELDS = (
    PlannedField(name="ad", kind="choice", options=("calm", "loud", "neither")),
    PlannedField(name="interest", kind="scale", low=1, high=5, low_label="none", high_label="a lot"),
    PlannedField(name="ideas", kind="list"),
    PlannedField(name="matters", kind="rank", options=("speed", "price")),
    PlannedField(name="why", kind="text"),
)


def a_room(**changes):
    """Two prices by two tones, two people each."""
    arms = [(price, tone) for price in (399, 559) for tone in ("calm", "loud")]
    conditions = tuple(Condition(name=f"{price}-{tone}", levels={"price": price, "tone": tone}) for price, tone in arms)
    cast = (a_member("lisa", "Lisa Carter"), a_member("oscar", "Oscar O'Neill", age=61, occupation="Architect"))
    trials, events = [], {}
    for number, arm in enumerate(conditions):
        price, tone = arms[number]
        query = a_question(PEOPLE, fields=ROOM_FIELDS, questions=dict.fromkeys(PEOPLE, f"At ${price}: which ad?"))
        trial = a_trial(
            id=f"{arm.name}-r1",
            condition=arm.name,
            people=cast,
            stimuli=(
                PlannedStimulus(step=1, verb="show", text="Two ads.", to=PEOPLE),
                PlannedStimulus(step=2, verb="say", text=f"It costs ${price}, and is {tone}.", to=PEOPLE),
            ),
            queries=(query,),
        )
        trials.append(trial)
        events[trial.id] = [begun(trial)]
        for step in (1, 2):
            for person in PEOPLE:
                words = f"At {price} dollars I am {'not ' * (person == 'oscar')}convinced by the {tone} one."
                events[trial.id] += a_turn(trial, person, step, words, to="everyone")
        for index, person in enumerate(PEOPLE):
            values = {
                "ad": "calm" if price == 399 else ("loud", "neither")[index],
                "interest": 1 + number + index,
                "ideas": ["A test week", f"{tone} colours"],
                "matters": ["price", "speed"] if index else ["speed", "price"],
                "why": f"Because {price} is {'much' if price > 400 else 'fair'}.",
            }
            events[trial.id].append(
                Measured(trial=trial.id, step=2, query="choice", person=person, values=values, shown={"ad": []})
            )
        events[trial.id].append(TrialEnded(trial=trial.id, step=2))
    plan = a_plan(
        *trials,
        conditions=conditions,
        factors={"price": (399, 559), "tone": ("calm", "loud")},
        expect=("choice.ad.at(price=399).share('calm') == 1", "choice.interest.mean() >= 4.5"),
        **changes,
    )
    accounts = RunUsage(
        models=(
            ModelUsage(model="openai/big", calls=20, reused=4, usage=Usage(prompt=41000, completion=3000), usd=0.31),
            ModelUsage(model="my/own", calls=8, usage=Usage(prompt=9000, completion=100, cached=4000)),
        ),
        seconds=3725,
    )
    return plan, events, accounts, Provenance(command="troupe run tv.yaml")


def a_troubled_run():
    plan, events, accounts, _ = a_room()
    first, second, third, _ = plan.trials
    lisa = {"person": "lisa"}
    bad = [
        begun(first),
        *a_turn(first, "lisa", 1, "I'd like a word.", to="everyone"),
        Refused(trial=first.id, step=1, person="oscar", text="I can't help with that."),
        Misaddressed(trial=first.id, step=2, **lisa, name="Bob", text="Are you there?"),
        Failed(trial=first.id, step=2, person="oscar", reason="cut_off", text="Well, I would say that"),
        Measured(trial=first.id, step=2, **lisa, query="choice", values={"ad": None, "ideas": [], "why": "No idea."}),
        Failed(
            trial=first.id, step=2, **lisa, query="choice", field="interest", reason="bad_output", text="9 is above 5"
        ),
        Failed(trial=first.id, step=2, **lisa, query="choice", field="matters", reason="bad_output", text="twice"),
        Refused(trial=first.id, step=2, person="oscar", query="choice", text="As an AI, I don't have opinions."),
        TrialEnded(trial=first.id, step=2),
    ]
    events = {first.id: bad, second.id: events[second.id], third.id: events[third.id][:3]}
    provenance = Provenance(status="limit", reason="$2.00", command="troupe run tv.yaml")
    return plan, events, accounts, provenance


CASES = {"interview": an_interview, "factors": a_room, "troubled": a_troubled_run}
