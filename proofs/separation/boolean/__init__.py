"""Boolean functions from digits, expressions or names; threshold functions decided, with integer weights or refuted.

- `truth_table(source, inputs=None)`: ``"0110"``, a list, a number, ``"a & (b | ~c)"``, ``"majority 5"``; a data set
  by its `.points` and `.labels`.
- `decide_threshold(source)`: what is found; `settle_threshold(source)`: the same as a verdict.
- `chow_parameters(table)`, `four_points(table)`, `decide_every(inputs)`; `majority`, `parity`, `at_least`,
  `comparator`.
"""

from proofs.separation.boolean.deciding import ThresholdDecision, decide_threshold, settle_threshold
from proofs.separation.boolean.every import EveryFunction, decide_every
from proofs.separation.boolean.families import at_least, comparator, majority, parity
from proofs.separation.boolean.oriented import chow_parameters
from proofs.separation.boolean.reading import truth_table
from proofs.separation.boolean.summability import FourPoints, four_points

__all__ = [
    "EveryFunction",
    "FourPoints",
    "ThresholdDecision",
    "at_least",
    "chow_parameters",
    "comparator",
    "decide_every",
    "decide_threshold",
    "four_points",
    "majority",
    "parity",
    "settle_threshold",
    "truth_table",
]
