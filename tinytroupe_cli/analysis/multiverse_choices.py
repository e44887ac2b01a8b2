"""A combination of choices -> the plan, the answers and the comparisons that follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from pydantic import JsonValue

from tinytroupe_cli.analysis.asked import AskedQuestion
from tinytroupe_cli.analysis.comparisons import wanted_comparisons
from tinytroupe_cli.analysis.contrast_questions import is_contrast
from tinytroupe_cli.analysis.estimands import FITTING, SHARES, scale_under
from tinytroupe_cli.analysis.exclusions import excluded_people, without_people
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.analysis.test_names import misfit
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.planned_multiverse import Choices, names_of
from tinytroupe_cli.plan.types import Plan
from tinytroupe_cli.spec.design import Estimand, TestName
from tinytroupe_cli.spec.exclusion_rules import ExclusionRule

USUAL = {
    "exclude": "none",
    "weights": "on",
    "estimand": "mean",
    "adjust": "none",
    "test": "permutation",
    "wordings": "all",
}
"""Choice -> the alternative that changes nothing."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One branch: what is analyzed, and how."""

    plan: Plan
    rows: Sequence[Observation]
    wanted: Sequence[PlannedComparison]
    test: str
    is_weighted: bool = False
    """Weights are a choice, and this branch has them."""

    @property
    def is_named_test(self) -> bool:
        """Return whether the p-value is that of a test by name."""
        return self.test not in ("", USUAL["test"])

    def fits(self, planned: PlannedComparison, asked: AskedQuestion) -> bool:
        """Return whether estimand, covariates and test fit this comparison; otherwise it has no such branch.

        Only means and shares are weighted or adjusted, and tests by name ignore weights and covariates.
        """
        if planned.adjust and (self.is_named_test or not is_adjustable(planned, asked)):
            return False
        if self.is_weighted and (planned.estimand is not None or self.is_named_test):
            return False
        scale = type_of(asked.question.field).scale or "number"
        if planned.estimand is not None and planned.estimand not in FITTING[scale]:
            return False
        if not self.is_named_test:
            return True
        is_paired = asked.is_within or planned.options
        name = cast("TestName", self.test)
        return not misfit(name, scale_under(asked.question.field, planned.estimand), 2, is_paired=is_paired)


class Choosing:
    """Makes branches from one run; the people that a rule leaves out are found once."""

    def __init__(self, plan: Plan, rows: Sequence[Observation]) -> None:
        """Take the plan and the rows of everybody."""
        self._plan, self._rows = plan, rows
        self._excluded: dict[tuple[ExclusionRule, ...], list[str]] = {}

    def chosen(self, choices: Choices) -> Chosen:
        """Return what follows from a combination of choices of the analysis."""
        gone = self._left_out(rules_of(choices["exclude"]) if "exclude" in choices else self._plan.exclude)
        plan, rows = without_people(self._plan, gone), [row for row in self._rows if row.person not in set(gone)]
        if choices.get("weights") == "off":
            plan = plan.model_copy(update={"weights": None})
        is_weighted = choices.get("weights") == "on"
        wording = choices.get("wordings", "all")
        if wording != "all" and plan.wordings is not None:
            rows = [row for row in rows if row.wording == wording]
            plan = plan.model_copy(update={"wordings": plan.wordings.model_copy(update={"drawn": "fixed"})})
        wanted = [_as_chosen(comparison, choices) for comparison in wanted_comparisons(self._plan)]
        simple = [comparison for comparison in wanted if not is_contrast(plan, comparison)]
        return Chosen(plan, rows, simple, str(choices.get("test", "")), is_weighted)

    def _left_out(self, rules: tuple[ExclusionRule, ...]) -> list[str]:
        if rules not in self._excluded:
            self._excluded[rules] = [exclusion.person for exclusion in excluded_people(self._plan, self._rows, rules)]
        return self._excluded[rules]


def rules_of(choice: JsonValue) -> tuple[ExclusionRule, ...]:
    """Return the rules of an alternative of `exclude`."""
    return cast("tuple[ExclusionRule, ...]", names_of(choice))


def is_adjustable(planned: PlannedComparison, asked: AskedQuestion) -> bool:
    """Return whether a comparison can be adjusted for its covariates: as `adjust` requires in a comparison."""
    is_gap = planned.estimand is None or planned.estimand in SHARES
    is_plain = asked.question.kind == "pair" and not (asked.is_within or planned.attribute)
    is_itself = f"{planned.query}.{planned.field}" in planned.adjust
    return is_gap and is_plain and not (is_itself or asked.weighed or asked.wordings)


def _as_chosen(planned: PlannedComparison, choices: Choices) -> PlannedComparison:
    """Return a comparison as a branch makes it; bounds of equivalence hold in the unit of the experiment's estimand."""
    changes: dict[str, object] = {}
    estimand, test = choices.get("estimand"), choices.get("test")
    if estimand:
        own = None if estimand == USUAL["estimand"] else cast("Estimand", estimand)
        changes |= {"estimand": own, "equivalence": planned.equivalence if own == planned.estimand else None}
    if "adjust" in choices:
        changes["adjust"] = names_of(choices["adjust"])
    if test:
        changes["test"] = None if test == USUAL["test"] else test
    return planned.model_copy(update=changes)
