"""Attacks troupe at length and prints a table.

    python -m tests.faults --inputs 10000 [--seed 1] [--minutes 10] [--keep FOLDER]
    python -m tests.faults --stores 60

`--inputs` checks so many hostile files, `--stores` damages the files of runs; each fault is printed with its input,
which `--keep` also stores. Exits with 1 if there was one.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from faults.long_form import attack_inputs, attack_stores, printed


def main() -> int:
    """Run what was asked for."""
    options = _options()
    rows = {}
    if options.inputs:
        rows |= attack_inputs(options.inputs, seed=options.seed, minutes=options.minutes, keep=options.keep)
    if options.stores:
        rows |= attack_stores(options.stores, seed=options.seed, minutes=options.minutes)
    print(printed(rows))
    return int(any(row.faults for row in rows.values()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--inputs", type=int, default=0)
    parser.add_argument("--stores", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--keep", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
