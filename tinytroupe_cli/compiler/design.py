"""Resolves the design: which factors vary between people, how they are blocked, and who meets what."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from tinytroupe_cli.compiler.cast.assignment import block_randomization
from tinytroupe_cli.compiler.cast.blocks import Attribute, blocks_of
from tinytroupe_cli.compiler.cast.sequences import assigned_sequences
from tinytroupe_cli.compiler.conditions import Arm, levels_in
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.roster import Roster
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.personas.edits import single_value
from tinytroupe_cli.plan.planned_assignment import OrderOfConditions, PlannedAssignment, PlannedCell
from tinytroupe_cli.spec.design import ByPerson, DesignSpec
from tinytroupe_cli.spec.experiment import Experiment

CONDITION = "condition"
"""The factor that listed conditions make."""
DESIGN: Path = ("design",)
MAX_NAMED = 3
"""Merged blocks that are named one by one."""
MAX_IN_SQUARE = 12
"""Conditions that people can meet one after another in a balanced order."""


@dataclass(frozen=True, slots=True)
class PreparedDesign:
    """The design, with everyone assigned."""

    word: Literal["within", "between", "mixed"]
    assignment: PlannedAssignment
    rooms: int = 0
    """Rooms that the cast is divided into; 0: it is not."""

    def people_of(self, condition: str, people: Sequence[str]) -> list[tuple[int, tuple[str, ...]]]:
        """Return the trials of a condition: the number of the group (0: none), and its people in cast order."""
        cells = self.assignment.cells
        met_by = {person for cell in cells if condition in cell.conditions for person in cell.people}
        if not self.rooms:
            return [(0, tuple(person for person in people if person in met_by or not cells))]
        groups = enumerate(self.assignment.groups, start=1)
        return [(number, group) for number, group in groups if met_by.issuperset(group) or not cells]


def prepare_design(
    experiment: Experiment,
    arms: Sequence[Arm],
    roster: Roster,
    *,
    connected: Sequence[tuple[str, ...]] = (),
    findings: Findings,
) -> PreparedDesign:
    """Assign everyone; errors and warnings are added to the findings.

    `connected`: the connected components of a network that is written down; they are assigned whole.
    """
    written = experiment.design
    factors = [CONDITION] if experiment.conditions is not None else list(levels_in(arms))
    spec = written if isinstance(written, DesignSpec) else DesignSpec(between=factors if written == "between" else [])
    _check_factors(spec, factors, findings)
    between = tuple(factor for factor in factors if factor in spec.between)
    if isinstance(written, DesignSpec):
        word = "within" if not between else "between" if len(between) == len(factors) else "mixed"
    else:
        word = written
    attributes = _attributes(spec, roster, findings)
    blocks = _blocks(attributes, roster, findings)
    rooms = _rooms(experiment, roster, blocks, findings)
    groups = rooms or (tuple(connected) if between else ())
    order = _order(spec, arms, between, findings)
    is_dealt = between or order in ("latin", "williams")
    if blocks and not rooms and (not is_dealt or groups):
        why = "connected components of a network are assigned whole" if groups else "no factor varies between people"
        why = "with `order: shuffled`, each person's order is drawn separately" if order == "shuffled" else why
        findings.add("E501", f"`block_by` has no effect: {why}", (*DESIGN, "block_by"), key=True)
    cells = _cells(spec, between, arms, findings)
    cells = _assigned(experiment.seed, cells, roster, blocks, groups)
    names = tuple(attribute.name for attribute in attributes)
    conditions = [arm.condition.name for arm in arms]
    sequences = assigned_sequences(order, conditions, roster.ids, seed=experiment.seed, blocks=blocks)
    assignment = PlannedAssignment(
        people=roster.ids if cells or groups or sequences else (),
        between=between,
        cells=cells,
        block_by=names,
        blocks=blocks,
        groups=groups,
        order=order,
        sequences=sequences,
    )
    return PreparedDesign(word, assignment, rooms=len(rooms))


def _order(spec: DesignSpec, arms: Sequence[Arm], between: Sequence[str], findings: Findings) -> OrderOfConditions:
    """Return how the conditions of one person are ordered; empty: each is a trial of its own, or the order is wrong."""
    if spec.order == "separate":
        return ""
    path = (*DESIGN, "order")
    if len(arms) < 2:  # noqa: PLR2004 - nothing to order
        findings.add("E541", "there is only one condition", path, hint="add a factor, or leave `order` out")
        return ""
    if between:
        hint = "list the factors under `within`, or use order: separate"
        findings.add("E541", f"people meet one level of {', '.join(between)}, not every condition", path, hint=hint)
        return ""
    if spec.order != "shuffled" and len(arms) > MAX_IN_SQUARE:
        message = f"{len(arms)} conditions; `{spec.order}` can balance {MAX_IN_SQUARE} at most"
        findings.add("E504", message, path, hint="use fewer conditions, or order: shuffled")
        return ""
    return spec.order


def _check_factors(spec: DesignSpec, factors: Sequence[str], findings: Findings) -> None:
    seen: set[str] = set()
    for key, named in (("between", spec.between), ("within", spec.within)):
        for index, factor in enumerate(named):
            path = (*DESIGN, key, index)
            if factor not in factors:
                hint = NearNames(factor, factors, label="factors", otherwise="the experiment has no factors")
                if factors == [CONDITION]:
                    hint = "listed conditions are one factor: condition"
                findings.add("E501", f"no factor '{factor}'", path, hint=hint)
            elif factor in seen:
                message, hint = f"'{factor}' is named twice", "keep one"
                if factor in spec.between and factor in spec.within:
                    message = f"'{factor}' is under both 'between' and 'within'"
                    hint = "a factor varies either between people or within them; keep one"
                findings.add("E501", message, path, hint=hint)
            seen.add(factor)


def _attributes(spec: DesignSpec, roster: Roster, findings: Findings) -> list[Attribute]:
    attributes: list[Attribute] = []
    for index, written in enumerate(spec.block_by):
        path = (*DESIGN, "block_by", index)
        if isinstance(written, str) and not written.startswith("person."):
            findings.add(
                "E501",
                f"`block_by` expects an attribute of people, got '{written}'",
                path,
                hint=f"write person.{written}",
            )
            continue
        by = written if isinstance(written, ByPerson) else ByPerson(person=written.removeprefix("person."))
        attribute = Attribute(by.person, tuple(float(band) for band in by.bands or ()))
        if attribute.name in [known.name for known in attributes]:
            findings.add("E501", f"'{attribute.name}' is named twice", path)
        elif roster.is_complete:
            _check_values(attribute, path, roster, findings)
        attributes.append(attribute)
    return attributes


def _check_values(attribute: Attribute, path: Path, roster: Roster, findings: Findings) -> None:
    values = [single_value(member.persona, attribute.name) for member in roster.members]
    held = [value for value in values if value is not None]
    if not held:
        known = sorted({key for member in roster.members for key, value in member.persona.items() if value is not None})
        hint = NearNames(attribute.name, known, label="people have")
        findings.add("E501", f"nobody has a single value for '{attribute.name}'", path, hint=hint)
    elif attribute.bands and not any(isinstance(value, int | float) for value in held):
        findings.add("E501", f"`bands` expects numbers, but '{attribute.name}' has none", path)


def _blocks(attributes: Sequence[Attribute], roster: Roster, findings: Findings) -> dict[str, tuple[str, ...]]:
    if not attributes:
        return {}
    path = (*DESIGN, "block_by")
    blocks, merged = blocks_of(roster.members, attributes)
    if len(roster.members) > 1 and len(blocks) == len(roster.members):
        findings.add("E501", "each person would be a block of their own", path, hint="use `bands`, or fewer attributes")
    for merge in merged[:MAX_NAMED]:
        message = f"the block '{merge.block}' has only one person: merged with '{merge.into}'"
        findings.add("E502", message, path, is_error=False, hint="use wider `bands`, or fewer attributes")
    if len(merged) > MAX_NAMED:
        message = f"{len(merged) - MAX_NAMED} more blocks have only one person: merged with others"
        findings.add("E502", message, path, is_error=False)
    return blocks


def _rooms(
    experiment: Experiment, roster: Roster, blocks: Mapping[str, Sequence[str]], findings: Findings
) -> tuple[tuple[str, ...], ...]:
    """Divide the cast into rooms of equal size, with the people of each block spread evenly."""
    size = experiment.world.group_size
    if size is None:
        return ()
    if experiment.world.type != "room":
        message = f"`group_size` works only with type: room; this world's type is '{experiment.world.type}'"
        findings.add(
            "E107", message, ("world", "group_size"), key=True, hint="write type: room, or remove `group_size`"
        )
    rooms = max(1, math.ceil(len(roster.members) / size))
    return tuple(
        block_randomization(roster.ids, [1] * rooms, stream=Stream(experiment.seed, "groups"), blocks=blocks or None)
    )


def _cells(spec: DesignSpec, between: Sequence[str], arms: Sequence[Arm], findings: Findings) -> list[PlannedCell]:
    """Return every combination of levels of the between factors, in the order of conditions, without people."""
    found: dict[str, tuple[dict[str, JsonValue], list[str]]] = {}
    for arm in arms if between else ():
        levels: dict[str, JsonValue] = {
            factor: arm.condition.name if factor == CONDITION else arm.condition.levels[factor] for factor in between
        }
        found.setdefault(json.dumps(levels), (levels, []))[1].append(arm.condition.name)
    shares = _shares(spec, between, [levels for levels, _ in found.values()], findings)
    return [
        PlannedCell(levels=levels, conditions=tuple(names), share=share)
        for (levels, names), share in zip(found.values(), shares, strict=True)
    ]


def _shares(
    spec: DesignSpec, between: Sequence[str], cells: Sequence[Mapping[str, JsonValue]], findings: Findings
) -> list[int]:
    """Return the relative size of each cell: the product of its levels' numbers."""
    path = (*DESIGN, "allocation")
    if spec.allocation is None:
        return [1] * len(cells)
    if not between:
        findings.add("E501", "`allocation` has no effect: no factor varies between people", path, key=True)
        return [1] * len(cells)
    is_nested = any(isinstance(value, dict) for value in spec.allocation.values())
    by_factor = spec.allocation if is_nested else {between[0]: spec.allocation}
    if len(between) > 1 and not is_nested:
        findings.add(
            "E501",
            "`allocation` must name a factor, because several factors vary between people",
            path,
            hint=f"write {{{between[0]}: {{LEVEL: NUMBER}}}}",
        )
    numbers: dict[str, dict[str, int]] = {}
    for factor, shares in by_factor.items():
        if factor not in between or not isinstance(shares, dict):
            hint = NearNames(factor, between, label="between factors")
            findings.add(
                "E501",
                f"`allocation` expects a between factor and numbers for its levels, got '{factor}'",
                (*path, factor),
                key=True,
                hint=hint,
            )
            continue
        here = (*path, factor) if is_nested else path
        levels = list(dict.fromkeys(label(cell[factor]) for cell in cells))
        _check_levels(shares, levels, here, findings)
        numbers[factor] = {level: number for level, number in shares.items() if isinstance(number, int)}
    return [math.prod(numbers.get(factor, {}).get(label(level), 1) for factor, level in cell.items()) for cell in cells]


