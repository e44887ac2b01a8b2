"""A fake provider's answers to the judge: `verdicts({"new ideas": {"holds": "yes"}})`, by words of the claim."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from provider import Body, answer_for, schema_of

Script = Mapping[str, Mapping[str, Any] | str]
"""Words of a claim -> what the judge says of it: a verdict's fields, or a reply of any kind as it is."""


def is_claim(body: Body) -> bool:
    """Say whether a request asks for a verdict."""
    return "justification" in (schema_of(body) or {}).get("properties", {})


def is_turn(body: Body) -> bool:
    return "thought" in (schema_of(body) or {}).get("properties", {})


def text_of(body: Body) -> str:
    return "\n".join(str(message["content"]) for message in body["messages"])


def verdicts(script: Script, otherwise: Callable[[Body], str] = answer_for) -> Callable[[Body], str]:
    """Answer claims by the script, the first whose words are in the request; anything else as ever."""

    def answer(body: Body) -> str:
        if is_claim(body):
            for words, said in script.items():
                if words in text_of(body):
                    return said if isinstance(said, str) else _verdict(body, said)
        return otherwise(body)

    return answer


def _verdict(body: Body, said: Mapping[str, Any]) -> str:
    filled: Mapping[str, Any] = json.loads(answer_for(body))
    return json.dumps({**filled, "justification": "They said so.", **said})
