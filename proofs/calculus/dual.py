"""Numbers a term can be evaluated in: exact rationals and arb balls, or floats; and dual numbers over either.

A `Dual` is ``value + slope * e`` with ``e * e = 0``. Every derivative has its own level, so a derivative inside a
derivative never mixes its e with the outer one (perturbation confusion): the number of the highest level is outermost,
and its parts hold lower levels only. `apply` and `power` hold the differentiation rules, one line each.
"""

# ruff: noqa: ARG005  (a table of rules: every entry has the same parameters)
from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from math import isqrt
from typing import Any, Protocol

from flint import arb, fmpq

from proofs.calculus.terms import FUNCTIONS

Number = Any
"""A Dual, or what the `Field` in use computes with: fmpq or arb; float."""

EXACT_BITS = 4096
"""Rationals longer than this become balls."""


class EvaluationError(ValueError):
    """A term cannot be evaluated as asked."""


class Undefined(EvaluationError):
    """The term has no value here (or the balls are too wide to tell): 1/0, log of 0, a derivative at a kink."""


class Field(Protocol):
    """The numbers below the duals; all operations raise Undefined outside their domain."""

    def rational(self, value: Fraction) -> Number: ...
    def pi(self) -> Number: ...
    def complete(self, x: Number) -> Number:
        """Called on every sum and product when its last operand is in; `x` may be a Dual or an int."""
        ...

    def power(self, x: Number, exponent: Fraction) -> Number: ...
    def function(self, name: str, x: Number) -> Number: ...


_RATIONAL = {
    **{(name, fmpq(0)): fmpq(0) for name in ("sin", "tanh", "erf")},
    ("log", fmpq(1)): fmpq(0),
    ("exp", fmpq(0)): fmpq(1),
    ("cos", fmpq(0)): fmpq(1),
    ("sigmoid", fmpq(0)): fmpq(1, 2),
}
"""Where functions have rational values."""


class Balls:
    """Exact rationals as long as they are short, arb balls at flint's current precision from there on."""

    def rational(self, value: Fraction) -> Number:
        return self.complete(fmpq(value.numerator, value.denominator))

    def pi(self) -> Number:
        return arb.pi()

    def complete(self, x: Number) -> Number:
        """`x`, as a ball if it is a rational of more than `EXACT_BITS` bits."""
        return arb(x) if isinstance(x, fmpq) and x.p.bit_length() + x.q.bit_length() > EXACT_BITS else x

    def power(self, x: Number, exponent: Fraction) -> Number:
        whole = exponent.denominator == 1
        if exponent < 0 and not x != 0:
            raise Undefined("division by zero")
        if not whole and not x >= 0:
            raise Undefined(f"the power {exponent} of a number that is not positive")
        if isinstance(x, fmpq) and whole:
            if (x.p.bit_length() + x.q.bit_length()) * abs(exponent.numerator) <= EXACT_BITS:
                return x**exponent.numerator
        elif isinstance(x, fmpq) and x == 0:
            return x
        if isinstance(x, fmpq) and exponent.denominator == 2:
            root = fmpq(isqrt(int(x.p)), isqrt(int(x.q)))
            if root * root == x:
                return self.power(root, exponent * 2)
        if exponent == Fraction(1, 2):
            return arb(x).sqrt()
        if not whole and not x > 0:
            raise Undefined(f"the power {exponent} of a ball that touches zero")
        return arb(x) ** (exponent.numerator if whole else arb(fmpq(exponent.numerator, exponent.denominator)))

    def function(self, name: str, x: Number) -> Number:
        if name == "relu":
            return max(x, fmpq(0)) if isinstance(x, fmpq) else x.max(arb(0))
        if name == "abs":
            return abs(x)
        if name == "step":
            return self.rational(Fraction(_side(x, "step")))
        if name == "log" and not x > 0:
            raise Undefined("log of a number that is not positive")
        if name == "sqrt":
            return self.power(x, Fraction(1, 2))
        if isinstance(x, fmpq) and (name, x) in _RATIONAL:
            return _RATIONAL[name, x]
        ball = arb(x)
        match name:
            case "sigmoid":
                if x < 0:
                    small = ball.exp()
                    return small / (1 + small)
                return 1 / (1 + (-ball).exp())
            case "softplus":
                return ball + (-ball).exp().log1p() if x > 0 else ball.exp().log1p()
            case _:
                return getattr(ball, _checked(name))()


