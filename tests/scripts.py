"""What people do in a scenario, told to the fake provider: `script(by("Lisa Carter", 1, act="CONSULT"))`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from provider import FakeProvider, answer_for, schema_of

Body = Mapping[str, Any]


def name_of(body: Body) -> str:
    """Return whom the model plays; empty for the judge and the author."""
    first = str(body["messages"][0]["content"])
    return first.split("You are ", 2)[-1].split(".", 1)[0] if body["messages"][0]["role"] == "system" else ""


def turn_of(body: Body) -> int:
    """Return which of their turns it is, counted from 1: by what they said before."""
    return 1 + sum(message["role"] == "assistant" for message in body["messages"])


def by(name: str, turn: int, **reply: Any) -> tuple[str, int, dict[str, Any]]:
    """One reply of one person: what it has beside, or instead of, the fake's own words."""
    return name, turn, reply


def script(*lines: tuple[str, int, dict[str, Any]], text: str = "A longer text.") -> Callable[[Body], str]:
    """Answer as scripted, and else with the fake's own words and no act; `text` is what is asked for as text.

    A form is filled in with what stands under `form` in the same line as its act.
    """
    found = {(name, turn): reply for name, turn, reply in lines}

    def answer(body: Body) -> str:
        schema = schema_of(body)
        if schema is None:
            return text
        reply = json.loads(answer_for(body))
        given = dict(found.get((name_of(body), turn_of(body)), {}))
        form = given.pop("form", {})
        if "thought" in schema["properties"]:
            fits = {"act": "none", **given}
            return json.dumps({**reply, **{key: fits[key] for key in fits if key in schema["properties"]}})
        before = found.get((name_of(body), turn_of(body) - 1), {})
        form = form or before.get("form", {})
        return json.dumps({**reply, **{key: form[key] for key in form if key in schema["properties"]}})

    return answer


def asked(fake: FakeProvider, name: str) -> list[Body]:
    """Return the turns asked of a person, without forms and interviews, in order."""
    return [
        body
        for body in fake.requests
        if name_of(body) == name and "thought" in str((schema_of(body) or {}).get("properties", {}))
    ]


def now(body: Body) -> str:
    """Return the last message of a request."""
    return str(body["messages"][-1]["content"])
