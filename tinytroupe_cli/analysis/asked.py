"""A question with what it is answered from: the values of the units at each of its levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean
from typing import Literal

from tinytroupe_cli.analysis.comparison_questions import Question
from tinytroupe_cli.analysis.covariates import Covariate
from tinytroupe_cli.analysis.estimands import width_under
from tinytroupe_cli.analysis.level_values import LevelValues, UnitValues
from tinytroupe_cli.analysis.looks import LookedAt
from tinytroupe_cli.analysis.measure_values import number_of
from tinytroupe_cli.analysis.units import Units
from tinytroupe_cli.analysis.weights import Weighed
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.spec.design import Estimand


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with what it is answered from."""

    question: Question
    values: LevelValues
    units: Units
    is_within: bool
    block_of: Mapping[str, str]
    """Unit -> the block within which it was assigned; empty: no unit was assigned within blocks."""
    numbers: dict[str, float]
    """Person -> the attribute that a slope is on."""
    weighed: Weighed | None = None
    """The weights of people; None: everybody counts the same."""
    covariates: tuple[Covariate, ...] = ()
    """What the difference of two levels is adjusted for."""
    looked_at: LookedAt | None = None
    """The looks at a run to which people were added until this measure was known well enough; None: there are none."""
    sequences: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Person -> conditions in the order in which they met them; empty: each condition was a trial of its own."""
    wordings: Literal["", "rotate", "all"] = ""
    """How wordings are crossed with people, where they are part of the error; empty: they are not."""

    def is_weighted(self, levels: Sequence[UnitValues]) -> bool:
        """Return whether units are weighted: people are, and each unit is some of them."""
        is_known = {unit for level in levels for unit in level} <= set(self.units.of.values())
        return self.weighed is not None and self.weighed.for_figures is not None and is_known

    def mean(self, level: UnitValues) -> float:
        """Return the mean over units, weighted where people are and the estimate is a plain difference."""
        if self.weighed is None or self.estimand is not None or not self.is_weighted([level]):
            return fmean(level.values())
        sums = self.unit_weights(self.weighed)
        return fmean(level.values(), [sums[unit] for unit in level])

    def unit_weights(self, weighed: Weighed) -> dict[str, float]:
        """Return unit -> weight; a group's is the sum of its people's."""
        sums: dict[str, float] = {}
        for person, weight in weighed.weights.items():
            unit = self.units.of[person]
            sums[unit] = sums.get(unit, 0.0) + weight
        return sums

    @property
    def is_over_wordings(self) -> bool:
        """Return whether estimate and test are over wordings."""
        return (
            bool(self.wordings) and self.looked_at is None and (not self.sequences or self.question.kind == "options")
        )

    def levels_by_wording(self, missing: float | None = None) -> list[tuple[UnitValues, ...]]:
        """Return the levels of each wording that has values at all of them; `missing`: the value of missing answers."""
        parts = self.values.by_wording()
        found = [part.of(self.question, self.units, is_within=self.is_within, missing=missing) for part in parts]
        return [levels for levels in found if all(levels)]

    def levels(self) -> tuple[UnitValues, ...]:
        """Return unit -> value at each level; of all options as a whole, of the first one."""
        whole = self.question.kind in ("omnibus", "whole") and self.is_of_options
        return self.of_option(self.question.field.options[0]) if whole else self._of(self.question)

    def of_option(self, option: object) -> tuple[UnitValues, ...]:
        """Return unit -> share, amount or score of one option at each level."""
        return self._of(replace(self.question, option=option))  # pyright: ignore[reportArgumentType] - JSON

    def differences(self) -> list[UnitValues]:
        """Return unit -> its difference of two levels; where there is one level, its value."""
        places = range(len(self.question.conditions))
        together = self.values.together(self.question, self.units, places)
        return [{unit: own[-1] - (own[0] if len(own) > 1 else 0.0) for unit, own in together.items()}]

    def levels_if_missing(self, value: float) -> tuple[UnitValues, ...]:
        """Return unit -> value at each level if every missing answer were a certain number."""
        return self.values.of(self.question, self.units, is_within=self.is_within, missing=value)

    def blocks(self, levels: Sequence[UnitValues]) -> tuple[str, ...]:
        """Return the block of each unit, level by level; empty: no unit was assigned within blocks."""
        if self.is_within or self.question.kind == "options" or not self.block_of:
            return ()
        return tuple(self.block_of.get(unit, "") for level in levels for unit in level)

    @property
    def estimand(self) -> Estimand | None:
        """Return what is estimated; None: a difference."""
        return self.question.planned.estimand if self.question.kind != "missing" else None

    def has_no_logarithm(self) -> bool:
        """Return whether an answer is 0 or below."""
        number = number_of(self.question.field, self.question.option)
        rows = [row for level in range(len(self.question.levels)) for row in self.values.rows(self.question, level)]
        return any(row.outcome == "stated" and (number(row) or 0.0) <= 0 for row in rows)

    @property
    def is_of_options(self) -> bool:
        """Return whether the measure as a whole is several numbers: shares of options, amounts or scores."""
        return type_of(self.question.field).shape in ("nominal", "amounts")

    @property
    def width(self) -> float:
        """Return the range of possible values; infinite where there is none."""
        question = self.question
        return 1.0 if question.kind == "missing" else width_under(question.field, question.planned.estimand)

    def _of(self, question: Question) -> tuple[UnitValues, ...]:
        return self.values.of(question, self.units, is_within=self.is_within)
