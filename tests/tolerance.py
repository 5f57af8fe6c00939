"""How far a floating-point result may be from the exact value of a formula: by proofs.conformance's error analysis.

The left side of a statement is a stable algorithm as a term, the right side the formula that is proved, or its
derivative. A result conforms when it lies within the error of the algorithm's operations, and no constant is left to
loosen: the slack that the room allows for other algorithms is not used here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, ctx

from proofs.calculus.dual import Balls, Undefined
from proofs.calculus.evaluate import Evaluator
from proofs.calculus.terms import Index, Statement
from proofs.conformance import OracleError
from proofs.conformance.accuracy import FUNCTION_ULPS
from proofs.conformance.rounding import Rounding

PRECISION = 200


@dataclass(frozen=True)
class Allowed:
    """All numbers that floats could return: a ball, and infinities where an intermediate result may be too large."""

    ball: Any
    over: bool

    def holds(self, x: float) -> bool:
        """Whether a float evaluation may return `x`."""
        if math.isinf(x):
            wrong_sign = self.ball <= 0 if x > 0 else self.ball >= 0
            return self.over and not wrong_sign
        return not math.isnan(x) and bool(self.ball.contains(arb(x)))


def enclosures(
    statement: Statement, free: tuple[Index, ...], sizes: Mapping[str, int], values: Mapping[str, Any], dtype: Any
) -> list[Allowed]:
    """For every entry, what floats may return when they evaluate the left side.

    Raises OracleError where the exact values of the sides differ; entries where the right side has no finite value are
    not compared.
    """
    field = Rounding(np.finfo(dtype), FUNCTION_ULPS)
    found = []
    with ctx.workprec(PRECISION):
        rounded, exact = (Evaluator(statement, sizes, values, numbers) for numbers in (field, Balls()))
        for at in np.ndindex(*(sizes[index.dim] for index in free)):
            indices = {index.name: i for index, i in zip(free, at, strict=True)}
            algorithm = field.lift(rounded.value(statement.lhs, indices))
            specification = arb("nan")
            with suppress(Undefined):
                specification = arb(exact.value(statement.rhs, indices))
            if specification.is_finite() and not specification.overlaps(algorithm.value):
                raise OracleError(f"{algorithm.value} was specified as {specification}, at {indices}")
            found.append(Allowed(algorithm.reach, algorithm.lost or algorithm.beyond))
    return found
