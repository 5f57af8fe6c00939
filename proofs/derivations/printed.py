"""Numbers as they are printed: a decimal with its digits, and the counts out of a set that it can stand for.

A share k/N printed with p digits after the point is d/10^p with |k/N - d/10^p| <= 1/2 10^-p; a half may have been
rounded either way, so that nothing possible is called impossible. Whether any such k exists is the GRIM test of Brown
and Heathers (2017, doi:10.1177/1948550616673876) for a mean of zeros and ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from proofs.claim import Certificate
from proofs.derivations.shown import shown

MAX_PLACES = 20
_TEXT = re.compile(r"[0-9]*\.?[0-9]+|[0-9]+\.", re.ASCII)
_LONGEST = 40


class PrintedError(ValueError):
    """Not a printed share; the message says what was expected and the fix."""


@dataclass(frozen=True, slots=True)
class Printed:
    """The decimal `digits` / 10^`places`, and how it was written."""

    digits: int
    places: int
    text: str

    @property
    def value(self) -> Fraction:
        return Fraction(self.digits, 10**self.places)

    def counts(self, size: int) -> range:
        """Every whole k from 0 to `size` for which k / `size` rounds to this decimal."""
        unit = 10**self.places
        least = -(size * (1 - 2 * self.digits) // (2 * unit))
        most = size * (2 * self.digits + 1) // (2 * unit)
        return range(max(0, least), min(size, most) + 1)


def read_printed(value: object, percent: bool) -> Printed:
    """A share as a document writes it, `percent` or not: 0.75 and ".75" have two digits, 75 % is 0.75.

    Raises PrintedError for anything else, and for what is not between 0 and 1.
    """
    decimal = _decimal(value)
    text = value if isinstance(value, str) else str(value)
    whole = 100 if percent else 1
    if not 0 <= decimal <= whole:
        raise PrintedError(_outside(decimal, text, percent))
    exponent = int(decimal.as_tuple().exponent)
    places = max(0, -exponent)
    digits = int(decimal.scaleb(places))
    return Printed(digits, places + 2, f"{text}%") if percent else Printed(digits, places, text)


def _decimal(value: object) -> Decimal:
    if isinstance(value, str) and len(value) <= _LONGEST and _TEXT.fullmatch(value):
        value = Decimal(value)
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise PrintedError(f"expected a decimal such as 0.9375, got {shown(value)}")
    if isinstance(value, Decimal) and not value.is_finite():
        raise PrintedError(f"expected a finite decimal such as 0.9375, got {value}; leave the column out of the table")
    decimal = value if isinstance(value, Decimal) else Decimal(min(max(value, -(10**9)), 10**9))
    if -int(decimal.as_tuple().exponent) > MAX_PLACES or decimal.adjusted() > _LONGEST:
        raise PrintedError(f"expected at most {MAX_PLACES} digits after the point, got {shown(value)}")
    return decimal


def _outside(decimal: Decimal, text: str, percent: bool) -> str:
    if decimal < 0:
        return f"{text} is below 0; an accuracy is a share, between 0 and 1"
    if percent:
        return f"{text} is above 100 percent"
    share = f": write {decimal.scaleb(-2)}, or say unit = 'percent'" if decimal <= 100 else ""
    return f"{text} is above 1; an accuracy is a share, between 0 and 1{share}"


def rounding_certificate(size: int, values: tuple[Printed, ...], counts: tuple[int, ...] = ()) -> Certificate:
    """That every value is a share of `size` rows as printed, or, with `counts`, that these counts print so."""
    printed = [[value.digits, value.places] for value in values]
    data = {"gradproof": 1, "kind": "rounding", "size": size, "printed": printed}
    return Certificate(data | ({"counts": list(counts)} if counts else {}))
