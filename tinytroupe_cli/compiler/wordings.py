"""Resolves wordings: how many versions the texts have, and who meets which.

Version k of the experiment has the k-th wording of every text that has several. Under `rotate`, versions are dealt to
what is independent (people, rooms or connected parts of a network) within the cells of the between factors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, cast

from tinytroupe_cli.compiler.cast.assignment import block_randomization
from tinytroupe_cli.compiler.conditions import with_levels
from tinytroupe_cli.compiler.design import PreparedDesign
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.compiler.template_scope import place_of
from tinytroupe_cli.compiler.worded_levels import wordings_of
from tinytroupe_cli.compiler.wording_files import design_of
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.plan.planned_wordings import PlannedWordings, WordedTemplate
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.spec_model import SpecModel
from tinytroupe_cli.spec.wordings import TextToWord, Wordings

if TYPE_CHECKING:
    from tinytroupe_cli.plan.planned_assignment import PlannedCell

FEW: Final = 5
"""Wordings below which intervals are much wider than with many."""
KEY: Final[Path] = ("wordings",)


@dataclass(frozen=True, slots=True)
class PreparedWordings:
    """Which version the people of a trial meet."""

    planned: PlannedWordings | None = None

    def divided(self, people: Sequence[str]) -> list[tuple[int, tuple[str, ...]]]:
        """Return the trials of these people: the number of the version (0: there is one), and who meets it."""
        if self.planned is None:
            return [(0, tuple(people))]
        numbers = range(1, self.planned.count + 1)
        if self.planned.cross == "all":
            return [(number, tuple(people)) for number in numbers]
        own = [frozenset(version) for version in self.planned.people]
        parts = [(number, tuple(person for person in people if person in own[number - 1])) for number in numbers]
        return [(number, part) for number, part in parts if part]


def prepare_wordings(
    experiment: Experiment,
    roster: Roster,
    design: PreparedDesign,
    *,
    connected: Sequence[tuple[str, ...]] = (),
    findings: Findings,
) -> PreparedWordings:
    """Deal the versions; errors and warnings are added to the findings.

    `connected`: the connected parts of a network that is written down.
    """
    found = [*_texts(experiment), *_levels(experiment, findings)]
    spec = design_of(experiment)
    if not found:
        if experiment.wordings is not None:
            hint = "list them: question: {wordings: [first text, second text]}"
            findings.add("E505", "no text has several wordings", KEY, key=True, hint=hint)
        return PreparedWordings()
    count = _count(spec.count, found, findings)
    planned = PlannedWordings(
        count=count,
        cross=spec.cross,
        drawn=spec.drawn,
        texts=tuple(WordedTemplate(place=place_of(path), wordings=texts) for path, texts in found),
    )
    at = KEY if experiment.wordings is not None else found[0][0]
    if planned.cross == "rotate" and roster.is_complete:
        units = _units(experiment, roster, design, connected)
        _check_units(planned, units, len(design.assignment.cells), at, findings)
        people = _dealt(experiment.seed, count, units, design.assignment.cells)
        planned = planned.model_copy(update={"people": people})
    is_one_each = planned.cross == "rotate" and len(planned.people) == len(roster.ids)
    if planned.drawn == "random" and count < FEW and not is_one_each and _is_compared(experiment):
        _warn(count, at, findings)
    return PreparedWordings(planned)


def _count(written: int | None, found: Sequence[tuple[Path, tuple[str, ...]]], findings: Findings) -> int:
    """Return the number of versions; report texts with another number of wordings."""
    like, own = next((entry for entry in found if len(entry[1]) > 1), found[0])
    count = written or len(own)
    for path, texts in found:
        if len(texts) not in {1, count}:
            other = "`wordings`" if written else place_of(like)
            hint = "wording k of each text is part of version k: list the same number for each text"
            findings.add(
                "E505", f"this text needs {count} wordings, as in {other}; it has {len(texts)}", path, hint=hint
            )
    return count


def _is_compared(experiment: Experiment) -> bool:
    return bool(experiment.factors) or len(experiment.conditions or ()) > 1


def _texts(experiment: Experiment) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield every text that has several wordings."""
    for key, part in (
        ("stimuli", experiment.stimuli),
        ("interventions", experiment.interventions),
        ("extract", experiment.extract),
    ):
        yield from _inside(part, (key,))


