"""Exact bounds on the geometric margin: the largest distance that a hyperplane can keep from every row on both sides.

Below: the distance that a hyperplane with rational weights keeps. Above: half the distance of a point of one hull from
a point of the other. Both are computed in rationals from a float solution of the support vector problem (Cortes and
Vapnik 1995), whose quality only decides how close the bounds are.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from proofs.claim import Json
from proofs.separation.found import Deadline, Weights
from proofs.separation.guess import Floats, Scaled, least_squared_hinge, one_thread, scaled
from proofs.separation.tables import Table, scores

BITS = 24
PENALTIES = 10.0 ** -np.arange(2, 17, 1)
CLOSE = Fraction(1001, 1000)


@dataclass(frozen=True, slots=True)
class Margin:
    """lower <= the largest geometric margin <= upper, all exact; 0 < lower."""

    lower: Fraction
    upper: Fraction

    def __str__(self) -> str:
        return f"margin: between {float(self.lower):.6g} and {float(self.upper):.6g}"

    def to_dict(self) -> Json:
        """As plain JSON data."""
        return {"lower": str(self.lower), "upper": str(self.upper)}


def root(value: Fraction, up: bool) -> Fraction:
    """A rational at most 2^-60 of sqrt(value) away from it: not above it, or with `up` not below it."""
    shift = max(0, 64 + (value.denominator.bit_length() - value.numerator.bit_length()) // 2)
    scaled = value * (1 << 2 * shift)
    whole = isqrt(scaled.numerator // scaled.denominator)
    return Fraction(whole + (1 if up else 0), 1 << shift)


def margin(table: Table, labels: NDArray[np.bool_], found: Weights, deadline: Deadline) -> Margin:
    """Bounds for separable rows of both classes; `found` separates them. Raises EffortExceeded."""
    best, least = _kept(table, labels, list(found.weights)), None
    floats = scaled(table)
    signed = floats.matrix * np.where(labels, 1.0, -1.0)[:, None]
    lengths = [Fraction(1 << e) * table.columns[c].scale for c, e in zip(floats.used, floats.exponents, strict=True)]
    cost = np.array([*(float(min(lengths) / length) ** 2 for length in lengths), 0.0])
    for penalty in PENALTIES:
        with one_thread():
            solved = least_squared_hinge(signed, deadline, penalty=penalty * table.rows * cost)
        above = _apart(table, labels, solved.slacks)
        if above is not None:
            least = above if least is None else min(least, above)
        best = max(best, _kept(table, labels, _on_digits(floats, len(table.columns), solved.weights)))
        if least is not None and best * CLOSE**2 >= least:
            break
    if least is None:
        one, other = (int(np.flatnonzero(labels == side)[0]) for side in (True, False))
        pairs = zip(table.point(one), table.point(other), strict=True)
        least = sum(((a - b) ** 2 for a, b in pairs), Fraction(0)) / 4
    return Margin(root(best, up=False), root(least, up=True))


def _on_digits(floats: Scaled, columns: int, weights: Floats) -> list[int]:
    """Integer weights on the digits that are about proportional to the weights on the scaled columns."""
    size, common = float(np.abs(weights[:-1]).max()), max(floats.exponents)
    found = [0] * columns
    for place, weight, exponent in zip(floats.used, weights, floats.exponents, strict=False):
        found[place] = round(float(weight) / size * (1 << BITS)) << (common - exponent) if size else 0
    return found


def _kept(table: Table, labels: NDArray[np.bool_], weights: list[int]) -> Fraction:
    """The square of the distance that these weights keep with the best bias, 0 if they do not separate."""
    found = scores(table, weights, 0)
    gap = int(found[labels].min()) - int(found[~labels].max())
    if gap <= 0:
        return Fraction(0)
    norm = sum((Fraction(w) / c.scale) ** 2 for w, c in zip(weights, table.columns, strict=True))
    return Fraction(gap * gap, 4) / norm


def _apart(table: Table, labels: NDArray[np.bool_], slacks: Floats) -> Fraction | None:
    """The square of half the distance of two points of the hulls, the rows weighted by rounded slacks."""
    if not slacks.max() > 0:
        return None
    whole = np.rint(slacks / slacks.max() * (1 << BITS)).astype(np.int64)
    sides = [np.flatnonzero((labels == side) & (whole > 0)) for side in (True, False)]
    if not all(map(len, sides)):
        return None
    totals = [int(whole[side].sum()) for side in sides]
    squares = Fraction(0)
    for column in table.columns:
        one, other = (
            Fraction(sum(int(m) * int(d) for m, d in zip(whole[side], column.digits[side], strict=True)), total)
            for side, total in zip(sides, totals, strict=True)
        )
        squares += (column.scale * (one - other)) ** 2
    return squares / 4
