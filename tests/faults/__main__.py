"""Attacks troupe at length and prints a table.

    python -m tests.faults --all
    python -m tests.faults --only kills,"soft stops" --count 20 [--seed 1] [--minutes 10]
    python -m tests.faults --inputs 10000 [--keep FOLDER]

`--all` makes every kind of attack as often as tests/faults/kinds.py says, `--only` some kinds, `--count` so many of
each. Every fault is printed when it is found; `--keep` stores the hostile inputs that troupe did not survive. Exits
with 1 if there was a fault.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))


def main() -> int:
    """Make the attacks that were asked for."""
    from faults.driver import attack_all, printed

    options = _options()
    if options.keep:
        os.environ["TROUPE_FAULTS_KEEP"] = str(options.keep.absolute())
    rows = attack_all(_counts(options), seed=options.seed, minutes=options.minutes, processes=options.processes)
    print(printed(rows))
    return int(any(row.faults for row in rows.values()))


def _counts(options: argparse.Namespace) -> dict[str, int]:
    from faults.kinds import KINDS

    names = [name.strip() for name in options.only.split(",")] if options.only else list(KINDS) if options.all else []
    unknown = [name for name in names if name not in KINDS]
    if unknown:
        sys.exit(f"unknown kind: {', '.join(unknown)}; kinds: {', '.join(KINDS)}")
    counts = {name: KINDS[name].count if options.count is None else options.count for name in names}
    counts |= {name: getattr(options, name) for name in ("inputs", "stores") if getattr(options, name)}
    return counts or sys.exit("name what to attack with: --all, or --only KIND,...")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--all", action="store_true", help="every kind")
    parser.add_argument("--only", metavar="KIND,...", help="these kinds")
    parser.add_argument("--count", type=int, help="attacks of each kind")
    parser.add_argument("--inputs", type=int, metavar="N", help="so many hostile inputs")
    parser.add_argument("--stores", type=int, metavar="N", help="so many damaged files of runs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60, help="start no attack after this time")
    parser.add_argument("--processes", type=int, default=2, help="attacks at a time")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