class Floats:
    """Ordinary floats: fast, no guarantee; for searching only."""

    def rational(self, value: Fraction) -> Number:
        return float(value)

    def pi(self) -> Number:
        return math.pi

    def complete(self, x: Number) -> Number:
        return x

    def power(self, x: Number, exponent: Fraction) -> Number:
        if exponent < 0 and x == 0:
            raise Undefined("division by zero")
        if exponent.denominator == 1:
            return x**exponent.numerator
        if x < 0:
            raise Undefined(f"the power {exponent} of a negative number")
        return x ** float(exponent)

    def function(self, name: str, x: Number) -> Number:
        if not math.isfinite(x):
            raise Undefined("overflow")
        match name:
            case "relu":
                return max(x, 0.0)
            case "abs":
                return abs(x)
            case "step":
                return float(_side(x, name))
            case "log" if not x > 0:
                raise Undefined("log of a number that is not positive")
            case "sqrt" if x < 0:
                raise Undefined("sqrt of a negative number")
            case "sigmoid":
                return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
            case "softplus":
                return max(x, 0.0) + math.log1p(math.exp(-abs(x)))
            case _:
                return getattr(math, _checked(name))(x)


def _checked(name: str) -> str:
    if name not in FUNCTIONS:
        raise EvaluationError(f"function {name!r} is unknown; use one of {', '.join(FUNCTIONS)}")
    return name


class Dual:
    """``value + slope * e`` where e belongs to the derivative numbered `level`."""

    __slots__ = ("level", "slope", "value")

    def __init__(self, level: int, value: Number, slope: Number) -> None:
        self.level, self.value, self.slope = level, value, slope

    def __add__(self, other: Number) -> Dual:
        if isinstance(other, Dual):
            if other.level > self.level:
                return Dual(other.level, other.value + self, other.slope)
            if other.level == self.level:
                return Dual(self.level, self.value + other.value, self.slope + other.slope)
        return Dual(self.level, self.value + other, self.slope)

    def __mul__(self, other: Number) -> Dual:
        if isinstance(other, Dual):
            if other.level > self.level:
                return Dual(other.level, other.value * self, other.slope * self)
            if other.level == self.level:
                slope = self.value * other.slope + self.slope * other.value
                return Dual(self.level, self.value * other.value, slope)
        return Dual(self.level, self.value * other, self.slope * other)

    __radd__ = __add__
    __rmul__ = __mul__


def slope(x: Number, level: int) -> Number:
    """The derivative numbered `level`, which must be the innermost one still open: 0 if `x` does not depend on it."""
    return x.slope if isinstance(x, Dual) and x.level == level else 0


def power(field: Field, x: Number, exponent: Fraction) -> Number:
    """``x ** exponent``; x^0 is 1 everywhere."""
    if exponent == 0:
        return field.rational(Fraction(1))
    if not isinstance(x, Dual):
        return field.power(x, exponent)
    if exponent.denominator != 1 and not base(x) > 0:
        raise Undefined(f"the derivative of the power {exponent} at a number that is not positive")
    outer = field.rational(exponent) * power(field, x.value, exponent - 1)
    return Dual(x.level, power(field, x.value, exponent), outer * x.slope)


def apply(field: Field, name: str, x: Number) -> Number:
    """The function `name` at `x`."""
    if not isinstance(x, Dual):
        return field.function(name, x)
    value = apply(field, name, x.value)
    rule = _SLOPES.get(_checked(name))
    outer = field.rational(Fraction(_step(name, x))) if rule is None else rule(field, x.value, value)
    return Dual(x.level, value, outer * x.slope)


def base(x: Number) -> Number:
    """The plain number under all duals."""
    while isinstance(x, Dual):
        x = x.value
    return x


def _step(name: str, x: Number) -> int:
    """The derivative of relu, abs or step."""
    side = _side(base(x), f"the derivative of {name}")
    return {"relu": side, "abs": 2 * side - 1}.get(name, 0)


def _side(x: Number, what: str) -> int:
    """1 for a positive number, 0 for a negative one."""
    if x > 0:
        return 1
    if x < 0:
        return 0
    raise Undefined(f"{what} at 0")


def _gauss(field: Field, x: Number) -> Number:
    root = power(field, field.pi(), Fraction(-1, 2))
    return apply(field, "exp", x * x * -1) * root * 2


_SLOPES: dict[str, Callable[[Field, Number, Number], Number]] = {
    "exp":      lambda f, x, y: y,
    "log":      lambda f, x, y: power(f, x, Fraction(-1)),
    "sqrt":     lambda f, x, y: power(f, y, Fraction(-1)) * f.rational(Fraction(1, 2)),
    "tanh":     lambda f, x, y: apply(f, "sigmoid", x * 2) * apply(f, "sigmoid", x * -2) * 4,
    "sigmoid":  lambda f, x, y: y * apply(f, "sigmoid", x * -1),
    "softplus": lambda f, x, y: apply(f, "sigmoid", x),
    "erf":      lambda f, x, y: _gauss(f, x),
    "sin":      lambda f, x, y: apply(f, "cos", x),
    "cos":      lambda f, x, y: apply(f, "sin", x) * -1,
}  # fmt: skip
