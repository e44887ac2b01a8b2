"""The words of `troupe power`: what was simulated, with which assumptions, and which design is recommended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from tinytroupe_cli.core.number_format import count, dollars, number

if TYPE_CHECKING:
    from tinytroupe_cli.api.power_analysis import DesignPower, PowerResult
    from tinytroupe_cli.api.rectification_planning import HumansNeeded

HEADINGS: Final = ("PEOPLE", "WORDINGS", "REPLICATES", "POWER", "DETECTABLE", "CALLS", "TOKENS", "COST", "MINUTES")
CORRECTIONS: Final = {"holm": "Holm", "benjamini_hochberg": "Benjamini-Hochberg", "none": "no correction"}
ASSUMED: Final = {"sd": "--sd", "icc": "--icc", "share": "--share", "wording_sd": ""}


def opening_lines(found: PowerResult) -> Iterator[str]:
    """Yield what was simulated, and with which assumptions."""
    option = "" if found.option is None else f" ({found.option})"
    first, second = found.levels
    met = "everyone is in both conditions" if found.design == "within" else "each person is in one condition"
    effect = in_unit(found.effect, found.scale, is_unit=found.variance.is_unit)
    yield (
        f"Power to find a difference of {effect} in {found.measure}{option} between "
        f"{found.by} {first} and {found.by} {second}; {met}."
    )
    yield f"Tested at {100 * found.alpha:g}%, {_family(found)}; {count(found.draws, 'simulated run')} of each design."
    yield _assumptions(found)


def table_rows(found: PowerResult) -> Iterator[tuple[str, ...]]:
    """Yield a row for each design, in the order of `HEADINGS`."""
    for place, design in enumerate(found.designs):
        power = "-" if design.power is None else f"{100 * design.power:.0f}% ± {100 * (design.error or 0):.1f}"
        yield (
            f"{design.people}{' *' if place == found.recommended else ''}",
            str(design.wordings),
            str(design.replicates),
            power,
            "-" if design.detectable is None else _detectable(design.detectable, found),
            in_range(*design.calls),
            in_range(*design.tokens),
            cost_of(design),
            in_range(*(max(1, round(minutes)) for minutes in design.minutes)),
        )


def closing_lines(found: PowerResult) -> Iterator[str]:
    """Yield the recommended design, what more wordings would change, and why a design has no power."""
    yield "± is the Monte Carlo standard error; detectable is the smallest difference found with a power of 80%."
    yield _recommendation(found)
    most = max(design.people for design in found.designs)
    for wordings in dict.fromkeys(design.wordings for design in found.designs):
        beyond = [
            design.beyond for design in found.designs if design.wordings == wordings and design.beyond is not None
        ]
        if beyond and beyond[0] < most:  # of the fewest people, whose part of the error is the best known
            yield (
                f"With {wordings} wordings, people beyond about {max(beyond[0], 2 * wordings)} add almost nothing: "
                "the error is between wordings. Add wordings."
            )
    if any(design.wordings == 1 for design in found.designs):
        yield "With one wording, the result holds for that wording only."
    if found.is_weighted:
        yield "Weights are not simulated, and they lower the power: plan for more people."
    reasons = dict.fromkeys(
        (design.people, design.wordings, design.replicates, design.why_not) for design in found.designs
    )
    for people, wordings, replicates, why in reasons:
        if why:
            size = f"{people} people, {count(wordings, 'wording')}, {count(replicates, 'replicate')}"
            yield f"{size}: no power, because {why}."


def in_unit(value: float, scale: str, *, is_unit: bool) -> str:
    """Format a difference in the measure's unit; `is_unit`: it is in standard deviations."""
    if scale == "share":
        return f"{number(100 * value)} points"
    if is_unit:
        return f"{number(value)} standard deviations"
    if scale == "points":
        return f"{number(value)} points of the scale"
    return f"{number(value)} {'days' if scale == 'date' else 'places'}" if scale in _UNITS else number(value)


_UNITS: Final = ("date", "place")


def _family(found: PowerResult) -> str:
    if found.comparisons == 1:
        return "one comparison"
    how = CORRECTIONS[found.correction]
    many = f"{found.comparisons} comparisons"
    if found.correction == "none":
        return f"{many} without correction"
    return f"corrected for {many} ({how}); the others are assumed to find no difference"


def _assumptions(found: PowerResult) -> str:
    variance = found.variance
    wording = f"standard deviation between wordings {number(variance.wording_sd)} (assumed)"
    has_wordings = any(design.wordings > 1 for design in found.designs)
    if variance.source == "pilot":
        tail = f"; {wording}" if has_wordings else ""
        return f"People are drawn from the pilot {variance.pilot} ({variance.people} people){tail}."
    parts = [] if variance.share is None else [f"a share of {100 * variance.share:g}%"]
    if variance.share is None and not variance.is_unit:
        parts.append(f"a standard deviation of {number(variance.sd)}")
    parts.append(f"a correlation of {variance.icc:g} between two answers of a person in the same condition")
    options = [ASSUMED[name] for name in variance.cautious if ASSUMED[name]]
    tail = f"; {wording}" if has_wordings else ""
    stated = (
        f" Cautious values are used for {', '.join(options)}: state your own, or use --pilot RUN." if options else ""
    )
    return f"Assumed: {' and '.join(parts)}{tail}.{stated}"


def _recommendation(found: PowerResult) -> str:
    if found.recommended is None:
        if any(design.power is not None and design.power >= 0.8 for design in found.designs):  # noqa: PLR2004 - as recommended
            return "No design with a power of at least 80% is within the cost limit."
        return "No design has a power of at least 80%: add people, wordings or replicates, or plan for a larger effect."
    design = found.designs[found.recommended]
    size = f"{design.people} people, {count(design.wordings, 'wording')}, {count(design.replicates, 'replicate')}"
    return f"Recommended (*): {size}, the cheapest of these designs with a power of at least 80%."


def _detectable(value: float, found: PowerResult) -> str:
    return in_unit(value, found.scale, is_unit=found.variance.is_unit)


def cost_of(design: DesignPower | HumansNeeded) -> str:
    """Format the cost of a design."""
    if design.usd is None:
        return "unknown"
    low, high = (dollars(amount) for amount in design.usd)
    limit = " (over the limit)" if design.is_over_limit else ""
    return (low if low == high else f"{low}-{high}") + limit


def in_range(low: int, high: int) -> str:
    """Format the lowest and highest value; one number if they are the same."""
    return f"{low:,}" if low == high else f"{low:,}-{high:,}"
