"""What was done and who took part, in words: computed from the plan, no claim of our own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tinytroupe_cli.events.perceptions import PERCEPTIONS
from tinytroupe_cli.plan.types import PlannedPopulation
from tinytroupe_cli.reports.answers import condition_label
from tinytroupe_cli.reports.escaping import SafeMarkdown, plain
from tinytroupe_cli.reports.figures import count, enumeration, shown_images
from tinytroupe_cli.reports.participants import QuerySummary
from tinytroupe_cli.reports.results import Results
from tinytroupe_cli.reports.world_words import meeting_words, reach_words

MAX_STIMULI = 16
MAX_QUESTIONS = 4


def summary_sentence(results: Results) -> str:
    """Return a paragraph on the design: who took part in what, and how many answers came back."""
    people = [person.name for person in results.participants]
    world = results.world
    where = f" ({world.place.rstrip('. ')})" if world.place else ""
    who = f"{count(len(people), 'simulated person', 'simulated people')}, {enumeration(people)},"
    played = f"{count(len(results.trials), 'trial')} of {count(world.steps, 'step')}"
    answers = sum(row.outcome == "stated" for row in results.rows)
    asked = (
        f" {answers} of {count(len(results.rows), 'answer')} were stated." if results.rows else " Nothing was asked."
    )
    return f"{who} {meeting_words(world, len(people))}{where}: {played}{_design(results)}.{asked}"


def setting(results: Results) -> str:
    """Return a sentence on the world: place, time, length, order of turns."""
    world = results.world
    kind = reach_words(world, len(results.participants), len(results.trials))
    place = f" Place: {world.place.rstrip('. ')}." if world.place else ""
    pace = count(world.pace.amount, world.pace.unit)
    start = world.start.replace("T", " ")
    drawn = "".join(f" {_drawn(population)}" for population in results.populations)
    return f"{kind}.{place} {count(world.steps, 'step')} of {pace} each, from {start} (simulated time).{drawn}"


def _drawn(population: PlannedPopulation) -> str:
    """Return where people were drawn from, and how near to what was wanted."""
    shares = [one for one in population.margins if not one.is_mean]
    worst = max((abs(one.wanted - one.drawn) for one in shares), default=0.0)
    margins = f", its margins met within {100 * worst:.1f} percentage points" if shares else ""
    also = f"; a model wrote their name, {', '.join(population.also)}" if population.also else ""
    who = count(population.size, "person was", "people were")
    return f"{who} drawn by code from {population.source}{margins}{also}."


def condition_table(results: Results) -> list[list[str]]:
    """Return the conditions and how many trials each had; empty with one condition."""
    if len(results.conditions) == 1:
        return []
    rows = [["condition", "levels", "trials"]]
    for number_, condition in enumerate(results.conditions):
        trials = sum(trial.condition == condition.name for trial in results.trials)
        name = f"{condition.name} (control)" if number_ == 0 else condition.name
        rows.append([name, condition_label(condition), str(trials)])
    return rows


def stimulus_lines(results: Results) -> Iterator[SafeMarkdown]:
    """Yield what reached people, one list item each."""
    for put in results.stimuli[:MAX_STIMULI]:
        to = enumeration(put.to) if put.to else "everyone"
        phrase = PERCEPTIONS[put.verb].design_phrase.format(source=put.source, to=to)
        lead = plain(f"Step {put.step}, {phrase}")
        images = plain(shown_images(put.images, as_pictures=results.sees_images))
        yield SafeMarkdown(f"- {lead}{_only(results, put.conditions)}: “{plain(put.text)}”{images}")
    if len(results.stimuli) > MAX_STIMULI:
        yield SafeMarkdown(f"- … and {len(results.stimuli) - MAX_STIMULI} more, in results.json")


def question_texts(results: Results, asked: QuerySummary) -> list[SafeMarkdown]:
    """Return the wordings of a question, each with its conditions where it was not put in all."""
    shown = asked.questions[:MAX_QUESTIONS]
    texts = [SafeMarkdown(f"{plain(question.text)}{_only(results, question.conditions)}") for question in shown]
    more = len(asked.questions) - MAX_QUESTIONS
    return [*texts, *([SafeMarkdown(f"… and {more} more wordings, in results.json")] if more > 0 else [])]


def how_words(asked: QuerySummary) -> str:
    """Return how a query was answered."""
    samples = f", {asked.samples} times each" if asked.samples > 1 else ""
    match asked.how, asked.is_of_people:
        case "interview", _:
            return f"each person was asked, in character{samples}"
        case "judge", True:
            return f"a judge weighed this claim for each person{samples}"
        case "judge", _:
            return f"a judge weighed this claim by the whole transcript{samples}"
        case _, True:
            return f"a judge read each person's part of the transcript{samples}"
        case _:
            return f"a judge read the whole transcript{samples}"


def people_table(results: Results) -> list[list[str]]:
    """Return who took part."""
    rows = [["name", "age", "work", "from"]]
    return rows + [[person.name, person.age, person.work, person.place] for person in results.participants]


def _design(results: Results) -> str:
    parts: list[str] = []
    if len(results.conditions) > 1:
        labels = enumeration([condition_label(condition) for condition in results.conditions])
        each = "everyone met all of them" if results.design == "within" else "everyone met one"
        parts.append(f" under {count(len(results.conditions), 'condition')} ({labels}; {each})")
    if results.replicates > 1:
        parts.append(f", {results.replicates} times over")
    return "".join(parts)


def _only(results: Results, conditions: Sequence[str]) -> str:
    if len(conditions) == len(results.conditions):
        return ""
    labels = [condition_label(one) for one in results.conditions if one.name in conditions]
    return SafeMarkdown(f" ({plain(f'only {enumeration(labels)}')})")
