"""Feature tables read exactly, column by column, from lists, NumPy arrays, pandas and polars frames.

An entry is offset + scale * digit with a rational offset and scale for each column and non-negative integer digits:
floats are the doubles they are (float16, float32 and long doubles too are exact), text, Decimal and Fraction are the
numbers written. Nothing is rounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proofs.separation.data import Number, SeparationError, exact

Ints = NDArray[Any]
"""Integers as int64, or as Python integers (dtype object) where they are too long."""

SMALL = 1 << 62
"""Integers below this stay int64, with room for a difference."""

WORDS = {
    "doubles": "floats read as the doubles they are",
    "written": "text, decimals and fractions read exactly as written",
    "integers": "integers",
}

_WHOLE = "[+-]?[0-9]{1,400}"
_PART = r"[+-]?(?:[0-9]{1,200}(?:\.[0-9]{0,200})?|\.[0-9]{1,200})"
_INTEGERS = re.compile(rf"{_WHOLE}(?:\n{_WHOLE})*+", re.ASCII)
_DECIMALS = re.compile(rf"{_PART}(?:\n{_PART})*+", re.ASCII)


@dataclass(frozen=True, eq=False, slots=True)
class Column:
    """One feature: its entries are offset + scale * digits, scale > 0 and digits >= 0. `read_as` is a key of WORDS."""

    name: str
    digits: Ints
    scale: Fraction
    offset: Fraction
    read_as: str

    def value(self, row: int) -> Fraction:
        """The exact entry."""
        return self.offset + self.scale * int(self.digits[row])

    def take(self, rows: Ints) -> Column:
        """The same feature on some of the rows."""
        return Column(self.name, self.digits[rows], self.scale, self.offset, self.read_as)

    def floats(self) -> NDArray[np.float64]:
        """The entries as the nearest doubles."""
        if self.digits.dtype != object and self.offset == 0:
            return np.asarray(self.digits * float(self.scale))
        return np.array([float(self.value(row)) for row in range(len(self.digits))])


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """Columns of equal, positive length."""

    columns: tuple[Column, ...]

    @property
    def rows(self) -> int:
        return len(self.columns[0].digits)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def take(self, rows: Ints) -> Table:
        """Some of the rows."""
        return Table(tuple(column.take(rows) for column in self.columns))

    def point(self, row: int) -> tuple[Fraction, ...]:
        """One row, exactly."""
        return tuple(column.value(row) for column in self.columns)

    @property
    def reading(self) -> str:
        """How the numbers were read, in words."""
        found = {column.read_as for column in self.columns}
        return "; ".join(words for key, words in WORDS.items() if key in found)


def read_table(points: Any, names: Sequence[str] | None = None) -> Table:
    """`points` (rows x features): nested lists, a real NumPy array, a SciPy sparse matrix, a pandas or polars frame.

    `names` are the features' names (in a frame: the columns to take). Raises SeparationError, naming row and column,
    for ragged rows, entries that are not finite numbers, missing values, and a table without rows or columns.
    """
    if hasattr(points, "columns") and hasattr(points, "__getitem__"):
        given = [str(name) for name in points.columns]
        chosen = given if names is None else [str(name) for name in names]
        if len(set(given)) < len(given):
            raise SeparationError(f"columns: expected different names, got {', '.join(given)}; name them apart")
        if missing := [name for name in chosen if name not in given]:
            raise SeparationError(f"columns: expected some of {', '.join(given)}, got {missing[0]!r}")
        keys = list(points.columns)
        arrays: list[Any] = [points[keys[given.index(name)]] for name in chosen]
        read = [read_column(array.to_numpy(), name) for array, name in zip(arrays, chosen, strict=True)]
        return _whole(read)
    if hasattr(points, "toarray"):
        points = points.toarray()
    if isinstance(points, np.matrix):
        points = np.asarray(points)
    if not isinstance(points, np.ndarray):
        points = _transposed(points)
    elif points.ndim == 2:
        points = points.T
    else:
        raise SeparationError(f"points: expected rows x features, got {points.ndim} axes of shape {points.shape}")
    if names is not None and len(names) != len(points):
        raise SeparationError(f"columns: expected {len(points)} names, one for each feature, got {len(names)}")
    named = [str(name) for name in names] if names is not None else [f"x{number}" for number in range(len(points))]
    return _whole([read_column(values, name) for values, name in zip(points, named, strict=True)])


def _whole(columns: list[Column]) -> Table:
    if not columns:
        raise SeparationError(
            "points: expected at least one feature and one row, got none; an empty table has no answer"
        )
    if not len(columns[0].digits):
        raise SeparationError("points: expected at least one row, got none; an empty table has no answer")
    return Table(tuple(columns))


def _transposed(points: Any) -> list[list[Any]]:
    if isinstance(points, (str, bytes)) or not isinstance(points, Iterable):
        raise SeparationError(f"points: expected rows of numbers, got {points!r:.80}; write [[0, 1], [1, 0]]")
    rows: list[list[Any]] = []
    for number, row in enumerate(points):
        if isinstance(row, (str, bytes)) or not isinstance(row, Iterable):
            raise SeparationError(f"row {number}: expected a list of numbers, got {row!r:.80}; write [0, 1]")
        rows.append(row.tolist() if isinstance(row, np.ndarray) and row.dtype.kind in "bif" else list(row))
        if len(rows[-1]) != len(rows[0]):
            raise SeparationError(f"row {number}: expected {len(rows[0])} numbers as in row 0, got {len(rows[-1])}")
    if not rows:
        raise SeparationError("points: expected at least one row, got none; an empty table has no answer")
    return list(map(list, zip(*rows, strict=True)))


def plain_row(number: int) -> str:
    """How a row is called in messages, by its number from 0."""
    return f"row {number}"


def read_column(values: Any, name: str, where: Callable[[int], str] = plain_row) -> Column:
    """One feature from a NumPy array or a list. Raises SeparationError, naming the row by `where`, and the column."""

    def refuse(row: int, what: str) -> SeparationError:
        return SeparationError(f"{where(row)}, column {name}: {what}")

    if isinstance(values, np.ma.MaskedArray):
        values = [None if masked else x for x, masked in zip(values.data, np.ma.getmaskarray(values), strict=True)]
    if isinstance(values, np.ndarray):
        if values.dtype.kind in "bui":
            return _integers(name, _shrunk(values), Fraction(1), "integers")
        if values.dtype.kind == "f":
            bad = np.flatnonzero(~np.isfinite(values))
            if len(bad):
                found = f"expected a finite number, got {values[bad[0]]}; leave the row out or give its value"
                raise refuse(int(bad[0]), found)
            if values.dtype.itemsize <= 8:
                return _dyadic(name, values.astype(np.float64))
            return _rationals(name, [Fraction(*value.as_integer_ratio()) for value in values], "doubles")
        if values.dtype.kind not in "OUT":
            raise SeparationError(f"column {name}: expected real numbers, got the type {values.dtype}")
        values = values.tolist()
    kinds = set(map(type, values))
    if kinds == {str} and (quick := _text(name, values)):
        return quick
    if kinds <= {int, bool}:
        return _integers(name, np.array(list(map(int, values)), dtype=object), Fraction(1), "integers")
    if kinds == {float}:
        return read_column(np.array(values, dtype=np.float64), name, where)
    if kinds == {Fraction} and all(value.denominator == 1 for value in values):
        return _integers(name, np.array([value.numerator for value in values], dtype=object), Fraction(1), "integers")
    parsed = []
    for row, value in enumerate(values):
        try:
            parsed.append(exact(_plain(value)))
        except SeparationError as error:
            raise refuse(row, str(error).removeprefix("number: ")) from None
    written = any(not isinstance(_plain(value), float) for value in values)
    return _rationals(name, parsed, "written" if written else "doubles")


def _text(name: str, values: list[str]) -> Column | None:
    """Plain integers and plain decimals read all at once; None for anything else."""
    lines = "\n".join(values)
    if _INTEGERS.fullmatch(lines):
        return _integers(name, np.array(list(map(int, values)), dtype=object), Fraction(1), "integers")
    if not _DECIMALS.fullmatch(lines):
        return None
    parts = [value.partition(".") for value in values]
    places = max(len(part) for _, _, part in parts)
    digits = [int(whole + part.ljust(places, "0")) for whole, _, part in parts]
    return _integers(name, np.array(digits, dtype=object), Fraction(1, 10**places), "written")


def joined(pieces: Sequence[Column]) -> Column:
    """One column from pieces that follow each other; their scales are 1/q, as for integers and text."""
    common = lcm(*(piece.scale.denominator for piece in pieces))
    read_as = "written" if any(piece.read_as == "written" for piece in pieces) else pieces[0].read_as
    scaled = [piece.digits.astype(object) * int(piece.scale * common) + int(piece.offset * common) for piece in pieces]
    return _integers(pieces[0].name, np.concatenate(scaled), Fraction(1, common), read_as)


def _plain(value: Any) -> Number:
    """A Python number for NumPy scalars and booleans; anything else as it is, to be judged by `exact`."""
    if isinstance(value, (bool, np.bool_, np.integer)):
        return int(value)
    if isinstance(value, np.floating):
        return (
            float(value) if value.dtype.itemsize <= 8 or not np.isfinite(value) else Fraction(*value.as_integer_ratio())
        )
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        raise SeparationError("expected a number, got a missing value; leave the row out or give its value")
    return value  # type: ignore[no-any-return]


def _shrunk(values: Ints) -> Ints:
    """Integers as int64 if they are small, otherwise as Python integers."""
    if values.dtype == np.bool_ or (values.dtype != object and values.dtype.itemsize < 8):
        return values.astype(np.int64)
    if len(values) and max(abs(int(values.min())), abs(int(values.max()))) >= SMALL // 2:
        return values.astype(object)
    return values.astype(np.int64)


def _integers(name: str, values: Ints, scale: Fraction, read_as: str) -> Column:
    """The column with entries scale * values."""
    if not len(values):
        return Column(name, values, scale, Fraction(0), read_as)
    low = values.min()
    return Column(name, _shrunk(_shrunk(values) - int(low)), scale, scale * int(low), read_as)


def _rationals(name: str, values: list[Fraction], read_as: str) -> Column:
    common = lcm(*(value.denominator for value in values)) if values else 1
    scaled = np.array([value.numerator * (common // value.denominator) for value in values], dtype=object)
    return _integers(name, scaled, Fraction(1, common), read_as)


def _dyadic(name: str, values: NDArray[np.float64]) -> Column:
    """Doubles as integers times a power of two; whole numbers stay themselves."""
    if np.all(np.abs(values) < 2.0**53) and np.all(values == np.rint(values)):
        return _integers(name, values.astype(np.int64), Fraction(1), "doubles")
    fractions, exponents = np.frexp(values)
    digits, exponents = (fractions * 2.0**53).astype(np.int64), exponents.astype(np.int64) - 53
    used = digits != 0
    trailing = np.frexp((digits & -digits).astype(np.float64))[1].astype(np.int64) - 1
    digits, exponents = np.where(used, digits >> np.where(used, trailing, 0), 0), exponents + trailing
    least = int(exponents[used].min())
    shift = np.where(used, exponents - least, 0)
    if int(np.frexp(digits.astype(np.float64))[1].max()) + int(shift.max()) < 61:
        whole: Ints = digits << shift
    else:
        whole = np.array([int(d) << int(s) for d, s in zip(digits, shift, strict=True)], dtype=object)
    return _integers(name, whole, Fraction(2) ** least, "doubles")


def scores(table: Table, weights: Sequence[int], bias: int) -> Ints:
    """bias + sum of weight * digit, exactly, for every row."""
    tops = [int(column.digits.max()) for column in table.columns]
    if abs(bias) + sum(abs(weight) * top for weight, top in zip(weights, tops, strict=True)) < SMALL:
        total: Ints = np.full(table.rows, bias, dtype=np.int64)
    else:
        total = np.full(table.rows, bias, dtype=object)
    for column, weight, top in zip(table.columns, weights, tops, strict=True):
        if weight and top:
            total += column.digits.astype(total.dtype) * weight
    return total
