"""Resolves private polls of a discussion: which field, asked when."""

from __future__ import annotations

from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.language.positions import Path, with_paths
from tinytroupe_cli.language.problems import NearNames
from tinytroupe_cli.plan.planned_polls import PlannedPoll
from tinytroupe_cli.plan.query_fields import NamedFields
from tinytroupe_cli.spec.experiment import Experiment
from tinytroupe_cli.spec.polls import Poll

CODE = "E526"
POLLED = ("binary", "nominal", "ordinal", "numeric")


def plan_polls(experiment: Experiment, fields: NamedFields, findings: Findings) -> tuple[PlannedPoll, ...]:
    """Check all polls and return those that can be taken; `fields` are those that are asked."""
    written = experiment.poll
    if written is None:
        return ()
    if experiment.world.type == "interviews":
        hint = "use world: {type: room}, or leave `poll` out"
        findings.add(CODE, "there is no discussion: everyone is interviewed alone", ("poll",), key=True, hint=hint)
        return ()
    found: list[PlannedPoll] = []
    for poll, path in with_paths(written, "poll"):
        planned = _planned(poll, path, experiment, fields, findings)
        if planned is None:
            continue
        if any(other.measure == planned.measure for other in found):
            findings.add(CODE, f"'{poll.measure}' is polled twice", (*path, "measure"))
        found.append(planned)
    return tuple(found)


def _planned(
    poll: Poll, path: Path, experiment: Experiment, fields: NamedFields, findings: Findings
) -> PlannedPoll | None:
    query, _, name = poll.measure.partition(".")
    field = fields.get(query, {}).get(name)
    asked = next((each for each in experiment.extract if each.name == query), None)
    place = (*path, "measure")
    if field is None or asked is None:
        known = [f"{each.name}.{key}" for each in experiment.extract for key in fields.get(each.name, {})]
        hint = NearNames(poll.measure, known, label="measures")
        findings.add(CODE, f"no query asks for '{poll.measure}'", place, hint=hint)
        return None
    if asked.how != "interview" or asked.of == "world":
        hint = "use how: interview, of: each person"
        findings.add(CODE, f"'{query}' does not interview people", place, hint=hint)
        return None
    if type_of(field).shape not in POLLED or not type_of(field).is_one_value:
        findings.add(CODE, f"'{poll.measure}' is {type_of(field).noun}, so a poll can't follow how it changes", place)
        return None
    return PlannedPoll(
        query=query,
        field=name,
        at_start="start" in poll.at,
        at_steps="each step" in poll.at,
        alone=poll.alone,
    )