def _check_levels(written: Mapping[str, object], levels: Sequence[str], path: Path, findings: Findings) -> None:
    for level in written:
        if level not in levels:
            hint = NearNames(level, levels, label="levels")
            findings.add("E501", f"no level '{level}'", (*path, level), key=True, hint=hint)
    missing = [level for level in levels if level not in written]
    if missing:
        findings.add(
            "E501", f"`allocation` has no number for {', '.join(missing)}", path, key=True, hint="name every level"
        )


def _assigned(
    seed: int,
    cells: Sequence[PlannedCell],
    roster: Roster,
    blocks: Mapping[str, Sequence[str]],
    groups: Sequence[tuple[str, ...]],
) -> tuple[PlannedCell, ...]:
    """Deal people to the cells within blocks; where there are groups, deal whole groups."""
    if not cells:
        return ()
    shares, stream = [cell.share for cell in cells], Stream(seed, "assignment")
    if not groups:
        people = block_randomization(roster.ids, shares, stream=stream, blocks=blocks or None)
    else:
        members = {str(number): group for number, group in enumerate(groups)}
        whole = block_randomization(list(members), shares, stream=stream)
        order = {person: place for place, person in enumerate(roster.ids)}
        people = [
            tuple(sorted((person for room in rooms for person in members[room]), key=order.__getitem__))
            for rooms in whole
        ]
    return tuple(cell.model_copy(update={"people": ids}) for cell, ids in zip(cells, people, strict=True))
