"""How well people talk, for each model: usable turns, repeats, refusals, persona facts, seconds; words against codes.

    python tests/benchmarks/talk.py                                  every local model here, quickstart and three others
    python tests/benchmarks/talk.py --model local/qwen2.5-coder-1.5b --seeds 10 --only quickstart
    python tests/benchmarks/talk.py --against answers.csv --measure verdict.would_order --column would_order

Prints a table for README's models section, then every answer beside the words it was taken from, to be read by eye.
Usable is a turn that no guard finds fault with (`minds/guards.py`). A human survey stays outside the repository:
`--against` reads one, and the spread and the distance of the distributions are printed.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tinytroupe_cli.api import local_models
from tinytroupe_cli.minds.repetition import words_of

ROOT = Path(__file__).parents[2]
EXPERIMENTS = ("quickstart", "tv_ad", "product_brainstorming", "investment_firm")
COMMON = 4
"""Letters up to which a word of a persona says nothing of them."""


@dataclass
class Talk:
    """What one model did in one experiment, over all seeds."""

    model: str
    experiment: str
    turns: int = 0
    faults: Counter[str] = field(default_factory=Counter[str])
    lost: int = 0
    """Turns that came to nothing."""
    with_facts: int = 0
    """Usable turns with a word of the speaker's persona that nobody put to them."""
    seconds: list[float] = field(default_factory=list[float])
    coded: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    values: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])

    def row(self) -> str:
        """Return a line of the table."""
        usable = self.turns - sum(self.faults.values()) - self.lost
        repeats = self.faults["repeats_self"] + self.faults["repeats_other"]
        declined = self.faults["refusal"] + self.faults["assistant_talk"] + self.lost
        other = self.faults["instruction"] + self.faults["question_back"]
        share = f"{usable / self.turns:.0%}" if self.turns else "-"
        facts = f"{self.with_facts / usable:.0%}" if usable else "-"
        cells = (
            self.model,
            self.experiment,
            f"{usable} of {self.turns} ({share})",
            repeats,
            declined,
            other,
            facts,
            f"{statistics.median(self.seconds):.0f}" if self.seconds else "-",
        )
        return "| " + " | ".join(map(str, cells)) + " |"


def events_of(run: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(run.glob("trials/*/events.jsonl")):
        yield from map(json.loads, path.open(encoding="utf-8"))


def personas_of(run: Path) -> dict[str, set[str]]:
    plan = json.loads((run / "plan.json").read_text(encoding="utf-8"))
    return {
        member["id"]: {word for word in words_of(json.dumps(member["persona"])) if len(word) > COMMON}
        for trial in plan["trials"]
        for member in trial["people"]
    }


def read(talk: Talk, run: Path) -> None:
    personas, put = personas_of(run), set[str]()
    for event in events_of(run):
        match event["kind"]:
            case "perceived" if event["sense"] != "talk":
                put |= set(words_of(event["text"]))
            case "acted" if event["action"] == "TALK":
                talk.turns += 1
                if event.get("fault"):
                    talk.faults[event["fault"]] += 1
                elif (personas[event["person"]] - put) & set(words_of(event["text"])):
                    talk.with_facts += 1
            case "refused" | "failed" if not event.get("query") and not event.get("act"):
                talk.turns += 1
                talk.lost += 1
            case "measured":
                for name, value in event["values"].items():
                    talk.values.setdefault(f"{event['query']}.{name}", []).append(value)
                    if name in event.get("words", {}):
                        talk.coded.append((f"{name}: {value}", event["words"][name]))
            case _:
                continue


def played(model: str, experiment: str, seeds: int, folder: Path) -> Talk:
    talk = Talk(model, experiment)
    for seed in range(seeds):
        place = folder.absolute() / re.sub(r"\W+", "-", model) / experiment / str(seed)
        command = [sys.executable, "-m", "tinytroupe_cli", "run", str(ROOT / "experiments" / f"{experiment}.yaml")]
        command += ["--model", model, "--seed", str(seed), "--yes", "--quiet", "--results", str(place)]
        began = time.perf_counter()
        subprocess.run(command, check=False, cwd=ROOT, capture_output=True)
        talk.seconds.append(time.perf_counter() - began)
        runs = sorted({path.resolve() for path in place.glob("*/*") if (path / "plan.json").is_file()})
        if runs:
            read(talk, runs[-1])
    return talk


def against(talks: Sequence[Talk], path: Path, measure: str, column: str) -> Iterator[str]:
    """Compare the share of each answer with a survey's: total variation distance, and both spreads for numbers."""
    with path.open(encoding="utf-8", newline="") as file:
        human = [row[column].strip() for row in csv.DictReader(file) if row[column].strip()]
    for talk in talks:
        ours = [_as_text(value) for value in talk.values.get(measure, []) if value is not None]
        if not ours:
            continue
        shares, theirs = Counter(ours), Counter(human)
        distance = sum(abs(shares[one] / len(ours) - theirs[one] / len(human)) for one in shares | theirs) / 2
        line = f"{talk.model}, {measure}: distance {distance:.2f} ({len(ours)} simulated, {len(human)} people)"
        try:
            pair = statistics.pstdev(map(float, ours)), statistics.pstdev(map(float, human))
        except ValueError:
            yield line
        else:
            yield f"{line}; spread {pair[0]:.2f} against {pair[1]:.2f}"


def _as_text(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", action="append", help="default: every local model that is here")
    parser.add_argument("--only", action="append", choices=EXPERIMENTS)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--results", type=Path, default=Path("results/talk"))
    parser.add_argument("--against", type=Path)
    parser.add_argument("--measure", default="verdict.would_order")
    parser.add_argument("--column", default="would_order")
    args = parser.parse_args()
    here = [one.entry for one in local_models.list_local_models() if one.is_present and one.entry.does == "chat"]
    models = args.model or [f"local/{entry.name}" for entry in here]
    print(
        "| model | experiment | usable turns | repeats | refusals, assistant talk | echoes | persona facts | seconds |"
    )
    print("|---|---|---|---|---|---|---|---|")
    talks: list[Talk] = []
    for model in models:
        for experiment in args.only or EXPERIMENTS:
            talks.append(played(model, experiment, args.seeds, args.results))
            print(talks[-1].row(), flush=True)
    for talk in talks:
        print(f"\n{talk.model}, {talk.experiment}: values and the words they were taken from")
        for value, words in talk.coded:
            print(f"  {value}\n      {words}")
    if args.against:
        print(*against(talks, args.against, args.measure, args.column), sep="\n")


if __name__ == "__main__":
    main()
