"""How often an instrument finds a difference where there is none, as it is stored and quoted."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from tinytroupe_cli.analysis.units import UnitKind
from tinytroupe_cli.models.port import Frozen

CalibrationKind = Literal["chance", "wording"]


class CalibratedMeasure(Frozen):
    """One measure, or one of its options, compared between identical arms."""

    measure: str
    """The measure, as `query.field`."""
    option: JsonValue = None
    """The option; null if the measure is compared as a whole."""
    estimand: str = "difference"
    """What was estimated."""
    tested: int = 0
    """Draws in which the difference could be tested."""
    found: int = 0
    """Draws in which it was statistically significant, without correction."""
    low: float | None = None
    """Lower end of the rate's 95% interval (Wilson, 1927)."""
    high: float | None = None
    """Upper end: larger rates are excluded."""
    why_not: str = ""
    """Why no draw could be tested."""


class Calibration(Frozen):
    """The rate of statistically significant comparisons between identical arms."""

    kind: CalibrationKind
    """chance: the arms differ in the seed only; wording: they differ in a paraphrase only."""
    instrument: str
    """Hash of questions, world, memory, prompts and models."""
    model: str
    """Model of the people."""
    run: str = ""
    """The run with the answers, as NAME/FOLDER."""
    condition: str = ""
    """The condition that all arms are in; empty: the experiment has only one."""
    draws: int
    """Pairs of arms; no answer is in two of them."""
    wanted: int
    """Pairs of arms that were asked for."""
    design: Literal["within", "between"]
    """within: the same units in both arms; between: units were assigned to one arm."""
    unit: UnitKind
    """What counts as one unit."""
    units: int
    """Units in each draw."""
    replicates: int
    """Replicates in each arm."""
    alpha: float
    """Significance level."""
    correction: str
    """Correction within a draw, for `any_found`."""
    measures: tuple[CalibratedMeasure, ...] = Field(default=())
    """The rate of each measure."""
    any_tested: int = 0
    """Draws with at least one test."""
    any_found: int = 0
    """Draws with at least one comparison that was statistically significant after correction."""
    any_low: float | None = None
    """Lower end of that rate's 95% interval."""
    any_high: float | None = None
    """Upper end."""
    is_deterministic: bool = False
    """chance: the model answers the same in every arm, so that the rate says nothing."""

    @property
    def is_too_often(self) -> bool:
        """Return whether the rate is above the significance level by more than its error, for any measure."""
        rates = [(measure.low, self.alpha) for measure in self.measures] + [(self.any_low, self.alpha)]
        return any(low is not None and low > alpha for low, alpha in rates)
