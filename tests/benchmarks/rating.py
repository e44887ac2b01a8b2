"""How near ratings of spoken answers come to a researcher's, design by design.

`python tests/benchmarks/rating.py` rates every answer of the `*_answers.yaml` files beside it with the local MiniLM and
prints a table for each file: Spearman's rho over all answers, mean absolute error in points of a seven-point scale,
share within one of the scale's own points, share with the ends swapped, and the ratings' spread over that of the truth.
`--model qwen2.5-coder-1.5b` also asks that local model for the side an answer takes (two calls an answer), `--some 40`
takes so many answers of each file, `--only held_out` one file, `--show` lists the answers that are far off.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from tinytroupe_cli.api.local_models import local_provider
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.fields.likert_scales import LIKERT
from tinytroupe_cli.measurement import word_rating
from tinytroupe_cli.measurement.anchors import anchors_for, points_of, statements_for
from tinytroupe_cli.measurement.constructs import labels_of
from tinytroupe_cli.measurement.leaning import Choose, leaning
from tinytroupe_cli.measurement.similarity_rating import Rating, nearest, rate, tilted
from tinytroupe_cli.measurement.word_rating import rated
from tinytroupe_cli.models.local_files import LocalFiles, user_models_folder
from tinytroupe_cli.models.local_lookup import find_entry
from tinytroupe_cli.models.local_provider import LocalProvider
from tinytroupe_cli.models.sentence_model import SentenceModel
from tinytroupe_cli.plan.types import PlannedField

CODER = "You code interview answers. Reply with one letter."


@dataclass(frozen=True)
class Said:
    field: PlannedField
    question: str
    words: str
    truth: float | None
    """0 at the lowest point, 1 at the highest; None: it doesn't answer the question."""


class MiniLM:
    def __init__(self) -> None:
        model = SentenceModel(LocalFiles(user_models_folder()).path(find_entry("all-minilm-l6-v2")))
        self.vector = cache(lambda text: model.encode(text).numbers)

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [self.vector(text) for text in texts]


def answers(file: Path) -> list[Said]:
    found: list[Said] = []
    for part in yaml.safe_load(file.read_text(encoding="utf-8")):
        written = part["field"]
        if "likert" in written:
            labels = written["likert"] if isinstance(written["likert"], list) else LIKERT[written["likert"]]
            field = PlannedField(name=written["name"], kind="likert", options=tuple(labels))
            low, high = 1, len(labels)
        else:
            low, high = written["scale"]
            ends = {"low_label": written.get("low", ""), "high_label": written.get("high", "")}
            field = PlannedField(name=written["name"], kind="scale", low=low, high=high, **ends)
        for value, words in part["answers"]:
            truth = None if value is None else (value - low) / (high - low)
            found.append(Said(field, part["question"], words, truth))
    return found


Design = Callable[[Said], Rating | None]


def published(model: MiniLM, *, labels: bool, temperature: float) -> Design:
    """The published formula: the whole answer, each set for itself."""

    def one(said: Said) -> Rating | None:
        sets = [labels_of(said.field)] if labels else anchors_for(said.field, said.question)
        if not sets or len(sets[0]) < 2:
            return None
        return rate(model.vector(said.words), [[*map(model.vector, each)] for each in sets], temperature=temperature)

    return one


def by_nearest(model: MiniLM) -> Design:
    """The nearest statements of all sets, the answer as a whole."""

    def one(said: Said) -> Rating | None:
        found = statements_for(said.field, said.question)
        if found is None:
            return None
        sets = [[*map(model.vector, each)] for each in found.sets]
        return nearest(model.vector(said.words), sets, width=word_rating.WIDTH)

    return one


def in_full(model: MiniLM, *, cues: bool, choose: Choose | None = None) -> Design:
    def one(said: Said) -> Rating | None:
        tilt, word_rating.TILT = word_rating.TILT, word_rating.TILT if cues else 0.0
        try:
            return asyncio.run(rated(said.words, said.field, said.question, model, choose=choose))
        finally:
            word_rating.TILT = tilt

    return one


def side_alone(choose: Choose) -> Design:
    """Only what the model says; in between is the middle."""

    def one(said: Said) -> Rating | None:
        side = asyncio.run(leaning(said.words, said.field, said.question, choose))
        points = points_of(said.field)
        return None if side is None else Rating(tilted([1 / points] * points, 60 * side))

    return one


