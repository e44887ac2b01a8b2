"""Resolves semantic similarity ratings: which statements stand for the points of a scale."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tinytroupe_cli.fields.field_type import AddFinding
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.planned_field import PlannedField, PlannedRating
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.measurement.constructs import construct_of, labels_of
from tinytroupe_cli.measurement.rating_anchors import CONSTRUCTS, SHIPPED_POINTS, shipped_anchors
from tinytroupe_cli.spec.measures import Choice, FieldSpec, Likert, NumberField, Query, Scale, YesNoField
from tinytroupe_cli.spec.rating import RatingSettings, TemperatureFit
from tinytroupe_cli.spec.wordings import first_wording

MIN_POINTS, MAX_POINTS = 3, 11
MAX_LETTERED = 20
"""Answers of which each can be among the likeliest tokens that servers return."""
MIN_SETS = 2
"""Own sets: each is checked by the others."""
_FILLED_IN = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_CONTROL = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)


def rated_versions(
    planned: PlannedField, written: FieldSpec, query: Query, path: Path, report: AddFinding
) -> Iterator[PlannedField]:
    """Yield a field once for each of its methods; one that is also asked for directly is called NAME_ssr."""
    planned = _elicited(planned, written, query, path, report)
    if not isinstance(written, Likert | Scale):
        yield planned
        return
    if written.elicit != "direct" and written.method != "direct":
        report("E512", "answers are rated from words, so no probabilities are asked for", (*path, "elicit"))
    methods = [written.method] if isinstance(written.method, str) else written.method
    if len(set(methods)) < len(methods):
        report("E510", f"'{methods[0]}' appears twice", (*path, "method"))
    for key in ("ssr", "anchors") if "ssr" not in methods else ():
        if getattr(written, key) is not None:
            report("E510", f"'{key}' has no effect on what is asked for directly", (*path, key), hint="add method: ssr")
    for method in dict.fromkeys(methods):
        if method == "direct":
            yield planned
            continue
        name = planned.name if len(methods) == 1 else f"{planned.name}_ssr"
        if name != planned.name and name in query.fields:
            report("E510", f"the rating would be called '{name}', but there is already a field with that name", path)
        rating = _Request(planned, written, query, path, report).rating()
        if rating is not None:
            rating = rating.model_copy(update={"beside": "" if name == planned.name else planned.name})
            yield planned.model_copy(update={"name": name, "rating": rating})


def _elicited(planned: PlannedField, written: FieldSpec, query: Query, path: Path, report: AddFinding) -> PlannedField:
    """Return the field with how its answer is asked for."""
    is_elicited = isinstance(written, Choice | Likert | Scale | NumberField | YesNoField)
    if not is_elicited or written.elicit == "direct":
        return planned
    if query.how != "interview":
        message = "only people in an interview can be asked for probabilities"
        report("E512", message, (*path, "elicit"), hint="use how: interview")
    count = len(type_of(planned).answers(planned))
    if written.elicit == "logprobs" and not 0 < count <= MAX_LETTERED:
        wrong = f"has {count}" if count else f"is {type_of(planned).noun}"
        message = f"`elicit: logprobs` needs a list of at most {MAX_LETTERED} answers; this field {wrong}"
        report("E513", message, (*path, "elicit"), hint="use elicit: verbalized")
    elif planned.kind == "number":
        if planned.low is None or planned.high is None:
            hint = "for example, number: {min: 0, max: 100}"
            report("E512", "a distribution over numbers needs both bounds", (*path, "number"), hint=hint)
    elif not type_of(planned).answers(planned):
        report("E512", "this scale has no list of points to give probabilities to", (*path, planned.kind))
    return planned.model_copy(update={"elicit": written.elicit})


def without_conditions(question: str) -> str:
    """Return a question's template without what is filled in: the same in all conditions."""
    return " ".join(_CONTROL.sub(" ", _FILLED_IN.sub("…", question)).split())


