"""A yes-or-no field whose name is a sentence without its subject: `would_order`.

Only a modal verb before a verb from a short list is read so: then "would not order" is sure to be
right. Whatever else a field is called, its name is quoted and its answers are "yes" and "no".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.types import PlannedField
from tinytroupe_cli.reports.figures import humanized

_PREDICATE: Final = re.compile(
    r"(would|will|could|can|should) "
    r"((?:accept|adopt|agree|apply|attend|believe|book|buy|call|cancel|change|choose|click|come|complain|consider|cook"
    r"|delete|donate|download|drink|drive|eat|enjoy|fly|forgive|forward|give|go|help|hire|install|invest|join|keep"
    r"|leave|like|listen|move|need|order|pay|prefer|quit|read|recommend|refuse|rent|renew|reply|report|return|see|sell"
    r"|share|sign|spend|stay|stop|subscribe|support|switch|take|tell|trust|try|upgrade|use|visit|vote|wait|walk|want"
    r"|watch|wear|work|write)"
    r"(?: (?:a|again|an|at|for|in|it|less|more|now|one|online|out|that|the|them|these|this|to|up)(?: .*)?)?)"
)
"""The words after the verb are those that can't make a noun of it, as in `would_order_matter`."""


@dataclass(frozen=True, slots=True)
class Predicate:
    """What is said of a person: `would` and `order`."""

    modal: str
    verb: str

    def says(self, *, is_yes: bool) -> str:
        """Return it, affirmed or denied."""
        if is_yes:
            return f"{self.modal} {self.verb}"
        return f"{self.denied} {self.verb}"

    @property
    def denied(self) -> str:
        """Return the modal verb, denied."""
        return "cannot" if self.modal == "can" else f"{self.modal} not"


def predicate_of(field: PlannedField) -> Predicate | None:
    """Return the predicate that a field's name is; None where it is none for sure."""
    found = _PREDICATE.fullmatch(humanized(field.name)) if type_of(field).shape == "binary" else None
    return Predicate(found[1], found[2]) if found else None
