"""Compiles an experiment to a plan: resolves every name, renders every text, finds every error.

Errors of all parts are collected and raised at once. Uses the disk only through the library and
the document reader passed in.
"""

from __future__ import annotations

from collections.abc import Mapping

from tinytroupe_cli.compiler.added_blocks import plan_stopping
from tinytroupe_cli.compiler.conditions import levels_in, with_levels
from tinytroupe_cli.compiler.design_checks import check_units
from tinytroupe_cli.compiler.findings import Findings
from tinytroupe_cli.compiler.measures.adjustments import BeforeStimuli
from tinytroupe_cli.compiler.measures.baseline_checks import check_shuffle, plan_baselines
from tinytroupe_cli.compiler.measures.categories import plan_categories, with_categories
from tinytroupe_cli.compiler.measures.codings import plan_codings, with_codes
from tinytroupe_cli.compiler.measures.comparisons import plan_comparisons
from tinytroupe_cli.compiler.measures.controls import plan_controls
from tinytroupe_cli.compiler.measures.exclusion_checks import plan_exclusions
from tinytroupe_cli.compiler.measures.expectations import check_expectation, foregone
from tinytroupe_cli.compiler.measures.families import plan_inference
from tinytroupe_cli.compiler.measures.fidelity import ComparisonNames, plan_fidelity
from tinytroupe_cli.compiler.measures.multiverse_plans import plan_multiverse
from tinytroupe_cli.compiler.measures.orders import with_orders
from tinytroupe_cli.compiler.measures.outputs import plan_outputs
from tinytroupe_cli.compiler.measures.poll_plans import plan_polls
from tinytroupe_cli.compiler.measures.queries import fields_by_query
from tinytroupe_cli.compiler.measures.rating_models import with_ratings
from tinytroupe_cli.compiler.measures.rectification_plans import plan_rectifications
from tinytroupe_cli.compiler.measures.score_plans import plan_scores, with_scores
from tinytroupe_cli.compiler.measures.temperature_fits import plan_temperature_fits
from tinytroupe_cli.compiler.measures.weights import plan_weights
from tinytroupe_cli.compiler.overlooked import check_braces, check_factors, check_templates
from tinytroupe_cli.compiler.parts import Parts, Resolvers, RunSettings, prepare_parts
from tinytroupe_cli.compiler.sequence_checks import check_sequences
from tinytroupe_cli.compiler.trials import trials_of
from tinytroupe_cli.core.diagnostics import Diagnostic
from tinytroupe_cli.fields.planned_field import PlannedField
from tinytroupe_cli.language.positions import Path
from tinytroupe_cli.plan.added_people import with_blocks
from tinytroupe_cli.plan.outputs import PlannedOutputs
from tinytroupe_cli.plan.planned_assignment import PlannedAssignment
from tinytroupe_cli.plan.planned_comparisons import PlannedComparison
from tinytroupe_cli.plan.types import Plan, Trial
from tinytroupe_cli.spec.loader import Loaded

MAX_TRIALS = 10_000
MAX_PARTICIPATIONS = 200_000
"""Trials times the people in each."""


def compile_plan(loaded: Loaded, around: Resolvers, running: RunSettings) -> tuple[Plan, tuple[Diagnostic, ...]]:
    """Return the plan and its warnings. Raises SpecError with all errors."""
    findings = Findings(loaded.document)
    findings.keep(*loaded.warnings)
    parts = prepare_parts(loaded, around, running, findings)
    _check_size(parts, findings)
    check_sequences(parts.experiment, parts.design.assignment, findings)
    categories = plan_categories(parts.experiment.normalize, fields_by_query(parts.queries), findings)
    sorted_fields = with_categories(fields_by_query(parts.queries), categories)
    codings = plan_codings(parts.experiment.code, sorted_fields, findings, read=around.read_data, coders=running.coders)
    fields = with_codes(sorted_fields, codings)
    scores = plan_scores(parts.experiment.score, fields, parts.experiment.extract, findings)
    measures = with_scores(_measures(parts, fields), scores)
    _check_expectations(parts, measures, findings)
    trials = tuple(trials_of(parts, findings)) if _fits(parts) else ()
    check_units(parts, trials, findings)
    trials = with_orders(trials, parts.experiment, findings)
    made = PlannedOutputs(
        categories=categories,
        codings=codings,
        polls=plan_polls(parts.experiment, fields_by_query(parts.queries), findings),
        scores=scores,
    )
    outputs = plan_outputs(parts.experiment, parts.roster, parts.arms, trials, made=made, findings=findings)
    _check_overlooked(parts, loaded, findings)
    compared = _comparisons(parts, measures, findings)
    check_shuffle(parts.experiment, len(parts.roster.members), findings)
    extra = {
        "baselines": plan_baselines(parts.experiment.baseline, trials, findings),
        **_analysis(parts, measures, compared, findings),
        **_with_human_answers(parts, measures, around, findings),
    }
    findings.raise_errors()
    plan = _plan(parts, trials, outputs, compared, running).model_copy(update=extra)
    return with_blocks(plan, len(parts.blocks.blocks)), findings.warnings