def _inside(part: object, path: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    match part:
        case Wordings():
            yield path, tuple(part.wordings)
        case TextToWord():
            yield path, (part.text,)
        case SpecModel():
            fields = type(part).model_fields.items()
            yield from chain.from_iterable(
                _inside(getattr(part, name), (*path, field.alias or name)) for name, field in fields
            )
        case list():
            entries = enumerate(cast("list[Any]", part))
            yield from chain.from_iterable(_inside(entry, (*path, index)) for index, entry in entries)
        case _:
            return


def _levels(experiment: Experiment, findings: Findings) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield every level of a factor that has several wordings."""
    factors, _ = with_levels(experiment.factors)
    for factor, levels in factors.items():
        named = levels.items() if isinstance(levels, Mapping) else enumerate(levels)
        for name, value in named:
            if not (texts := wordings_of(value)):
                continue
            if isinstance(levels, Mapping):
                yield ("factors", factor, name), texts
            else:
                hint = f"{factor}: {{NAME: {{wordings: […]}}}}"
                findings.add("E505", "a level with several wordings needs a name", ("factors", factor, name), hint=hint)
    for index, condition in enumerate(experiment.conditions or ()):
        for factor, value in (condition.model_extra or {}).items():
            if wordings_of(value):
                path = ("conditions", index, factor)
                hint = f"name the level: factors: {{{factor}: {{NAME: {{wordings: […]}}}}}}, and use the name here"
                findings.add("E505", "a level with several wordings needs a name", path, hint=hint)


def _units(
    experiment: Experiment, roster: Roster, design: PreparedDesign, connected: Sequence[tuple[str, ...]]
) -> list[tuple[str, ...]]:
    """Return the people who meet the same version: those who can reach each other."""
    if design.rooms:
        return list(design.assignment.groups)
    if experiment.world.type == "interviews":
        return [(person,) for person in roster.ids]
    return list(connected) or [tuple(roster.ids)]


def _check_units(
    planned: PlannedWordings, units: Sequence[tuple[str, ...]], cells: int, path: Path, findings: Findings
) -> None:
    count = planned.count
    if count == len(units):
        return
    needed = count if planned.drawn == "fixed" else 2 * count * max(1, cells)
    if len(units) < needed:
        noun = "people" if all(len(unit) == 1 for unit in units) else "rooms or connected groups"
        where = f" in each of {cells} cells" if cells > 1 else ""
        share = f" (two for each wording{where})" if planned.drawn != "fixed" else ""
        message = f"{count} wordings need at least {needed} {noun}{share}; there are {len(units)}"
        hint = "use fewer wordings, one wording per person, or wordings: {cross: all}, so that everyone gets all"
        findings.add("E506", message, path, hint=hint)


def _dealt(
    seed: int, count: int, units: Sequence[tuple[str, ...]], cells: Sequence[PlannedCell]
) -> tuple[tuple[str, ...], ...]:
    members = {str(number): unit for number, unit in enumerate(units)}
    cell_of = {person: str(number) for number, cell in enumerate(cells) for person in cell.people}
    blocks: dict[str, list[str]] = {}
    for number, unit in members.items():
        blocks.setdefault(cell_of.get(unit[0], "") if unit else "", []).append(number)
    versions = block_randomization(list(members), [1] * count, stream=Stream(seed, "wordings"), blocks=blocks)
    order = {person: place for place, person in enumerate(chain.from_iterable(units))}
    return tuple(
        tuple(sorted((person for number in version for person in members[number]), key=order.__getitem__))
        for version in versions
    )


def _warn(count: int, path: Path, findings: Findings) -> None:
    # Few experiments have so few wordings: the others load no scipy.
    from tinytroupe_cli.analysis.wording_tests import interval_factor  # noqa: PLC0415

    message = f"{count} wordings: the interval will be {interval_factor(count):.1f} times as wide as with many"
    hint = "rotated wordings cost no additional calls; 8 to 20 are usual"
    findings.add("E516", message, path, hint=hint, is_error=False)
