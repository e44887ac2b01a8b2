"""The reference run of an experiment: a small file in the project that later runs are compared with.

It holds the figures, to be read and compared in version control, and every answer that has figures, so that a
comparison is the same wherever the run's folder is. Texts that people said are no part of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import JsonValue

from tinytroupe_cli.analysis.comparable_run import ComparableRun
from tinytroupe_cli.analysis.observations import Observation
from tinytroupe_cli.api.results import results_of_run
from tinytroupe_cli.api.run_comparing import comparable, run_of
from tinytroupe_cli.core.bounded_files import is_named, read_regular
from tinytroupe_cli.core.errors import RunError
from tinytroupe_cli.core.files import write_whole
from tinytroupe_cli.fields.field_types import type_of
from tinytroupe_cli.reports.results import Results

__all__ = ["FOLDER", "reference_file", "reference_of", "set_reference"]

FOLDER: Final = "baselines"
"""Where reference files are, in the project."""
VERSION: Final = 1
_HINT: Final = "write it again with `troupe baseline set RUN`"
_EXTRAS: Final = ("outcome", "pmf", "quantiles", "score")


def reference_file(name: str, project_dir: Path) -> Path:
    """Return the reference file of an experiment."""
    return project_dir / FOLDER / f"{name}.json"


def set_reference(where: Path, project_dir: Path) -> tuple[Path, ComparableRun]:
    """Make a finished run the reference of its experiment; return the file. Raises `RunError` for an unfinished run."""
    folder = run_of(where, project_dir)
    results = results_of_run(folder)
    if results.status != "finished":
        raise RunError(
            f"the run is not finished (status: {results.status})", hint="finish it by running its command again"
        )
    run = comparable(folder)
    file = reference_file(run.name, project_dir)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, _written(run, results))
    return file, run


def reference_of(name: str, project_dir: Path) -> ComparableRun:
    """Read the reference of an experiment; raises `RunError` if there is none, or it can't be read."""
    file = reference_file(name, project_dir)
    if not is_named(file):
        hint = f"`troupe baseline set RUN` makes a run the baseline and stores it in {FOLDER}/{name}.json"
        raise RunError(f"the experiment '{name}' has no baseline", hint=hint)
    try:
        document = json.loads(read_regular(file))
        if document["baseline"] != VERSION:
            raise RunError(f"'{file}' was written by another version of troupe", hint=_HINT)
        rows = tuple(_rows(document))
        return ComparableRun.model_validate({**document["experiment"], "rows": rows}, strict=False)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise RunError(f"'{file}' can't be read", hint=_HINT) from error


def _written(run: ComparableRun, results: Results) -> str:
    """Return the file's text: one line for each figure, person and measure, so that changes can be read."""
    kept = {name: field for name, field in run.fields.items() if type_of(field).scale is not None}
    about = run.model_copy(update={"fields": kept}).model_dump(mode="json", exclude={"rows"}, by_alias=True)
    places = {person.id: number for number, person in enumerate(run.people)}
    answers: dict[str, list[list[JsonValue]]] = {name: [] for name in kept}
    for row in run.rows:
        if (name := f"{row.query}.{row.field}") in answers and row.person in places:
            answers[name].append(_answer(row, run, places))
    people = [json.dumps(person, ensure_ascii=False) for person in about.pop("people")]
    figures = [json.dumps(figure, ensure_ascii=False) for figure in _figures(results)]
    lines = [f"{json.dumps(name)}: {json.dumps(rows, ensure_ascii=False)}" for name, rows in answers.items()]
    head = json.dumps(about, ensure_ascii=False, indent=1).removesuffix("\n}")
    return (
        f'{{"baseline": {VERSION},\n"run": {json.dumps(run.run)},\n"figures": [\n{_joined(figures)}\n],\n'
        f'"experiment": {head},\n "people": [\n{_joined(people)}\n ]}},\n"answers": {{\n{_joined(lines)}\n}}}}\n'
    )


def _joined(lines: list[str]) -> str:
    return ",\n".join(lines)


def _figures(results: Results) -> Iterator[dict[str, JsonValue]]:
    """Yield each measure's figures by condition, for readers; comparisons use the answers."""
    for summary in results.summaries:
        shares: dict[str, JsonValue] = {str(share.value): share.share for share in summary.shares}
        found: dict[str, JsonValue] = {
            "measure": f"{summary.query}.{summary.field}",
            "condition": summary.condition,
            "stated": summary.stated,
            "planned": summary.planned,
        }
        if summary.numbers is not None:
            yield {**found, "mean": summary.numbers.mean, "sd": summary.numbers.sd}
        elif shares and not any(isinstance(share.value, list) for share in summary.shares):
            yield {**found, "shares": shares}


def _answer(row: Observation, run: ComparableRun, places: Mapping[str, int]) -> list[JsonValue]:
    """Return condition, person, replicate, wording, sample and value and, if there is more to say, a mapping of it."""
    more = {key: value for key in _EXTRAS if (value := getattr(row, key)) not in ("stated", (), None)}
    start: list[JsonValue] = [run.conditions.index(row.condition), places[row.person], row.replicate, row.wording]
    return [*start, row.sample, row.value, *([dict(json.loads(json.dumps(more)))] if more else [])]


def _rows(document: Mapping[str, Any]) -> Iterator[Observation]:
    conditions, people = document["experiment"]["conditions"], document["experiment"]["people"]
    for measure, answers in document["answers"].items():
        query, _, field = measure.partition(".")
        for condition, person, replicate, wording, sample, value, *more in answers:
            known: dict[str, Any] = {"outcome": "stated", **(more[0] if more else {})}
            yield Observation.model_validate(
                {
                    "trial": "",
                    "condition": conditions[condition],
                    "levels": {},
                    "replicate": replicate,
                    "wording": wording,
                    "person": people[person]["id"],
                    "query": query,
                    "field": field,
                    "sample": sample,
                    "value": value,
                    **known,
                },
                strict=False,
            )