def _plan(
    parts: Parts,
    trials: tuple[Trial, ...],
    outputs: PlannedOutputs,
    comparisons: tuple[PlannedComparison, ...] | None,
    running: RunSettings,
) -> Plan:
    experiment = parts.experiment
    return Plan(
        name=experiment.name,
        title=experiment.title,
        description=experiment.description.strip(),
        seed=experiment.seed,
        replicates=experiment.replicates,
        design=parts.design.word,
        assignment=_assignment(parts),
        wordings=parts.wordings.planned,
        factors=levels_in(parts.arms),
        conditions=tuple(arm.condition for arm in parts.arms),
        models=with_ratings(running.models, trials),
        prices=running.prices,
        limits=running.limits,
        library=parts.library,
        images=tuple(parts.image_files.found.values()),
        trials=trials,
        populations=parts.roster.populations,
        persona_shuffle=experiment.persona_shuffle,
        expect=tuple(experiment.expect),
        comparisons=comparisons,
        methods=experiment.methods.model_dump(exclude_defaults=True) if experiment.methods else {},
        formats=running.formats,
        outputs=outputs,
        prompts=running.prompts,
    )


def _assignment(parts: Parts) -> PlannedAssignment:
    """Return who meets what; the cast's order is kept where trials have parts of it."""
    assignment, wordings = parts.design.assignment, parts.wordings.planned
    is_divided = parts.blocks.blocks or (wordings and wordings.people)
    return assignment.model_copy(update={"people": parts.roster.ids}) if is_divided else assignment


def _check_overlooked(parts: Parts, loaded: Loaded, findings: Findings) -> None:
    """Find parts that have no effect; reported once everything else is valid."""
    if findings.errors:
        return
    experiment, value = parts.experiment, loaded.document.value
    factors, idle = with_levels(experiment.factors)
    places: dict[str, Path] = {factor: ("factors", factor) for factor in factors}
    for index, condition in enumerate(experiment.conditions or ()):
        for factor in condition.model_extra or {}:
            places.setdefault(factor, ("conditions", index, factor))
    check_factors(value, places, idle, findings)
    check_templates(value, frozenset(findings.read_as_template), findings)
    visible = {name: f"vars.{name}" for name in experiment.vars}
    visible |= {factor: factor for factor in places}
    visible |= {name: name for name in ("person", "condition", "vars", "step", "replicate")}
    check_braces(value, visible, findings)


def _check_size(parts: Parts, findings: Findings) -> None:
    trials = _trial_count(parts)
    if trials > MAX_TRIALS:
        findings.add("E341", f"this makes {trials:,} trials; the maximum is {MAX_TRIALS:,}", ("replicates",))
    elif (turns := _participations(parts)) > MAX_PARTICIPATIONS:
        message = f"people take part in trials {turns:,} times in all; the maximum is {MAX_PARTICIPATIONS:,}"
        findings.add("E341", message, ("replicates",), hint="use fewer people, conditions or replicates")


def _fits(parts: Parts) -> bool:
    return _trial_count(parts) <= MAX_TRIALS and _participations(parts) <= MAX_PARTICIPATIONS


def _participations(parts: Parts) -> int:
    """Return how often somebody takes part in a trial: people times the conditions each meets, times replicates."""
    groups = (parts.design.people_of(arm.condition.name, parts.roster.ids) for arm in parts.arms)
    return parts.experiment.replicates * sum(len(ids) for group in groups for _, ids in group)


