"""Labelled rows read exactly: truth tables, data sets, and the numbers in them as fractions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

Number = int | Fraction | Decimal | float | str
Row = tuple[Fraction, ...]

MAX_INPUTS = 16
MAX_DIGITS = 400
PLAIN_BITS = 64
MAX_SHOWN = 1_000
"""Digits of the longest number that is shown, and that a certificate may hold."""
_TEXT = re.compile(r"[+-]?([0-9]+/[0-9]+|([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?)", re.ASCII)


class SeparationError(ValueError):
    """Rows, labels, weights or a truth table that cannot be read; the message says what to change."""


def exact(value: Number, what: str = "number") -> Fraction:
    """`value` as a fraction, without rounding: text and Decimal as the decimal written, float as the double it is.

    Raises SeparationError, naming `what`, for anything else, for NaN and infinity, and beyond 400 digits.
    """
    if isinstance(value, bool) or not isinstance(value, (int, Fraction, Decimal, float, str)):
        raise SeparationError(f"{what}: expected a number, got {value!r:.80}; write an integer, 0.4 or '-3/7'")
    text = str(value).strip() if isinstance(value, (str, Decimal)) else ""
    if text and len(text) <= 2 * MAX_DIGITS and _TEXT.fullmatch(text) and _denominator(text) != 0:
        result = Fraction(text)
    elif isinstance(value, (str, Decimal)):
        raise SeparationError(f"{what}: expected a finite decimal or fraction, got {text!r:.80}; write 0.4 or -3/7")
    elif isinstance(value, float) and value - value != 0:
        raise SeparationError(f"{what}: expected a finite number, got {value!r}; leave the row out or give its value")
    else:
        result = Fraction(value)
    if max(abs(result.numerator), result.denominator) >= 10**MAX_DIGITS:
        raise SeparationError(f"{what}: expected at most {MAX_DIGITS} digits, got more; scale the data")
    return result


def _denominator(text: str) -> int:
    return int(text.split("/")[1]) if "/" in text else 1


def exact_row(values: Iterable[Number], what: str) -> Row:
    """Each entry read by `exact`; a text is not taken for a list of digits."""
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise SeparationError(f"{what}: expected a list of numbers, got {values!r:.80}; write [0, 1]")
    return tuple(
        Fraction(value) if _is_plain(value) else exact(value, f"{what}, column {column}")
        for column, value in enumerate(values)
    )


def _is_plain(value: Number) -> bool:
    """Whether there is nothing to check: large tables hold little else."""
    if type(value) is Fraction:
        return value.numerator.bit_length() < PLAIN_BITS and value.denominator.bit_length() < PLAIN_BITS
    return type(value) is int and value.bit_length() < PLAIN_BITS


@dataclass(frozen=True)
class DataSet:
    """Rows of equal length and a label 0 or 1 for each; build it with `data_set`."""

    points: tuple[Row, ...]
    labels: tuple[int, ...]

    @property
    def dimension(self) -> int:
        return len(self.points[0])

    def rows(self, label: int) -> tuple[int, ...]:
        """The numbers of the rows with this label, from 0."""
        return tuple(row for row, value in enumerate(self.labels) if value == label)


def data_set(points: Sequence[Sequence[Number]], labels: Sequence[int]) -> DataSet:
    """`points` (rows x features) and `labels` (rows, each 0 or 1) read exactly.

    Raises SeparationError when there is no row or no feature, rows differ in length, there is not one label a row, a
    label is not 0 or 1, or an entry is not a finite number.
    """
    rows = tuple(exact_row(point, f"row {number}") for number, point in enumerate(points))
    if not rows:
        raise SeparationError("points: expected at least one row, got none; an empty table has no answer")
    if len(labels) != len(rows):
        raise SeparationError(f"labels: expected {len(rows)}, one for each row, got {len(labels)}")
    for number, (row, label) in enumerate(zip(rows, labels, strict=True)):
        if not row:
            raise SeparationError(f"row {number}: expected at least one feature, got none")
        if len(row) != len(rows[0]):
            raise SeparationError(f"row {number}: expected {len(rows[0])} numbers as in row 0, got {len(row)}")
        if isinstance(label, bool) or not isinstance(label, int) or label not in (0, 1):
            raise SeparationError(f"row {number}: expected the label 0 or 1, got {label!r:.80}")
    return DataSet(rows, tuple(labels))


@dataclass(frozen=True)
class TruthTable:
    """A Boolean function f of n inputs: its value at the inputs that are the n binary digits of k is `values[k]`."""

    values: tuple[int, ...]

    @staticmethod
    def parse(text: str) -> TruthTable:
        """The table written as 2^n digits 0 and 1, n from 1 to 16; the first input is the most significant digit.

        ``"0110"`` is XOR: values at 00, 01, 10, 11. Raises SeparationError for anything else.
        """
        if not isinstance(text, str) or not text:
            raise SeparationError("truth table: expected digits such as '0110', got nothing; write one digit an input")
        if set(text) - {"0", "1"}:
            raise SeparationError(f"truth table: expected digits 0 and 1 only, got {text!r:.80}; write '0110' for XOR")
        if len(text) not in {2**n for n in range(1, MAX_INPUTS + 1)}:
            raise SeparationError(f"truth table: expected 2, 4, 8, ... or 65536 digits, got {len(text)}")
        return TruthTable(tuple(int(digit) for digit in text))

    @property
    def inputs(self) -> int:
        return len(self.values).bit_length() - 1

    @cached_property
    def points(self) -> tuple[tuple[int, ...], ...]:
        """The 2^n inputs in the order of `values`."""
        n = self.inputs
        return tuple(tuple(k >> (n - 1 - place) & 1 for place in range(n)) for k in range(2**n))

    @property
    def labels(self) -> tuple[int, ...]:
        return self.values

    @property
    def complement(self) -> TruthTable:
        """1 where this one is 0."""
        return TruthTable(tuple(1 - value for value in self.values))

    def __str__(self) -> str:
        return "".join(map(str, self.values))


def show(value: Fraction) -> str:
    """A fraction as people write it: a terminating decimal of at most 6 places as such, else numerator/denominator.

    A number of more than 1,000 digits is only said roughly.
    """
    if max(abs(value.numerator), value.denominator) >= 10**MAX_SHOWN:
        return f"about {Decimal(value.numerator) / Decimal(value.denominator):.6e}"
    shifted = value * 10**6
    if value.denominator == 1 or shifted.denominator != 1:
        return str(value)
    sign = "-" if value < 0 else ""
    return f"{sign}{abs(shifted.numerator) // 10**6}.{abs(shifted.numerator) % 10**6:06d}".rstrip("0")


def show_vector(values: Iterable[Fraction]) -> str:
    """``(2, 1)``"""
    return "(" + ", ".join(show(value) for value in values) + ")"
