"""Real numbers enclosed in balls: a decimal, and a radius that covers every rounding. Jets add their derivatives."""

import decimal
from collections.abc import Callable
from decimal import Context, Decimal, getcontext
from fractions import Fraction
from functools import lru_cache

TRAPS = [decimal.DivisionByZero, decimal.InvalidOperation, decimal.Overflow, decimal.Underflow]
CONTEXT = Context(Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX, traps=TRAPS)


class Ball:
    """The numbers within `rad` of `mid`; made from a rounded `mid` and a rounded `rad`, it makes up for both."""

    __slots__ = ("mid", "rad")

    def __init__(self, mid: Decimal, rad: Decimal = Decimal(0)) -> None:
        self.mid, self.rad = mid, rad * Decimal("1.001") + abs(mid).scaleb(2 - getcontext().prec)

    def __add__(self, other: "Ball") -> "Ball":
        return Ball(self.mid + other.mid, self.rad + other.rad)

    def __mul__(self, other: "Ball") -> "Ball":
        return Ball(self.mid * other.mid, abs(self.mid) * other.rad + (abs(other.mid) + other.rad) * self.rad)

    def apply(self, f: str) -> "Ball":
        """f(mid), and the radius times a bound of f's slope on the ball. Raises ArithmeticError outside f's domain."""
        mid, rad, away = self.mid, self.rad, abs(self.mid) - self.rad
        if f == "exp" and rad < 1:
            return Ball(value := mid.exp(), 2 * value * rad)
        if f == "log" and mid > rad:
            return Ball(mid.ln(), rad / away)
        if f == "inverse" and away > 0:
            return Ball(1 / mid, rad / (away * away))
        if f == "abs":
            return Ball(abs(mid), rad)
        if f == "sign" and away > 0:
            return Ball(Decimal(1).copy_sign(mid))
        if f == "erf" and away > 1 and away * away > 3 * getcontext().prec:  # 1 - erf(x) <= exp(-x^2) for x >= 1
            return Ball(Decimal(1).copy_sign(mid), Decimal(10) ** -getcontext().prec)
        minus_square = exact(-1) * self * self
        if f == "sin" and abs(mid) + rad < 200:
            return series(self, lambda k: minus_square * exact(Fraction(1, 2 * k * (2 * k + 1))))
        if f == "erf" and abs(mid) + rad < 100:  # erf'(x) sum_k x (2 x^2)^k / (1 3 ... (2 k + 1))
            total = series(self, lambda k: minus_square * exact(Fraction(-2, 2 * k + 1)))
            return SLOPES["erf"](Jet({0: self}), Jet())[0] * total
        raise ArithmeticError(f"{f} of a number near {mid:.6}")


def exact(x: int | Fraction) -> Ball:
    return Ball(Decimal(x.numerator) / x.denominator)


def series(term: Ball, ratio: Callable[[int], Ball]) -> Ball:
    """The sum of terms, each `ratio(k)` times the one before; a ratio that has come below 1/2 stays below it."""
    total, step, k = term, exact(1), 0
    while abs(step.mid) + step.rad >= Decimal("0.5") or abs(term.mid) + term.rad >= Decimal(10) ** -getcontext().prec:
        k, step = k + 1, ratio(k + 1)
        term = term * step
        total = total + term
    return Ball(total.mid, total.rad + abs(term.mid) + term.rad)


class Jet(dict[int, Ball]):
    """A number with infinitesimals e1, e2, ... of square 0: its coefficients by bit mask, at 0 the number itself, at 1
    that of e1, at 2 of e2, at 3 of e1 e2, and so on; what is missing is 0."""

    def __add__(self, other: "Jet") -> "Jet":
        total = Jet(self)
        for k, ball in other.items():
            total[k] = total[k] + ball if k in total else ball
        return total

    def __mul__(self, other: "Jet") -> "Jet":
        total = Jet()
        for j, left in self.items():
            for k, right in other.items():
                if not j & k:
                    total[j | k] = total[j | k] + left * right if j | k in total else left * right
        return total

    def apply(self, f: str) -> "Jet":
        """f(a + e b) = f(a) + f'(a) e b for the last infinitesimal e."""
        if f in ABBREVIATIONS:
            return ABBREVIATIONS[f](self)
        e = 1 << max(self, default=0).bit_length() >> 1
        if not e:
            return Jet({0: self.get(0, exact(0)).apply(f)})
        a = Jet({k: ball for k, ball in self.items() if k < e})
        value = a.apply(f)
        return value + SLOPES[f](a, value) * Jet({k: ball for k, ball in self.items() if k >= e})


def number(x: int | Fraction) -> Jet:
    return Jet({0: exact(x)})


@lru_cache(maxsize=8)
def pi(_digits: int) -> Jet:
    """6 arcsin(1/2), in a context of so many digits."""
    return Jet({0: series(exact(3), lambda k: exact(Fraction((2 * k - 1) ** 2, 8 * k * (2 * k + 1))))})


def power(x: Jet, p: Fraction) -> Jet:
    if p < 0:
        return power(x, -p).apply("inverse")
    if p.denominator == 1:
        return number(1) if p == 0 else x * power(x, p - 1) if p % 2 else power(x * x, p / 2)
    zero = all(k == ball.mid == ball.rad == 0 for k, ball in x.items())
    return x if zero else (number(p) * x.apply("log")).apply("exp")


HALF = Fraction(1, 2)
ABBREVIATIONS: dict[str, Callable[[Jet], Jet]] = {
    "sqrt": lambda x: power(x, HALF),
    "sigmoid": lambda x: (number(1) + (number(-1) * x).apply("exp")).apply("inverse"),
    "tanh": lambda x: number(-1) + number(2) * (x + x).apply("sigmoid"),
    "softplus": lambda x: (number(1) + x.apply("exp")).apply("log"),
    "relu": lambda x: number(HALF) * (x + x.apply("abs")),
    "step": lambda x: number(HALF) * (number(1) + x.apply("sign")),
    "cos": lambda x: (x + number(HALF) * pi(getcontext().prec)).apply("sin"),
}
SLOPES: dict[str, Callable[[Jet, Jet], Jet]] = {  # of the other functions, at x with the value y
    "exp": lambda _, y: y,
    "log": lambda x, _: x.apply("inverse"),
    "inverse": lambda _, y: number(-1) * y * y,
    "sin": lambda x, _: x.apply("cos"),
    "erf": lambda x, _: (number(-1) * x * x).apply("exp") * power(number(HALF * HALF) * pi(getcontext().prec), -HALF),
    "abs": lambda x, _: x.apply("sign"),
    "sign": lambda *_: Jet(),
}
