"""Every kind of fact that tables can be made from is found in the log, with the names it promises."""

import pytest
from builders import a_plan, a_trial

from tinytroupe_cli.analysis.tables import tables
from tinytroupe_cli.events.types import (
    Acted,
    DocumentWritten,
    Intervened,
    Measured,
    MentalStateReported,
    Moved,
    Perceived,
    SystemReplied,
    ToolUsed,
)
from tinytroupe_cli.plan.fact_kinds import FACTS, names_of
from tinytroupe_cli.plan.outputs import PlannedOutputs, PlannedTable

WHERE = {"trial": "r1", "step": 2, "time": "2026-01-05T09:10"}
WHO = {**WHERE, "person": "person-1"}
EVENTS = {
    "talks": Acted(**WHO, action="TALK", to="person-2", text="Hello."),
    "thoughts": Acted(**WHO, action="THINK", text="Hm."),
    "acts": Acted(**WHO, action="MOVE", to="here", text="the cellar"),
    "perceptions": Perceived(**WHERE, people=("person-1",), sense="say", source="a voice", text="Well?"),
    "feelings": MentalStateReported(**WHO, emotion="calm", attention="the door", goal="to go"),
    "documents": DocumentWritten(**WHO, title="Report", content="# All"),
    "moves": Moved(**WHO, place="the cellar"),
    "exchanges": SystemReplied(**WHO, system="bot", message="Hi", text="Hello!"),
    "tool_uses": ToolUsed(**WHO, tool="calendar", action="CREATE_EVENT", arguments={"day": "Monday"}, result="done"),
    "interventions": Intervened(**WHERE, name="dig", justification="They agree."),
    "answers": Measured(**WHO, query="choice", values={"why": "Because."}),
}


def made(kind, **rule):
    columns = {name: name for name in names_of((kind,))}
    planned = PlannedTable(**{"name": "t", "of": (kind,), "columns": columns, **rule})
    plan = a_plan(a_trial(), outputs=PlannedOutputs(tables=(planned,)))
    [table] = tables(plan, {"r1": list(EVENTS.values())})
    return table


@pytest.mark.parametrize("kind", sorted(FACTS))
def test_a_kind_of_fact_fills_every_name_it_promises(kind):
    table = made(kind)
    assert table.faults == 0
    assert len(table.rows) == (3 if kind == "acts" else 1)
    assert all(value not in (None, "") for value in table.rows[-1])


def test_fields_of_people_and_of_outside_voices_are_looked_up():
    columns = {"job": "person.occupation.title", "from": "source.name", "age": "source.age"}
    assert made("perceptions", columns=columns).rows == (("Data scientist", "a voice", None),)


def test_counts_stand_in_the_order_of_their_numbers():
    table = made("acts", columns={}, count_by=("step",))
    assert (table.columns, table.rows) == (("step", "count"), ((2, 3),))
