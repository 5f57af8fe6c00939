"""Real numbers enclosed in balls: a decimal, and a radius that covers every rounding."""

from collections.abc import Callable
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow, Underflow
from decimal import getcontext as now
from fractions import Fraction
from functools import lru_cache


def context(digits: int) -> Context:
    traps = [DivisionByZero, InvalidOperation, Overflow, Underflow]
    return Context(prec=digits, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=traps)


class Ball:
    """The numbers within `rad` of `mid`; made from a rounded `mid` and a rounded `rad`, it makes up for both."""

    __slots__ = ("mid", "rad")

    def __init__(self, mid: Decimal, rad: Decimal = Decimal(0)) -> None:
        self.mid, self.rad = mid, rad * Decimal("1.001") + abs(mid).scaleb(2 - now().prec)

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
        if f == "erf" and away > 1 and away * away > 3 * now().prec:  # 1 - erf(x) <= exp(-x^2) for x >= 1
            return Ball(Decimal(1).copy_sign(mid), Decimal(10) ** -now().prec)
        minus_square = exact(-1) * self * self
        if f == "sin" and abs(mid) + rad < 200:
            return series(self, lambda k: minus_square * exact(Fraction(1, 2 * k * (2 * k + 1))))
        if f == "erf" and abs(mid) + rad < 100:  # 2 exp(-x^2) / sqrt(pi) sum_k x (2 x^2)^k / (1 3 ... (2 k + 1))
            total = series(self, lambda k: minus_square * exact(Fraction(-2, 2 * k + 1)))
            return exact(2) * (minus_square + exact(Fraction(-1, 2)) * pi(now().prec).apply("log")).apply("exp") * total
        raise ArithmeticError(f"{f} of a number near {mid:.6}")


def exact(x: int | Fraction) -> Ball:
    return Ball(Decimal(x.numerator) / Decimal(x.denominator))


def series(term: Ball, ratio: Callable[[int], Ball]) -> Ball:
    """The sum of terms, each `ratio(k)` times the one before; a ratio that has come below 1/2 stays below it."""
    total, step, k = term, exact(1), 0
    while abs(step.mid) + step.rad >= Decimal("0.5") or abs(term.mid) + term.rad >= Decimal(10) ** -now().prec:
        k, step = k + 1, ratio(k + 1)
        term = term * step
        total = total + term
    return Ball(total.mid, total.rad + abs(term.mid) + term.rad)


@lru_cache(maxsize=8)
def pi(_digits: int) -> Ball:
    """6 arcsin(1/2), in a context of so many digits."""
    return series(exact(3), lambda k: exact(Fraction((2 * k - 1) ** 2, 8 * k * (2 * k + 1))))
