"""Real numbers enclosed in balls: a decimal, and a radius that covers every rounding. Jets add their derivatives."""

import decimal
from collections.abc import Callable
from decimal import Context, Decimal, getcontext
from fractions import Fraction
from functools import lru_cache

TRAPS = [decimal.DivisionByZero, decimal.InvalidOperation, decimal.Overflow, decimal.Underflow]
SLACK = Decimal("1.001")
CONTEXT = Context(Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX, traps=TRAPS)


class Ball:
    """The numbers within `rad` of `mid`; made from a rounded `mid` and a rounded `rad`, it makes up for both."""

    __slots__ = ("mid", "rad")

    def __init__(self, mid: Decimal, rad: Decimal = Decimal(0)) -> None:
        self.mid, self.rad = mid, rad * SLACK + abs(mid).scaleb(2 - getcontext().prec)

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
        if f == "sqrt" and mid >= rad and (away > 0 or rad == 0):
            return Ball(mid.sqrt(), rad / away.sqrt() if rad else rad)
        if f == "abs":
            return Ball(abs(mid), rad)
        if f == "sign" and away > 0:
            return Ball(Decimal(1).copy_sign(mid))
        if f == "erf" and away > 1 and away * away > 3 * getcontext().prec:  # 1 - erf(x) <= exp(-x^2) for x >= 1
            return Ball(Decimal(1).copy_sign(mid), Decimal(10) ** -getcontext().prec)
        minus_square = exact(-1) * self * self
        if f == "sin" and abs(mid) + rad < 10**9:
            turns = (mid / (2 * pi(getcontext().prec).mid)).to_integral_value()
            if turns:
                return (self + Ball(-2 * turns) * pi(getcontext().prec)).apply("sin")
            return series(self, lambda k: minus_square * exact(Fraction(1, 2 * k * (2 * k + 1))))
        if f == "erf" and abs(mid) + rad < 100:  # erf'(x) sum_k x (2 x^2)^k / (1 3 ... (2 k + 1))
            total = series(self, lambda k: minus_square * exact(Fraction(-2, 2 * k + 1)))
            return SLOPES["erf"](self, self) * total
        raise ArithmeticError(f"{f} of a number near {mid:.6}")


def exact(x: int | Fraction) -> Ball:
    return rounded(x, getcontext().prec)


@lru_cache(maxsize=2000)
def rounded(x: int | Fraction, _digits: int) -> Ball:
    return Ball(Decimal(x.numerator) / x.denominator)


def series(term: Ball, ratio: Callable[[int], Ball]) -> Ball:
    """The sum of terms, each `ratio(k)` times the one before; a ratio that has come below 1/2 stays below it."""
    total, step, k = term, exact(1), 0
    while abs(step.mid) + step.rad >= Decimal("0.5") or abs(term.mid) + term.rad >= Decimal(10) ** -getcontext().prec:
        k, step = k + 1, ratio(k + 1)
        term = term * step
        total = total + term
    return Ball(total.mid, total.rad + abs(term.mid) + term.rad)


class Jet(Ball):
    """A number with infinitesimals e1, e2, ... of square 0: its coefficients by bit mask, at 0 the number itself, at 1
    that of e1, at 2 of e2, at 3 of e1 e2, and so on; what is missing is 0."""

    __slots__ = ("parts",)

    def __init__(self, parts: dict[int, Ball]) -> None:
        self.parts = parts

    def __add__(self, other: Ball) -> "Jet":
        total = dict(self.parts)
        for k, ball in parts(other).items():
            total[k] = total[k] + ball if k in total else ball
        return Jet(total)

    def __mul__(self, other: Ball) -> "Jet":
        total = dict[int, Ball]()
        for j, left in parts(other).items():
            for k, right in self.parts.items():
                if not j & k:
                    total[j | k] = total[j | k] + left * right if j | k in total else left * right
        return Jet(total)

    def apply(self, f: str) -> Ball:
        """f(a + e b) = f(a) + f'(a) e b for the last infinitesimal e."""
        e = 1 << max(self.parts).bit_length() - 1
        a = jet({k: ball for k, ball in self.parts.items() if k < e})
        value = apply(f, a)
        return value + SLOPES[f](a, value) * jet({k: ball for k, ball in self.parts.items() if k >= e})

    __radd__, __rmul__ = __add__, __mul__


def parts(x: Ball) -> dict[int, Ball]:
    return x.parts if isinstance(x, Jet) else {0: x}


def jet(parts: dict[int, Ball]) -> Ball:
    return Jet(parts) if parts.keys() - {0} else parts.get(0, exact(0))


def apply(f: str, x: Ball) -> Ball:
    return ABBREVIATIONS[f](x) if f in ABBREVIATIONS else x.apply(f)


@lru_cache(maxsize=8)
def pi(_digits: int) -> Ball:
    """6 arcsin(1/2), in a context of so many digits."""
    return series(exact(3), lambda k: exact(Fraction((2 * k - 1) ** 2, 8 * k * (2 * k + 1))))


def power(x: Ball, p: Fraction) -> Ball:
    if p < 0:
        return apply("inverse", power(x, -p))
    if p.denominator == 1:
        return exact(1) if p == 0 else x * power(x, p - 1) if p % 2 else power(x * x, p / 2)
    if p.denominator == 2:
        return power(apply("sqrt", x), 2 * p)
    zero = not isinstance(x, Jet) and x.mid == x.rad == 0
    return x if zero else apply("exp", exact(p) * apply("log", x))


HALF = Fraction(1, 2)
ABBREVIATIONS: dict[str, Callable[[Ball], Ball]] = {
    "sigmoid": lambda x: apply("inverse", exact(1) + apply("exp", exact(-1) * x)),
    "tanh": lambda x: exact(-1) + exact(2) * apply("sigmoid", x + x),
    "softplus": lambda x: apply("log", exact(1) + apply("exp", x)),
    "relu": lambda x: exact(HALF) * (x + apply("abs", x)),
    "step": lambda x: exact(HALF) * (exact(1) + apply("sign", x)),
    "cos": lambda x: apply("sin", x + exact(HALF) * pi(getcontext().prec)),
}
SLOPES: dict[str, Callable[[Ball, Ball], Ball]] = {  # of the other functions, at x with the value y
    "exp": lambda _, y: y,
    "log": lambda x, _: apply("inverse", x),
    "inverse": lambda _, y: exact(-1) * y * y,
    "sqrt": lambda _, y: apply("inverse", y + y),
    "sin": lambda x, _: apply("cos", x),
    "erf": lambda x, _: apply("exp", exact(-1) * x * x) * power(exact(HALF * HALF) * pi(getcontext().prec), -HALF),
    "abs": lambda x, _: apply("sign", x),
    "sign": lambda *_: exact(0),
}
