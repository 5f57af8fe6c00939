"""Floating-point constants in code, read as the real numbers they stand for."""

from __future__ import annotations

from fractions import Fraction
from math import isfinite, pi
from typing import Any

from proofs.calculus.terms import Num, Pi, Pow, Term
from proofs.capture.refusal import NotCaptured

LONGEST_DECIMAL = 13
LARGEST_PART = 1_000


def exact(number: Any) -> Term:
    """The number as a term: whole numbers and short decimals exactly, 1/3, sqrt(2/pi) and their like recognised.

    A long decimal that is no small fraction, nor the root of one, nor that times a power of pi, is its shortest text.
    Raises NotCaptured for nan and infinity.
    """
    value = float(number)
    if not isfinite(value):
        raise NotCaptured(f"the constant {value}")
    if value == int(value):
        return Num(Fraction(int(number)))
    text = Fraction(repr(value))
    digits = repr(abs(value)).replace(".", "").split("e")[0].strip("0")
    if len(digits) <= LONGEST_DECIMAL:
        return Num(text)
    for power_of_pi in (0, -1, 1):
        for root in (1, 2):
            found = Fraction(value**root / pi**power_of_pi).limit_denominator(LARGEST_PART)
            if found and abs(found.numerator) <= LARGEST_PART and _close(found, power_of_pi, root, value):
                inner: Term = Num(abs(found))
                if power_of_pi:
                    inner = inner * Pi() if power_of_pi == 1 else inner / Pi()
                shown = Pow(inner, Fraction(1, root)) if root > 1 else inner
                return shown if value > 0 else -shown
    return Num(text)


def _close(found: Fraction, power_of_pi: int, root: int, value: float) -> bool:
    """Whether ``(found * pi ** power_of_pi) ** (1 / root)`` rounds to `value`, give or take two units."""
    back = (abs(found.numerator) / found.denominator * pi**power_of_pi) ** (1 / root)
    return bool(abs(back - abs(value)) <= 4e-16 * abs(value))
