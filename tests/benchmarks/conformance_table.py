"""The table of planted bugs, this room beside other checkers: ``python -m tests.benchmarks.conformance_table``.

Caught means on every seed. The right layers are in the table too: what is said against them is a false alarm.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from functools import partial
from time import perf_counter

from proofs.conformance.checking import DTYPES
from tests.benchmarks.peers import PEERS, accepts
from tests.conformance.planted import PLANTS, RIGHT, Layer, check

SEEDS = range(5)
OURS = "proofs.conformance"


def ours(layer: Layer, seed: int, dtype: str) -> bool:
    """Whether this room accepts a layer, in a dtype or in those it tries unless told otherwise."""
    dtypes = [dtype] if dtype else DTYPES
    return bool(check(layer, dtypes=dtypes, random_seed=seed, seconds=10.0))


def theirs(name: str, layer: Layer, seed: int, dtype: str) -> bool:
    """Whether one of the others accepts a layer."""
    return accepts(PEERS[name], layer, seed, dtype or "float64")


def main(seeds: range, plants: int | None = None) -> None:
    """Print the table."""
    warnings.simplefilter("ignore")
    checkers: dict[str, Callable[[Layer, int, str], bool]] = {name: partial(theirs, name) for name in PEERS}
    checkers[OURS] = ours
    chosen = PLANTS[:plants]
    print(f"{len(chosen)} planted bugs of {len({p.family for p in chosen})} families, {len(seeds)} seeds")
    print("| checker | caught | of those away from the usual draw | false alarms float64 | float32 | seconds |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, accept in checkers.items():
        start = perf_counter()
        caught = [p for p in chosen if not any(accept(p.layer, seed, "") for seed in seeds)]
        alarms = [sum(not accept(r, s, d) for r in RIGHT.values() for s in seeds) for d in ("float64", "float32")]
        away = f"{sum(p.away for p in caught)} of {sum(p.away for p in chosen)}"
        runs = len(RIGHT) * len(seeds)
        took = perf_counter() - start
        print(f"| {name} | {len(caught)} | {away} | {alarms[0]} of {runs} | {alarms[1]} of {runs} | {took:.0f} |")
        if name == OURS:
            print("missed:", ", ".join(sorted({p.name for p in chosen} - {p.name for p in caught})) or "none")
        sys.stdout.flush()


if __name__ == "__main__":
    main(range(int(sys.argv[1])) if len(sys.argv) > 1 else SEEDS, int(sys.argv[2]) if len(sys.argv) > 2 else None)
