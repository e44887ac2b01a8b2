"""How much people's attributes can tell of their answers: the out-of-fold accuracy of a logistic regression.

Arrays in, numbers out. Multinomial, with a ridge penalty of 1 on standardized columns (Hoerl and Kennard, 1970).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

import numpy as np
from pydantic import JsonValue
from scipy import optimize  # pyright: ignore[reportMissingTypeStubs] - no stubs

from tinytroupe_cli.analysis.answer_sets import CountArray
from tinytroupe_cli.analysis.distances import Floats
from tinytroupe_cli.analysis.fidelity_result import AttributeCeiling
from tinytroupe_cli.language.said_values import label
from tinytroupe_cli.plan.human_data import HumanAnswers

FOLDS: Final = 10
MIN_PEOPLE: Final = 30
MAX_LEVELS: Final = 20
"""Different values of a column of words above which it is left out: it names people, and does not describe them."""
PENALTY: Final = 1.0


def attribute_ceiling(humans: HumanAnswers, seed: int) -> AttributeCeiling:
    """Return the accuracy of foretelling people's answers from their attributes, each by a fit without them."""
    rows = [row for row, answer in enumerate(humans.answers) if answer is not None]
    columns = {name: [values[row] for row in rows] for name, values in humans.attributes.items()}
    coded = {name: made for name, values in columns.items() if (made := _coded(values)) is not None}
    answers = [label(humans.answers[row]) for row in rows]
    names = sorted(set(answers))
    if len(rows) < MIN_PEOPLE:
        return AttributeCeiling(n=len(rows), why_not=f"fewer than {MIN_PEOPLE} people")
    if len(names) < 2 or len(names) > MAX_LEVELS:  # noqa: PLR2004 - a prediction needs two answers
        why = "everyone gave the same answer" if len(names) < 2 else "too many different answers"  # noqa: PLR2004
        return AttributeCeiling(n=len(rows), why_not=why)
    if not coded:
        return AttributeCeiling(n=len(rows), why_not="the file has no column that people have as a field")
    target = np.array([names.index(answer) for answer in answers])
    weight = np.array([humans.weights[row] for row in rows]) if humans.weights else np.ones(len(rows))
    foretold = foretold_out_of_fold(np.hstack(list(coded.values())), target, seed=seed)
    counts = np.bincount(target, weights=weight)
    return AttributeCeiling(
        accuracy=float(np.average(foretold == target, weights=weight)),
        majority=float(counts.max() / counts.sum()),
        attributes=tuple(coded),
        n=len(rows),
    )


def foretold_out_of_fold(columns: Floats, target: CountArray, *, seed: int, folds: int = FOLDS) -> CountArray:
    """Return the answer foretold for each person by a model fitted on the other folds.

    `columns`: shape (people, columns); `target`: shape (people,), the answers' numbers from 0.
    """
    fold = np.random.default_rng((seed, 7)).permutation(len(target)) % min(folds, len(target))
    found = np.zeros_like(target)
    for number in range(int(fold.max()) + 1):
        left_out = fold == number
        found[left_out] = _fitted(columns[~left_out], target[~left_out], columns[left_out], int(target.max()) + 1)
    return found


def _fitted(columns: Floats, target: CountArray, new: Floats, answers: int) -> CountArray:
    """Return the likeliest answers of new people."""
    middle, spread = columns.mean(axis=0), columns.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    known, asked = (
        (np.hstack([np.ones((len(features), 1)), (features - middle) / spread])) for features in (columns, new)
    )
    wanted = np.eye(answers)[target]

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(-1, answers)
        scores = known @ weights
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        ridge = weights.copy()
        ridge[0] = 0.0
        gradient = known.T @ (np.exp(logs) - wanted) + PENALTY * ridge
        return float(-(wanted * logs).sum() + PENALTY / 2 * np.square(ridge).sum()), gradient.ravel()

    start = np.zeros(known.shape[1] * answers)
    made = cast("Any", optimize).minimize(loss, start, jac=True, method="L-BFGS-B")
    return np.argmax(asked @ np.asarray(made.x).reshape(-1, answers), axis=1)


def _coded(values: Sequence[JsonValue]) -> Floats | None:
    """Return a column as numbers: itself with its missing values marked, or one column per word; None: neither."""
    numbers = [value if isinstance(value, int | float) and not isinstance(value, bool) else None for value in values]
    if all(value is None or number is not None for value, number in zip(values, numbers, strict=True)):
        known = [number for number in numbers if number is not None]
        if not known or len(set(numbers)) < 2:  # noqa: PLR2004 - a constant tells nothing
            return None
        middle = float(np.mean(known))
        missing = np.array([number is None for number in numbers], dtype=np.float64)
        filled = np.array([middle if number is None else float(number) for number in numbers])
        return np.column_stack([filled, missing])
    words = [label(value) if value is not None else "" for value in values]
    levels = sorted(set(words))
    if not 2 <= len(levels) <= MAX_LEVELS:  # noqa: PLR2004 - a constant tells nothing
        return None
    return np.array([[float(word == level) for level in levels] for word in words])
