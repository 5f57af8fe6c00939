"""Numbers: decimal enclosures rounded outwards, and dual numbers over them or over exact fractions.

Everything runs in a decimal context that rounds down. An enclosure keeps the negative of its upper end, so that
rounding down is outwards at both ends. An int 0 is exact: a slope that is 0 by construction costs nothing.
"""

from collections.abc import Callable
from decimal import MAX_EMAX, MIN_EMIN, ROUND_FLOOR, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from decimal import getcontext as now
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import count
from operator import mul
from typing import Any

Number = Any  # int, Fraction, Interval or Dual; they mix under + and *
Rational = (int, Fraction)


def context(digits: int) -> Context:
    traps = [DivisionByZero, InvalidOperation, Overflow]
    return Context(prec=digits, rounding=ROUND_FLOOR, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=traps)


class Undefined(ArithmeticError):
    """A function was asked for outside its domain, or its argument is known too roughly to tell."""


class Interval:
    """The real numbers from `low` to minus `minus`."""

    __slots__ = ("low", "minus")

    def __init__(self, low: Decimal, minus: Decimal) -> None:
        self.low, self.minus = low, minus

    def __add__(self, other: Number) -> Number:
        if isinstance(other, Dual):
            return NotImplemented
        other = enclose(other)
        return Interval(self.low + other.low, self.minus + other.minus)

    def __mul__(self, other: Number) -> Number:
        if isinstance(other, Dual):
            return NotImplemented
        if isinstance(other, int) and other == 0:
            return 0
        other = enclose(other)
        if self.minus > 0 or other.minus > 0:  # a negative factor: turn it round
            x, y = (self, other) if self.minus > 0 else (other, self)
            product = Interval(x.minus, x.low) * y
            return Interval(product.minus, product.low)
        if self.low >= 0 and other.low >= 0:
            return Interval(self.low * other.low, self.minus * -other.minus)
        ends = [(a, b) for a in (self.low, -self.minus) for b in (other.low, -other.minus)]
        return Interval(min(a * b for a, b in ends), min(-a * b for a, b in ends))

    __radd__, __rmul__ = __add__, __mul__


class Dual:
    """value + slope * e with e * e = 0; every nested derivative has its own e, told apart by `level`."""

    __slots__ = ("level", "slope", "value")

    def __init__(self, level: int, value: Number, slope: Number) -> None:
        self.level, self.value, self.slope = level, value, slope

    def __add__(self, other: Number) -> Number:
        level, (a, b), (c, d) = self.align(other)
        return dual(level, a + c, b + d)

    def __mul__(self, other: Number) -> Number:
        level, (a, b), (c, d) = self.align(other)
        return dual(level, a * c, a * d + b * c)

    __radd__, __rmul__ = __add__, __mul__

    def align(self, other: Number) -> tuple[int, tuple[Number, Number], tuple[Number, Number]]:
        level = max(self.level, other.level) if isinstance(other, Dual) else self.level
        return level, parts(self, level), parts(other, level)


def dual(level: int, value: Number, slope: Number) -> Number:
    return value if isinstance(slope, Rational) and slope == 0 else Dual(level, value, slope)


def parts(x: Number, level: int) -> tuple[Number, Number]:
    """Value and slope of x with respect to one level."""
    return (x.value, x.slope) if isinstance(x, Dual) and x.level == level else (x, 0)


def enclose(x: Number) -> Interval:
    if isinstance(x, Interval):
        return x
    top, bottom = Decimal(x.numerator), Decimal(x.denominator)
    return Interval(top / bottom, -top / bottom)


def magnitude(x: Interval) -> Decimal:
    return max(abs(x.low), abs(x.minus))


def differ(left: Number, right: Number) -> bool | None:
    """True: the two cannot be equal. False: equal, or agreeing to 50 digits. None: enclosed too widely to tell."""
    if not isinstance(left, Interval) and not isinstance(right, Interval):
        return bool(left != right)
    left, right = enclose(left), enclose(right)
    gap = left + -1 * right
    if gap.low > 0 or gap.minus > 0:
        return True
    scale = Decimal(10) ** -50 * max(magnitude(left), magnitude(right), Decimal(10) ** -10)
    return None if -(gap.low + gap.minus) > scale else False


def sign(x: Number) -> int:
    """1 or -1 where x is surely positive or negative, otherwise 0."""
    x = x.value if isinstance(x, Dual) else x
    if isinstance(x, Dual):
        return sign(x)
    low, minus = (x.low, x.minus) if isinstance(x, Interval) else (x, -x)
    return 1 if low > 0 else -1 if minus > 0 else 0


def kink(x: Number, negative: int) -> Number:
    """x where it is positive, `negative` times x where it is negative."""
    if side := sign(x):
        return x if side > 0 else x * negative
    if isinstance(x, Dual):
        raise Undefined("the derivative of relu or abs at 0")
    return Interval(Decimal(0), -magnitude(x)) if isinstance(x, Interval) else 0


