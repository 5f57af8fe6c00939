"""All Boolean functions of a few inputs as one certificate: each with a separator or a Farkas refutation.

The number of threshold functions of n inputs is OEIS A000609: 4, 14, 104 for n = 1, 2, 3.
"""

from __future__ import annotations

from itertools import product

from proofs.claim import Certificate, Json
from proofs.separation.certificates import numbers, unit
from proofs.separation.data import SeparationError, TruthTable
from proofs.separation.solver import EFFORT, Refutation, Separator, separate

MOST_INPUTS = 3


def census(inputs: int, *, effort: int = EFFORT) -> Certificate:
    """The 2^(2^n) functions of n = `inputs` classified by Z3, as a certificate of kind census.

    Raises SeparationError unless n is 1, 2 or 3, and EffortExceeded.
    """
    if inputs not in range(1, MOST_INPUTS + 1):
        raise SeparationError(f"inputs: expected 1 to {MOST_INPUTS}, got {inputs!r}; larger tables one at a time")
    tables = [TruthTable(digits) for digits in product((0, 1), repeat=2**inputs)]
    half = {table: separate(table.points, table.labels, effort=effort) for table in tables if table.values[0] == 0}
    functions: Json = {}
    for table in tables:
        found = half[table] if table in half else _complement(half[table.complement])
        functions[str(table)] = (
            unit(found) if isinstance(found, Separator) else {"multipliers": numbers(found.multipliers)}
        )
    threshold = sum("weights" in entry for entry in functions.values())
    return Certificate(
        {"gradproof": 1, "kind": "census", "inputs": inputs, "threshold": threshold, "functions": functions}
    )


def _complement(found: Separator | Refutation) -> Separator | Refutation:
    """What separates or refutes the complement; no row lies on the separators that `separate` finds."""
    if isinstance(found, Refutation):
        return found
    return Separator(tuple(-weight for weight in found.weights), -found.bias)