def _trial_count(parts: Parts) -> int:
    """Return conditions times replicates, each as often as there are rooms or wordings whose people meet it."""
    cells, wordings = max(1, len(parts.design.assignment.cells)), parts.wordings.planned
    rooms = max(1, parts.design.rooms // cells)
    if sequences := parts.design.assignment.sequences:
        return len(sequences) * parts.experiment.replicates
    versions = 1 if wordings is None or (parts.design.rooms and wordings.cross == "rotate") else wordings.count
    return len(parts.arms) * parts.experiment.replicates * rooms * versions * max(1, len(parts.blocks.blocks))


def _comparisons(
    parts: Parts, measures: Mapping[str, Mapping[str, PlannedField]], findings: Findings
) -> tuple[PlannedComparison, ...] | None:
    """Return the comparisons that are named; None: the obvious ones."""
    written = parts.experiment.compare
    if written == "auto" or all(entry.humans is not None for entry in written):
        return None
    conditions = [arm.condition for arm in parts.arms]
    return plan_comparisons(written, measures, conditions, _before_stimuli(parts), findings, between=_between(parts))


def _between(parts: Parts) -> tuple[str, ...]:
    """Return the factors of which each unit meets one level."""
    inference = parts.experiment.inference
    is_about_cast = inference is not None and inference.about == "cast"
    return () if is_about_cast else tuple(parts.design.assignment.between)


def _before_stimuli(parts: Parts) -> BeforeStimuli:
    texts = [parts.place, parts.occasion, *parts.places.descriptions.values()]
    return BeforeStimuli(
        parts.experiment,
        parts.roster,
        parts.queries,
        is_eventful=bool(parts.stimuli or parts.interventions or parts.systems),
        world_names=frozenset[str]().union(*(text.names for text in texts if text is not None)),
        varied=frozenset({"condition", *levels_in(parts.arms)}),
    )


def _analysis(
    parts: Parts,
    measures: Mapping[str, Mapping[str, PlannedField]],
    compared: tuple[PlannedComparison, ...] | None,
    findings: Findings,
) -> dict[str, object]:
    """Return how the answers are analyzed."""
    experiment, conditions = parts.experiment, [arm.condition for arm in parts.arms]
    versions = parts.wordings.planned.count if parts.wordings.planned else 0
    asked = _measures(parts, fields_by_query(parts.queries))
    return {
        "controls": plan_controls(experiment.controls, measures, conditions, findings),
        "inference": plan_inference(experiment.inference, measures, findings, is_auto=compared is None),
        "weights": plan_weights(experiment.weights, parts.roster, findings),
        "exclude": plan_exclusions(experiment.exclude, measures, findings),
        "multiverse": plan_multiverse(
            _before_stimuli(parts), measures, compared, findings, wordings=versions, between=_between(parts)
        ),
        "stopping": plan_stopping(experiment, asked, list(levels_in(parts.arms)), parts.blocks, findings),
    }


def _with_human_answers(
    parts: Parts, measures: Mapping[str, Mapping[str, PlannedField]], around: Resolvers, findings: Findings
) -> dict[str, object]:
    """Return the parts of the plan that human answers are read for."""
    experiment = parts.experiment
    surroundings = ComparisonNames(measures, [arm.condition for arm in parts.arms], parts.roster, around.read_data)
    written = () if experiment.compare == "auto" else experiment.compare
    return {
        "fidelity": plan_fidelity(written, surroundings, findings),
        "rectifications": plan_rectifications(experiment.rectify, surroundings, findings),
        "temperature_fits": tuple(
            plan_temperature_fits(experiment.extract, surroundings.fields, surroundings.read, findings)
        ),
    }


def _measures(parts: Parts, fields: Mapping[str, Mapping[str, PlannedField]]) -> dict[str, Mapping[str, PlannedField]]:
    """Return query -> field -> its definition, of everything that is asked, sorted, coded or judged."""
    return {
        **fields,
        **{proposition.name: {field.name: field for field in proposition.fields} for proposition in parts.propositions},
    }


def _check_expectations(parts: Parts, fields: Mapping[str, Mapping[str, PlannedField]], findings: Findings) -> None:
    conditions = [arm.condition for arm in parts.arms]
    for index, text in enumerate(parts.experiment.expect):
        errors = check_expectation(text, fields, conditions)
        for error in errors:
            findings.add_inside("E350", error, ("expect", index), text)
        if not errors and (known := foregone(text, fields)):
            findings.add_inside("E351", known[0], ("expect", index), text, is_error=not known[1])
