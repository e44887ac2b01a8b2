"""Describes a plan and its estimate in words, for `troupe plan` and the start of a run.

The wording stands in templates/; what it tells is in figures.py, its layout in formats.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, Template

from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.language.compiled_templates import kept_environment
from tinytroupe_cli.plan.reaction_words import condition_words, effect_words
from tinytroupe_cli.plan.types import Plan, PlannedField, PlannedMargin, Trial
from tinytroupe_cli.preview import design_figures, figures, shown_orders
from tinytroupe_cli.preview.estimate.estimate import Estimate, Money
from tinytroupe_cli.preview.filters import FORMATS

TEMPLATES: Final = Path(__file__).parent / "templates"


def describe(plan: Plan, estimate: Estimate) -> str:
    """Return a description of the run: participants, stimuli, questions and the estimate."""
    return _written("plan", plan=plan, trial=plan.trials[0], estimate=estimate)


def describe_trial(trial: Trial) -> str:
    """Return a description of one trial: its seed, people, stimuli and questions."""
    return _written("trial", trial=trial)


def describe_margins(margins: Sequence[PlannedMargin]) -> Iterator[str]:
    """Yield a table of a population's margins."""
    if table := _phrase("margins", margins):
        yield from table.removesuffix("\n").split("\n")


def opening(plan: Plan) -> str:
    """Return what is going to happen, in one sentence."""
    return _written("opening", plan=plan).removesuffix("\n")


def money(amount: Money | None) -> str:
    """Format an amount of USD; never zero for an unknown one."""
    return _phrase("money", amount)


def _written(name: str, **variables: object) -> str:
    return _template(name).render(variables)


def _phrase(name: str, *values: object) -> str:
    return vars(_template("sections").module)[name](*values)


def _template(name: str) -> Template:
    shared = {"figures": figures, "designs": design_figures, "orders": shown_orders}
    return _environment().get_template(f"{name}.txt.jinja", globals=shared)


@cache
def _environment() -> Environment:
    environment = kept_environment(FileSystemLoader(TEMPLATES))
    environment.filters |= {
        **FORMATS,
        "condition_words": condition_words,
        "effect_words": effect_words,
        "phrase": _phrase_of,
    }
    return environment


def _phrase_of(field: PlannedField) -> str:
    return type_of(field).phrase(field)