def power(x: Number, p: Fraction) -> Number:
    if p == 0:
        return 1
    if isinstance(x, Dual):
        slope = Fraction(p) if p.denominator > 1 else p.numerator
        return dual(x.level, power(x.value, p), slope * power(x.value, p - 1) * x.slope)
    if p.denominator == 1:
        result = reduce(mul, [x] * abs(p.numerator)) if isinstance(x, Interval) else Fraction(x) ** abs(p.numerator)
        if p > 0:
            return result
        if not sign(result):
            raise Undefined("a division by 0")
        if isinstance(result, Fraction):
            return 1 / result
        return Interval(-1 / result.minus, -1 / result.low)
    x = enclose(x)
    if x.low < 0 or (p < 0 and x.low == 0):
        raise Undefined("a root of a negative number or a division by 0")
    if p.denominator > 2:
        return exp(Fraction(p) * log(x))
    root = Interval(max(x.low.sqrt().next_minus(), Decimal(0)), -(-x.minus).sqrt().next_plus())
    return power(root, 2 * p)


def exp(x: Number) -> Number:
    if isinstance(x, Dual):
        value = exp(x.value)
        return dual(x.level, value, value * x.slope)
    x = enclose(x)
    value, minus_width = x.low.exp(), x.low + x.minus
    if minus_width < -1:
        raise Undefined("exp of an argument known too roughly")
    return Interval(value.next_minus(), value.next_plus() * (-1 + 2 * minus_width))  # e^w <= 1 + 2 w on [0, 1]


def log(x: Number) -> Number:
    if isinstance(x, Dual):
        return dual(x.level, log(x.value), power(x.value, Fraction(-1)) * x.slope)
    x = enclose(x)
    if x.low <= 0:
        raise Undefined("log of a number that is not positive")
    value = x.low.ln()
    return Interval(value.next_minus(), -value.next_plus() + (x.low + x.minus) / x.low)  # log(1 + t) <= t


@lru_cache(maxsize=8)
def pi(digits: int) -> Interval:
    """By Machin's formula in integers; every term is off by less than 1, which 10**6 covers."""
    unit, low = 10 ** (digits + 10), -(10**6)
    for factor, n in ((16, 5), (-4, 239)):
        low += factor * sum((-1) ** k * (unit // ((2 * k + 1) * n ** (2 * k + 1))) for k in range(digits + 10))
    return Interval(Decimal(low).scaleb(-digits - 10), Decimal(-low - 2 * 10**6).scaleb(-digits - 10))


def series(term: Interval, factor: Callable[[int], Number], settled: Callable[[int], bool]) -> Interval:
    """The sum of terms, each `factor(k)` times the one before; once settled, what is left is at most the last term."""
    total: Number = term
    for k in count(1):
        term = term * factor(k)
        total = total + term
        if settled(k) and magnitude(term) < Decimal(10) ** -now().prec:
            return total + Interval(-magnitude(term), -magnitude(term))


def sin(x: Number) -> Number:
    circle = 2 * pi(now().prec)
    if isinstance(x, Dual):
        return dual(x.level, sin(x.value), sin(x.value + Fraction(1, 4) * circle) * x.slope)
    x = enclose(x)
    if magnitude(x) > 10**50:
        raise Undefined("sin or cos beyond 10^50")
    x = x + circle * -int((x.low / circle.low).to_integral_value())
    if magnitude(x) > 8:
        raise Undefined("sin or cos of an argument known too roughly")
    square = -1 * x * x
    return series(x, lambda k: square * Fraction(1, 2 * k * (2 * k + 1)), lambda k: k > 4)


def erf(x: Number) -> Number:
    """2/sqrt(pi) exp(-x^2) sum_k x (2 x^2)^k / (1 3 ... (2k + 1)); near 1 by 1 - erf(x) <= exp(-x^2)."""
    density = 2 * power(pi(now().prec), Fraction(-1, 2)) * exp(-1 * x * x)
    if isinstance(x, Dual):
        return dual(x.level, erf(x.value), parts(density, x.level)[0] * x.slope)
    x = enclose(x)
    if x.minus > 0:
        return -1 * erf(-1 * x)
    if x.low > 1 and x.low * x.low > 3 * now().prec:
        return 1 + Interval(exp(-1 * x * x).minus, Decimal(0))
    if magnitude(x) > 100:
        raise Undefined("erf of an argument known too roughly")
    square = 2 * x * x
    return density * series(x, lambda k: square * Fraction(1, 2 * k + 1), lambda k: magnitude(square) < k)


FUNCTIONS: dict[str, Callable[[Number], Number]] = {
    "exp": exp,
    "log": log,
    "sqrt": lambda x: power(x, Fraction(1, 2)),
    "tanh": lambda x: 1 + -2 * power(1 + exp(2 * x), Fraction(-1)),
    "sigmoid": lambda x: power(1 + exp(-1 * x), Fraction(-1)),
    "softplus": lambda x: log(1 + exp(x)),
    "relu": lambda x: kink(x, 0),
    "abs": lambda x: kink(x, -1),
    "erf": erf,
    "sin": sin,
    "cos": lambda x: sin(x + Fraction(1, 2) * pi(now().prec)),
}