@dataclass(frozen=True, slots=True)
class _Request:
    """A rating as it is written."""

    field: PlannedField
    written: Likert | Scale
    query: Query
    path: Path
    report: AddFinding

    def rating(self) -> PlannedRating | None:
        """Return it as planned; None, and why is reported: it can't be made."""
        if self.query.how != "interview":
            hint = "write `how: interview`, or leave `method` out"
            self.report("E510", "only what people say in an interview can be rated", (*self.path, "method"), hint=hint)
            return None
        points = len(type_of(self.field).answers(self.field))
        if not MIN_POINTS <= points <= MAX_POINTS:
            wrong = f"a rating needs {MIN_POINTS} to {MAX_POINTS} points; this one has {points or 'no whole points'}"
            self.report("E510", wrong, (*self.path, self.field.kind))
            return None
        own = self.written.anchors
        found = self._shipped(points) if own is None else ("", self._own(own, points))
        settings = self.written.ssr or RatingSettings()
        anchors = self._first_sets(found[1], settings) if found is not None else None
        if found is None or not anchors:
            return None
        return PlannedRating(
            about=found[0],
            anchors=anchors,
            # A fitted temperature is applied to logged ratings.
            temperature=1 if isinstance(settings.temperature, TemperatureFit) else settings.temperature,
            epsilon=settings.epsilon,
            question=without_conditions(first_wording(self.query.question)),
        )

    def _shipped(self, points: int) -> tuple[str, tuple[tuple[str, ...], ...]] | None:
        found = construct_of(labels_of(self.field), self.field.name, first_wording(self.query.question))
        anchors = shipped_anchors(found.name, points) if found is not None else ()
        if found is None or not anchors:
            is_known = found is not None and found.name in CONSTRUCTS
            span = f"{min(SHIPPED_POINTS)} to {max(SHIPPED_POINTS)} points"
            wrong = f"there are no statements for '{self.field.name}'"
            wrong = f"there are statements for {span}, not for {points}" if is_known else wrong
            hint = f"write your own under `anchors`; built-in: {', '.join(CONSTRUCTS)}"
            self.report("E510", wrong, (*self.path, "method"), hint=hint)
            return None
        return found.name, tuple(statements[::-1] for statements in anchors) if found.is_reversed else anchors

    def _own(self, written: Sequence[Sequence[str]], points: int) -> tuple[tuple[str, ...], ...]:
        """Check the experiment's own statements; empty: they can't be used."""
        path: Path = (*self.path, "anchors")
        if len(written) < MIN_SETS:
            self.report(
                "E510",
                f"`anchors` needs {MIN_SETS} or more sets, because each is checked by the others; it has 1",
                path,
            )
            return ()
        is_whole = True
        for index, entry in enumerate(written):
            texts = [" ".join(text.split()) for text in entry]
            twice = next((text for at, text in enumerate(texts) if _same(text) in map(_same, texts[:at])), None)
            if len(entry) != points:
                self.report(
                    "E510",
                    f"a set of anchors needs {points} statements, one for each point; this one has {len(entry)}",
                    (*path, index),
                )
            elif "" in texts:
                self.report("E510", "a statement is empty", (*path, index, texts.index("")))
            elif twice is not None:
                self.report("E511", f"'{twice}' is used for two points", (*path, index))
            else:
                continue
            is_whole = False
        return tuple(tuple(entry) for entry in written) if is_whole else ()

    def _first_sets(
        self, anchors: tuple[tuple[str, ...], ...], settings: RatingSettings
    ) -> tuple[tuple[str, ...], ...]:
        if settings.sets == "all":
            return anchors
        if anchors and settings.sets > len(anchors):
            wrong = f"there are {len(anchors)} sets of statements, not {settings.sets}"
            self.report("E510", wrong, (*self.path, "ssr", "sets"))
            return ()
        return anchors[: settings.sets]


def _same(text: str) -> str:
    return text.casefold().rstrip(".! ")