def chooser(provider: LocalProvider, name: str) -> Choose:
    known: dict[str, str | None] = {}

    async def choose(question: str, options: tuple[str, ...]) -> str | None:
        if question not in known:
            shape = {"type": "object", "properties": {"letter": {"enum": [*options]}}, "required": ["letter"]}
            body = {
                "messages": [{"role": "system", "content": CODER}, {"role": "user", "content": question}],
                "max_tokens": 20,
                "temperature": 0,
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "code", "schema": shape, "strict": True},
                },
            }
            known[question] = json.loads((await provider.reply(f"local/{name}", body)).text)["letter"]
        return known[question]

    return choose


def position(rating: Rating | None) -> float:
    """Where on the field's scale, 0 to 1; the middle where there is no rating."""
    return 0.5 if rating is None else (rating.mean - 1) / (len(rating.pmf) - 1)


def row(name: str, said: Sequence[Said], design: Design, *, mode: bool = False, show: bool = False) -> str:
    ratings = [design(one) for one in said]
    got = [*map(position, ratings)]
    if mode:
        got = [0.5 if one is None else (one.mode - 1) / (len(one.pmf) - 1) for one in ratings]
    truth = [one.truth or 0.0 for one in said]
    points = [points_of(one.field) for one in said]
    on_scale = [math.floor(x * (k - 1) + 0.5) / (k - 1) for x, k in zip(got, points, strict=True)]
    off = [abs(a - b) for a, b in zip(on_scale, truth, strict=True)]
    swapped = [
        (a - 0.5) * (b - 0.5) < 0 and abs(b - 0.5) > 0.3 and abs(a - 0.5) > 0.15
        for a, b in zip(on_scale, truth, strict=True)
    ]
    if show:
        for one, a in zip(said, got, strict=True):
            if abs(a - (one.truth or 0.0)) > 1 / 3:
                print(f"    {one.field.name}: {one.truth:.2f}, rated {a:.2f}: {one.words[:100]}")
    near = [x * (k - 1) <= 1 + 1e-9 for x, k in zip(off, points, strict=True)]
    return (
        f"| {name} | {spearman(truth, got):.2f} | {6 * statistics.mean(off):.2f} | "
        f"{statistics.mean(near):.0%} | {statistics.mean(swapped):.0%} | "
        f"{statistics.pstdev(got) / statistics.pstdev(truth):.2f} |"
    )


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    return statistics.correlation(ranks(one), ranks(other)) if len(set(other)) > 1 else 0.0


def ranks(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    return [ordered.index(value) + (ordered.count(value) - 1) / 2 for value in values]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--model", default="")
    parser.add_argument("--some", type=int, default=0)
    parser.add_argument("--only", default="")
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    model = MiniLM()
    provider = local_provider()
    for file in sorted(Path(__file__).parent.glob(f"{args.only}*_answers.yaml")):
        said = [one for one in answers(file) if one.truth is not None]
        said = Stream(1, "benchmark").shuffled(said)[: args.some or None]
        print(f"\n{file.stem}, {len(said)} answers\n")
        print("| design | rho | error | within 1 | swapped | spread |\n|---|---|---|---|---|---|")
        print(row("labels, published formula, mean", said, published(model, labels=True, temperature=1)))
        print(row("statements, published formula, mean", said, published(model, labels=False, temperature=1)))
        print(row("the same, temperature 1/8", said, published(model, labels=False, temperature=0.125)))
        print(row("the same, likeliest point", said, published(model, labels=False, temperature=1), mode=True))
        print(row("nearest statements", said, by_nearest(model)))
        print(row("… by sentence, without the question", said, in_full(model, cues=False)))
        print(row("… and plain yes or no", said, in_full(model, cues=True), show=args.show and not args.model))
        if args.model:
            choose = chooser(provider, args.model)
            print(row(f"the side {args.model} takes, alone", said, side_alone(choose)))
            print(row("all of it", said, in_full(model, cues=True, choose=choose), show=args.show))
            print(row("all of it, likeliest point", said, in_full(model, cues=True, choose=choose), mode=True))
    asyncio.run(provider.aclose())


if __name__ == "__main__":
    main()
