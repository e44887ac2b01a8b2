"""Formats a plan and its estimate as the text of `troupe plan`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from pydantic import JsonValue

from tinytroupe_cli.events.perceptions import PERCEPTIONS
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.plan.reaction_words import condition_words, effect_words
from tinytroupe_cli.plan.types import CastMember, Condition, Limits, Plan, PlannedQuery, Trial
from tinytroupe_cli.preview.belongings_words import belongings_in_words
from tinytroupe_cli.preview.estimate.estimate import Estimate, Money, Range, RoleEstimate
from tinytroupe_cli.preview.population_words import describe_population
from tinytroupe_cli.preview.system_words import systems_in_words
from tinytroupe_cli.preview.world_words import in_words, ties_in_words

WIDTH = 100
MAX_PEOPLE = 12
MAX_CONDITIONS = 16


def describe(plan: Plan, estimate: Estimate) -> str:
    """Return a description of the run: participants, stimuli, questions and the estimate."""
    trial = plan.trials[0]
    sections = [
        ("", _heading(plan)),
        ("Played", _played(plan, trial)),
        ("Conditions", _conditions(plan.conditions) if len(plan.conditions) > 1 else ()),
        ("People", _people(plan)),
        ("What they have", (f"  {line}" for line in belongings_in_words(trial))),
        ("What they can talk to", (f"  {line}" for line in systems_in_words(trial))),
        (f"What they experience{_in_control(plan)}", _stimuli(trial)),
        ("What may step in", _interventions(trial)),
        ("What is found out", _queries(trial.queries)),
        ("Expected", (f"  {expression}" for expression in plan.expect)),
        ("What it takes (estimate)", _takes(plan, estimate)),
    ]
    blocks = ["\n".join([title, *lines] if title else lines) for title, made in sections if (lines := list(made))]
    return "\n\n".join(blocks) + "\n"


def describe_trial(trial: Trial) -> str:
    """Return a description of one trial: its seed, people, stimuli and questions."""
    sections = [
        ("", [f"{trial.id}: condition {trial.condition}, replicate {trial.replicate}, seed {trial.seed}"]),
        ("World", [f"  {line}" for line in in_words(trial)]),
        ("People", [f"  {member.id:<16} {member.name}" for member in trial.people]),
        ("Ties", [f"  {line}" for line in ties_in_words(trial)] if trial.world.type == "network" else []),
        ("What they have", [f"  {line}" for line in belongings_in_words(trial)]),
        ("What they can talk to", [f"  {line}" for line in systems_in_words(trial)]),
        ("What they experience", _stimuli(trial, is_whole=True)),
        ("What may step in", _interventions(trial)),
        ("What is found out", _queries(trial.queries, is_whole=True)),
    ]
    return "\n\n".join("\n".join([title, *lines] if title else lines) for title, lines in _full(sections)) + "\n"


def money(amount: Money | None) -> str:
    """Format an amount of USD; never zero for an unknown one."""
    if amount is None:
        return "unknown"
    low, high = (_dollars(value) for value in (amount.low, amount.high))
    return low if low == high else f"{low}-{high}"


def _full(sections: Iterable[tuple[str, Iterable[str]]]) -> Iterator[tuple[str, list[str]]]:
    for title, made in sections:
        if lines := list(made):
            yield title, lines


def _heading(plan: Plan) -> Iterator[str]:
    yield f"{plan.title} ({plan.name})" if plan.title else plan.name
    if plan.description:
        yield from textwrap.wrap(" ".join(plan.description.split()), WIDTH)


def _played(plan: Plan, trial: Trial) -> Iterator[str]:
    sizes = [_count(len(plan.conditions), "condition"), _count(plan.replicates, "replicate")]
    shape = f" ({' x '.join(sizes)})" if len(plan.trials) > 1 else ""
    yield f"  {_count(len(plan.trials), 'trial')}{shape}, seed {plan.seed}."
    if len(plan.conditions) > 1:
        yield (
            "  Everyone experiences every condition, each in a trial of its own."
            if plan.design == "within"
            else "  Each person is assigned to one condition at random, in groups of equal size."
        )
    yield from (f"  {line}" for line in in_words(trial))


def _conditions(conditions: Sequence[Condition]) -> Iterator[str]:
    width = max(len(condition.name) for condition in conditions[:MAX_CONDITIONS])
    for index, condition in enumerate(conditions[:MAX_CONDITIONS]):
        levels = ", ".join(f"{factor} {_shown(level)}" for factor, level in condition.levels.items())
        yield f"  {condition.name:<{width}}  {levels}{'  (control)' if index == 0 else ''}"
    yield from _and_more(len(conditions), MAX_CONDITIONS)


def _people(plan: Plan) -> Iterator[str]:
    everyone = {member.id: member for trial in plan.trials for member in trial.people}
    members = [member for member in everyone.values() if member.drawn is None]
    shown = members[:MAX_PEOPLE]
    ids, names = (max((len(text) for text in column), default=0) for column in _columns(shown))
    for member in shown:
        yield f"  {member.id:<{ids}}  {member.name:<{names}}  {_about(member)}".rstrip()
    yield from _and_more(len(members), MAX_PEOPLE)
    for population in plan.populations:
        yield from describe_population(population)
    if plan.design == "between" and len(plan.conditions) > 1:
        sizes = (f"{trial.id} {len(trial.people)}" for trial in plan.trials[: len(plan.conditions)])
        yield f"  per trial: {', '.join(sizes)}"


def _columns(members: Sequence[CastMember]) -> tuple[list[str], list[str]]:
    return [member.id for member in members], [member.name for member in members]


def _about(member: CastMember) -> str:
    occupation = member.persona.get("occupation")
    title = occupation.get("title") if isinstance(occupation, dict) else occupation
    parts = [_shown(part) for part in (member.persona.get("age"), title) if isinstance(part, int | str)]
    return ", ".join([*parts, *([f"from {' + '.join(member.sources)}"] if member.sources else [])])


def _in_control(plan: Plan) -> str:
    return f" (condition {plan.conditions[0].name})" if len(plan.conditions) > 1 else ""


def _stimuli(trial: Trial, *, is_whole: bool = False) -> Iterator[str]:
    seen = "seen as a picture" if trial.sees_images else "seen as text"
    for stimulus in trial.stimuli:
        everyone = "each person" if trial.world.type == "interviews" else "everyone"
        to = everyone if stimulus.to_everyone else ", ".join(stimulus.to)
        source = f"{stimulus.source} → " if PERCEPTIONS[stimulus.verb].shows_source else "→ "
        pictures = f"  {', '.join(stimulus.images)}, {seen}" if stimulus.images else ""
        yield f"  step {stimulus.step}  {stimulus.verb}  {source}{to}{pictures}"
        yield from _quoted(stimulus.text, is_whole=is_whole)


def _interventions(trial: Trial) -> Iterator[str]:
    for one in trial.interventions:
        times = f", up to {one.limit} times" if one.limit > 1 else ""
        yield f"  {one.name}  {', '.join(map(effect_words, one.then))}{times}"
        yield from _quoted(f"when {condition_words(one.when)}", is_whole=True)


_HOW = {"interview": "asked in character", "observe": "read from the transcript", "judge": "a claim, judged"}


def _queries(queries: Sequence[PlannedQuery], *, is_whole: bool = False) -> Iterator[str]:
    for query in queries:
        about = _count(len(query.people), "person", "people") if query.people else "the whole world"
        how = _HOW[query.how]
        samples = f", {query.samples} times" if query.samples > 1 else ""
        yield f"  {query.name}  about {about}, {how}{samples}"
        questions = dict.fromkeys(query.questions.values())
        for question in list(questions)[: None if is_whole else 1]:
            yield from _quoted(question, is_whole=is_whole)
        asked = [field for field in query.fields if not field.aside]
        width = max(len(field.name) for field in asked)
        yield from (f"      {field.name:<{width}}  {type_of(field).phrase(field)}" for field in asked)


def _quoted(text: str, *, is_whole: bool) -> Iterator[str]:
    flat = " ".join(text.split())
    if is_whole:
        yield from (f"      {line}" for line in textwrap.wrap(flat, WIDTH - 6))
    else:
        yield f"      {textwrap.shorten(flat, WIDTH - 6, placeholder=' …')}"


def _takes(plan: Plan, estimate: Estimate) -> Iterator[str]:
    rows = [("", "model", "calls", "tokens read", "tokens written", "cost")]
    rows += [_row(role) for role in estimate.roles]
    if len(estimate.roles) > 1:
        reads = sum((role.prompt for role in estimate.roles), start=Range())
        writes = sum((role.completion for role in estimate.roles), start=Range())
        rows.append(("total", "", _range(estimate.calls), _roughly(reads), _roughly(writes), money(estimate.usd)))
    yield from _table(rows)
    if estimate.shared:
        calls = "call is" if estimate.shared == 1 else "calls are"
        yield f"  {estimate.shared} {calls} the same in several conditions and asked once."
    if estimate.again:
        yield f"  Up to {estimate.again:,} calls retry turns that repeat, refuse or speak as an assistant."
    for role in estimate.roles:
        if role.usd is None:
            yield f"  Nobody told what {role.model} costs: add `prices: {{{role.model}: {{input: …, output: …}}}}`."
    yield f"  Limits: {_limits(plan.limits)}."
    yield from (f"  Warning: {warning}." for warning in estimate.warnings)


def _row(role: RoleEstimate) -> tuple[str, ...]:
    cost = "$0, on this machine" if role.is_local else money(role.usd)
    return (role.role, role.model, _range(role.calls), _roughly(role.prompt), _roughly(role.completion), cost)


def _table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield ("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))).rstrip()


def _limits(limits: Limits) -> str:
    parts = [
        f"${limits.usd:.2f}" if limits.usd is not None else "",
        f"{limits.tokens:,} tokens" if limits.tokens is not None else "",
        _count(limits.calls, "call") if limits.calls is not None else "",
        f"{_shown(limits.minutes)} minutes" if limits.minutes is not None else "",
    ]
    return ", ".join(part for part in parts if part) or "none"


def _and_more(count: int, most: int) -> Iterator[str]:
    if count > most:
        yield f"  … and {count - most} more"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _range(bounds: Range) -> str:
    return f"{bounds.low:,}" if bounds.low == bounds.high else f"{bounds.low:,}-{bounds.high:,}"


def _roughly(bounds: Range) -> str:
    """Format tokens with two significant digits."""
    low, high = (round(number, 2 - len(str(number))) for number in (bounds.low, bounds.high))
    return _range(Range(low=low, high=high))


def _dollars(amount: float) -> str:
    if amount == 0:
        return "$0"
    return f"${amount:,.2f}" if amount >= 0.1 else f"${amount:.2g}"  # noqa: PLR2004 - below, cents say too little


def _shown(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)
