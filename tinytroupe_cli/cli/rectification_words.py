"""The words of `troupe power --rectify`: how many human answers an estimate needs, and with which assumptions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from tinytroupe_cli.cli.power_words import cost_of, in_range, in_unit
from tinytroupe_cli.core.number_format import count

if TYPE_CHECKING:
    from tinytroupe_cli.api.rectification_planning import HumansNeededResult

COLUMNS: Final = ("SIMULATED", "CORRELATION", "HUMANS", "SAVED", "LAMBDA", "CALLS", "COST", "MINUTES")
OPTIONS: Final = {"sd": "--sd", "share": "--share", "correlation": "--correlation"}


def rectification_opening(found: HumansNeededResult) -> Iterator[str]:
    """Yield what is planned for, and with which assumptions."""
    what = f"the difference between two levels of {found.by} in {found.measure}" if found.by else found.measure
    width = in_unit(found.half_width, found.scale, is_unit=found.is_unit)
    yield f"Human answers needed to know {what} within ±{width} ({100 * (1 - found.alpha):g}% interval)."
    yield _assumptions(found)
    yield f"Without a simulation: {_people(found.humans_alone, found)}."


def rectification_rows(found: HumansNeededResult) -> Iterator[tuple[str, ...]]:
    """Yield a row for each design, in the order of `COLUMNS`."""
    for design in found.designs:
        humans = design.humans
        yield (
            f"{design.simulated:,}",
            f"{design.correlation:.2g}",
            "-" if humans is None else f"{humans:,}",
            "-" if humans is None else f"{max(0, found.humans_alone - humans):,}",
            "-" if design.lam is None else f"{design.lam:.2f}",
            in_range(*design.calls),
            cost_of(design),
            in_range(*(max(1, round(minutes)) for minutes in design.minutes)),
        )


def rectification_closing(found: HumansNeededResult) -> Iterator[str]:
    """Yield what the columns are, and why there is no number."""
    yield (
        "Simulated people include the twins of the people who answer. The correlation is that of people's answers with "
        f"their twins'. Half-widths are means over {count(found.draws, 'sample')}: about half of all intervals are "
        "somewhat wider."
    )
    for design in found.designs:
        if design.why_not:
            size = f"{design.simulated:,} simulated people, correlation {design.correlation:.2g}"
            yield f"{size}: no number, because it takes {design.why_not}."
    if found.by:
        yield "Each person answers at one level. If the same people answer at both, fewer are needed."


def _people(number: int, found: HumansNeededResult) -> str:
    return f"{count(number, 'person', 'people')}{', half of them at each level' if found.by else ''}"


def _assumptions(found: HumansNeededResult) -> str:
    parts: list[str] = []
    if found.share is not None:
        parts.append(f"a share of {100 * found.share:.3g}%")
    elif not found.is_unit:
        parts.append(f"a standard deviation of {found.sd:.3g}")
    if found.pilot:
        spread = f" and {parts[0]}" if parts else ""
        used = "" if found.pilot_correlation is None else f"a correlation of {found.pilot_correlation:.2g}{spread}"
        return (
            f"From the pilot {found.pilot} ({found.pilot_humans} people): {used}. The table uses the lower end of the "
            "80% interval of this correlation, unless you state --correlation."
        )
    options = [OPTIONS[name] for name in found.cautious]
    stated = f" Not stated: {', '.join(options)}; state your own, or use --pilot RUN." if options else ""
    return f"Assumed: {parts[0]}.{stated}" if parts else f"Assumed: answers in standard deviations.{stated}"
