"""Estimates the calls that read probabilities off a model's first token: one in each order of the answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.measurement.token_probabilities import orders
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.preview.estimate.lengths import CharRange, PlannedCall


def token_calls(call: PlannedCall, field: PlannedField) -> Iterator[PlannedCall]:
    """Yield a call with a reply of one letter for each order; the call itself where no probabilities are read."""
    if field.elicit != "logprobs":
        yield call
        return
    for number, _ in enumerate(orders(field, type_of(field).answers(field))):
        yield replace(call, key=call.key + f"order {number}".encode(), reply=CharRange(1, 4))
