"""Certificates of large tables (checker/FORMAT.md, section 4): each column's digits as one hexadecimal string."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm

import numpy as np
from numpy.typing import NDArray

from proofs.claim import Certificate, Json
from proofs.separation.certificates import number, numbers
from proofs.separation.found import Multipliers, Weights
from proofs.separation.tables import Column, Ints, Table

MOST_PLAIN = 64
"""A table with at most this many entries is written out, so that a reader sees its numbers."""
LONGEST = 10**9
"""Numbers below this are written out."""


def hexadecimal(digits: Ints) -> str:
    """Non-negative integers, big-endian, all in as many bytes as the largest one needs."""
    wide = (int(digits.max()).bit_length() + 7) // 8
    if digits.dtype == object:
        return b"".join(int(digit).to_bytes(wide, "big") for digit in digits).hex()
    return np.ascontiguousarray(digits, dtype=">i8").view(np.uint8).reshape(-1, 8)[:, 8 - wide :].tobytes().hex()


def _column(column: Column) -> Json:
    return {
        "digits": hexadecimal(column.digits),
        "scale": number(column.scale),
        "offset": number(column.offset),
    }


def _table(table: Table, labels: NDArray[np.bool_]) -> Json:
    return {"columns": [_column(column) for column in table.columns], "labels": labels.tobytes().hex()}


def _plain(table: Table, labels: NDArray[np.bool_]) -> Json | None:
    """The table written out, if that is short enough to be read."""
    if table.rows * len(table.columns) > MOST_PLAIN:
        return None
    points = [table.point(row) for row in range(table.rows)]
    if any(max(abs(value.numerator), value.denominator) >= LONGEST for point in points for value in point):
        return None
    return {"points": [numbers(point) for point in points], "labels": [int(label) for label in labels]}


def integer_weights(table: Table, found: Weights) -> tuple[tuple[int, ...], int]:
    """Coprime integers w, b: w.x + b is a positive multiple of the digits' score, with b the simplest in its room."""
    exact = [Fraction(w) / column.scale for w, column in zip(found.weights, table.columns, strict=True)]
    offset = sum((w * column.offset for w, column in zip(exact, table.columns, strict=True)), Fraction(0))
    unit = Fraction(gcd(*(w.numerator for w in exact)) or 1, lcm(*(w.denominator for w in exact)))
    bias = (found.bias - offset) / unit
    exact = [w / unit for w in exact]
    exact.append(simplest(bias - found.room / unit, bias + found.room / unit))
    common = lcm(*(w.denominator for w in exact))
    whole = [w.numerator * (common // w.denominator) for w in exact]
    divisor = gcd(*whole) or 1
    *weights, last = [w // divisor for w in whole]
    return tuple(weights), last


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction of least denominator, then of least absolute value, in [low, high] (Stern 1858, Brocot 1861)."""
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -simplest(-high, -low)
    whole = -(-low.numerator // low.denominator)
    if whole <= high:
        return Fraction(whole)
    return whole - 1 + 1 / simplest(1 / (high - whole + 1), 1 / (low - whole + 1))


def separator(table: Table, labels: NDArray[np.bool_], weights: Sequence[int], bias: int) -> Certificate:
    """w.x + b >= 0 exactly on label 1."""
    fields = _plain(table, labels) or _table(table, labels)
    return Certificate({"gradproof": 1, "kind": "separator", **fields, "weights": list(weights), "bias": bias})


def farkas(table: Table, labels: NDArray[np.bool_], found: Multipliers) -> Certificate:
    """No w, b separates the rows that have a multiplier, and so none separates the table.

    A short table is written out; of a long one the certificate holds the rows with a multiplier, and their numbers.
    """
    plain = _plain(table, labels)
    if plain and max(found.by_row.values()) < LONGEST:
        multipliers = [found.by_row.get(row, 0) for row in range(table.rows)]
        return Certificate({"gradproof": 1, "kind": "farkas", **plain, "multipliers": multipliers})
    rows = sorted(found.by_row)
    values = [found.by_row[row] for row in rows]
    written = [value.to_bytes((value.bit_length() + 7) // 8, "big").hex() for value in values]
    fields = _table(table.take(np.array(rows)), labels[rows])
    return Certificate({"gradproof": 1, "kind": "farkas", **fields, "multipliers": written, "rows": rows})
