"""Which difference a power analysis is about, and how many people would be at each of its levels."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import JsonValue

from tinytroupe_cli.analysis.comparison_questions import Question, questions
from tinytroupe_cli.analysis.comparisons import obvious_comparisons
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.types import Plan


@dataclass(frozen=True, slots=True)
class PowerQuestion:
    """One difference, and the size of its family."""

    question: Question
    is_within: bool
    comparisons: int
    """Comparisons of conditions in its family, this one included."""
    samples: int
    """Answers of a person in each condition and replicate."""

    @property
    def levels(self) -> tuple[JsonValue, JsonValue]:
        """Return its two levels."""
        first, second = self.question.levels
        return first, second

    @property
    def measure(self) -> str:
        """Return its measure, as `query.field`."""
        return f"{self.question.planned.query}.{self.question.planned.field}"


def power_question(plan: Plan, *, measure: str = "", by: str = "") -> PowerQuestion | None:
    """Return the first planned difference between conditions, of a measure and factor if given; None: there is none."""
    planned = plan.comparisons if plan.comparisons is not None else tuple(obvious_comparisons(plan))
    asked = [comparison for comparison in planned if comparison.factor]
    family = [question for comparison in asked for question in _of(plan, comparison)]
    for question in (question for question in family if question.kind == "pair"):
        own = question.planned
        if measure in ("", own.query, f"{own.query}.{own.field}") and by in ("", own.factor):
            is_within = not plan.is_between(own.factor)
            return PowerQuestion(question, is_within, len(family), _samples(plan, own.query))
    return None


def people_at_levels(plan: Plan, asked: PowerQuestion, people: int) -> tuple[int, int]:
    """Return how many of so many people would be at each of the two levels."""
    cells = plan.assignment.cells
    if asked.is_within or not cells:
        return people, people
    total = sum(cell.share for cell in cells)
    first, second = (
        people * sum(cell.share for cell in cells if set(cell.conditions) & set(conditions)) // total
        for conditions in asked.question.conditions
    )
    return first, second


def conditions_at_level(plan: Plan, asked: PowerQuestion) -> int:
    """Return how many conditions of a level each person is in."""
    ones = set(asked.question.conditions[0])
    return max((len(ones & set(cell.conditions)) for cell in plan.assignment.cells), default=len(ones))


def block_sizes(plan: Plan, asked: PowerQuestion) -> tuple[float, ...]:
    """Return the sizes of the blocks that people are assigned within; empty: none, or everyone is at both levels."""
    return () if asked.is_within else tuple(float(len(people)) for people in plan.assignment.blocks.values())


def _of(plan: Plan, planned: PlannedComparison) -> list[Question]:
    field = plan.fields.get((planned.query, planned.field))
    return [] if field is None else list(questions(plan, planned, field))


def _samples(plan: Plan, query: str) -> int:
    return max(asked.samples for trial in plan.trials for asked in trial.queries if asked.name == query)
