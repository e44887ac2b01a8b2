"""Reads the people of a pilot run for a power analysis."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from tinytroupe_cli.analysis.categories import sorted_outcomes, with_sorted_fields
from tinytroupe_cli.analysis.pilot_people import NoVarianceError, PilotPeople, checked
from tinytroupe_cli.analysis.pilot_values import pilot_values
from tinytroupe_cli.analysis.power_question import PowerQuestion, power_question
from tinytroupe_cli.analysis.power_result import AssumedVariance
from tinytroupe_cli.analysis.units import MIN_UNITS, units_of
from tinytroupe_cli.api.power_assumptions import WORDING
from tinytroupe_cli.api.results import results_of_run
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.runs.run_lookup import open_folder

NO_VARIANCE: Final = "E530"


def read_pilot(where: Path, asked: PowerQuestion) -> tuple[AssumedVariance, PilotPeople]:
    """Return a pilot's people with their values; raises RunError where it has too few, or a measure without variance.

    `where` as for `write_report`.
    """
    folder = open_folder(where)
    plan = with_sorted_fields(folder.plan(), sorted_outcomes(folder.after()))
    own = power_question(plan, measure=asked.measure, by=asked.question.planned.factor)
    if own is None or units_of(plan, "people").kind != "person":
        raise RunError(
            f"the pilot has no comparison of {asked.measure} by {asked.question.planned.factor} between people",
            hint="a pilot is an earlier run of the same experiment with fewer people",
        )
    cells = pilot_values(plan, results_of_run(folder).rows, own.question, is_within=own.is_within)
    shapes = {tuple(len(level) for level in person) for person in cells}
    if len(cells) < MIN_UNITS or len(shapes) != 1:
        raise RunError(
            f"{len(cells)} people of the pilot answered {asked.measure} in all their conditions, "
            f"but at least {MIN_UNITS} are needed"
        )
    values = np.array(cells)
    is_share = type_of(own.question.field).scale == "share" and bool(np.isin(values, (0.0, 1.0)).all())
    try:
        people = checked(values, is_share=is_share)
    except NoVarianceError as error:
        raise RunError(
            f"{NO_VARIANCE}: the power for {asked.measure} can't be found from this pilot: {error}",
            hint="state --sd, --icc or --share instead of --pilot, or change the question",
        ) from error
    variance = AssumedVariance(
        source="pilot",
        pilot=f"{folder.path.resolve().parent.name}/{folder.path.resolve().name}",
        people=len(cells),
        sd=people.total,
        share=people.share if is_share else None,
        wording_sd=WORDING * people.total,
        cautious=("wording_sd",),
    )
    return variance, people
