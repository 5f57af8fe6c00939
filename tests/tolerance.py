"""How far a floating-point result may be from the exact value: derived, not chosen.

A formula is evaluated in balls that hold *every* number a float evaluation of it could return. Standard model of
floating-point arithmetic (Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 2.2), u = eps / 2,
eta = smallest subnormal:

- ``fl(a op b) = (a op b)(1 + d) + e`` with ``|d| <= u``, ``|e| <= eta``, and e = 0 for + and -;
- a sum of m + 1 > 2 terms, in whatever order: at most m roundings of numbers no larger than the sum of absolute terms,
  so its error is at most ``gamma_m * sum |terms|``, ``gamma_m = m u / (1 - m u)`` (section 4.2);
- exp, log, tanh: within `FUNCTION_ULPS` units in the last place, the limit NumPy sets itself for its vector loops;
- relu, abs and the sign: exact.

Errors of arguments are carried through functions by ball arithmetic, so the condition number is in the ball and
nothing is of first order only. The result conforms when it lies in the ball; the largest error allowed is thus the
error of the formula given, and no constant is left to loosen.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, ctx

from proofs.calculus.dual import Balls, Undefined
from proofs.calculus.evaluate import Evaluator
from proofs.calculus.terms import Index, Statement

FUNCTION_ULPS = 4
PRECISION = 200


class OracleError(Exception):
    """The two formulas of a statement differ: the oracle is wrong, not the code under test."""


class Rounded:
    """All numbers that floats could hold here: a ball, and additions not yet rounded.

    `pending` additions of terms whose absolute values add up to `scale` are rounded together when the sum is complete.
    `over` tells that an intermediate result may be beyond the largest float.
    """

    __slots__ = ("_ball", "field", "over", "pending", "scale")

    def __init__(self, field: Rounding, ball: Any, scale: Any = None, pending: int = 0, over: bool = False) -> None:
        self.field, self._ball, self.pending = field, ball, pending
        self.scale = ball.abs_upper() if scale is None else scale
        self.over = over or bool(self.scale > field.largest)

    def __add__(self, other: Any) -> Rounded:
        if isinstance(other, int) and other == 0:
            return self
        other = self.field.lift(other)
        pending = self.pending + other.pending + 1
        return Rounded(self.field, self._ball + other._ball, self.scale + other.scale, pending, self.over or other.over)

    def __mul__(self, other: Any) -> Rounded:
        other = self.field.lift(other)
        a, b = self.ball, other.ball
        if a == 0 or b == 0:
            return Rounded(self.field, arb(0))
        exact = any(x.abs_upper() == 1 and x.is_exact() for x in (a, b))
        product = a * b if exact else self.field.widen(a * b, 1)
        return Rounded(self.field, product, over=self.over or other.over)

    __radd__ = __add__
    __rmul__ = __mul__

    @property
    def ball(self) -> Any:
        """The ball with the pending additions rounded."""
        if self.pending < 2:
            return self.field.widen(self._ball, self.pending, underflow=False)
        rounds = self.pending * self.field.unit
        return self._ball + arb(0, (rounds / (1 - rounds) * self.scale).upper())

    def holds(self, x: float) -> bool:
        """Whether a float evaluation may return `x`; infinities only where something may have overflowed."""
        if math.isinf(x):
            wrong_sign = self.ball <= 0 if x > 0 else self.ball >= 0
            return self.over and not wrong_sign
        return not math.isnan(x) and bool(self.ball.contains(arb(x)))


class Rounding(Balls):
    """The numbers an `Evaluator` computes with to find what floats of `dtype` could return."""

    def __init__(self, dtype: Any) -> None:
        info = np.finfo(dtype)
        self.unit = arb(float(info.eps)) / 2
        self.tiny = arb(float(info.smallest_subnormal))
        self.largest = arb(float(info.max))

    def lift(self, x: Any) -> Rounded:
        return x if isinstance(x, Rounded) else Rounded(self, arb(x))

    def widen(self, ball: Any, units: int, underflow: bool = True) -> Any:
        """`ball` and everything within `units` * u relative, and as many eta, of it."""
        return ball + arb(0, (units * (self.unit * ball.abs_upper() + self.tiny * underflow)).upper())

    def complete(self, x: Any) -> Any:
        return Rounded(self, x.ball, over=x.over) if isinstance(x, Rounded) and x.pending else x

    def rational(self, value: Fraction) -> Rounded:
        ball = super().rational(value)
        power_of_two = value.denominator & (value.denominator - 1) == 0
        return Rounded(self, arb(ball) if power_of_two else self.widen(arb(ball), 1))

    def pi(self) -> Rounded:
        return Rounded(self, self.widen(arb.pi(), 1))

    def power(self, x: Rounded, exponent: Fraction) -> Rounded:
        units = 1 if exponent in (-1, 2, Fraction(1, 2)) else 2 * FUNCTION_ULPS
        return Rounded(self, self.widen(super().power(self.lift(x).ball, exponent), units), over=x.over)

    def function(self, name: str, x: Rounded) -> Rounded:
        value = super().function(name, self.lift(x).ball)
        if name in ("relu", "abs"):
            return Rounded(self, value, over=x.over)
        # softplus(x) for x <= 0 stands for log1p(exp(x)): two functions, the second with condition number <= 1.
        return Rounded(self, self.widen(value, 2 * FUNCTION_ULPS * (2 if name == "softplus" else 1)))


def enclosures(
    statement: Statement, free: tuple[Index, ...], sizes: Mapping[str, int], values: Mapping[str, Any], dtype: Any
) -> list[Rounded]:
    """For every entry, what floats may return when they evaluate the left side; the right side is the specification.

    The left side is a stable algorithm as a term, the right side the formula that is proved, or its derivative. Raises
    OracleError where their exact values differ; entries where the right side has no finite value are not compared.
    """
    field = Rounding(dtype)
    found = []
    with ctx.workprec(PRECISION):
        rounded, exact = (Evaluator(statement, sizes, values, numbers) for numbers in (field, Balls()))
        for at in np.ndindex(*(sizes[index.dim] for index in free)):
            indices = {index.name: i for index, i in zip(free, at, strict=True)}
            enclosure = field.lift(rounded.value(statement.lhs, indices))
            found.append(enclosure)
            algorithm, specification = arb(exact.value(statement.lhs, indices)), arb("nan")
            with suppress(Undefined):
                specification = arb(exact.value(statement.rhs, indices))
            agree = specification.overlaps(algorithm) or not specification.is_finite()
            if not (agree and enclosure.ball.contains(algorithm)):
                raise OracleError(f"{algorithm} in {enclosure.ball} was specified as {specification}, at {indices}")
    return found
