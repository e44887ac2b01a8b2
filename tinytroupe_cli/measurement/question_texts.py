"""Questions as they are put: with their items beneath, aloud, or as a wish for a sentence.

A field has no wording of its own, so its name stands for it; `instruments.py` words the items.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pydantic import JsonValue

from tinytroupe_cli.fields.field_type import AnswerProcedure
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.fields.reading import NOT_STATED
from tinytroupe_cli.measurement.instruments import TEXT, Instrument, name_of
from tinytroupe_cli.minds.repetition import words_of
from tinytroupe_cli.plan.types import PlannedField


def question_text(question: str, instruments: Sequence[Instrument], procedure: AnswerProcedure) -> str:
    """Put the items under the question, and say what to do where there is no answer."""
    lines = [
        question.strip(),
        "",
        *(instrument.wording for instrument in instruments),
        _no_answer_instruction(instruments, procedure),
    ]
    return "\n".join(lines)


def spoken(question: str, items: Sequence[tuple[Instrument, PlannedField]]) -> str:
    """Put a question as it is asked aloud: with what is to be chosen from, and the items it doesn't name itself."""
    named = [part for item, field in items if (part := _aloud(question, item, field, is_alone=len(items) == 1))]
    return f"{question.strip()} (Say too: {'; '.join(named)}.)" if named else question.strip()


def sentence_of(instrument: Instrument, field: PlannedField, about: str) -> Instrument:
    """Return what asks a judge for a sentence in a scale's place; a name says whose words it is to be in."""
    ends = [end.label for end in type_of(field).ends(field) or ()]
    is_written = tuple(type_of(field).listing(field)) == instrument.shown
    first, last = ends if is_written else reversed(ends)
    between = f', between "{first}" and "{last}"' if first and last else ""
    whose = f"as {about} would say it" if about else "that sums it up"
    return replace(
        instrument,
        wording=f"{instrument.key} ({name_of(field)}), one sentence {whose}{between}",
        keys={instrument.key: TEXT},
    )


def _aloud(question: str, instrument: Instrument, field: PlannedField, *, is_alone: bool) -> str:
    name = name_of(field)
    is_named = is_alone or set(words_of(name)) <= set(words_of(question))
    if how := type_of(field).aloud(field, instrument.shown, is_named=is_named):
        return f"{name}, {how}"
    return "" if is_named else name


def _no_answer_instruction(instruments: Sequence[Instrument], procedure: AnswerProcedure) -> str:
    """Return what to do where there is no answer.

    To a person it isn't held out more than need be: as in surveys, "no answer" as one answer among others is what
    the undecided take. A small model took it 12 times in 12 where it had an opinion.
    """
    schemas = [schema for instrument in instruments for schema in instrument.keys.values()]
    if procedure == "interview" and all(schema == TEXT for schema in schemas):
        which = "one" if len(schemas) > 1 else "it"
        return f"Leave {which} empty only if you could not or would not answer."
    takes_null = any(_allows_null(schema) for schema in schemas)
    takes_words = not all(_allows_null(schema) for schema in schemas)
    words = [f'"{NOT_STATED}"'] if takes_words else []
    words += ["null for a number" if takes_words else "null"] if takes_null else []
    reason = {
        "interview": "Only if you could not or would not answer",
        "observe": "Where the transcript does not tell",
        "code": "Where the answer does not tell",
    }[procedure]
    return f"{reason}: {', '.join(words)}."


def _allows_null(schema: JsonValue) -> bool:
    return isinstance(schema, dict) and isinstance(schema.get("type"), list)
