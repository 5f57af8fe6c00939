"""Terms put together with the plainest simplifications: zeros and ones left out, numbers worked out."""

from __future__ import annotations

from fractions import Fraction

from proofs.calculus.terms import Fn, Num, Pow, Term
from proofs.capture.refusal import NotCaptured

ZERO, UNIT = Num(Fraction(0)), Num(Fraction(1))


def plus(a: Term, b: Term) -> Term:
    """a + b, with zeros left out."""
    if isinstance(a, Num) and isinstance(b, Num):
        return Num(a.value + b.value)
    return b if a == ZERO else a if b == ZERO else a + b


def minus(a: Term, b: Term) -> Term:
    """a - b."""
    if isinstance(a, Num) and isinstance(b, Num):
        return Num(a.value - b.value)
    return a if b == ZERO else a - b


def times(a: Term, b: Term) -> Term:
    """a * b, with ones left out."""
    if isinstance(a, Num) and isinstance(b, Num):
        return Num(a.value * b.value)
    if ZERO in (a, b):
        return ZERO
    return b if a == UNIT else a if b == UNIT else a * b


def over(a: Term, b: Term) -> Term:
    """a / b. Raises NotCaptured for b = 0."""
    if b == ZERO:
        raise NotCaptured("a division by zero")
    if isinstance(a, Num) and isinstance(b, Num):
        return Num(a.value / b.value)
    return a if b == UNIT else a / b


def power(base: Term, exponent: Term) -> Term:
    """base ** exponent; exp(exponent * log(base)) where the exponent is not a plain number."""
    if isinstance(exponent, Num):
        return UNIT if exponent.value == 0 else base if exponent.value == 1 else Pow(base, exponent.value)
    return Fn("exp", exponent * Fn("log", base))


def root(t: Term) -> Term:
    """The square root."""
    return Pow(t, Fraction(1, 2))


def heaviside(t: Term) -> Term:
    """1 where t > 0, else 0."""
    if isinstance(t, Num):
        return UNIT if t.value > 0 else ZERO
    return Fn("step", t)
